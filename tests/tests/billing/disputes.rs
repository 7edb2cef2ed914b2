//! Disputes: who may raise and decide them, and that none lasts.

use gridweave_testkit::assert_refused;
use gridweave_testkit::billing::{Billing, DISPUTE, LIMIT, READING, events};
use gridweave_types::billing::{ExecuteMsg, Origin};

/// Two homes that promised to draw 1 kWh at 0.2 and read 1.5 and 1 kWh.
fn read() -> Billing {
    let mut billing = Billing::new(2);
    billing.fund(10_000_000).expect("coins");
    for number in 0..2 {
        billing.top_up(number, 10_000_000).expect("coins");
    }
    let rows = [(0, 0, -1_000, 200_000), (1, 0, -1_000, 200_000)];
    billing.commit(&rows).expect("in time");
    billing.at(1, 10);
    billing.read(0, 0, &[-1_500]).expect("in time");
    billing.read(1, 0, &[-1_000]).expect("in time");
    billing
}

#[test]
fn a_disputed_line_is_held_and_the_others_are_not() {
    let mut billing = read();
    billing.dispute(0, 0).expect("in time");
    billing.until_settlement(0);
    let response = billing.settle(0).expect("it is time");
    assert_eq!(events(&response, "line_settled").len(), 1);
    assert!(events(&response, "interval_closed").is_empty());
    assert!(!billing.line(0, 0).state.settled);
    assert!(billing.line(1, 0).state.settled);
    assert_eq!(billing.net(0), 10_000_000);
}

#[test]
fn the_operator_decides_for_good() {
    let mut billing = read();
    billing.dispute(0, 0).expect("in time");
    billing
        .resolve(0, 0, Some(-1_100))
        .expect("the operator may");
    let home = billing.home(0);
    let expected = format!("interval 0: the line of {home} was decided by the operator");
    assert_refused(billing.correct(0, 0, &[-1]), &expected);
    assert_refused(billing.dispute(0, 0), &expected);
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    assert_eq!(billing.amount(0, 0), -200_000 - 20_000 - 2_000);
    assert_eq!(billing.line(0, 0).state.origin, Origin::Operator);
    billing.assert_closed(0);
    billing.assert_books_balance();
}

#[test]
fn a_reading_may_be_upheld() {
    let mut billing = read();
    billing.dispute(0, 0).expect("in time");
    billing.resolve(0, 0, None).expect("the operator may");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    assert_eq!(billing.amount(0, 0), -200_000 - 100_000 - 10_000);
}

#[test]
fn a_second_reading_resolves() {
    let mut billing = read();
    billing.dispute(0, 0).expect("in time");
    billing
        .correct(0, 0, &[-1_050])
        .expect("the window is open");
    assert!(!billing.line(0, 0).state.disputed);
    billing.until_settlement(0);
    let response = billing.settle(0).expect("it is time");
    assert_eq!(events(&response, "line_settled").len(), 2);
    billing.assert_closed(0);
}

#[test]
fn a_late_correction_may_still_be_disputed_before_it_is_settled() {
    let mut billing = read();
    billing.at(1, u64::from(READING + DISPUTE) - 1);
    billing
        .correct(0, 0, &[-1_600])
        .expect("the window is open");
    billing.until_settlement(0);
    let response = billing.settle(0).expect("it is time");
    assert_eq!(events(&response, "line_settled").len(), 1, "one is held");
    billing.dispute(0, 0).expect("its own time runs");
    billing.at(1, u64::from(READING + 2 * DISPUTE));
    let response = billing.settle(0).expect("it is time");
    assert!(events(&response, "line_settled").is_empty());
}

#[test]
fn a_dispute_after_settlement_is_decided_by_a_true_up() {
    let mut billing = read();
    billing.until_settlement(0);
    billing
        .correct(0, 0, &[-1_600])
        .expect("the window is open");
    billing.at(1, u64::from(READING + 2 * DISPUTE));
    billing.settle(0).expect("it is time");
    assert_eq!(billing.amount(0, 0), -332_000);
    billing
        .correct(0, 0, &[-1_700])
        .expect("the window is open");
    billing.dispute(0, 0).expect("its own time runs");
    let response = billing
        .resolve(0, 0, Some(-1_000))
        .expect("the operator may");
    assert_eq!(events(&response, "line_adjusted").len(), 1);
    assert_eq!(billing.amount(0, 0), -200_000);
    assert_eq!(billing.net(0), 9_800_000);
    billing.assert_closed(0);
    billing.assert_books_balance();
}

#[test]
fn an_undecided_dispute_lapses() {
    let mut billing = read();
    billing.dispute(0, 0).expect("in time");
    billing.until_final(0);
    let (since, now) = (billing.now(), billing.now());
    let expected = format!("interval 0 is final since {since}, now is {now}");
    assert_refused(billing.resolve(0, 0, Some(0)), &expected);
    billing.settle(0).expect("nothing holds it any more");
    assert_eq!(billing.amount(0, 0), -200_000 - 100_000 - 10_000);
    assert!(!billing.line(0, 0).state.disputed);
    billing.assert_closed(0);
}

#[test]
fn an_estimate_may_be_disputed_too() {
    let mut billing = Billing::new(1);
    billing.top_up(0, 10_000_000).expect("coins");
    billing.commit(&[(0, 0, -1_000, 200_000)]).expect("in time");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    billing
        .dispute(0, 0)
        .expect("its time runs from the estimate");
    billing.resolve(0, 0, Some(-500)).expect("the operator may");
    assert_eq!(billing.amount(0, 0), -200_000 + 100_000 - 10_000);
    // The meter speaks late: what the operator has decided stays, and its series goes on.
    let response = billing.read(0, 0, &[-900]).expect("in sequence");
    let mut attributes = response.events.iter().flat_map(|event| &event.attributes);
    let kept = attributes.find(|attribute| attribute.key == "kept");
    assert_eq!(kept.map(|attribute| attribute.value.as_str()), Some("1"));
    assert_eq!(billing.amount(0, 0), -110_000);
    assert_eq!(billing.interval(0).estimated, 0);
}

#[test]
fn windows_roles_and_states_are_checked() {
    let mut billing = read();
    let (home, other) = (billing.home(0), billing.home(1));
    let dispute = |interval| ExecuteMsg::Dispute {
        account: Some(home.to_string()),
        interval,
    };
    let expected = format!("sender: {other} is not {home} or the operator");
    billing.refuses(&other, &dispute(0), &expected);
    let expected = format!("interval 7: {home} has no line");
    billing.refuses(&home, &dispute(7), &expected);
    let expected = format!("interval 0: the line of {home} is not disputed");
    assert_refused(billing.resolve(0, 0, None), &expected);
    let operator = billing.chain.suite.operator.clone();
    billing
        .send(&operator, &dispute(0), 0)
        .expect("the operator may");
    let expected = format!("interval 0: the line of {home} is disputed already");
    billing.refuses(&home, &dispute(0), &expected);
    let resolve = ExecuteMsg::Resolve {
        account: home.to_string(),
        interval: 0,
        reading: None,
    };
    let expected = format!("sender: {home} is not the operator");
    billing.refuses(&home, &resolve, &expected);
    let limit = LIMIT as i64;
    for energy in [limit + 1, i64::MIN] {
        let expected =
            format!("readings: {energy} Wh in interval 0, expected at most {limit} Wh either way");
        assert_refused(billing.resolve(0, 0, Some(energy)), &expected);
    }
    billing.until_settlement(0);
    let (until, now) = (billing.now(), billing.now());
    let late = ExecuteMsg::Dispute {
        account: None,
        interval: 0,
    };
    let expected = format!("a dispute of interval 0 was open until {until}, now is {now}");
    billing.refuses(&other, &late, &expected);
}

#[test]
fn a_promise_without_a_reading_cannot_be_disputed() {
    let mut billing = read();
    billing.commit(&[(0, 3, -1, 1)]).expect("in time");
    let home = billing.home(0);
    let expected = format!("interval 3: the line of {home} has no reading yet");
    assert_refused(billing.dispute(0, 3), &expected);
}
