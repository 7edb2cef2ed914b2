//! What an operator does besides calling contracts.

use super::recording::{Recording, decoded, recorded};
use super::{chain, grid};
use crate::wasmd::{ContractInfo, Options};
use crate::{ChainError, Coin};

#[tokio::test(start_paused = true)]
async fn an_instantiated_contract_is_known_by_its_address() {
    let node = Recording::new();
    node.on("tx", &[recorded!("tx_instantiate")]);
    let (chain, signer) = chain(&node, Options::default()).await;
    let msg = serde_json::json!({"operator": signer.address});
    let admin = Some(signer.address.as_str());
    let contract = chain
        .instantiate(&signer, 2, "grid", admin, &msg)
        .await
        .unwrap();
    assert_eq!(contract, grid());
    let (body, _) = decoded(&node.sent()[0]);
    assert_eq!(
        body.messages[0].type_url,
        "/cosmwasm.wasm.v1.MsgInstantiateContract"
    );
}

#[tokio::test(start_paused = true)]
async fn a_contract_tells_its_code_and_admin() {
    let node = Recording::new();
    let (chain, _) = chain(&node, Options::default()).await;
    node.on("ContractInfo", &[recorded!("contract_info")]);
    let info = ContractInfo {
        code_id: 2,
        admin: Some("wasm1t74cadyumkx0z7lwhx5hzt6kqc3yxkmekmd8uh".into()),
        label: "grid".into(),
    };
    assert_eq!(chain.contract_info(&grid()).await.unwrap(), info);
    node.on("ContractInfo", &[recorded!("contract_info_refused")]);
    let error = chain.contract_info(&grid()).await.unwrap_err();
    assert!(matches!(error, ChainError::Node { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn coins_go_to_several_accounts_at_once() {
    let node = Recording::new();
    let (chain, signer) = chain(&node, Options::default()).await;
    let payments = ["wasm1a", "wasm1b"].map(|to| (to.to_owned(), Coin::new(5u128, "stake")));
    chain.send_coins(&signer, &payments).await.unwrap();
    let (body, _) = decoded(&node.sent()[0]);
    let kinds: Vec<_> = body.messages.iter().map(|m| m.type_url.as_str()).collect();
    assert_eq!(kinds, ["/cosmos.bank.v1beta1.MsgSend"; 2]);
    node.on("Balance", &[recorded!("balance")]);
    let balance = chain.balance(&signer.address, "stake").await.unwrap();
    assert_eq!(balance, 1_000_000_000_000_000);
}

#[tokio::test(start_paused = true)]
async fn fees_are_granted_in_batches_to_those_without_an_allowance() {
    let node = Recording::new();
    let (chain, signer) = chain(&node, Options::default()).await;
    let grantees: Vec<_> = (0..103).map(|i| format!("wasm1grantee{i}")).collect();
    node.on(
        "Simulate",
        &[recorded!("simulate_refused"), recorded!("simulate")],
    );
    node.on(
        "Allowance",
        &[recorded!("allowance"), recorded!("allowance_missing")],
    );
    let granted = chain.grant_fees(&signer, &grantees).await.unwrap();
    assert_eq!(granted, 102);
    assert_eq!(node.asked("Allowance"), 100, "of the refused batch only");
    let sent = node.sent();
    let sizes: Vec<_> = sent.iter().map(|tx| decoded(tx).0.messages.len()).collect();
    assert_eq!(sizes, [99, 3]);
    node.on("Simulate", &[recorded!("simulate_refused")]);
    node.on("Allowance", &[recorded!("allowance")]);
    assert_eq!(chain.grant_fees(&signer, &grantees).await.unwrap(), 0);
    assert_eq!(node.sent().len(), 2);
}
