//! The audit of a run, by the events of its chain.

use anyhow::Result;
use gridweave_agents::ledger;
use gridweave_audit::{Auditor, EventLog, Follower, Report, Subject};
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, ContractAddr};

/// Follows a chain of nodes from the contract's genesis on, and asks it as of the last block.
///
/// # Errors
/// The chain does not answer, or an event cannot be read.
pub async fn of_nodes(chain: &WasmdChain, subject: Subject) -> Result<Report> {
    let (mut auditor, height) = follow(chain, subject).await?;
    auditor.ask(&chain.at(height)).await?;
    told(&auditor)
}

/// An auditor who has seen all events of a chain, and the block that was the last.
///
/// # Errors
/// As [`of_nodes`].
pub async fn follow(chain: &WasmdChain, subject: Subject) -> Result<(Auditor, u64)> {
    let mut auditor = Auditor::new(subject);
    let from = genesis_block(chain, &auditor.subject().billing).await?;
    let mut follower = Follower::from_height(from);
    while let Some(page) = follower.next(chain).await? {
        auditor.follow(&page)?;
    }
    Ok((auditor, follower.height()))
}

/// The first block that is not before the genesis of `billing`, which is no later than the contract
/// itself: long-lived chains have many blocks before it.
async fn genesis_block(chain: &WasmdChain, billing: &str) -> Result<u64> {
    let terms = ledger::terms(chain, &ContractAddr::new(billing)).await?;
    let genesis = u64::from(terms.genesis);
    let (mut low, mut high) = (1, chain.height().await?);
    while low < high {
        let middle = low + (high - low) / 2;
        match chain.time_of(middle).await? < genesis {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    Ok(low)
}

/// Everything that a chain of nodes has announced since the contract's genesis, and the block that was the
/// last.
///
/// # Errors
/// As [`of_nodes`].
pub async fn log_of_nodes(chain: &WasmdChain, subject: Subject) -> Result<(EventLog, u64)> {
    let from = genesis_block(chain, &subject.billing).await?;
    let mut follower = Follower::from_height(from);
    let log = EventLog::following(chain, subject, &mut follower).await?;
    Ok((log, follower.height()))
}

/// Follows the log of a chain that is at rest, and asks the chain.
///
/// # Errors
/// As [`of_nodes`].
pub async fn of_log<C: Chain>(log: &EventLog, chain: &C) -> Result<Report> {
    let mut auditor = Auditor::of(log.subject.clone(), &log.events)?;
    auditor.ask(chain).await?;
    told(&auditor)
}

/// The report; who reads the log of the program hears what it found first.
fn told(auditor: &Auditor) -> Result<Report> {
    let report = auditor.report()?;
    if let Some(first) = &report.findings.first {
        tracing::warn!(%first, "the audit of the bills found a difference");
    }
    Ok(report)
}
