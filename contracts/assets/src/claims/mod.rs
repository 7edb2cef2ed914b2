//! Claims: handed over by their holders, credited to accounts by the operator.

mod credit;
mod deposit;

pub use credit::credit;
pub use deposit::deposit;
