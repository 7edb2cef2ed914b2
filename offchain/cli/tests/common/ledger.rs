//! What the chain says about a run.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;

use gridweave_chain::wasmd::{Options, TxRecord, WasmdChain};
use gridweave_chain::{Chain, ChainEvent, ContractAddr, KeySource, Keyring, Signer};

/// Runs `work` to its end.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(work)
}

/// A connection to the node at `url`.
pub async fn connect(url: &str, keyring: Keyring) -> WasmdChain {
    let options = Options::default();
    WasmdChain::connect(url, keyring, options).await.unwrap()
}

/// A ring with the key in `file`, and its signer.
pub fn signer_of(file: &Path) -> (Keyring, Signer) {
    let mut keyring = Keyring::new();
    let source = KeySource::File(file.to_owned());
    let signer = keyring.load("key", &source).unwrap();
    (keyring, signer)
}

/// The transactions since the block after `height`.
pub async fn since(chain: &WasmdChain, height: u64) -> Vec<TxRecord> {
    let top = chain.height().await.unwrap();
    chain.transactions(height + 1, top).await.unwrap()
}

/// What `contract` announced since the block after `height`.
pub async fn events_since(
    chain: &WasmdChain,
    height: u64,
    contract: &ContractAddr,
) -> Vec<ChainEvent> {
    let transactions = since(chain, height).await.into_iter();
    let events = transactions.filter(|tx| tx.code == 0);
    events
        .flat_map(|tx| tx.events)
        .filter(|event| event.contract.as_ref() == Some(contract))
        .collect()
}

/// How many of `events` have this action.
pub fn count(events: &[ChainEvent], action: &str) -> usize {
    let same = |event: &&ChainEvent| event.action() == Some(action);
    events.iter().filter(same).count()
}

/// How often each iterate was submitted: by session, round and participant.
pub fn submissions(events: &[ChainEvent]) -> BTreeMap<[u64; 3], u32> {
    let mut times = BTreeMap::new();
    for event in events {
        if event.action() == Some("iterate_submitted") {
            let key = ["session", "round", "participant"].map(|key| number(event, key));
            *times.entry(key).or_default() += 1;
        }
    }
    times
}

fn number(event: &ChainEvent, key: &str) -> u64 {
    let value = event.attribute(key).unwrap_or_default();
    value
        .parse()
        .unwrap_or_else(|_| panic!("{key} of {event:?}"))
}
