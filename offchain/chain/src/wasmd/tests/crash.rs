//! A process that was killed and starts again: what it left open is settled, once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::recording::{HEIGHT, Recording, SILENCE, recorded, sequence};
use super::{call, chain, ring};
use crate::wasmd::journal::{Entry, Record};
use crate::wasmd::submit::hash;
use crate::wasmd::{Options, WasmdChain};
use crate::{Chain, ChainError, Signer};

/// A transaction that an earlier run signed at `HEIGHT`, in the journal of `folder`.
fn left_open(folder: &Path, timeout_height: u64, chain_id: &str) -> Entry {
    let tx = b"the bytes that were signed".to_vec();
    let entry = Entry {
        chain_id: chain_id.into(),
        hash: hash(&tx),
        sequence: 160,
        timeout_height,
        tx: tx.into(),
    };
    fs::write(
        journal(folder),
        serde_json::to_vec(&Record::Pending(entry.clone())).unwrap(),
    )
    .unwrap();
    entry
}

/// File of the operator's journal.
fn journal(folder: &Path) -> PathBuf {
    folder.join(format!("{}.json", ring().1.address))
}

fn record(folder: &Path) -> Record {
    serde_json::from_slice(&fs::read(journal(folder)).unwrap()).unwrap()
}

async fn restarted(node: &Arc<Recording>, folder: &Path) -> (WasmdChain, Signer) {
    let options = Options {
        journal: Some(folder.into()),
        ..Options::default()
    };
    chain(node, options).await
}

#[tokio::test(start_paused = true)]
async fn what_is_submitted_is_in_the_journal_first() {
    let folder = tempfile::tempdir().unwrap();
    let node = Recording::new();
    let (chain, signer) = restarted(&node, folder.path()).await;
    node.on("broadcast", &[SILENCE]);
    node.on("tx", &[SILENCE]);
    let error = chain.execute_many(&signer, vec![call()]).await.unwrap_err();
    assert!(matches!(error, ChainError::Unconfirmed { .. }), "{error}");
    let Record::Pending(entry) = record(folder.path()) else {
        panic!(
            "expected an open transaction, got {:?}",
            record(folder.path())
        );
    };
    let sent = &node.sent()[0];
    assert_eq!(entry.tx.as_slice(), sent);
    assert_eq!((entry.hash, entry.sequence), (hash(sent), sequence(sent)));
    assert_eq!(
        (entry.chain_id.as_str(), entry.timeout_height),
        ("lab-1", HEIGHT + 20)
    );
}

#[tokio::test(start_paused = true)]
async fn an_included_transaction_is_remembered_and_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let entry = left_open(folder.path(), HEIGHT + 20, "lab-1");
    let node = Recording::new();
    node.on("tx", &[recorded!("tx")]);
    let (chain, _) = restarted(&node, folder.path()).await;
    chain.signer("operator").await.unwrap();
    assert!(node.sent().is_empty());
    let included = Record::Included {
        hash: entry.hash,
        height: 6_866,
        code: 0,
    };
    assert_eq!(record(folder.path()), included);
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_can_still_be_included_is_sent_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let entry = left_open(folder.path(), HEIGHT + 20, "lab-1");
    let node = Recording::new();
    let (chain, signer) = restarted(&node, folder.path()).await;
    chain.signer("operator").await.unwrap();
    assert_eq!(node.sent(), vec![entry.tx.to_vec()]);
    // What comes next is another transaction, numbered by the chain.
    chain.execute_many(&signer, vec![call()]).await.unwrap();
    assert_eq!(node.sent().len(), 2);
    assert_ne!(node.sent()[1], entry.tx.to_vec());
}

#[tokio::test(start_paused = true)]
async fn a_transaction_past_its_last_height_is_forgotten() {
    for timeout_height in [HEIGHT - 1, HEIGHT - 1_000] {
        let folder = tempfile::tempdir().unwrap();
        let entry = left_open(folder.path(), timeout_height, "lab-1");
        let node = Recording::new();
        node.on("tx", &[recorded!("tx_missing")]);
        let (chain, _) = restarted(&node, folder.path()).await;
        chain.signer("operator").await.unwrap();
        assert!(node.sent().is_empty());
        let dropped = Record::Dropped { hash: entry.hash };
        assert_eq!(record(folder.path()), dropped);
    }
}

#[tokio::test(start_paused = true)]
async fn a_transaction_of_another_chain_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let entry = left_open(folder.path(), HEIGHT + 20, "lab-0");
    let node = Recording::new();
    let (chain, _) = restarted(&node, folder.path()).await;
    chain.signer("operator").await.unwrap();
    assert!(node.sent().is_empty());
    assert_eq!(node.asked("tx"), 0);
    assert_eq!(record(folder.path()), Record::Dropped { hash: entry.hash });
}

#[tokio::test(start_paused = true)]
async fn nothing_is_submitted_before_the_open_transaction_is_settled() {
    let folder = tempfile::tempdir().unwrap();
    let entry = left_open(folder.path(), HEIGHT + 20, "lab-1");
    let node = Recording::new();
    node.on("tx", &[SILENCE]);
    let (chain, signer) = restarted(&node, folder.path()).await;
    for _ in 0..2 {
        let error = chain.execute_many(&signer, vec![call()]).await.unwrap_err();
        assert!(matches!(error, ChainError::Unconfirmed { .. }), "{error}");
    }
    assert!(node.sent().is_empty());
    assert_eq!(record(folder.path()), Record::Pending(entry));
}

#[tokio::test(start_paused = true)]
async fn a_refused_transaction_is_not_left_open() {
    let folder = tempfile::tempdir().unwrap();
    let node = Recording::new();
    node.on("broadcast", &[recorded!("broadcast_stale")]);
    let (chain, signer) = restarted(&node, folder.path()).await;
    chain.execute_many(&signer, vec![call()]).await.unwrap_err();
    let hash = hash(node.sent().last().unwrap());
    assert_eq!(record(folder.path()), Record::Dropped { hash });
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_the_journal_does_not_hold() {
    let folder = tempfile::tempdir().unwrap();
    let node = Recording::new();
    let (chain, signer) = restarted(&node, folder.path()).await;
    chain.signer("operator").await.unwrap();
    fs::remove_dir_all(folder.path()).unwrap();
    let error = chain.execute_many(&signer, vec![call()]).await.unwrap_err();
    assert!(matches!(error, ChainError::Journal { .. }), "{error}");
    assert!(node.sent().is_empty());
}
