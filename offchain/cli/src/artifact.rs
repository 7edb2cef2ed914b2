//! Wasm files of contracts.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use gridweave_chain::hex;
use semver::Version;
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

    /// The version that the code of contract `name` stamps its state with, which stands in its data
    /// behind that name; `None` where it cannot be told.
    pub fn version(&self, name: &str) -> Option<Version> {
        let name = name.as_bytes();
        let mut found = self.wasm.windows(name.len()).enumerate();
        found.find_map(|(at, window)| match window == name {
            true => leading_version(self.wasm.get(at + name.len()..)?),
            false => None,
        })
    }
}

/// The version that `bytes` begin with: three numbers with points between them.
fn leading_version(bytes: &[u8]) -> Option<Version> {
    let is_part = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let length = bytes.iter().take_while(|byte| is_part(byte)).count();
    let text = std::str::from_utf8(bytes.get(..length)?).ok()?;
    Version::parse(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(data: &str) -> Option<Version> {
        let artifact = Artifact {
            wasm: data.as_bytes().to_vec(),
            checksum: String::new(),
        };
        artifact.version("gridweave-grid")
    }

    #[test]
    fn the_version_is_the_one_behind_the_name() {
        let found = version("gridweave-grid is a name, gridweave-grid0.12.3instantiated9.9.9");
        assert_eq!(found, Some(Version::new(0, 12, 3)));
    }

    #[test]
    fn what_is_no_version_is_not_taken_for_one() {
        for data in [
            "",
            "gridweave-grid",
            "gridweave-grid0.2",
            "gridweave-market0.2.0",
            "grid0.1.0",
        ] {
            assert_eq!(version(data), None, "{data}");
        }
    }
}
