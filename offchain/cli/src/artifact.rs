//! Wasm files of contracts.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use gridweave_chain::hex;
use sha2::{Digest, Sha256};

/// A wasm file.
pub struct Artifact {
    /// Its bytes.
    pub wasm: Vec<u8>,
    /// Their SHA-256, lower-case hex.
    pub checksum: String,
}

impl Artifact {
    /// Reads a file.
    ///
    /// # Errors
    /// It is missing.
    pub fn read(file: &Path) -> Result<Self> {
        let wasm = fs::read(file).with_context(|| {
            format!(
                "{} cannot be read; scripts/build-wasm makes it",
                file.display()
            )
        })?;
        let checksum = hex::encode(&Sha256::digest(&wasm));
        Ok(Self { wasm, checksum })
    }
}
