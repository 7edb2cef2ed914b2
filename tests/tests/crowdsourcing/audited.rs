//! An auditor follows the contract from its events alone, and sees what was changed in them.

use gridweave_audit::{Auditor, LoggedEvent};
use gridweave_testkit::crowdsourcing::{Crowd, DAY, FIRST, GENERATOR, LENGTH};
use gridweave_types::crowdsourcing::{ExecuteMsg, Ledger, Term};

/// A programme with everything in it, reconciled by programme, week and month.
fn lived() -> Crowd {
    let mut crowd = Crowd::running(6);
    crowd
        .propose(crowd.proposal(GENERATOR, Term::Day, &[100, 0, -50, 0]))
        .expect("in time");
    crowd
        .propose(crowd.proposal(1, Term::Month, &[5, 6, 7, 8]))
        .expect("in time");
    let agreement = 2u64.into();
    crowd
        .home(1, &ExecuteMsg::AcceptAgreement { agreement })
        .expect("its own");
    let tasks: Vec<_> = (2..6)
        .map(|number| crowd.task(number, FIRST, 40_000))
        .collect();
    crowd.offer(&tasks).expect("within the budget");
    crowd.accept(2, 1, 0).expect("open");
    crowd.decline(3, 2, 0).expect("open");
    crowd.raise(2, 50_001).expect("declined");
    crowd.accept(3, 2, 1).expect("open");
    crowd.raise(3, 41_000).expect("open");
    crowd.decline(4, 3, 1).expect("open");
    crowd
        .supplements(&[crowd.supplement(FIRST, 1_000)])
        .expect("within its limit");
    crowd.billing.at(FIRST + 1, 10);
    crowd.billing.read(2, FIRST, &[1_000]).expect("in time");
    crowd.billing.read(3, FIRST, &[501]).expect("in time");
    crowd.billing.until_final(FIRST);
    crowd.billing.settle(FIRST).expect("it is time");
    crowd.sweep(FIRST).expect("anybody may");
    crowd.billing.until_final(FIRST + LENGTH - 1);
    let programme = Ledger::Programme { programme: 1 };
    crowd.reconcile(programme, 2).expect("anybody may");
    crowd.reconcile(programme, 100).expect("anybody may");
    crowd.withdraw(7).expect("unspent");
    crowd.billing.until_final(30 * DAY - 1);
    for ledger in [Ledger::Week { week: 0 }, Ledger::Month { month: 0 }] {
        crowd.reconcile(ledger, 100).expect("anybody may");
    }
    crowd
}

/// The verdict when this attribute of the first event of this name is changed: whether it is noticed.
fn noticed(crowd: &Crowd, kind: &str, key: &str, value: &str) -> bool {
    let mut log = crowd.billing.log();
    let own = |event: &&mut LoggedEvent| event.contract == crowd.contract.as_str();
    let mut events = log.iter_mut().filter(own);
    let event = events.find(|event| {
        let mut attributes = event.attributes.iter();
        let action = attributes.find(|(key, _)| key == "action");
        let named =
            event.kind == format!("wasm-{kind}") || action.is_some_and(|(_, name)| name == kind);
        named && event.attributes.iter().any(|(name, _)| name == key)
    });
    let event = event.expect("there is such an event");
    let mut attributes = event.attributes.iter_mut();
    let attribute = attributes.find(|(name, _)| name == key);
    let attribute = attribute.expect("it has the attribute");
    assert_ne!(attribute.1, value, "{kind} {key}");
    attribute.1 = value.into();
    let audited = Auditor::of(crowd.subject(), &log);
    audited.map_or(true, |auditor| auditor.findings().differences > 0)
}

#[test]
fn a_whole_month_has_no_differences() {
    let crowd = lived();
    crowd.assert_audited();
    crowd.billing.assert_audited();
}

#[test]
fn every_number_that_is_changed_is_noticed() {
    let crowd = lived();
    for (kind, key, value) in [
        ("programme_created", "amount", "1200001"),
        ("budget_added", "from", "3"),
        ("preferences_submitted", "amended", "1"),
        ("agreement_proposed", "rate", "150001"),
        ("setpoints_committed", "rate", "150001"),
        ("task_offered", "reserved", "39999"),
        ("task_offered", "incentive", "40001"),
        ("task_offered", "energy", "1001"),
        ("task_offered", "until", "1"),
        ("task_raised", "incentive", "39000"),
        ("task_accepted", "committed", "1"),
        ("task_accepted", "account", "somebody"),
        ("task_declined", "released", "1"),
        ("answer_counted", "level", "5"),
        ("answer_counted", "accepted", "false"),
        ("supplemented", "energy", "999"),
        ("supplemented", "price", "400001"),
        ("task_expired", "released", "1"),
        ("task_settled", "metered", "999"),
        ("task_settled", "delivered", "999"),
        ("task_settled", "paid", "39999"),
        ("crowd_statement", "paid", "1"),
        ("ledger_closed", "budget", "1"),
        ("ledger_closed", "unspent", "1"),
        ("ledger_closed", "paid", "1"),
        ("withdrawn", "amount", "8"),
    ] {
        assert!(noticed(&crowd, kind, key, value), "{kind} {key}");
    }
}
