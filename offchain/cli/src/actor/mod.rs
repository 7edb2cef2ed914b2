//! Actors as processes of their own: each has a key, a configuration and nothing else to lose.

pub mod agent;
pub mod config;
pub mod crowd_operator;
pub mod crowdsourcee;
pub mod dso;
pub mod keeper;
pub mod meter;
pub mod operator;
pub mod solver;
pub mod trader;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gridweave_chain::{Keyring, Signer};

use config::{ChainSection, Connection, KeySection};

/// Folder that the relative paths of a configuration count from.
fn base(file: &Path) -> PathBuf {
    file.parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// The actor's key, under `name`, and its connection.
async fn enter(
    name: &str,
    chain: &ChainSection,
    key: &KeySection,
    base: &Path,
) -> Result<(Connection, Signer)> {
    let mut keyring = Keyring::new();
    keyring.load(name, &key.source(base)?)?;
    let connection = chain.connect(base, keyring).await?;
    let signer = gridweave_chain::Chain::signer(&connection.chain, name)
        .await
        .with_context(|| format!("'{name}' cannot act"))?;
    tracing::info!(name, address = signer.address, "ready");
    Ok((connection, signer))
}
