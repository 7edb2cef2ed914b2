//! Long random lives of a market with its assets: whatever happens, the candidate is feasible and
//! never worsens, finalized trades never change, and permits and money are conserved.
//!
//! A few thousand operations run each time; `GRIDWEAVE_LONG=1 cargo test --release -p
//! gridweave-testkit --test market_statemachine` runs more than a hundred thousand.

mod greedy;
mod operation;
mod system;

use proptest::prelude::*;
use proptest_state_machine::prop_state_machine;

use system::System;

/// Operations of one life.
const STEPS: std::ops::RangeInclusive<usize> = 100..=140;

/// Lives: 17 of some 120 operations, or 900 in the long form.
fn config() -> ProptestConfig {
    let long = std::env::var("GRIDWEAVE_LONG").is_ok_and(|value| value == "1");
    ProptestConfig {
        cases: if long { 900 } else { 17 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

prop_state_machine! {
    #![proptest_config(config())]

    #[test]
    fn a_market_keeps_its_promises(sequential STEPS => System);
}
