//! Public keys: whose account they are, what they have signed.

use cosmrs::AccountId;
use k256::ecdsa::signature::hazmat::PrehashVerifier;
use k256::ecdsa::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use super::KeyError;
use crate::hex;

/// Bytes of a compressed point.
const KEY_BYTES: usize = 33;
/// What the text of a public key must be.
const HEX_FORM: &str = "66 hex digits, a compressed secp256k1 public key";

/// A secp256k1 public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    bytes: Vec<u8>,
    key: VerifyingKey,
}

impl PublicKey {
    /// The key in `text`, 66 hex digits; `origin` says in errors where the text is from.
    ///
    /// # Errors
    /// [`KeyError::Malformed`].
    pub fn from_hex(text: &str, origin: &str) -> Result<Self, KeyError> {
        let malformed = |found: String| KeyError::Malformed {
            origin: origin.into(),
            found,
            expected: HEX_FORM,
        };
        let digits = text.chars().count();
        if digits != 2 * KEY_BYTES {
            return Err(malformed(format!("{digits} characters")));
        }
        let bytes = hex::decode(text).ok_or_else(|| malformed("other characters".into()))?;
        let key = VerifyingKey::from_sec1_bytes(&bytes);
        let key = key.map_err(|_| malformed("no point of the curve".into()))?;
        Ok(Self { bytes, key })
    }

    /// Whether `address` is the account of this key, whatever the chain's prefix.
    pub fn is_of(&self, address: &str) -> bool {
        let Ok(account) = address.parse::<AccountId>() else {
            return false;
        };
        let point = cosmrs::tendermint::PublicKey::from_raw_secp256k1(&self.bytes);
        let own =
            point.map(|point| cosmrs::crypto::PublicKey::from(point).account_id(account.prefix()));
        matches!(own, Some(Ok(own)) if own == account)
    }

    /// Whether `signature` (`r ‖ s`, 64 bytes) is this key's over the SHA-256 digest of `message`.
    /// Only one of the two forms that a signature can have counts, that with the lower `s`.
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::from_slice(signature) else {
            return false;
        };
        let is_low = signature.normalize_s().is_none();
        is_low
            && self
                .key
                .verify_prehash(&Sha256::digest(message), &signature)
                .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::SecretKey;
    use super::*;

    #[test]
    fn a_key_knows_its_address_and_what_it_signed() {
        let secret = SecretKey::from_hex(&"07".repeat(32), "test").unwrap();
        let text = hex::encode(&secret.public_key().unwrap());
        let key = PublicKey::from_hex(&text, "test").unwrap();
        let address = secret.address().unwrap();
        assert!(key.is_of(&address));
        let other = SecretKey::from_hex(&"08".repeat(32), "test").unwrap();
        assert!(!key.is_of(&other.address().unwrap()));
        assert!(!key.is_of("nonsense"));
        let signature = secret.sign(b"message").unwrap();
        assert!(key.has_signed(b"message", &signature));
        assert!(!key.has_signed(b"another", &signature));
        assert!(!key.has_signed(b"message", &other.sign(b"message").unwrap()));
        assert!(!key.has_signed(b"message", &signature[1..]));
    }

    #[test]
    fn text_that_is_no_key_is_refused() {
        for (text, found) in [
            ("02", "2 characters"),
            (&*"zz".repeat(33), "other characters"),
            (&*"ff".repeat(33), "no point"),
        ] {
            let error = PublicKey::from_hex(text, "header").unwrap_err().to_string();
            assert!(error.contains(found) && error.contains("header"), "{error}");
        }
    }
}
