//! The gridweave command.
fn main() {}
