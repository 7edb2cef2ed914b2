//! Bills and statements say what the contract says.

use gridweave_audit::{Bill, PeriodStatements};
use gridweave_testkit::billing::{HOMES, two_periods};

#[test]
fn a_bill_adds_up_to_what_the_account_has() {
    let billing = two_periods();
    let auditor = billing.audited();
    let ledger = auditor.ledger().expect("it is instantiated");
    for home in 0..HOMES {
        let bill = Bill::new(ledger, billing.home(home).as_str(), None).expect("it has one");
        assert_eq!(bill.lines.len(), 7);
        for line in &bill.lines {
            assert_eq!(line.total, billing.amount(home, line.interval));
            assert_eq!(line.total, line.commitment + line.imbalance + line.penalty);
        }
        assert_eq!(bill.lines[6].running, bill.settled);
        assert_eq!(bill.totals.total, bill.settled);
        let coins = bill.deposited as i128 - bill.withdrawn as i128;
        assert_eq!(
            coins + bill.settled + bill.demand + bill.side_payments,
            billing.net(home)
        );
    }
}

#[test]
fn a_bill_says_why() {
    let billing = two_periods();
    let auditor = billing.audited();
    let ledger = auditor.ledger().expect("it is instantiated");
    let why = |home: usize| {
        let bill = Bill::new(ledger, billing.home(home).as_str(), Some(0..=0));
        bill.expect("it has one").lines[0].why.clone()
    };
    assert_eq!(why(0), "shortfall, superseded 2×");
    assert_eq!(why(1), "shortfall, decided by the operator, superseded 1×");
    assert_eq!(why(2), "surplus, superseded 1×");
    assert_eq!(why(3), "shortfall");
}

#[test]
fn statements_are_those_of_the_contract() {
    let billing = two_periods();
    let auditor = billing.audited();
    let ledger = auditor.ledger().expect("it is instantiated");
    let all = PeriodStatements::new(ledger, 0, None).expect("it has lines");
    assert_eq!((all.first, all.last, all.opened), (0, 3, true));
    assert_eq!(all.statements.len(), HOMES);
    for home in 0..HOMES {
        let own = billing.home(home);
        let own = all
            .statements
            .iter()
            .find(|row| row.account == own.as_str());
        let (own, held) = (own.expect("it has one"), billing.statement(home, 0));
        assert!(own.is_final);
        assert_eq!(own.total, held.total.i128());
        assert_eq!(own.peak_wh, held.peak.u64());
        assert_eq!(own.estimated, held.estimated);
        assert_eq!(own.adjusted, held.adjusted);
    }
    let total: i128 = all.statements.iter().map(|row| row.total).sum();
    assert_eq!(total + all.grid + all.dust, 0);
}

#[test]
fn who_and_what_is_unknown_is_said() {
    let billing = two_periods();
    let auditor = billing.audited();
    let ledger = auditor.ledger().expect("it is instantiated");
    let error = Bill::new(ledger, "nobody", None).expect_err("no such account");
    let error = error.to_string();
    assert!(
        error.contains("account 'nobody' has no bill: there are 5 accounts"),
        "{error}"
    );
    let error = PeriodStatements::new(ledger, 7, None).expect_err("no such period");
    let error = error.to_string();
    assert_eq!(
        error,
        "period 7 has no statements: there are 2 periods: 0, 1"
    );
}
