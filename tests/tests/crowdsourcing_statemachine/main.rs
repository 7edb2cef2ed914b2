//! Long random lives of a programme: whatever crowd, operator and strangers do in whatever order, what
//! is spent, promised and free is the budget, incentives only rise, everything ends, and statements
//! sum.
//!
//! Some thousand operations run each time; `GRIDWEAVE_LONG=1 cargo test --release -p
//! gridweave-testkit --test crowdsourcing_statemachine` runs more than a hundred thousand.

mod operation;
mod system;

use proptest::prelude::*;
use proptest_state_machine::prop_state_machine;

use system::System;

/// Operations of one life.
const STEPS: std::ops::RangeInclusive<usize> = 60..=100;

/// Lives: 14 of some 80 operations, or 1,400 in the long form.
fn config() -> ProptestConfig {
    let long = std::env::var("GRIDWEAVE_LONG").is_ok_and(|value| value == "1");
    ProptestConfig {
        cases: if long { 1_400 } else { 14 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

prop_state_machine! {
    #![proptest_config(config())]

    #[test]
    fn a_programme_keeps_its_promises(sequential STEPS => System);
}
