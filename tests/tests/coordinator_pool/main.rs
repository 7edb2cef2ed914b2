//! The pool mode of the `coordinator`.

mod claims;
mod faults;
mod golden;
mod limits;
mod lives;
mod rounds;
mod setup;
mod storage;
