//! What markets do: lock, settle, release.

mod lock;
mod register;
mod release;
mod settle;

pub use lock::{Wanted, lock};
pub use register::{find, register, remove};
pub use release::release;
pub use settle::settle;
