//! Periods, statements and the demand charge.

use gridweave_testkit::billing::{Billing, attribute, events};
use gridweave_testkit::coordinator::Coordinator;
use gridweave_types::billing::{ExecuteMsg, PeriodResponse, QueryMsg, Term};

/// Homes that draw 1, 4, 2 and 1 kWh over a period, at 0.1 and with 0.5 per kWh of the peak.
fn period(homes: u32) -> Billing {
    let chain = Coordinator::new(homes);
    let mut billing = Billing::with(chain, |terms| {
        terms.tariff.terms.push(Term::Demand {
            price: 500_001u64.into(),
        });
    });
    let drawn = [-1_000, -4_000, -2_000, -1_000];
    let mut rows = Vec::new();
    for number in 0..homes as usize {
        billing.top_up(number, 50_000_000).expect("coins");
        rows.extend((0..4).map(|t| (number, t, drawn[t as usize], 100_000)));
    }
    billing.commit(&rows).expect("in time");
    billing.at(4, 10);
    for number in 0..homes as usize {
        billing.read(number, 0, &drawn).expect("in time");
    }
    billing.until_settlement(3);
    billing
}

fn settle_all(billing: &mut Billing) {
    for interval in 0..4 {
        billing.settle(interval).expect("it is time");
    }
}

#[test]
fn a_statement_sums_the_lines_and_adds_the_demand_charge() {
    let mut billing = period(1);
    settle_all(&mut billing);
    let running = billing.statement(0, 0);
    assert_eq!((running.lines, running.open), (4, 0));
    assert_eq!(
        (running.total.i128(), running.reconciled),
        (-800_000, false)
    );
    billing.until_final(3);
    let response = billing.reconcile(0).expect("the period is over");
    let event = events(&response, "statement")[0];
    // 4 kWh at 0.500001 per kWh.
    assert_eq!(attribute(event, "demand"), "-2000004");
    assert_eq!(attribute(event, "total"), "-2800004");
    let statement = billing.statement(0, 0);
    assert_eq!(statement.peak.u64(), 4_000);
    assert_eq!(statement.scheduled.i64(), -8_000);
    assert_eq!(statement.metered.i64(), -8_000);
    assert_eq!(statement.committed.i128(), -800_000);
    assert!(statement.reconciled);
    assert_eq!(billing.net(0), 50_000_000 - 2_800_004);
    assert_eq!(billing.account(0).open_statements, 0);
    billing.assert_books_balance();
}

#[test]
fn a_peak_that_was_corrected_away_is_found_again() {
    let mut billing = period(1);
    settle_all(&mut billing);
    billing
        .correct(0, 1, &[-1_500])
        .expect("the window is open");
    billing.until_final(3);
    billing.reconcile(0).expect("the period is over");
    let statement = billing.statement(0, 0);
    assert_eq!(statement.peak.u64(), 2_000);
    assert_eq!(statement.demand.i128(), -1_000_002);
    assert_eq!(statement.adjusted, 1);
}

#[test]
fn the_fraction_of_a_demand_charge_is_dust() {
    let mut billing = period(1);
    billing
        .correct(0, 1, &[-4_001])
        .expect("the window is open");
    billing.at(4, 1_300);
    settle_all(&mut billing);
    let dust = billing.books().dust;
    billing.until_final(3);
    billing.reconcile(0).expect("the period is over");
    // 4,001 Wh at 500,001 µ/kWh is 2,000,504.001 µ.
    assert_eq!(billing.statement(0, 0).demand.i128(), -2_000_505);
    assert_eq!(billing.books().dust.u128(), dust.u128() + 1);
    billing.assert_books_balance();
}

#[test]
fn a_period_opens_when_its_last_interval_is_final() {
    let mut billing = period(1);
    settle_all(&mut billing);
    let anyone = billing.chain.suite.address("anyone");
    let open = ExecuteMsg::OpenPeriod { period: 0 };
    let reconcile = ExecuteMsg::Reconcile {
        period: 0,
        start_after: None,
        limit: None,
    };
    billing.refuses(&anyone, &reconcile, "period 0 has not been opened");
    let opens = billing.genesis + 4 * 900 + 7_200;
    let expected = format!(
        "reconciliation of period 0 opens at {opens}, now is {}",
        billing.now()
    );
    billing.refuses(&anyone, &open, &expected);
    billing.until_final(3);
    billing.anyone(&open).expect("it is over");
    billing.refuses(&anyone, &open, "period 0 is open already");
    let beyond = ExecuteMsg::OpenPeriod { period: u32::MAX };
    let expected = "period is 4294967295, expected at most 1073741823";
    billing.refuses(&anyone, &beyond, expected);
}

#[test]
fn pages_make_every_statement_final_once() {
    let mut billing = period(5);
    settle_all(&mut billing);
    billing.until_final(3);
    billing
        .anyone(&ExecuteMsg::OpenPeriod { period: 0 })
        .expect("it is over");
    let (mut next, mut finished) = (None, 0);
    loop {
        let response = billing
            .anyone(&ExecuteMsg::Reconcile {
                period: 0,
                start_after: next.take(),
                limit: Some(2),
            })
            .expect("it is open");
        finished += events(&response, "statement").len();
        let mut attributes = response.events.iter().flat_map(|event| &event.attributes);
        next = attributes
            .find(|attribute| attribute.key == "next")
            .map(|attribute| attribute.value.clone());
        if next.is_none() {
            break;
        }
    }
    assert_eq!(finished, 5);
    let period: PeriodResponse = billing
        .ask(&QueryMsg::Period { period: 0 })
        .expect("a period");
    assert_eq!((period.statements, period.reconciled), (5, 5));
    assert_eq!((period.first, period.last), (0, 3));
    let again = billing.anyone(&ExecuteMsg::Reconcile {
        period: 0,
        start_after: None,
        limit: None,
    });
    assert!(events(&again.expect("it changes nothing"), "statement").is_empty());
    billing.assert_books_balance();
}

#[test]
fn unsettled_lines_hold_their_own_statement_only() {
    let mut billing = period(2);
    billing.commit(&[(1, 7, -1, 1)]).expect("in time");
    for interval in 0..3 {
        billing.settle(interval).expect("it is time");
    }
    let account = billing.home(0).to_string();
    // One line of the second home is left.
    billing
        .anyone(&ExecuteMsg::Settle {
            interval: 3,
            start_after: None,
            limit: Some(1),
        })
        .expect("it is time");
    billing.until_final(3);
    let response = billing.reconcile(0).expect("the period is over");
    let finished = events(&response, "statement");
    assert_eq!(finished.len(), 1);
    assert_eq!(attribute(finished[0], "account"), account);
    billing.settle(3).expect("it is time");
    let response = billing.anyone(&ExecuteMsg::Reconcile {
        period: 0,
        start_after: None,
        limit: None,
    });
    assert_eq!(events(&response.expect("it is open"), "statement").len(), 1);
    // The line of interval 7 is in the next statement.
    assert_eq!(billing.account(1).open_statements, 1);
}
