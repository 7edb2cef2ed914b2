//! Reconciliation: statements sum to the budget account, and the rest is the operator's again.

use gridweave_testkit::assert_refused;
use gridweave_testkit::billing::events;
use gridweave_testkit::crowdsourcing::{BUDGET, Crowd, DAY, FIRST, LENGTH};
use gridweave_types::crowdsourcing::{
    ExecuteMsg, Ledger, Phase, ProgrammeResponse, QueryMsg, Term,
};

const PROGRAMME: Ledger = Ledger::Programme { programme: 1 };

/// A programme with every kind of end: delivered, half delivered, declined, expired, supplemented.
fn lived() -> Crowd {
    let mut crowd = Crowd::running(6);
    crowd
        .propose(crowd.proposal(1, Term::Day, &[100, 0, 0, 0]))
        .expect("in time");
    let tasks: Vec<_> = (2..6)
        .map(|number| crowd.task(number, FIRST, 40_000))
        .collect();
    crowd.offer(&tasks).expect("within the budget");
    crowd.accept(2, 1, 0).expect("open");
    crowd.accept(3, 2, 0).expect("open");
    crowd.decline(4, 3, 0).expect("open");
    crowd
        .supplements(&[crowd.supplement(FIRST, 1_000)])
        .expect("within its limit");
    crowd.billing.at(FIRST + 1, 10);
    crowd.billing.read(2, FIRST, &[1_000]).expect("in time");
    crowd.billing.read(3, FIRST, &[500]).expect("in time");
    crowd.billing.until_settlement(FIRST);
    crowd.billing.settle(FIRST).expect("it is time");
    crowd
}

#[test]
fn a_programme_is_closed_when_it_is_final_and_swept() {
    let mut crowd = lived();
    let due = crowd.ledger(PROGRAMME).due.u64();
    let now = crowd.billing.now();
    let expected = format!("reconciliation opens at {due}, now is {now}");
    assert_refused(crowd.reconcile(PROGRAMME, 100), &expected);
    crowd.billing.until_final(FIRST + LENGTH - 1);
    let expected = "ledger: 3 tasks are not finished, sweep their intervals first";
    assert_refused(crowd.reconcile(PROGRAMME, 100), &expected);
    crowd.sweep(FIRST).expect("anybody may");
    let sent = crowd.reconcile(PROGRAMME, 100).expect("anybody may");
    assert_eq!(events(&sent, "crowd_statement").len(), 6);
    assert_eq!(events(&sent, "ledger_closed").len(), 1);
    let account = crowd.ledger(PROGRAMME);
    assert!(account.complete);
    assert_eq!(account.totals, crowd.statements(PROGRAMME));
    assert_eq!(account.totals.paid.u128(), 60_000);
    assert_eq!(account.totals.delivered.u64(), 1_500);
    assert_eq!(
        [
            account.totals.offered,
            account.totals.accepted,
            account.totals.declined,
            account.totals.expired
        ],
        [4, 2, 1, 1]
    );
    assert_eq!(
        (
            account.totals.agreed.i64(),
            account.totals.supplemented.i64()
        ),
        (100, 1_000)
    );
    assert_eq!(account.unspent.u128(), 4 * BUDGET - 60_000);
    let books = crowd.books();
    assert_eq!((books.escrow.u128(), books.unspent), (0, account.unspent));
    let found: ProgrammeResponse = crowd
        .ask(&QueryMsg::Programme { programme: 1 })
        .expect("one");
    assert_eq!(found.phase, Phase::Closed);
    let again = crowd.reconcile(PROGRAMME, 100);
    assert_refused(again, &"programme 1 is reconciled, expected not yet");
    crowd.assert_books_balance();
}

#[test]
fn pages_lead_to_the_same_account() {
    let (mut whole, mut paged) = (lived(), lived());
    for crowd in [&mut whole, &mut paged] {
        crowd.billing.until_final(FIRST + LENGTH - 1);
        crowd.sweep(FIRST).expect("anybody may");
    }
    whole.reconcile(PROGRAMME, 100).expect("anybody may");
    for page in 1..=6 {
        paged.reconcile(PROGRAMME, 1).expect("anybody may");
        let account = paged.ledger(PROGRAMME);
        assert_eq!((account.reconciled, account.complete), (page, page == 6));
    }
    assert_eq!(paged.ledger(PROGRAMME), whole.ledger(PROGRAMME));
    assert_eq!(paged.books(), whole.books());
}

#[test]
fn weeks_and_months_are_reconciled_too() {
    let mut crowd = lived();
    let (week, month) = (Ledger::Week { week: 0 }, Ledger::Month { month: 0 });
    crowd.billing.until_final(7 * DAY - 2);
    crowd.sweep(FIRST).expect("anybody may");
    assert!(crowd.reconcile(week, 100).is_err());
    crowd.billing.until_final(7 * DAY - 1);
    crowd.reconcile(week, 100).expect("anybody may");
    assert!(crowd.reconcile(month, 100).is_err());
    crowd.billing.until_final(30 * DAY - 1);
    crowd.reconcile(month, 100).expect("anybody may");
    for ledger in [week, month] {
        let account = crowd.ledger(ledger);
        assert!(account.complete);
        assert_eq!(account.totals, crowd.statements(ledger));
        assert_eq!(account.budget, account.unspent + account.totals.paid);
    }
    // A week is not a programme: its money stays in escrow until that is closed.
    assert_eq!(crowd.books().unspent.u128(), 0);
    crowd.assert_books_balance();
}

#[test]
fn a_programme_without_anybody_is_closed_all_the_same() {
    let mut crowd = Crowd::enrolled(2);
    let terms = crowd.terms();
    crowd.create(terms, &[7; 4]).expect("a programme");
    crowd.billing.until_final(FIRST + LENGTH - 1);
    crowd.reconcile(PROGRAMME, 1).expect("anybody may");
    assert_eq!(crowd.books().unspent.u128(), 28);
    let nothing = crowd.reconcile(Ledger::Week { week: 9 }, 1);
    assert!(nothing.is_err());
    let unknown = ExecuteMsg::Reconcile {
        ledger: Ledger::Programme { programme: 2 },
        limit: None,
    };
    assert_refused(crowd.anyone(&unknown), &"programme: 2 does not exist");
}
