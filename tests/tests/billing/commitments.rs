//! Commitments: who may record them, for whom, and what is refused.

use gridweave_billing::CommitmentFault;
use gridweave_testkit::billing::{Billing, COLLATERAL, INTERVAL, LIMIT, PRICE, attribute, events};
use gridweave_types::billing::{
    ExecuteMsg, MAX_COMMITMENTS, QueryMsg, SourceKind, SourcesResponse,
};

fn funded(homes: u32) -> Billing {
    let mut billing = Billing::new(homes);
    for number in 0..homes as usize {
        billing.top_up(number, 10 * COLLATERAL).expect("coins");
    }
    billing
}

/// Asserts that the market's rows are refused for the last one.
#[track_caller]
fn refused(billing: &mut Billing, rows: &[(usize, u32, i64, i64)], fault: CommitmentFault) {
    refused_as(billing, rows, false, fault);
}

/// The same for rows that may be paid.
#[track_caller]
fn refused_as(
    billing: &mut Billing,
    rows: &[(usize, u32, i64, i64)],
    paid: bool,
    fault: CommitmentFault,
) {
    let market = billing.market.clone();
    let &(number, interval, _, _) = rows.last().expect("a row");
    let account = billing.home(number);
    let expected = format!("commitments: {account} in interval {interval}: {fault}");
    let message = billing.commitments(rows, paid);
    billing.refuses(&market, &message, &expected);
}

#[test]
fn the_event_carries_what_was_recorded() {
    let mut billing = funded(2);
    let rows = [(1, 5, -700, 250_000), (0, 4, 900, 240_000), (1, 6, -800, 1)];
    let response = billing.commit(&rows).expect("in time");
    let recorded = events(&response, "commitments_recorded");
    assert_eq!(recorded.len(), 2);
    assert_eq!(attribute(recorded[1], "account"), billing.home(1).as_str());
    // 5 and 6, −700 and −800, 250,000 and 1, little endian.
    assert_eq!(attribute(recorded[1], "intervals"), "BQAAAAYAAAA=");
    assert_eq!(
        attribute(recorded[1], "energies"),
        "RP3////////g/P///////w=="
    );
    assert_eq!(attribute(recorded[1], "prices"), "kNADAAAAAAABAAAAAAAAAA==");
    let line = billing.line(1, 6);
    assert_eq!((line.energy.i64(), line.value.i128()), (-800, -800));
    assert_eq!(billing.interval(5).scheduled.i64(), -700);
    assert_eq!(billing.statement(1, 1).scheduled.i64(), -1_500);
}

#[test]
fn a_source_commits_once_per_account_and_interval() {
    let mut billing = funded(2);
    billing.commit(&[(0, 3, 500, 200_000)]).expect("in time");
    let again = [(1, 3, 500, 200_000), (0, 3, 1, 1)];
    refused(&mut billing, &again, CommitmentFault::Duplicate);
    let twice = [(1, 3, 500, 200_000), (1, 3, 500, 200_000)];
    refused(&mut billing, &twice, CommitmentFault::Duplicate);
}

#[test]
fn two_sources_add() {
    let mut billing = funded(1);
    billing.commit(&[(0, 3, 500, 200_000)]).expect("in time");
    let other = billing.chain.suite.address("other market");
    let contract = other.to_string();
    let kind = SourceKind::Recorder;
    billing
        .operate(&ExecuteMsg::RegisterSource { contract, kind })
        .expect("a new source");
    let message = billing.commitments(&[(0, 3, -200, 300_000)], true);
    billing.send(&other, &message, 0).expect("another source");
    let line = billing.line(0, 3);
    assert_eq!(line.energy.i64(), 300);
    assert_eq!(line.value.i128(), 500 * 200_000);
    assert_eq!(line.low.map(|price| price.i64()), Some(200_000));
    assert_eq!(line.high.map(|price| price.i64()), Some(300_000));
    assert_eq!(billing.interval(3).lines, 1);
}

/// A contract that answers for its own repetitions: rows of one message and of later ones add, and settle
/// as one promise.
#[test]
fn commitments_of_a_source_of_additions_add() {
    let mut billing = funded(2);
    billing.fund(5_000_000).expect("coins");
    let crowd = billing.chain.suite.address("crowd");
    let register = ExecuteMsg::RegisterSource {
        contract: crowd.to_string(),
        kind: SourceKind::Additions,
    };
    billing.operate(&register).expect("a new source");
    let twice = [(0, 3, 500, 200_000), (0, 3, 200, 300_000)];
    let message = billing.commitments(&twice, false);
    billing.send(&crowd, &message, 0).expect("rows add");
    let message = billing.commitments(&[(0, 3, -100, 100_000)], false);
    billing.send(&crowd, &message, 0).expect("messages add");
    let line = billing.line(0, 3);
    assert_eq!(line.energy.i64(), 600);
    let value = 500 * 200_000 + 200 * 300_000 - 100 * 100_000;
    assert_eq!(line.value.i128(), value);
    assert_eq!(line.low.map(|price| price.i64()), Some(100_000));
    assert_eq!(line.high.map(|price| price.i64()), Some(300_000));
    assert_eq!(billing.interval(3).lines, 1);
    assert_eq!(billing.interval(3).scheduled.i64(), 600);
    // One that must not repeat still must not.
    billing.commit(&[(0, 3, 50, 200_000)]).expect("another");
    refused(
        &mut billing,
        &[(0, 3, 50, 200_000)],
        CommitmentFault::Duplicate,
    );
    billing.until_final(3);
    billing.settle(3).expect("anybody may");
    assert!(billing.line(0, 3).state.settled);
    billing.assert_books_balance();
    billing.assert_audited();
}

#[test]
fn an_interval_takes_commitments_until_it_begins() {
    let mut billing = funded(1);
    billing.at(3, 0);
    refused(&mut billing, &[(0, 3, 500, 1)], CommitmentFault::Late);
    refused(&mut billing, &[(0, 10_004, 500, 1)], CommitmentFault::Ahead);
    billing
        .commit(&[(0, 4, 500, 1), (0, 10_003, 500, 1)])
        .expect("in range");
}

/// A market finalizes an interval when it begins; what it has traded must still count.
#[test]
fn what_is_paid_is_taken_until_the_interval_ends() {
    let mut billing = funded(2);
    billing.at(3, 0);
    billing.commit_as(&[(0, 3, 500, 200_000)], true).unwrap();
    let unpaid = [(1, 3, 500, 200_000)];
    refused(&mut billing, &unpaid, CommitmentFault::Late);
    billing.at(3, u64::from(INTERVAL) - 1);
    billing.commit_as(&[(1, 3, -500, 200_000)], true).unwrap();
    assert_eq!(billing.line(0, 3).energy.i64(), 500);
    let again = [(0, 3, 1, 1)];
    refused_as(&mut billing, &again, true, CommitmentFault::Duplicate);
    billing.at(4, 0);
    let ended = [(1, 4, 500, 1), (0, 3, 500, 1)];
    refused_as(&mut billing, &ended, true, CommitmentFault::Ended);
}

/// Nothing is committed to once a meter may say what happened.
#[test]
fn no_commitment_follows_a_reading() {
    let mut billing = funded(1);
    billing.at(1, u64::from(INTERVAL) - 1);
    assert!(billing.read(0, 1, &[700]).is_err());
    billing.commit_as(&[(0, 1, 500, 200_000)], true).unwrap();
    billing.at(2, 0);
    billing.read(0, 1, &[700]).unwrap();
    let late = [(0, 1, 200, 200_000)];
    refused_as(&mut billing, &late, true, CommitmentFault::Ended);
}

/// Deviations of what is paid during its interval settle, and nothing else.
#[test]
fn what_is_paid_late_settles_its_deviation() {
    let mut billing = funded(2);
    billing.at(3, 60);
    let rows = [(0, 3, 1_000, 200_000), (1, 3, -1_000, 200_000)];
    billing.commit_as(&rows, true).unwrap();
    billing.at(4, 0);
    billing.read(0, 3, &[1_000]).unwrap();
    billing.read(1, 3, &[-1_200]).unwrap();
    billing.until_settlement(3);
    billing.settle(3).unwrap();
    assert_eq!(billing.amount(0, 3), 0);
    let line = billing.line(1, 3);
    assert_eq!(line.committed.i128(), 0);
    assert!(line.imbalance.i128() < 0 && line.penalty.i128() < 0);
    billing.assert_audited();
}

#[test]
fn energies_and_prices_stay_within_the_limits() {
    let mut billing = funded(1);
    let (energy, price) = (LIMIT as i64, PRICE as i64);
    for beyond in [energy + 1, -energy - 1, i64::MAX, i64::MIN] {
        refused(&mut billing, &[(0, 3, beyond, 1)], CommitmentFault::Energy);
    }
    for beyond in [price + 1, -price - 1, i64::MAX, i64::MIN] {
        refused(&mut billing, &[(0, 3, 1, beyond)], CommitmentFault::Price);
    }
    billing
        .commit(&[(0, 3, energy, -price), (0, 4, -energy, price)])
        .expect("at the limits");
}

#[test]
fn a_suspended_account_takes_no_unpaid_commitments_and_holds_nobody_up() {
    let mut billing = Billing::new(2);
    billing.top_up(1, COLLATERAL).expect("coins");
    let rows = [(0, 3, -500, 200_000), (1, 3, -500, 200_000)];
    let response = billing.commit(&rows).expect("the others go on");
    let skipped = events(&response, "commitments_skipped");
    assert_eq!(attribute(skipped[0], "reason"), "suspended");
    assert_eq!(attribute(skipped[0], "account"), billing.home(0).as_str());
    assert_eq!(billing.interval(3).lines, 1);
    // What was paid elsewhere is money that has moved already.
    billing.commit_as(&rows[..1], true).expect("paid");
    assert_eq!(billing.interval(3).lines, 2);
}

#[test]
fn only_registered_recorders_record() {
    let mut billing = funded(1);
    let message = billing.commitments(&[(0, 3, 500, 1)], false);
    let coordinator = billing.chain.contract.clone();
    for sender in [billing.home(0), billing.treasury.clone(), coordinator] {
        let expected = format!(
            "source: {sender} is not registered as an active source of recorded commitments"
        );
        billing.refuses(&sender, &message, &expected);
    }
    let market = billing.market.clone();
    let contract = market.to_string();
    billing
        .operate(&ExecuteMsg::RemoveSource { contract })
        .expect("it is active");
    let expected =
        format!("source: {market} is not registered as an active source of recorded commitments");
    billing.refuses(&market, &message, &expected);
}

#[test]
fn a_source_that_comes_back_keeps_its_number() {
    let mut billing = funded(1);
    billing.commit(&[(0, 3, 500, 1)]).expect("in time");
    let contract = billing.market.to_string();
    let remove = ExecuteMsg::RemoveSource {
        contract: contract.clone(),
    };
    let register = ExecuteMsg::RegisterSource {
        contract: contract.clone(),
        kind: SourceKind::Recorder,
    };
    let operator = billing.chain.suite.operator.clone();
    let expected = format!("contract: {contract} is a registered source already");
    billing.refuses(&operator, &register, &expected);
    billing.operate(&remove).expect("it is active");
    let expected = format!("source: {contract} is not registered as an active source of any kind");
    billing.refuses(&operator, &remove, &expected);
    billing.operate(&register).expect("it was removed");
    let sources: SourcesResponse = billing.ask(&QueryMsg::Sources {}).expect("sources");
    assert_eq!(sources.sources.len(), 2);
    refused(&mut billing, &[(0, 3, 1, 1)], CommitmentFault::Duplicate);
}

#[test]
fn the_grid_account_promises_nothing() {
    let mut billing = funded(1);
    let market = billing.market.clone();
    let account = billing.treasury.to_string();
    let mut message = billing.commitments(&[(0, 3, 500, 1)], false);
    if let ExecuteMsg::RecordCommitments { commitments, .. } = &mut message {
        commitments[0].account.clone_from(&account);
    }
    let expected = format!(
        "commitments: {account} in interval 3: {}",
        CommitmentFault::GridAccount
    );
    billing.refuses(&market, &message, &expected);
}

#[test]
fn strangers_and_bad_batches_are_refused() {
    let mut billing = funded(1);
    let market = billing.market.clone();
    let stranger = billing.chain.suite.address("stranger");
    let mut message = billing.commitments(&[(0, 3, 500, 1)], false);
    if let ExecuteMsg::RecordCommitments { commitments, .. } = &mut message {
        commitments[0].account = stranger.to_string();
    }
    let expected = format!("account: {stranger} is not registered in grid");
    billing.refuses(&market, &message, &expected);
    let empty = billing.commitments(&[], false);
    let expected = "number of commitments is 0, expected 1 to 200";
    billing.refuses(&market, &empty, expected);
    let rows: Vec<_> = (0..=MAX_COMMITMENTS as u32).map(|t| (0, t, 1, 1)).collect();
    let long = billing.commitments(&rows, false);
    let expected = "number of commitments is 201, expected 1 to 200";
    billing.refuses(&market, &long, expected);
}

#[test]
fn the_clock_of_the_limits_is_the_chain() {
    let mut billing = funded(1);
    // Before genesis the present is interval 0.
    billing
        .commit(&[(0, 0, 500, 1), (0, 10_000, 1, 1)])
        .expect("before genesis");
    billing.at(1, u64::from(INTERVAL) - 1);
    billing.commit(&[(0, 2, 500, 1)]).expect("a second before");
    billing.at(2, 0);
    refused(&mut billing, &[(0, 2, 500, 1)], CommitmentFault::Late);
}
