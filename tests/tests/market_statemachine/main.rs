//! Long random lives of a market with its assets: whatever happens, the candidate is feasible and
//! never worsens, finalized trades never change, and permits and money are conserved.
//!
//! A few thousand operations run each time; `GRIDWEAVE_LONG=1 cargo test --release -p
//! gridweave-testkit --test market_statemachine -- --nocapture` runs some fifty thousand and says how often
//! what happened.

mod coverage;
mod greedy;
mod operation;
mod system;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use operation::Anything;
use system::System;

/// Operations of one life.
const STEPS: std::ops::RangeInclusive<usize> = 100..=140;

fn is_long() -> bool {
    std::env::var("GRIDWEAVE_LONG").is_ok_and(|value| value == "1")
}

/// Lives: 17 of some 120 operations, or 400 in the long form.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: if is_long() { 400 } else { 17 },
        failure_persistence: None,
        // Each step of shrinking lives a life again.
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

#[test]
fn a_market_keeps_its_promises() {
    let lives = Anything::sequential_strategy(STEPS);
    let lived = TestRunner::new(config()).run(&lives, |(objective, operations, seen)| {
        System::test_sequential(config(), objective, operations, seen);
        Ok(())
    });
    if let Err(failure) = lived {
        panic!("{failure}");
    }
    let counts = coverage::counts();
    println!("{counts:#?}");
    assert!(
        counts.contains_key(&coverage::Event::Accepted),
        "{counts:?}"
    );
    let missing = coverage::ALL
        .iter()
        .filter(|event| !counts.contains_key(event));
    let missing: Vec<_> = missing.collect();
    assert!(
        !is_long() || missing.is_empty(),
        "never happened: {missing:?}"
    );
}
