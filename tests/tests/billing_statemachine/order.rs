//! The order of settlement pages does not matter.

use gridweave_testkit::billing::PERIOD;
use proptest::prelude::*;

use crate::model::{HOMES, Model};
use crate::operation::{self, Operation};
use crate::system::System;

/// Commitments and readings for two periods.
fn day() -> impl Strategy<Value = Vec<Operation>> {
    let step = operation::next(&Model::new()).prop_filter("money and promises", |operation| {
        matches!(
            operation,
            Operation::Commit { .. } | Operation::TopUp(..) | Operation::Fund(_)
        )
    });
    let readings = proptest::collection::vec(
        (0..HOMES, proptest::collection::vec(-5_000..5_000i64, 1..8)),
        0..3,
    );
    (proptest::collection::vec(step, 10..30), readings).prop_map(|(mut steps, readings)| {
        steps.push(Operation::Pass(9_000));
        steps.extend(
            readings
                .into_iter()
                .map(|(home, energies)| Operation::Read(home, 0, energies)),
        );
        steps.push(Operation::Pass(20_000));
        steps
    })
}

/// Settlement pages of every interval: interval, first account, size.
fn pages() -> impl Strategy<Value = Vec<Operation>> {
    let page = (0..2 * PERIOD, proptest::option::of(0..HOMES), 1..4u32);
    let page = page.prop_map(|(interval, after, limit)| Operation::Settle {
        interval,
        after,
        limit,
    });
    proptest::collection::vec(page, 0..20)
}

/// Runs the day, the pages in their order, and then everything that is left.
fn run(day: &[Operation], pages: &[Operation], backward: bool) -> System {
    let mut system = System::new();
    let mut rest: Vec<u32> = (0..2 * PERIOD).collect();
    if backward {
        rest.reverse();
    }
    let rest = rest.into_iter().map(|interval| Operation::Settle {
        interval,
        after: None,
        limit: 100,
    });
    for operation in day.iter().chain(pages).cloned().chain(rest) {
        system.send(&operation);
    }
    for home in 0..HOMES {
        // What the grid could not pay at first, it can pay once everybody else has paid.
        system.send(&Operation::Collect(home));
    }
    system
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_may_come_in_any_order(day in day(), first in pages(), second in pages()) {
        let (one, other) = (run(&day, &first, false), run(&day, &second, true));
        for interval in 0..2 * PERIOD {
            prop_assert_eq!(one.billing.interval(interval), other.billing.interval(interval));
        }
        let accounts = one.billing.accounts();
        prop_assert_eq!(accounts.len(), other.billing.accounts().len());
        for home in 0..HOMES {
            let known = accounts.iter().any(|held| held.account == one.billing.home(home));
            if known {
                prop_assert_eq!(one.billing.net(home), other.billing.net(home));
                let statements = [&one, &other].map(|system| system.billing.statement(home, 0));
                prop_assert_eq!(&statements[0], &statements[1]);
            }
        }
        prop_assert_eq!(one.billing.books().dust, other.billing.books().dust);
        one.billing.assert_audited();
    }
}
