//! Keys and numbers that follow from a secret: found again after a restart, linked by nobody else.

use hkdf::Hkdf;
use k256::sha2::Sha256;
use zeroize::Zeroizing;

use super::{KeyError, SECRET_BYTES, SecretKey, is_key};

/// What sets these derivations apart from all others.
const SALT: &[u8] = b"gridweave-derived-v1";

impl SecretKey {
    /// The key called `label` that follows from this one by HKDF-SHA256 (RFC 5869). Whoever does not
    /// know this key cannot tell it from a random one.
    ///
    /// # Errors
    /// [`KeyError::Unusable`], which does not happen in practice.
    pub fn derive(&self, label: &str) -> Result<Self, KeyError> {
        for attempt in 0..=u8::MAX {
            let bytes = self.expand(b"key", label, attempt)?;
            // All but about one in 2¹²⁸ numbers are keys.
            if is_key(bytes.as_slice()) {
                return Ok(Self(bytes));
            }
        }
        Err(unusable("no key follows from it"))
    }

    /// The number called `label` that follows from this key, as good as random.
    ///
    /// # Errors
    /// As [`SecretKey::derive`].
    pub fn derive_number(&self, label: &str) -> Result<u64, KeyError> {
        let bytes = self.expand(b"number", label, 0)?;
        let mut first = [0; 8];
        first.copy_from_slice(&bytes[..8]);
        Ok(u64::from_le_bytes(first))
    }

    fn expand(
        &self,
        kind: &[u8],
        label: &str,
        attempt: u8,
    ) -> Result<Zeroizing<[u8; SECRET_BYTES]>, KeyError> {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        let info = [kind, b"/", label.as_bytes(), b"/", &[attempt]];
        Hkdf::<Sha256>::new(Some(SALT), self.0.as_slice())
            .expand_multi_info(&info, bytes.as_mut_slice())
            .map_err(|error| unusable(&error.to_string()))?;
        Ok(bytes)
    }
}

fn unusable(reason: &str) -> KeyError {
    KeyError::Unusable {
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_label_gives_the_same_key_and_no_other_does() {
        let secret = SecretKey::from_hex(&"07".repeat(32), "test").unwrap();
        let other = SecretKey::from_hex(&"08".repeat(32), "test").unwrap();
        let address = |key: &SecretKey, label: &str| key.derive(label).unwrap().address().unwrap();
        assert_eq!(address(&secret, "a"), address(&secret, "a"));
        let all = [
            secret.address().unwrap(),
            address(&secret, "a"),
            address(&secret, "b"),
            address(&other, "a"),
        ];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(
            secret.derive_number("a").unwrap(),
            secret.derive_number("a").unwrap()
        );
        assert_ne!(
            secret.derive_number("a").unwrap(),
            secret.derive_number("b").unwrap()
        );
    }
}
