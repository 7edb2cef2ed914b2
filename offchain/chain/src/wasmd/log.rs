//! What happens between this backend and a chain, one function per event.

use tracing::{debug, info, warn};

use super::inclusion::Inclusion;
use super::journal::Entry;

pub(super) fn connected(url: &str, chain_id: &str, height: u64) {
    info!(url, chain_id, height, "connected");
}

pub(super) fn node_silent(url: &str, reason: &str) {
    debug!(url, reason, "the node does not answer; asking again");
}

pub(super) fn node_lost(url: &str, reason: &str) {
    warn!(url, reason, "the node does not tell its height; asking on");
}

pub(super) fn node_back(url: &str, height: u64) {
    info!(url, height, "the node is back");
}

pub(super) fn announcements_lost(url: &str, reason: &str) {
    debug!(url, reason, "the node announces no blocks; polling");
}

pub(super) fn submitted(signer: &str, entry: &Entry, gas: u64, fee: u128) {
    let (hash, sequence, last) = (&entry.hash, entry.sequence, entry.timeout_height);
    debug!(
        signer,
        hash, sequence, last, gas, fee, "transaction submitted"
    );
}

pub(super) fn submission_unclear(entry: &Entry, reason: &str) {
    debug!(
        hash = entry.hash,
        reason, "the node did not say whether it took the transaction"
    );
}

pub(super) fn sent_again(entry: &Entry) {
    info!(
        hash = entry.hash,
        "transaction handed in again, the same bytes"
    );
}

pub(super) fn included(signer: &str, inclusion: &Inclusion) {
    let (receipt, height, code) = (&inclusion.receipt, inclusion.height, inclusion.code());
    let (hash, gas_used) = (&receipt.hash, receipt.gas_used);
    debug!(signer, hash, height, code, gas_used, "transaction included");
}

pub(super) fn sequence_stale(signer: &str, reason: &str) {
    info!(signer, reason, "sequence refreshed");
}

pub(super) fn gas_raised(signer: &str, used: u64) {
    warn!(
        signer,
        used, "transaction ran out of gas; trying once with more"
    );
}

pub(super) fn settling(signer: &str, entry: &Entry) {
    let (hash, last) = (&entry.hash, entry.timeout_height);
    info!(
        signer,
        hash, last, "a transaction of an earlier run is open; settling it first"
    );
}

pub(super) fn settled(signer: &str, hash: &str, included: bool) {
    info!(signer, hash, included, "the open transaction is settled");
}

pub(super) fn other_chains_entry(signer: &str, entry: &Entry) {
    let (hash, chain_id) = (&entry.hash, &entry.chain_id);
    warn!(
        signer,
        hash, chain_id, "forgetting the open transaction of another chain"
    );
}

pub(super) fn journal_not_closed(path: &str, reason: &str) {
    warn!(
        path,
        reason, "the journal still shows a settled transaction as open"
    );
}
