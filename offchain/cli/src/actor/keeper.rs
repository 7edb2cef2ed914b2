//! `gridweave keeper`: closes overdue rounds.

use std::path::Path;

use anyhow::Result;
use gridweave_agents::keeper::keep;

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
    let (coordinator, session) = (&connection.contracts.coordinator, &config.session);
    keep(
        &connection.chain,
        &signer,
        coordinator,
        session.after,
        session.once,
    )
    .await?;
    Ok(())
}
