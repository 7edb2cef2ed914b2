//! One transaction: what is submitted, how often, and what comes of it.

use super::recording::{HEIGHT, Recording, SILENCE, decoded, gas, recorded, sequence};
use super::{call, chain, grid, submit};
use crate::wasmd::submit::hash;
use crate::wasmd::{Options, WasmdChain};
use crate::{Chain, ChainError, Signer};

/// Gas of the recorded simulation.
const SIMULATED: u64 = 129_859;
/// Sequence of the recorded account.
const SEQUENCE: u64 = 160;

/// The only transaction that was handed in, however often.
fn only(node: &Recording) -> Vec<u8> {
    let mut sent = node.sent();
    sent.dedup();
    assert_eq!(sent.len(), 1, "{} different transactions", sent.len());
    sent.remove(0)
}

#[tokio::test(start_paused = true)]
async fn a_call_is_submitted_once_and_confirmed() {
    let node = Recording::new();
    let response = submit(&node).await.unwrap();
    assert_eq!(node.sent().len(), 1);
    assert_eq!(response.height, 6_866);
    assert_eq!(response.attribute("action").unwrap(), "feeder_added");
    assert_eq!(response.attribute("feeder").unwrap(), "300");
    assert_eq!(response.events.len(), 1);
    assert_eq!(response.events[0].contract, Some(grid()));
    // What the chain adds to the contract's own attributes is gone.
    assert!(response.attribute("_contract_address").is_err());
    assert!(response.attribute("msg_index").is_err());
    assert_eq!(response.data, vec![None]);
    let receipt = response.receipt.unwrap();
    assert_eq!((receipt.gas_used, receipt.gas_wanted), (131_459, 231_118));
    assert_eq!(receipt.bytes, 439);
    assert!(receipt.hash.starts_with("54C3D6B7EE"), "{}", receipt.hash);
}

#[tokio::test(start_paused = true)]
async fn gas_is_simulated_scaled_and_paid_for() {
    let node = Recording::new();
    let options = Options {
        fee_granter: Some("wasm1t74cadyumkx0z7lwhx5hzt6kqc3yxkmekmd8uh".into()),
        gas_price: "0.25ucredit".parse().unwrap(),
        timeout_blocks: 7,
        ..Options::default()
    };
    let (chain, signer) = chain(&node, options).await;
    let calls = vec![call().with_gas_reserve(1_000), call().with_gas_reserve(234)];
    chain.execute_many(&signer, calls).await.unwrap();
    let (body, auth) = decoded(&node.sent()[0]);
    assert_eq!(body.messages.len(), 2);
    assert_eq!(body.timeout_height, HEIGHT + 7);
    assert_eq!(auth.signer_infos[0].sequence, SEQUENCE);
    let fee = auth.fee.unwrap();
    let expected = (SIMULATED * 13).div_ceil(10) + 1_234;
    assert_eq!(fee.gas_limit, expected);
    assert_eq!(fee.amount[0].amount, expected.div_ceil(4).to_string());
    assert_eq!(fee.amount[0].denom, "ucredit");
    assert_eq!(fee.granter, "wasm1t74cadyumkx0z7lwhx5hzt6kqc3yxkmekmd8uh");
}

#[tokio::test(start_paused = true)]
async fn the_next_number_is_known_without_asking() {
    let node = Recording::new();
    let (chain, signer) = chain(&node, Options::default()).await;
    for _ in 0..3 {
        chain.execute_many(&signer, vec![call()]).await.unwrap();
    }
    let numbers: Vec<_> = node.sent().iter().map(|tx| sequence(tx)).collect();
    assert_eq!(numbers, [SEQUENCE, SEQUENCE + 1, SEQUENCE + 2]);
    assert_eq!(node.asked("Account"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stale_number_is_refreshed_once() {
    let node = Recording::new();
    node.on(
        "broadcast",
        &[recorded!("broadcast_stale"), recorded!("broadcast")],
    );
    submit(&node).await.unwrap();
    assert_eq!(node.sent().len(), 2);
    assert_eq!(node.asked("Account"), 2);

    // Found by the simulation, nothing is handed in in vain.
    let node = Recording::new();
    node.on(
        "Simulate",
        &[recorded!("simulate_stale"), recorded!("simulate")],
    );
    submit(&node).await.unwrap();
    assert_eq!(node.sent().len(), 1);
    assert_eq!(node.asked("Account"), 2);

    let node = Recording::new();
    node.on("broadcast", &[recorded!("broadcast_stale")]);
    let refused = submit(&node).await.unwrap_err();
    assert!(matches!(refused, ChainError::Refused { .. }), "{refused}");
    assert!(
        refused.to_string().contains("sequence mismatch"),
        "{refused}"
    );
    assert_eq!(node.sent().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_without_answer_is_followed_not_repeated() {
    let node = Recording::new();
    node.on("broadcast", &[SILENCE]);
    let response = submit(&node).await.unwrap();
    assert_eq!(response.height, 6_866);
    only(&node);
}

#[tokio::test(start_paused = true)]
async fn what_the_node_has_already_is_no_error() {
    let node = Recording::new();
    node.on("broadcast", &[recorded!("broadcast_cached")]);
    submit(&node).await.unwrap();
    only(&node);
}

#[tokio::test(start_paused = true)]
async fn a_lost_transaction_is_handed_in_again_as_it_was() {
    let node = Recording::new();
    let mut answers = vec![recorded!("tx_missing"); 10];
    answers.push(recorded!("tx"));
    node.on("tx", &answers);
    submit(&node).await.unwrap();
    assert!(node.sent().len() > 1);
    only(&node);
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_never_arrives_times_out() {
    for answer in [recorded!("broadcast"), recorded!("broadcast_late"), SILENCE] {
        let node = Recording::new();
        node.on("broadcast", &[answer]);
        node.on("tx", &[recorded!("tx_missing")]);
        let error = submit(&node).await.unwrap_err();
        let sent = only(&node);
        let ChainError::TimedOut { hash: lost, height } = error else {
            panic!("expected a timeout, got {error}");
        };
        assert_eq!(lost, hash(&sent));
        assert_eq!(height, decoded(&sent).0.timeout_height);
    }
}

#[tokio::test(start_paused = true)]
async fn an_index_that_lags_past_the_last_height_is_waited_for() {
    let node = Recording::new();
    let options = Options {
        timeout_blocks: 1,
        ..Options::default()
    };
    // After two blocks the number is used up, so that the transaction must be in one of them.
    node.on(
        "Account",
        &[recorded!("account"), recorded!("account_next")],
    );
    let mut answers = vec![recorded!("tx_missing"); 6];
    answers.push(recorded!("tx"));
    node.on("tx", &answers);
    let (chain, signer) = chain(&node, options).await;
    let response = chain.execute_many(&signer, vec![call()]).await.unwrap();
    assert_eq!(response.height, 6_866);
    assert!(node.asked("Account") > 1);
    only(&node);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_carries_the_contracts_words_only() {
    // Found by the simulation: nothing is submitted.
    let node = Recording::new();
    node.on("Simulate", &[recorded!("simulate_refused")]);
    let refused = submit(&node).await.unwrap_err();
    let ChainError::Refused { sender, reason } = refused else {
        panic!("expected a refusal, got {refused}");
    };
    assert_eq!(sender, "operator");
    assert_eq!(reason, "feeder.id: feeder 100 exists already");
    assert!(node.sent().is_empty());

    // Found in the block: it is not tried again.
    let node = Recording::new();
    node.on("tx", &[recorded!("tx_refused")]);
    let refused = submit(&node).await.unwrap_err();
    let ChainError::Refused { reason, .. } = refused else {
        panic!("expected a refusal, got {refused}");
    };
    assert_eq!(reason, "feeder.id: feeder 300 exists already");
    assert_eq!(node.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn running_out_of_gas_is_tried_once_more_with_twice_what_was_used() {
    let node = Recording::new();
    node.on("tx", &[recorded!("tx_out_of_gas"), recorded!("tx")]);
    submit(&node).await.unwrap();
    let gas: Vec<_> = node.sent().iter().map(|tx| gas(tx)).collect();
    assert_eq!(gas, [(SIMULATED * 13).div_ceil(10), 2 * 115_559]);
    assert_eq!(node.asked("Simulate"), 1);

    let node = Recording::new();
    node.on("tx", &[recorded!("tx_out_of_gas")]);
    let error = submit(&node).await.unwrap_err();
    let ChainError::OutOfGas { wanted, used, .. } = error else {
        panic!("expected to run out of gas, got {error}");
    };
    assert_eq!((wanted, used), (78_000, 115_559));
    assert_eq!(node.sent().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_not_there_is_named() {
    let node = Recording::new();
    node.on("Account", &[recorded!("account_missing")]);
    let (chain, signer) = chain(&node, Options::default()).await;
    let error = chain.execute_many(&signer, vec![call()]).await.unwrap_err();
    assert!(matches!(error, ChainError::NoAccount { .. }), "{error}");
    assert!(error.to_string().contains(&signer.address), "{error}");
    assert!(node.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_node_that_falls_silent_leaves_the_outcome_open() {
    let node = Recording::new();
    let (chain, signer) = chain(&node, Options::default()).await;
    node.on("tx", &[SILENCE]);
    let error = chain.execute_many(&signer, vec![call()]).await.unwrap_err();
    let sent = only(&node);
    let ChainError::Unconfirmed { hash: open, .. } = error else {
        panic!("expected an open outcome, got {error}");
    };
    assert_eq!(open, hash(&sent));
    // The node is back and has it: the next transaction comes after that one.
    node.on("tx", &[recorded!("tx")]);
    chain.execute_many(&signer, vec![call()]).await.unwrap();
    assert_eq!(node.sent().len(), 2);
    assert_eq!(node.asked("Account"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_silent_node_is_given_time_before_anything_is_sent() {
    let node = Recording::new();
    node.on("Simulate", &[SILENCE, SILENCE, recorded!("simulate")]);
    submit(&node).await.unwrap();
    node.on("Simulate", &[SILENCE]);
    let error = submit(&node).await.unwrap_err();
    assert!(matches!(error, ChainError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("http://recorded"), "{error}");
    assert_eq!(node.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn transactions_of_one_key_keep_their_order() {
    let node = Recording::new();
    let (chain, signer) = chain(&node, Options::default()).await;
    let submissions = (0..5).map(|i| {
        let calls = vec![call(); i + 1];
        chain.execute_many(&signer, calls)
    });
    // The answers of the node have one message's data whatever was sent; only the order counts.
    for outcome in futures_util::future::join_all(submissions).await {
        outcome.unwrap();
    }
    let sent = node.sent();
    let sizes: Vec<_> = sent.iter().map(|tx| decoded(tx).0.messages.len()).collect();
    assert_eq!(sizes, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn only_keys_of_the_ring_sign() {
    let node = Recording::new();
    let (chain, signer): (WasmdChain, Signer) = chain(&node, Options::default()).await;
    assert_eq!(chain.signer("operator").await.unwrap(), signer);
    let error = chain.signer("nobody").await.unwrap_err();
    assert!(error.to_string().contains("nobody"), "{error}");
    let stranger = Signer {
        address: "wasm1else".into(),
        ..signer
    };
    let error = chain
        .execute_many(&stranger, vec![call()])
        .await
        .unwrap_err();
    assert!(matches!(error, ChainError::Address { .. }), "{error}");
    assert!(node.sent().is_empty());
}
