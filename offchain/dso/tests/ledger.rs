//! The ledger by itself.

use std::path::Path;

use gridweave_dso::ledger::{
    Booking, Credit, CreditKey, EnergyDeposit, Entry, IN_MEMORY, MoneyDeposit, PayKey, Payment,
    Place,
};
use gridweave_dso::{Ledger, Participant, State};
use gridweave_types::assets::{PermitClass, Side};

fn participant(account: &str) -> Participant {
    Participant {
        account: account.into(),
        name: format!("home of {account}"),
        feeder: 3,
        sell_limit: 5_000,
        buy_limit: 4_000,
    }
}

fn booking(account: &str, holder: &str, money: u128) -> Booking {
    Booking {
        account: account.into(),
        reference: None,
        holder: holder.into(),
        class: PermitClass {
            side: Side::Buy,
            feeder: 3,
            intervals: "4-7,9".parse().unwrap(),
        },
        energy: 1_500,
        money,
    }
}

fn ledger() -> Ledger {
    let ledger = Ledger::open(Path::new(IN_MEMORY)).unwrap();
    ledger.enrol(&participant("alice")).unwrap();
    ledger.raise_purse("alice", 1_000).unwrap();
    ledger
}

#[test]
fn money_leaves_the_purse_with_the_request_and_comes_back_when_it_fails() {
    let ledger = ledger();
    let record = ledger
        .book(&booking("alice", "h1", 400), |_| Ok(Ok(())))
        .unwrap();
    assert_eq!((record.state, record.height), (State::Requested, None));
    assert_eq!(ledger.purse("alice").unwrap(), 600);
    let failed = ledger
        .book(&booking("alice", "h2", 400), |_| Ok(Err("too much".into())))
        .unwrap();
    assert_eq!(failed.state, State::Failed);
    assert_eq!(failed.reason.as_deref(), Some("too much"));
    assert_eq!(ledger.purse("alice").unwrap(), 600);
    assert_eq!(ledger.account_of("h1").unwrap().as_deref(), Some("alice"));
    assert_eq!(ledger.account_of("h2").unwrap(), None);
    ledger.fail_withdrawal(record.id, "refused").unwrap();
    assert_eq!(ledger.purse("alice").unwrap(), 1_000);
    assert_eq!(ledger.requested().unwrap(), []);
}

#[test]
fn a_batch_ends_in_one_of_three_ways() {
    let ledger = ledger();
    let book = |holder| {
        let record = ledger.book(&booking("alice", holder, 100), |_| Ok(Ok(())));
        record.unwrap().id
    };
    let (first, second) = (book("h1"), book("h2"));
    let batch = ledger.begin_issue(&[first, second]).unwrap();
    assert_eq!(ledger.under_way().unwrap(), Some(batch));
    assert_eq!(ledger.requested().unwrap(), []);
    ledger.undo(batch).unwrap();
    assert_eq!(ledger.under_way().unwrap(), None);
    assert_eq!(ledger.requested().unwrap().len(), 2);

    let batch = ledger.begin_issue(&[first]).unwrap();
    ledger.finish(batch, 77, Some("ABC")).unwrap();
    let record = ledger.withdrawal(first).unwrap().unwrap();
    assert_eq!((record.state, record.height), (State::Issued, Some(77)));
    assert_eq!(ledger.holders_at(Side::Buy, 9).unwrap(), ["h1"]);
    assert!(ledger.holders_at(Side::Buy, 8).unwrap().is_empty());

    let batch = ledger.begin_issue(&[second]).unwrap();
    ledger.refuse(batch, "no").unwrap();
    let record = ledger.withdrawal(second).unwrap().unwrap();
    assert_eq!(record.state, State::Failed);
    assert_eq!(ledger.purse("alice").unwrap(), 900);
}

#[test]
fn deposits_are_entered_once() {
    let ledger = ledger();
    ledger
        .book(&booking("alice", "h1", 0), |_| Ok(Ok(())))
        .unwrap();
    let at = |seen| Place { height: 5, seen };
    let energy = |holder: &str, side| {
        Entry::Energy(EnergyDeposit {
            holder: holder.into(),
            side,
            interval: 9,
            energy: 700,
        })
    };
    let entries = [
        (at(0), energy("h1", Side::Buy)),
        (at(1), energy("h1", Side::Sell)),
        (at(2), energy("stranger", Side::Sell)),
    ];
    for _ in 0..2 {
        ledger.enter(&entries, at(3)).unwrap();
    }
    assert_eq!(ledger.place().unwrap(), Some(at(3)));
    let key = CreditKey {
        account: "alice".into(),
        interval: 9,
    };
    let sums = ledger.uncredited().unwrap();
    assert_eq!(
        sums.into_iter().collect::<Vec<_>>(),
        [(
            key.clone(),
            Credit {
                sold: 700,
                bought: 700
            }
        )]
    );
    let batch = ledger.begin_credit(&[key]).unwrap();
    ledger.enter(&[(at(3), Entry::Credited)], at(4)).unwrap();
    assert_eq!(ledger.under_way().unwrap(), None, "{batch:?}");
    assert_eq!(ledger.credited("alice", Side::Buy, 9).unwrap(), 700);
    assert_eq!(ledger.give_up(10, "late").unwrap(), 0);
}

#[test]
fn payments_that_come_back_wait_to_be_tried_again() {
    let ledger = ledger();
    ledger
        .book(&booking("alice", "h1", 0), |_| Ok(Ok(())))
        .unwrap();
    let at = |seen| Place { height: 5, seen };
    let money = |amount| {
        Entry::Money(MoneyDeposit {
            holder: "h1".into(),
            amount,
            as_coins: false,
        })
    };
    ledger
        .enter(&[(at(0), money(30)), (at(1), money(12))], at(2))
        .unwrap();
    let key = PayKey {
        account: "alice".into(),
        as_coins: false,
    };
    let waiting = || ledger.unpaid().unwrap().get(&key).copied();
    assert_eq!(waiting(), Some(42));
    ledger.begin_pay_out(std::slice::from_ref(&key)).unwrap();
    assert_eq!(waiting(), None);
    let failed = [(at(2), Entry::PaidOut), (at(3), Entry::Unpaid(key.clone()))];
    ledger.enter(&failed, at(4)).unwrap();
    assert_eq!(waiting(), None);
    assert_eq!(ledger.retry_payments().unwrap(), 2);
    assert_eq!(waiting(), Some(42));
}

#[test]
fn payments_and_nonces_count_once() {
    let ledger = ledger();
    let payment = Payment {
        hash: "AA".into(),
        account: "alice".into(),
        height: 9,
        amount: 50,
    };
    assert!(ledger.take_payment(&payment).unwrap());
    assert!(!ledger.take_payment(&payment).unwrap());
    assert_eq!(ledger.purse("alice").unwrap(), 1_050);
    assert!(ledger.use_nonce("alice", "n", 100, 0).unwrap());
    assert!(!ledger.use_nonce("alice", "n", 100, 0).unwrap());
    assert!(ledger.use_nonce("bob", "n", 100, 0).unwrap());
    assert!(
        ledger.use_nonce("alice", "n", 200, 150).unwrap(),
        "old ones are forgotten"
    );
}

#[test]
fn a_file_is_its_owners_alone_and_of_a_known_version() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let ledger = Ledger::open(&path).unwrap();
    ledger.enrol(&participant("alice")).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let busy = Ledger::open(&path).unwrap_err().to_string();
    assert!(busy.contains("locked"), "{busy}");
    drop(ledger);
    let ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.participants().unwrap(), [participant("alice")]);
    drop(ledger);
    let file = rusqlite::Connection::open(&path).unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    drop(file);
    let newer = Ledger::open(&path).unwrap_err().to_string();
    assert!(newer.contains("version 99"), "{newer}");
    std::fs::write(
        &path,
        "this is no ledger, but long enough to be read as one",
    )
    .unwrap();
    assert!(Ledger::open(&path).is_err());
}
