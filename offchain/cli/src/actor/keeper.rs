//! `gridweave keeper`: closes overdue rounds.

use std::path::Path;

use anyhow::Result;
use gridweave_agents::keeper::{Duties, keep};

use super::config::{KeeperConfig, load};
use super::{base, enter};

/// Name of the keeper's key.
const NAME: &str = "keeper";

/// Keeps sessions going as the configuration in `file` says.
///
/// # Errors
/// The configuration is wrong or the chain does not answer.
pub async fn run(file: &Path) -> Result<()> {
    let config: KeeperConfig = load(file)?;
    let (connection, signer) = enter(NAME, &config.chain, &config.key, &base(file)).await?;
    let duties = Duties {
        after: config.session.after,
        once: config.session.once,
        bills_from: config.bills.map(|bills| bills.from),
    };
    keep(&connection.chain, &signer, &connection.contracts, duties).await?;
    Ok(())
}
