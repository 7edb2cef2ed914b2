//! A day on a real chain, every actor a process of its own.

mod actors;
mod bills;
mod children;
mod clock;
pub mod crowd;
mod figures;
mod files;
mod folder;
mod follow;
pub mod market;
mod meters;
pub mod prosumers;
mod run;
pub mod site;

pub use figures::ChainFigures;
pub use run::{Live, execute};
