//! Solutions: in one message or in several, verified, compared, accepted.

mod certify;
mod desk;
mod draft;
mod judge;
mod submit;
mod verify;

pub use draft::{abandon, append, begin, seal};
pub use submit::submit;
