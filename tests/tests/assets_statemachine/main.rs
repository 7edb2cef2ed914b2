//! Random histories against a naive model: permits issued, narrowed, locked, traded, released,
//! expired and retired; claims deposited and credited; money paid in, returned and paid out, by good
//! and bad messages. After each operation every balance is compared, and no energy and no money may
//! have been made or lost.
//!
//! A few thousand operations run each time; `GRIDWEAVE_LONG=1 cargo test --release -p
//! gridweave-testkit --test assets_statemachine` runs more than a hundred thousand.

mod claims;
mod market;
mod model;
mod operation;
mod permits;
mod send;
mod system;

use proptest::prelude::*;
use proptest_state_machine::prop_state_machine;

use system::System;

/// Operations of one history.
const STEPS: std::ops::RangeInclusive<usize> = 200..=320;

/// Histories: 12 of some 260 operations, or 480 in the long form.
fn config() -> ProptestConfig {
    let long = std::env::var("GRIDWEAVE_LONG").is_ok_and(|value| value == "1");
    ProptestConfig {
        cases: if long { 480 } else { 12 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

prop_state_machine! {
    #![proptest_config(config())]

    #[test]
    fn the_contract_matches_its_model(sequential STEPS => System);
}
