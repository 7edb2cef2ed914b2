//! The backend against recorded answers of a real node.

mod announce;
mod crash;
mod reads;
mod recording;
mod submits;
mod verbs;

use std::sync::Arc;

use super::{Options, WasmdChain};
use crate::{Call, Chain, ChainError, ContractAddr, Keyring, SecretKey, Signer, TxResponse};
use recording::Recording;

/// A ring with the key `operator`, and its signer.
fn ring() -> (Keyring, Signer) {
    let mut keyring = Keyring::new();
    let key = SecretKey::from_hex(&"01".repeat(32), "test").unwrap();
    let signer = keyring.insert("operator", key).unwrap();
    (keyring, signer)
}

/// A chain on the recorded node, and the signer `operator`.
async fn chain(node: &Arc<Recording>, options: Options) -> (WasmdChain, Signer) {
    let (keyring, signer) = ring();
    let chain = WasmdChain::over(Box::new(node.clone()), keyring, options);
    (chain.await.unwrap(), signer)
}

fn grid() -> ContractAddr {
    ContractAddr::new("wasm1wug8sewp6cedgkmrmvhl3lf3tulagm9hnvy8p0rppz9yjw0g4wtqhs9hr8")
}

fn call() -> Call {
    Call::new(&grid(), &serde_json::json!({"add_feeder": {}})).unwrap()
}

/// One call on a fresh connection with the default options.
async fn submit(node: &Arc<Recording>) -> Result<TxResponse, ChainError> {
    let (chain, signer) = chain(node, Options::default()).await;
    chain.execute_many(&signer, vec![call()]).await
}
