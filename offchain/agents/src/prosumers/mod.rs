//! Homes that trade with each other: their local problems, what they declare, and the sessions that
//! they trade in. Powers are in kW, money in currency.

mod home;
mod pairwise;
mod roster;
mod session;

pub use home::Home;
pub use pairwise::{Graph, Partner, Partners, TradingHome, pairwise_config, pairwise_roster};
pub use roster::pool_roster;
pub use session::PoolChoice;
