//! Coins in and out.

mod add;
mod deposit;
mod pay_out;
mod withdraw;

pub use add::add;
pub use deposit::deposit;
pub use pay_out::{pay_out, take_back};
pub use withdraw::withdraw;
