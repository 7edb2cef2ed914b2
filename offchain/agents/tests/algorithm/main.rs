//! Algorithm 1 with a scripted crowd, whatever it does, and an operator that may die between any two
//! lines.

mod plan;
mod platform;
mod script;

use gridweave_agents::crowdsourcing::{Line, Operator, Step, TaskState};
use proptest::prelude::*;

use plan::FixedPlan;
use script::{Behaviour, Script};

/// Runs to the end with a new operator after every `lifetime` steps; the steps taken.
async fn run(script: &Script, lifetime: usize) -> Vec<Step> {
    let mut operator = Operator::new(FixedPlan);
    let mut steps = Vec::new();
    for _ in 0..500 {
        if steps.len() % lifetime == lifetime - 1 {
            operator = Operator::new(FixedPlan);
        }
        let step = operator.step(script).await.unwrap();
        steps.push(step);
        match step {
            Step::Done => return steps,
            Step::Did(_) => {}
            Step::Waits(line) => script.pass(line),
        }
    }
    panic!("no end after {} steps", steps.len());
}

/// The lines done, in order.
fn lines(steps: &[Step]) -> Vec<Line> {
    let done = steps.iter().filter_map(|step| match step {
        Step::Did(line) => Some(*line),
        _ => None,
    });
    done.collect()
}

fn count(steps: &[Step], line: Line) -> usize {
    lines(steps)
        .into_iter()
        .filter(|done| *done == line)
        .count()
}

const FOREVER: usize = usize::MAX;

#[tokio::test]
async fn all_accept() {
    let script = Script::new([Behaviour::AcceptsAfter(0); 3], 1_000_000);
    let steps = run(&script, FOREVER).await;
    script.check();
    assert_eq!(
        lines(&steps)[..3],
        [Line::Equilibrium, Line::Contracts, Line::Incentives]
    );
    assert_eq!(count(&steps, Line::Incentives), 6);
    assert_eq!(count(&steps, Line::Raise), 0);
    assert_eq!(count(&steps, Line::Supplement), 0);
    assert_eq!(lines(&steps).last(), Some(&Line::Reconcile));
    assert_eq!(script.supplemented(), 0);
    assert!(script.tasks(TaskState::Accepted) >= 6);
}

#[tokio::test]
async fn all_decline() {
    let script = Script::new([Behaviour::AcceptsAfter(9); 3], 1_000_000);
    let steps = run(&script, FOREVER).await;
    script.check();
    // Every raise there is, then generators.
    assert!(count(&steps, Line::Raise) >= 8);
    assert_eq!(count(&steps, Line::Supplement), 6);
    assert_eq!(script.supplemented(), script.shortage());
    assert_eq!(script.tasks(TaskState::Accepted), 0);
    assert_eq!(script.spent(), 0);
}

#[tokio::test]
async fn some_accept_after_raises() {
    for raises in 1..=2 {
        let script = Script::new([Behaviour::AcceptsAfter(raises); 3], 1_000_000);
        let steps = run(&script, FOREVER).await;
        script.check();
        assert!(count(&steps, Line::Raise) >= raises as usize);
        assert_eq!(count(&steps, Line::Supplement), 0);
        assert!(script.spent() > 0);
    }
}

#[tokio::test]
async fn the_silent_are_supplemented_when_their_time_is_over() {
    let script = Script::new([Behaviour::Silent; 3], 1_000_000);
    let steps = run(&script, FOREVER).await;
    script.check();
    // Once an interval, for all feeders.
    assert_eq!(count(&steps, Line::Otherwise), 3);
    assert_eq!(count(&steps, Line::Raise), 0);
    assert_eq!(script.supplemented(), script.shortage());
}

#[tokio::test]
async fn an_exhausted_budget_ends_raises_and_no_more_than_it_is_spent() {
    let rich = Script::new([Behaviour::AcceptsAfter(1); 3], 1_000_000);
    run(&rich, FOREVER).await;
    // Enough for first offers to some, not for raises to all.
    let poor = Script::new([Behaviour::AcceptsAfter(1); 3], 40_000);
    let steps = run(&poor, FOREVER).await;
    poor.check();
    assert!(poor.spent() < rich.spent());
    assert!(count(&steps, Line::Supplement) > 0);
    let none = Script::new([Behaviour::AcceptsAfter(0); 3], 0);
    run(&none, FOREVER).await;
    none.check();
    assert_eq!(none.spent(), 0);
}

#[tokio::test]
async fn an_operator_that_comes_back_changes_nothing() {
    let crowd = [
        Behaviour::AcceptsAfter(0),
        Behaviour::AcceptsAfter(1),
        Behaviour::Silent,
    ];
    let whole = Script::new(crowd, 100_000);
    run(&whole, FOREVER).await;
    whole.check();
    // One that dies after every two steps has solved C(1) again and done one line each time.
    for lifetime in 2..12 {
        let script = Script::new(crowd, 100_000);
        run(&script, lifetime).await;
        script.check();
        assert_eq!(script.record(), whole.record(), "lifetime {lifetime}");
    }
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    prop_oneof![
        (0u32..4).prop_map(Behaviour::AcceptsAfter),
        Just(Behaviour::Silent),
        (0u64..8).prop_map(Behaviour::Erratic),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// `Script` itself refuses what exceeds a budget or lowers an incentive.
    #[test]
    fn every_shortage_is_met_within_the_budget(
        crowd in prop::array::uniform3(behaviour()),
        budget in 0u128..200_000,
        lifetime in 2usize..40,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let script = Script::new(crowd, budget);
        runtime.block_on(run(&script, lifetime));
        script.check();
    }
}
