//! Who asks: each request is signed with the key of the account.

use gridweave_chain::{KeyError, SecretKey, hex};
use k256::sha2::{Digest, Sha256};

/// First line of what is signed.
const MAGIC: &str = "gridweave-dso-v1";

/// Header with the account.
pub const ACCOUNT: &str = "gridweave-account";
/// Header with its public key, 66 hex digits.
pub const KEY: &str = "gridweave-key";
/// Header with the time (unix seconds).
pub const TIME: &str = "gridweave-time";
/// Header with a nonce that is used once, 16 to 64 hex digits.
pub const NONCE: &str = "gridweave-nonce";
/// Header with the signature, 128 hex digits.
pub const SIGNATURE: &str = "gridweave-signature";

/// Whom requests are for. A signature for one chain or operator is worth nothing with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Name of the chain.
    pub chain_id: String,
    /// The operator's address.
    pub operator: String,
}

/// A request as it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The account.
    pub account: &'a str,
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Path with query, such as `/v1/account`.
    pub path: &'a str,
    /// Unix seconds.
    pub time: u64,
    /// The nonce.
    pub nonce: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl Signed<'_> {
    /// The bytes that are signed: lines of text, the last of them the body's SHA-256 in hex.
    ///
    /// ```
    /// use gridweave_dso::api::auth::{Domain, Signed};
    ///
    /// let domain = Domain { chain_id: "gridweave-1".into(), operator: "wasm1dso".into() };
    /// let request = Signed {
    ///     account: "wasm1home",
    ///     method: "GET",
    ///     path: "/v1/account",
    ///     time: 1_700_000_000,
    ///     nonce: "00112233445566778899aabbccddeeff",
    ///     body: b"",
    /// };
    /// assert_eq!(
    ///     request.bytes(&domain),
    ///     b"gridweave-dso-v1\ngridweave-1\nwasm1dso\nwasm1home\nGET\n/v1/account\n1700000000\n\
    ///       00112233445566778899aabbccddeeff\n\
    ///       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
    /// );
    /// ```
    pub fn bytes(&self, domain: &Domain) -> Vec<u8> {
        let digest = hex::encode(&Sha256::digest(self.body));
        let time = self.time.to_string();
        let lines = [
            MAGIC,
            &domain.chain_id,
            &domain.operator,
            self.account,
            self.method,
            self.path,
            &time,
            self.nonce,
            &digest,
        ];
        lines
            .iter()
            .flat_map(|line| [line.as_bytes(), b"\n"].concat())
            .collect()
    }

    /// Headers that go with the request: names and values.
    ///
    /// # Errors
    /// [`KeyError::Unusable`].
    pub fn headers(
        &self,
        domain: &Domain,
        key: &SecretKey,
    ) -> Result<[(&'static str, String); 5], KeyError> {
        let signature = key.sign(&self.bytes(domain))?;
        Ok([
            (ACCOUNT, self.account.into()),
            (KEY, hex::encode(&key.public_key()?)),
            (TIME, self.time.to_string()),
            (NONCE, self.nonce.into()),
            (SIGNATURE, hex::encode(&signature)),
        ])
    }
}
