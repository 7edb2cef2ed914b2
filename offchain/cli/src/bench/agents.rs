//! The agents: keys that exist in memory only.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use gridweave_chain::{Keyring, SecretKey, Signer};

/// Agents on one feeder. An account belongs to one bus of one feeder, so feeders do not share them.
#[derive(Debug, Clone)]
pub struct Crowd {
    /// Feeder number.
    pub feeder: u32,
    /// The agents; agent `i` is at bus `i + 1`, behind root 0.
    pub signers: Vec<Signer>,
}

/// Adds the keys of `count` agents on `feeder` to `keyring`.
///
/// They are derived from the operator's key: always the same, and nobody else can spend what the
/// operator grants them.
///
/// # Errors
/// The operator's key cannot be read.
pub fn crowd(keyring: &mut Keyring, operator: &Path, feeder: u32, count: u32) -> Result<Crowd> {
    let secret = fs::read(operator).with_context(|| operator.display().to_string())?;
    let mut signers = Vec::with_capacity(count as usize);
    for agent in 0..count {
        let name = format!("bench-{feeder}-{agent}");
        let key = SecretKey::derived([&secret[..], name.as_bytes()].concat())?;
        signers.push(keyring.insert(&name, key)?);
    }
    Ok(Crowd { feeder, signers })
}
