//! A meter: a key and a counter.

use cosmwasm_std::{Addr, Binary};
use gridweave_types::billing::{SignedReadings, SigningDomain, pack_readings, reading_message};
use k256::ecdsa::signature::hazmat::PrehashSigner;
use k256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

/// A meter of one account.
#[derive(Clone)]
pub struct Meter {
    /// The account.
    pub owner: Addr,
    /// Nonce of its last message.
    pub nonce: u64,
    /// Chain id that it signs for.
    pub chain_id: String,
    /// Contract that it signs for.
    pub contract: String,
    key: SigningKey,
}

impl Meter {
    /// A meter whose key is derived from `seed`.
    ///
    /// # Panics
    /// Never for these seeds.
    pub fn new(chain_id: &str, contract: &str, owner: &Addr, seed: u32) -> Self {
        let mut secret = [7; 32];
        secret[..4].copy_from_slice(&seed.to_le_bytes());
        Self {
            owner: owner.clone(),
            nonce: 0,
            chain_id: chain_id.into(),
            contract: contract.into(),
            key: SigningKey::from_slice(&secret).expect("a valid scalar"),
        }
    }

    /// Its compressed public key.
    pub fn public_key(&self) -> Binary {
        let point = self.key.verifying_key().to_encoded_point(true);
        point.as_bytes().into()
    }

    /// The next message.
    pub fn next(&mut self, correction: bool, from: u32, readings: &[i64]) -> SignedReadings {
        self.nonce += 1;
        self.sign(correction, from, readings)
    }

    /// A message with the nonce as it is.
    ///
    /// # Panics
    /// Never: every digest can be signed.
    pub fn sign(&self, correction: bool, from: u32, readings: &[i64]) -> SignedReadings {
        let packed = pack_readings(readings);
        let domain = SigningDomain {
            chain_id: &self.chain_id,
            contract: &self.contract,
        };
        let account = self.owner.as_str();
        let message = reading_message(domain, account, correction, self.nonce, from, &packed);
        let digest = Sha256::digest(message);
        let signature: Signature = self.key.sign_prehash(&digest).expect("a digest");
        SignedReadings {
            account: account.into(),
            from,
            readings: packed,
            nonce: self.nonce.into(),
            signature: Binary::from(&signature.to_bytes()[..]),
        }
    }
}
