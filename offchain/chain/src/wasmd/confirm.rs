//! Finds out what became of a transaction, and hands it in again where the node may have lost it.

use std::time::Duration;

use cosmrs::tendermint::Hash;
use tokio::sync::watch;
use tokio::time::timeout;

use super::inclusion::Inclusion;
use super::journal::Entry;
use super::rpc::RpcError;
use super::{Shared, accounts, log};
use crate::ChainError;

/// Blocks without the transaction after which it is handed in again, the same bytes.
const BLOCKS_BEFORE_RESENDING: u64 = 3;
/// Blocks that the node's index of transactions may lag behind.
const INDEX_LAG: u64 = 10;

/// How long the index of transactions usually lags behind a new block.
const INDEX_PAUSE: Duration = Duration::from_millis(25);

/// What became of a transaction.
pub(super) enum Fate {
    /// It is in a block.
    Included(Box<Inclusion>),
    /// It is in no block and never will be.
    Never,
}

/// Waits until the fate of `entry`, a transaction of `address`, is known. `handed_in` tells whether
/// the node has taken it just now.
pub(super) async fn confirm(
    shared: &Shared,
    entry: &Entry,
    address: &str,
    handed_in: bool,
) -> Result<Fate, ChainError> {
    let hash = hash_of(shared, entry)?;
    let unconfirmed = |error| unconfirmed(entry, error);
    let mut heights = shared.heights.subscribe(&shared.node);
    let mut height = match handed_in {
        true => signed_at(shared, entry),
        false => shared.node.height().await.map_err(unconfirmed)?,
    };
    let mut sent_at = handed_in.then_some(height);
    let mut pause = shared.options.poll_interval;
    if handed_in {
        pause = next(shared, &mut heights, &mut height, pause).await;
    }
    loop {
        if let Some(found) = shared.node.tx(hash).await.map_err(unconfirmed)? {
            return Ok(Fate::Included(Box::new(found.into())));
        }
        if height > entry.timeout_height {
            let never = is_never(shared, entry, address, height).await;
            if never.map_err(unconfirmed)? {
                return Ok(Fate::Never);
            }
        } else if sent_at.is_none_or(|sent| height >= sent + BLOCKS_BEFORE_RESENDING) {
            send_again(shared, entry).await;
            sent_at = Some(height);
        }
        pause = next(shared, &mut heights, &mut height, pause).await;
    }
}

/// Height at which `entry` was signed.
fn signed_at(shared: &Shared, entry: &Entry) -> u64 {
    entry
        .timeout_height
        .saturating_sub(shared.options.timeout_blocks)
}

/// Waits for a block beyond `height`, at most `pause`; how long to wait the next time.
async fn next(
    shared: &Shared,
    heights: &mut watch::Receiver<u64>,
    height: &mut u64,
    pause: Duration,
) -> Duration {
    let beyond = heights.wait_for(|now| now > height);
    match timeout(pause, beyond).await {
        Ok(Ok(now)) => {
            *height = *now;
            INDEX_PAUSE
        }
        _ => shared.options.poll_interval,
    }
}

/// Whether `entry`, not found at `height` past its last, can still turn up: it can while its number
/// is used up and the index of transactions may lag behind.
async fn is_never(
    shared: &Shared,
    entry: &Entry,
    address: &str,
    height: u64,
) -> Result<bool, ChainError> {
    if height > entry.timeout_height + INDEX_LAG {
        return Ok(true);
    }
    let account = accounts::find(&shared.node, address).await?;
    Ok(account.is_none_or(|account| account.sequence <= entry.sequence))
}

/// The same bytes cannot be included twice, so the answer does not matter.
async fn send_again(shared: &Shared, entry: &Entry) {
    log::sent_again(entry);
    let answer = shared.node.broadcast(entry.tx.to_vec()).await;
    if let Err(RpcError::Unreachable(reason)) = answer {
        log::submission_unclear(entry, &reason);
    }
}

fn hash_of(shared: &Shared, entry: &Entry) -> Result<Hash, ChainError> {
    entry.hash.parse().map_err(|_| {
        let attempt = format!("look up transaction {}", entry.hash);
        let reason = "a transaction's hash is 64 hex digits".into();
        shared.node.fault(&attempt, RpcError::Unreadable(reason))
    })
}

fn unconfirmed(entry: &Entry, error: ChainError) -> ChainError {
    ChainError::Unconfirmed {
        hash: entry.hash.clone(),
        height: entry.timeout_height,
        reason: error.to_string(),
    }
}
