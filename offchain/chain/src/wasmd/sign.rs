//! Signed transactions.

use cosmrs::proto::traits::Message;
use cosmrs::tendermint::chain;
use cosmrs::tx::{Body, Fee, SignDoc, SignerInfo};
use cosmrs::{AccountId, Any, Coin};

use super::options::bad;
use crate::ChainError;
use crate::keys::SecretKey;

/// What numbers an account's transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    /// Number of the account on its chain.
    pub(super) number: u64,
    /// Number of its next transaction.
    pub(super) sequence: u64,
}

/// A transaction before it is signed.
pub(super) struct Draft<'a> {
    pub(super) messages: &'a [Any],
    pub(super) account: Account,
    pub(super) gas: u64,
    /// Fee in its smallest unit and denomination.
    pub(super) fee: (u128, &'a str),
    /// Who pays it instead of the signer.
    pub(super) fee_granter: Option<AccountId>,
    /// The last height that can include it.
    pub(super) timeout_height: u64,
}

impl Draft<'_> {
    /// The signed bytes.
    pub(super) fn sign(self, key: &SecretKey, chain_id: &chain::Id) -> Result<Vec<u8>, ChainError> {
        let key = key.signing_key()?;
        let number = self.account.number;
        let signed = self
            .document(&key, chain_id, number)?
            .sign(&key)
            .and_then(|raw| raw.to_bytes());
        signed.map_err(unsignable)
    }

    /// The bytes with an empty signature, which is all that a simulation looks at.
    pub(super) fn unsigned(
        self,
        key: &SecretKey,
        chain_id: &chain::Id,
    ) -> Result<Vec<u8>, ChainError> {
        let key = key.signing_key()?;
        let number = self.account.number;
        let document = self.document(&key, chain_id, number)?;
        let raw = cosmrs::proto::cosmos::tx::v1beta1::TxRaw {
            body_bytes: document.body_bytes,
            auth_info_bytes: document.auth_info_bytes,
            signatures: vec![Vec::new()],
        };
        Ok(raw.encode_to_vec())
    }

    fn document(
        self,
        key: &cosmrs::crypto::secp256k1::SigningKey,
        chain_id: &chain::Id,
        number: u64,
    ) -> Result<SignDoc, ChainError> {
        let timeout = u32::try_from(self.timeout_height)
            .map_err(|_| bad("timeout height", self.timeout_height, "less than 2³²"))?;
        let (amount, denom) = self.fee;
        let denom = denom.parse().map_err(unsignable)?;
        let fee = Fee {
            // The chain refuses coins of nothing.
            amount: (amount > 0)
                .then_some(Coin { denom, amount })
                .into_iter()
                .collect(),
            gas_limit: self.gas,
            payer: None,
            granter: self.fee_granter,
        };
        let body = Body::new(self.messages.iter().cloned(), "", timeout);
        let signer = SignerInfo::single_direct(Some(key.public_key()), self.account.sequence);
        SignDoc::new(&body, &signer.auth_info(fee), chain_id, number).map_err(unsignable)
    }
}

fn unsignable(error: cosmrs::ErrorReport) -> ChainError {
    bad("transaction", error, "one that can be encoded and signed")
}
