//! What an audit has checked, and what it says when something is wrong.

use gridweave_audit::{Auditor, Findings};

use gridweave_testkit::billing::two_periods;

use crate::history;

/// The first difference after `change` was applied to the first event named `name`.
fn first_after(name: &str, change: impl FnOnce(&mut Vec<(String, String)>)) -> String {
    let (subject, mut events) = history().clone();
    let own = events.iter_mut().find(|event| {
        let action = event.attributes.iter().any(|(_, value)| value == name);
        event.kind == format!("wasm-{name}") || (event.kind == "wasm" && action)
    });
    change(&mut own.expect("it is in the history").attributes);
    match Auditor::of(subject, &events) {
        Ok(auditor) => {
            let first = auditor.findings().first.clone();
            first.expect("a difference").to_string()
        }
        Err(error) => error.to_string(),
    }
}

fn set(key: &str, value: &str) -> impl FnOnce(&mut Vec<(String, String)>) {
    move |attributes| {
        let found = attributes.iter_mut().find(|(name, _)| name == key);
        found.expect("the attribute is there").1 = value.into();
    }
}

#[test]
fn everything_is_counted() {
    let (subject, events) = history();
    let auditor = Auditor::of(subject.clone(), events).expect("it can be read");
    let report = auditor.report().expect("it is instantiated");
    assert!(report.is_clean());
    let Findings {
        settlements,
        adjustments,
        signatures,
        intervals,
        statements,
        ..
    } = report.findings;
    assert_eq!(report.accounts, 5);
    assert_eq!(report.lines, 4 * 7);
    assert_eq!((settlements, adjustments), (4 * 7 + 2, 2));
    assert_eq!(signatures, 12);
    assert_eq!(intervals, 7);
    assert_eq!(statements, 8);
    assert_eq!(report.to_string(), "28 lines, 0 differences");
}

#[test]
fn the_contract_has_what_its_events_add_up_to() {
    two_periods().assert_audited();
}

#[test]
fn a_difference_names_account_interval_and_component() {
    let text = first_after("line_settled", set("penalty", "-1"));
    assert!(text.contains("interval_settled, account"), "{text}");
    assert!(
        text.contains("interval 0: penalty is announced as -1"),
        "{text}"
    );
    let text = first_after("statement", set("demand", "-1"));
    assert!(
        text.contains("period 0: demand is announced as -1"),
        "{text}"
    );
    let text = first_after("interval_closed", set("dust", "9"));
    assert!(
        text.contains("interval 0: dust is announced as 9"),
        "{text}"
    );
}

#[test]
fn an_unreadable_event_is_named() {
    let text = first_after("topped_up", set("amount", "1e6"));
    assert!(
        text.contains("event 'topped_up': attribute 'amount' is '1e6'"),
        "{text}"
    );
    let text = first_after("readings_submitted", |attributes| {
        attributes.retain(|(key, _)| key != "signature");
    });
    assert!(
        text.contains("attribute 'signature' is there 0 times"),
        "{text}"
    );
}

#[test]
fn a_reading_that_the_meter_did_not_sign_is_found() {
    let text = first_after("readings_submitted", set("nonce", "7"));
    assert!(
        text.contains("signature is announced as accepted"),
        "{text}"
    );
    let (subject, mut events) = history().clone();
    events.retain(|event| event.contract != subject.grid);
    let auditor = Auditor::of(subject, &events).expect("it can be read");
    let first = auditor.findings().first.clone().expect("a difference");
    assert_eq!(first.computed, "no meter key announced by grid");
}

#[test]
fn windows_are_checked_against_block_times() {
    let (subject, mut events) = history().clone();
    let settled = |event: &gridweave_audit::LoggedEvent| event.kind == "wasm-line_settled";
    let height = events
        .iter()
        .find(|event| settled(event))
        .map(|event| event.height);
    let mut before = events.iter().rev();
    let last = before.find(|event| Some(event.height) < height);
    let early = last.map(|event| event.time).expect("something came before");
    for event in events
        .iter_mut()
        .filter(|event| Some(event.height) == height)
    {
        event.time = early;
    }
    let auditor = Auditor::of(subject, &events).expect("it can be read");
    let first = auditor.findings().first.clone().expect("a difference");
    assert_eq!(first.computed, "too early");
}

#[test]
fn a_history_may_be_followed_in_pieces() {
    let (subject, events) = history();
    let whole = Auditor::of(subject.clone(), events).expect("it can be read");
    let mut auditor = Auditor::new(subject.clone());
    for block in events.chunk_by(|one, next| one.height == next.height) {
        auditor.follow(block).expect("it can be read");
    }
    assert_eq!(auditor.report().ok(), whole.report().ok());
}

#[test]
fn a_history_without_its_beginning_is_refused() {
    let (subject, events) = history();
    let nothing = Auditor::new(subject.clone());
    let error = nothing.report().expect_err("there is nothing").to_string();
    assert!(
        error.contains("announced no instantiation in 0 events"),
        "{error}"
    );
    let own = events
        .iter()
        .position(|event| event.contract == subject.billing);
    let rest = &events[own.expect("it has events") + 1..];
    let error = Auditor::of(subject.clone(), rest).expect_err("no beginning");
    assert!(
        error
            .to_string()
            .contains("expected the instantiation first"),
        "{error}"
    );
}
