//! What the contracts cost on a real node: gas, bytes and time of every message.
//!
//! Each measurement deploys contracts of its own, with agents whose keys are derived from the
//! operator's, so that gas is the same from run to run.

mod agents;
mod billing;
mod compare;
mod consensus;
mod crowd;
mod deploy;
mod exchange;
mod flat;
mod iterates;
mod market;
mod meta;
mod register;
mod report;
mod session;
mod stage;
mod suite;
mod table;

pub use compare::Comparison;
pub use report::Report;
pub use suite::{Part, Scope, measure};
pub use table::table;

use anyhow::Result;
use gridweave_chain::Chain;

/// Waits until the chain's clock shows `time` (Unix seconds).
async fn until(stage: &stage::Stage, time: u64) -> Result<()> {
    let mut height = stage.chain.height().await?;
    while stage.chain.time().await? < time {
        height = stage.chain.beyond(height).await?;
    }
    Ok(())
}
