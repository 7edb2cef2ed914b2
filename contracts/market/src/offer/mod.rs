//! Offers: posted, cancelled, ended.

mod cancel;
mod end;
mod post;

pub use cancel::cancel;
pub use end::end;
pub use post::post;
