//! What is read from a node.

use super::recording::{HEIGHT, Recording, SILENCE, recorded};
use super::{chain, grid};
use crate::wasmd::{Options, WasmdChain};
use crate::{Chain, ChainError, Keyring};
use gridweave_types::grid::{FeedersResponse, QueryMsg};

fn query() -> QueryMsg {
    QueryMsg::Feeders {
        start_after: None,
        limit: None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_query_is_answered_or_refused_in_the_contracts_words() {
    let node = Recording::new();
    let (chain, _) = chain(&node, Options::default()).await;
    node.on("SmartContractState", &[recorded!("query")]);
    let page: FeedersResponse = chain.query(&grid(), &query()).await.unwrap();
    let feeders: Vec<_> = page.feeders.iter().map(|feeder| feeder.id).collect();
    assert_eq!(feeders, [100, 101, 102]);
    node.on("SmartContractState", &[recorded!("query_refused")]);
    let refused = chain.query::<FeedersResponse, _>(&grid(), &query()).await;
    let Err(ChainError::Query { reason, .. }) = refused else {
        panic!("expected a refusal, got {refused:?}");
    };
    assert_eq!(reason, "feeder: feeder 9999 does not exist");
}

#[tokio::test(start_paused = true)]
async fn pinned_codes_are_read_page_by_page() {
    let node = Recording::new();
    let (chain, _) = chain(&node, Options::default()).await;
    let all = recorded!("pinned");
    node.on("PinnedCodes", &[recorded!("pinned_first"), all]);
    assert_eq!(chain.unpinned(&[1, 7, 2]).await.unwrap(), [7]);
    assert_eq!(node.asked("PinnedCodes"), 2);
    node.on("PinnedCodes", &[all]);
    assert!(chain.unpinned(&[2, 1]).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn heights_rise_and_are_waited_for() {
    let node = Recording::new();
    let (chain, _) = chain(&node, Options::default()).await;
    assert_eq!(chain.height().await.unwrap(), HEIGHT);
    let reached = chain.beyond(HEIGHT + 5).await.unwrap();
    assert!(reached > HEIGHT + 5, "{reached}");
    assert!(chain.beyond(0).await.unwrap() >= reached);
    // However long the node is away.
    let mut answers = vec![SILENCE; 2_000];
    answers.push(recorded!("abci_info"));
    node.on("abci_info", &answers);
    assert!(chain.beyond(reached + 50).await.unwrap() > reached + 50);
}

#[tokio::test(start_paused = true)]
async fn time_is_the_latest_blocks() {
    let node = Recording::new();
    let (chain, _) = chain(&node, Options::default()).await;
    assert_eq!(chain.time().await.unwrap(), 1_795_323_198);
}

#[tokio::test(start_paused = true)]
async fn events_come_block_by_block_and_are_fetched_once() {
    let node = Recording::new();
    node.on(
        "block_results",
        &[recorded!("block_results"), recorded!("block_results_empty")],
    );
    let (chain, _) = chain(&node, Options::default()).await;
    let from = chain.height().await.unwrap();
    let events = chain.events(from).await.unwrap();
    let feeders: Vec<_> = events
        .iter()
        .map(|event| event.attribute("feeder"))
        .collect();
    assert_eq!(feeders, [Some("101"), Some("102")]);
    for event in &events {
        assert_eq!((event.height, event.kind.as_str()), (from, "wasm"));
        assert_eq!(event.contract, Some(grid()));
        assert_eq!(
            event.attributes[0],
            ("action".into(), "feeder_added".into())
        );
        assert_eq!(event.attribute("msg_index"), None);
    }
    let blocks = node.asked("block_results");
    let again = chain.events(from).await.unwrap();
    assert_eq!(again, events);
    // Only the block that came meanwhile.
    assert_eq!(node.asked("block_results"), blocks + 1);
    assert!(chain.events(from + 1_000).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn transactions_of_a_block_are_told_with_sender_and_cost() {
    let node = Recording::new();
    node.on("block", &[recorded!("block")]);
    node.on("block_results", &[recorded!("block_results")]);
    let (chain, _) = chain(&node, Options::default()).await;
    let transactions = chain.transactions(4_967, 4_967).await.unwrap();
    assert_eq!(transactions.len(), 1);
    let transaction = &transactions[0];
    assert!(
        transaction.hash.starts_with("D1E9BD42"),
        "{}",
        transaction.hash
    );
    assert_eq!((transaction.height, transaction.code), (4_967, 0));
    assert_eq!(
        (transaction.gas_used, transaction.gas_wanted),
        (155_770, 200_483)
    );
    assert_eq!(transaction.bytes, 701);
    let sender = transaction.sender.as_deref();
    assert_eq!(sender, Some("wasm1t74cadyumkx0z7lwhx5hzt6kqc3yxkmekmd8uh"));
    assert_eq!(transaction.actions, ["feeder_added", "feeder_added"]);
    assert_eq!(transaction.events.len(), 2);
    assert_eq!(chain.app_hash(4_967).await.unwrap().len(), 64);
}

#[tokio::test(start_paused = true)]
async fn a_block_that_is_not_there_is_named() {
    let node = Recording::new();
    node.on("block", &[recorded!("block_missing")]);
    let (chain, _) = chain(&node, Options::default()).await;
    let error = chain.app_hash(10_000_000).await.unwrap_err();
    assert!(matches!(error, ChainError::Node { .. }), "{error}");
    assert!(error.to_string().contains("10000000"), "{error}");
    assert!(error.to_string().contains("http://recorded"), "{error}");
}

#[tokio::test]
async fn connecting_needs_an_answer_of_the_right_chain() {
    let node = Recording::new();
    let options = Options {
        chain_id: Some("gridweave-7".into()),
        ..Options::default()
    };
    let wrong = WasmdChain::over(Box::new(node.clone()), Keyring::new(), options).await;
    let message = wrong.unwrap_err().to_string();
    assert!(
        message.contains("lab-1") && message.contains("gridweave-7"),
        "{message}"
    );
    node.on("status", &[SILENCE]);
    let absent = WasmdChain::over(Box::new(node.clone()), Keyring::new(), Options::default()).await;
    let error = absent.unwrap_err();
    assert!(matches!(error, ChainError::Unreachable { .. }), "{error}");
    assert_eq!(node.asked("status"), 2);
}
