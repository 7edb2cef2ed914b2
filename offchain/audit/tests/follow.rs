//! Following a chain that goes on.

use cosmwasm_std::{Int64, Uint64, Uint128};
use gridweave_audit::{Auditor, EVENT_LOG, EventLog, Follower, LoggedEvent, Subject};
use gridweave_chain::embedded::{CHAIN_ID, EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Chain, Contracts, Signer};
use gridweave_types::billing::{
    ExecuteMsg, InstantiateMsg, Limits, SourceKind, Tariff, Term, Windows,
};

fn terms(treasury: &Signer) -> InstantiateMsg {
    InstantiateMsg {
        grid: String::new(),
        treasury: treasury.address.clone(),
        denom: "stake".into(),
        genesis: GENESIS_SECONDS as u32,
        interval_seconds: 3_600,
        period_intervals: 24,
        tariff: Tariff {
            terms: vec![Term::Dlmp {}],
            imbalance_bps: 1_000,
        },
        reference_price: Int64::new(150_000),
        collateral: Uint128::zero(),
        float: Uint128::zero(),
        windows: Windows {
            reading: 3_600,
            dispute: 3_600,
            correction: 7_200,
        },
        limits: Limits {
            energy: Uint64::new(1_000_000),
            price: Uint64::new(1_000_000),
            silent: 24,
            ahead: 1_000,
        },
    }
}

async fn deployed() -> (EmbeddedChain, Contracts, Signer) {
    let chain = EmbeddedChain::start().unwrap();
    let operator = chain.signer("operator").await.unwrap();
    let contracts = chain.deploy(&operator, &terms(&operator)).await.unwrap();
    (chain, contracts, operator)
}

fn subject(contracts: &Contracts) -> Subject {
    Subject::of(CHAIN_ID, contracts)
}

async fn all(follower: &mut Follower, chain: &EmbeddedChain) -> Vec<LoggedEvent> {
    let mut events = Vec::new();
    while let Some(page) = follower.next(chain).await.unwrap() {
        events.extend(page);
    }
    events
}

async fn register(chain: &EmbeddedChain, contracts: &Contracts, operator: &Signer, name: &str) {
    let contract = chain.signer(name).await.unwrap().address;
    let kind = SourceKind::Recorder;
    let message = ExecuteMsg::RegisterSource { contract, kind };
    let done = chain.execute(operator, &contracts.billing, &message).await;
    done.unwrap();
}

#[tokio::test]
async fn a_block_that_grows_is_not_read_twice() {
    let (chain, contracts, operator) = deployed().await;
    let mut auditor = Auditor::new(subject(&contracts));
    let mut follower = Follower::default();
    let first = all(&mut follower, &chain).await;
    assert!(first.iter().all(|event| event.time == GENESIS_SECONDS));
    auditor.follow(&first).unwrap();
    register(&chain, &contracts, &operator, "same block").await;
    let second = all(&mut follower, &chain).await;
    assert_eq!(second.len(), 1);
    auditor.follow(&second).unwrap();
    // More blocks than a page has.
    for _ in 0..300 {
        chain.advance_block(2).await.unwrap();
    }
    register(&chain, &contracts, &operator, "much later").await;
    let third = all(&mut follower, &chain).await;
    assert_eq!(third.len(), 1);
    assert_eq!(third[0].time, GENESIS_SECONDS + 600);
    auditor.follow(&third).unwrap();
    assert!(all(&mut follower, &chain).await.is_empty());
    assert_eq!(auditor.ledger().unwrap().sources.len(), 3);
    assert_eq!(auditor.findings().first, None);
}

#[tokio::test]
async fn a_log_survives_its_file() {
    let (chain, contracts, _) = deployed().await;
    let log = EventLog::of(&chain, subject(&contracts)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(EVENT_LOG);
    log.write(&path).unwrap();
    assert_eq!(EventLog::read(&path).unwrap(), log);
    assert_eq!(EventLog::read(folder.path()).unwrap(), log);
}

#[tokio::test]
async fn the_chain_has_what_its_events_say() {
    let (chain, contracts, _) = deployed().await;
    let log = EventLog::of(&chain, subject(&contracts)).await.unwrap();
    let mut auditor = Auditor::of(log.subject.clone(), &log.events).unwrap();
    let asked = auditor.ask(&chain).await.unwrap();
    assert_eq!((asked.accounts, asked.sessions), (0, 0));
    assert!(auditor.report().unwrap().is_clean());
    let mut events = log.events.clone();
    for (_, value) in events.iter_mut().flat_map(|event| &mut event.attributes) {
        *value = value.replace("\"period_intervals\":24", "\"period_intervals\":25");
    }
    let mut other = Auditor::of(log.subject, &events).unwrap();
    other.ask(&chain).await.unwrap();
    let first = other.findings().first.clone().unwrap();
    assert_eq!(first.component, "terms");
}
