//! The audit at the end of a run: everything that the contracts announced, computed again.

use anyhow::{Context, Result};
use gridweave_audit::{Auditor, Follower, Subject};
use gridweave_chain::{Chain, Contracts};

/// An auditor who has followed `chain` from its first block to the returned one.
///
/// # Errors
/// The chain does not answer, or an event cannot be read.
pub async fn follow<C: Chain>(
    chain: &C,
    chain_id: &str,
    contracts: &Contracts,
) -> Result<(Auditor, u64)> {
    let mut auditor = Auditor::new(Subject {
        chain_id: chain_id.into(),
        billing: contracts.billing.to_string(),
        grid: contracts.grid.to_string(),
    });
    let mut follower = Follower::default();
    while let Some(page) = follower.next(chain).await? {
        auditor.follow(&page)?;
    }
    Ok((auditor, follower.height()))
}

/// How much of it differs from what the auditor computes, the books that `chain` shows included;
/// `chain` answers as of the last block that was followed.
///
/// # Errors
/// The chain does not answer, or has no such contract.
pub async fn differences<C: Chain>(mut auditor: Auditor, chain: &C) -> Result<u64> {
    auditor.ask(chain).await.context("the audit")?;
    let findings = auditor.findings();
    if let Some(first) = &findings.first {
        tracing::error!(%first, "the audit found a difference");
    }
    Ok(findings.differences)
}
