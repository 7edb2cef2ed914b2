//! Permits: issued by the operator, narrowed and retired by their holders, expired by time.
//!
//! Permits do not pass from one address to another: a permit says that the operator found it safe
//! that the person behind this address, on this feeder, trades so much, and only the operator knows
//! who that is. Whoever needs other permits at another address retires these and asks again.

mod expire;
mod issue;
mod limit;
mod retire;
mod split;

pub use expire::expire;
pub use issue::issue;
pub use limit::set_limit;
pub use retire::retire;
pub use split::split;
