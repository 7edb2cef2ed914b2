//! Keys: where they come from, what they sign as.

mod derive;
mod error;
mod file;
mod public;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use cosmrs::crypto::secp256k1::SigningKey;
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use error::KeyError;
pub use public::PublicKey;

use crate::{Signer, hex};

/// What every address on the chain starts with.
pub const ADDRESS_PREFIX: &str = "wasm";

/// Bytes of a secp256k1 secret.
const SECRET_BYTES: usize = 32;

/// What the text of a key must be.
const HEX_FORM: &str = "64 hex digits, a secp256k1 secret key";

/// A secp256k1 secret key. Wiped from memory when dropped; never printed.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; SECRET_BYTES]>);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

impl SecretKey {
    /// A new key from the operating system's random numbers.
    ///
    /// # Errors
    /// [`KeyError::Random`] when the system has none to give.
    pub fn random() -> Result<Self, KeyError> {
        loop {
            let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
            SysRng
                .try_fill_bytes(bytes.as_mut_slice())
                .map_err(|error| KeyError::Random {
                    reason: error.to_string(),
                })?;
            // All but about one in 2¹²⁸ numbers are keys.
            if is_key(bytes.as_slice()) {
                return Ok(Self(bytes));
            }
        }
    }

    /// The key in `text`, 64 hex digits; `origin` says in errors where the text is from.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], which does not repeat the text.
    pub fn from_hex(text: &str, origin: &str) -> Result<Self, KeyError> {
        let malformed = |found| KeyError::Malformed {
            origin: origin.into(),
            found,
            expected: HEX_FORM,
        };
        let text = text.trim();
        let digits = text.chars().count();
        if digits != 2 * SECRET_BYTES {
            return Err(malformed(format!("{digits} characters")));
        }
        let other = || malformed("other characters".into());
        let decoded = Zeroizing::new(hex::decode(text).ok_or_else(other)?);
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        bytes.copy_from_slice(&decoded);
        if !is_key(bytes.as_slice()) {
            return Err(malformed("a number outside the curve's order".into()));
        }
        Ok(Self(bytes))
    }

    /// The key that is the SHA-256 of `seed`: for measurements and simulations, which must repeat.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] for one seed in about 2¹²⁸.
    pub fn derived(seed: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let digits = Zeroizing::new(hex::encode(&Sha256::digest(seed)));
        Self::from_hex(&digits, "derived key")
    }

    /// The key that `source` holds.
    ///
    /// # Errors
    /// [`KeyError`], naming the file or the variable and what was expected.
    pub fn load(source: &KeySource) -> Result<Self, KeyError> {
        match source {
            KeySource::File(path) => file::load(path),
            KeySource::Env(name) => {
                let text = std::env::var(name).map(Zeroizing::new).map_err(|error| {
                    KeyError::Variable {
                        name: name.clone(),
                        reason: error.to_string(),
                        expected: HEX_FORM,
                    }
                })?;
                Self::from_hex(&text, &format!("environment variable {name}"))
            }
        }
    }

    /// Writes the key to a new file that only its owner can read (mode 0600), all of it or nothing.
    ///
    /// # Errors
    /// [`KeyError::Exists`] when there is such a file already: a key is never overwritten.
    /// [`KeyError::Write`].
    pub fn create_file(&self, path: &Path) -> Result<(), KeyError> {
        file::create(path, &self.to_hex())
    }

    /// The address that the key signs for.
    ///
    /// # Errors
    /// [`KeyError::Unusable`].
    pub fn address(&self) -> Result<String, KeyError> {
        let account = self.signing_key()?.public_key().account_id(ADDRESS_PREFIX);
        Ok(account.map_err(unusable)?.to_string())
    }

    /// The public key: a compressed point, 33 bytes.
    ///
    /// # Errors
    /// [`KeyError::Unusable`].
    pub fn public_key(&self) -> Result<Vec<u8>, KeyError> {
        Ok(self.signing_key()?.public_key().to_bytes())
    }

    /// The signature of `message`: `r ‖ s` over its SHA-256 digest, 64 bytes.
    ///
    /// # Errors
    /// [`KeyError::Unusable`].
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let signature = self.signing_key()?.sign(message).map_err(unusable)?;
        Ok(signature.to_bytes().to_vec())
    }

    /// The key in the form that signs.
    pub(crate) fn signing_key(&self) -> Result<SigningKey, KeyError> {
        SigningKey::from_slice(self.0.as_slice()).map_err(unusable)
    }

    /// A name for the key that does not give it away, where no address is needed.
    pub(crate) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new_with_prefix(b"gridweave-fingerprint-v1/");
        hash.update(self.0.as_slice());
        hex::encode(&hash.finalize())
    }

    fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_slice()))
    }
}

/// Whether `bytes` are a number within the curve's order. The point that belongs to it is not computed.
fn is_key(bytes: &[u8]) -> bool {
    k256::SecretKey::from_slice(bytes).is_ok()
}

fn unusable(error: cosmrs::ErrorReport) -> KeyError {
    KeyError::Unusable {
        reason: error.to_string(),
    }
}

/// Where a key is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file with 64 hex digits that only its owner can read.
    File(PathBuf),
    /// An environment variable with 64 hex digits.
    Env(String),
}

/// The keys that a process may sign with, by name.
#[derive(Debug, Clone, Default)]
pub struct Keyring {
    keys: BTreeMap<String, (Signer, SecretKey)>,
}

impl Keyring {
    /// A ring without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `key` under `name`, in the place of one of the same name.
    ///
    /// # Errors
    /// [`KeyError::Unusable`].
    pub fn insert(&mut self, name: &str, key: SecretKey) -> Result<Signer, KeyError> {
        let signer = Signer {
            name: name.into(),
            address: key.address()?,
        };
        self.keys.insert(name.into(), (signer.clone(), key));
        Ok(signer)
    }

    /// Adds the key of `source` under `name`.
    ///
    /// # Errors
    /// As [`SecretKey::load`].
    pub fn load(&mut self, name: &str, source: &KeySource) -> Result<Signer, KeyError> {
        self.insert(name, SecretKey::load(source)?)
    }

    /// The signers, ordered by name.
    pub fn signers(&self) -> impl Iterator<Item = &Signer> {
        self.keys.values().map(|(signer, _)| signer)
    }

    /// The signer called `name` and its key.
    pub(crate) fn get(&self, name: &str) -> Option<&(Signer, SecretKey)> {
        self.keys.get(name)
    }
}

#[cfg(test)]
mod tests;
