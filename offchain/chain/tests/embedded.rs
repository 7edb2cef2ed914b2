//! The embedded chain through the `Chain` trait, on the real contracts.

use cosmwasm_std::{Int64, Uint64, Uint128};
use gridweave_chain::embedded::{EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Call, Chain, ChainError, Coin, Contracts, Signer};
use gridweave_types::billing::{InstantiateMsg, Limits, Tariff, Term, Windows};
use gridweave_types::grid::{ExecuteMsg, Feeder, FeedersResponse, QueryMsg};

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

fn add_feeder(id: u32) -> ExecuteMsg {
    ExecuteMsg::AddFeeder {
        feeder: Feeder {
            id,
            name: format!("feeder {id}"),
            root: 1,
            external_limit: Uint64::new(1),
            internal_limit: Uint64::new(1),
        },
    }
}

async fn feeders(chain: &EmbeddedChain, contracts: &Contracts) -> Vec<u32> {
    let query = QueryMsg::Feeders {
        start_after: None,
        limit: None,
    };
    let page: FeedersResponse = chain.query(&contracts.grid, &query).await.unwrap();
    page.feeders.into_iter().map(|feeder| feeder.id).collect()
}

#[tokio::test]
async fn a_transaction_changes_state_and_is_announced() {
    let (chain, contracts, operator) = deployed().await;
    chain.advance_block(5).await.unwrap();
    let response = chain
        .execute(&operator, &contracts.grid, &add_feeder(7))
        .await
        .unwrap();
    assert_eq!(response.attribute("action").unwrap(), "feeder_added");
    assert_eq!(feeders(&chain, &contracts).await, vec![7]);
    let height = chain.height().await.unwrap();
    let events = chain.events(height).await.unwrap();
    assert_eq!(events, response.events);
    assert_eq!(events[0].contract, Some(contracts.grid));
    assert!(chain.events(height + 1).await.unwrap().is_empty());
    let before = chain.events_between(0, height - 1).await.unwrap();
    assert_eq!(before.len(), chain.events(0).await.unwrap().len() - 1);
    assert_eq!(
        chain.events_between(height, u64::MAX).await.unwrap(),
        events
    );
    assert!(
        chain
            .events_between(height, height - 1)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(chain.time_of(height).await.unwrap(), GENESIS_SECONDS + 5);
    let future = chain.time_of(height + 1).await.unwrap_err().to_string();
    assert!(future.contains("height"), "{future}");
}

#[tokio::test]
async fn a_refusal_carries_the_contracts_message_and_changes_nothing() {
    let (chain, contracts, _) = deployed().await;
    let stranger = chain.signer("stranger").await.unwrap();
    let before = chain.state_hash().await.unwrap();
    let refused = chain
        .execute(&stranger, &contracts.grid, &add_feeder(1))
        .await;
    let Err(ChainError::Refused { sender, reason }) = refused else {
        panic!("expected a refusal, got {refused:?}");
    };
    assert_eq!(sender, "stranger");
    assert!(reason.contains(&stranger.address), "{reason}");
    assert!(!reason.starts_with("kind:"), "{reason}");
    assert_eq!(chain.state_hash().await.unwrap(), before);
}

#[tokio::test]
async fn several_calls_are_one_transaction() {
    let (chain, contracts, operator) = deployed().await;
    let call = |id| Call::new(&contracts.grid, &add_feeder(id)).unwrap();
    // The second call adds a feeder that exists by then.
    let refused = chain.execute_many(&operator, vec![call(1), call(1)]).await;
    assert!(matches!(refused, Err(ChainError::Refused { .. })));
    assert!(feeders(&chain, &contracts).await.is_empty());
    let response = chain
        .execute_many(&operator, vec![call(1), call(2)])
        .await
        .unwrap();
    assert_eq!(response.data.len(), 2);
    assert_eq!(feeders(&chain, &contracts).await, vec![1, 2]);
}

#[tokio::test]
async fn unknown_queries_are_refused() {
    let (chain, contracts, _) = deployed().await;
    let query = QueryMsg::Feeder { feeder: 9 };
    let answer: Result<Feeder, _> = chain.query(&contracts.grid, &query).await;
    assert!(
        matches!(answer, Err(ChainError::Query { .. })),
        "{answer:?}"
    );
    let wrong: Result<u32, _> = chain.query(&contracts.grid, &QueryMsg::Operator {}).await;
    assert!(matches!(wrong, Err(ChainError::Decode { .. })), "{wrong:?}");
}

#[tokio::test]
async fn the_clock_moves_only_by_hand() {
    let (chain, contracts, operator) = deployed().await;
    assert_eq!(chain.time().await.unwrap(), GENESIS_SECONDS);
    chain
        .execute(&operator, &contracts.grid, &add_feeder(1))
        .await
        .unwrap();
    assert_eq!(chain.height().await.unwrap(), 1);
    chain.advance_block(60).await.unwrap();
    assert_eq!(chain.height().await.unwrap(), 2);
    assert_eq!(chain.time().await.unwrap(), GENESIS_SECONDS + 60);
}

#[tokio::test]
async fn the_state_hash_follows_the_state() {
    let (one, contracts, operator) = deployed().await;
    let (other, _, _) = deployed().await;
    let empty = one.state_hash().await.unwrap();
    assert_eq!(other.state_hash().await.unwrap(), empty);
    let bytes = one.state_bytes().await.unwrap();
    for chain in [&one, &other] {
        chain
            .execute(&operator, &contracts.grid, &add_feeder(1))
            .await
            .unwrap();
    }
    assert_ne!(one.state_hash().await.unwrap(), empty);
    assert_eq!(
        one.state_hash().await.unwrap(),
        other.state_hash().await.unwrap()
    );
    assert!(one.state_bytes().await.unwrap() > bytes);
}

#[tokio::test]
async fn many_tasks_share_one_chain() {
    let (chain, contracts, operator) = deployed().await;
    let mut tasks = tokio::task::JoinSet::new();
    for id in 1..=20 {
        let (chain, contracts, operator) = (chain.clone(), contracts.clone(), operator.clone());
        tasks.spawn(async move {
            chain
                .execute(&operator, &contracts.grid, &add_feeder(id))
                .await
                .unwrap();
        });
    }
    assert_eq!(tasks.join_all().await.len(), 20);
    assert_eq!(
        feeders(&chain, &contracts).await,
        (1..=20).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn only_minted_coins_can_be_sent() {
    let (chain, contracts, operator) = deployed().await;
    let send = |amount: u128| {
        let call = Call::new(&contracts.grid, &add_feeder(1)).unwrap();
        vec![call.with_funds(vec![Coin::new(amount, "ucredit")])]
    };
    chain
        .mint(&operator, vec![Coin::new(5u128, "ucredit")])
        .await
        .unwrap();
    let refusal = |result| match result {
        Err(ChainError::Refused { reason, .. }) => reason,
        other => panic!("expected a refusal, got {other:?}"),
    };
    // The bank stops the first, the contract (which takes no coins) the second.
    let bank = refusal(chain.execute_many(&operator, send(6)).await);
    let contract = refusal(chain.execute_many(&operator, send(5)).await);
    assert_ne!(bank, contract);
    assert!(contract.contains("ucredit"), "{contract}");
    assert!(feeders(&chain, &contracts).await.is_empty());
}
