//! A whole day: set up, rounds (here on the embedded chain), verdict, bills.

pub mod bills;
pub mod day;
mod devices;
pub mod end;
pub mod judge;
pub mod outcome;
mod prices;
pub mod problem;
pub mod progress;
pub mod rounds;
pub mod session;
pub mod stage;
pub mod world;
