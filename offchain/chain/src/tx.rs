//! Transactions: who signs, what is called, what came of it.

use std::fmt;

pub use cosmwasm_std::Coin;
use gridweave_types::event::ACTION;
use serde::{Deserialize, Serialize};

use crate::ChainError;

/// An account that can sign.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signer {
    /// Name of the key.
    pub name: String,
    /// Its address on the chain.
    pub address: String,
}

/// Address of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContractAddr(String);

impl ContractAddr {
    /// Wraps an address that the chain gave.
    pub fn new(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContractAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One contract call of a transaction.
#[derive(Debug, Clone)]
pub struct Call {
    /// The contract called.
    pub contract: ContractAddr,
    /// The message as JSON.
    pub msg: Vec<u8>,
    /// Coins sent along.
    pub funds: Vec<Coin>,
    /// Gas on top of what simulation says, because others may act before the call runs and leave
    /// more for it to do. Backends without gas ignore it.
    pub gas_reserve: u64,
}

impl Call {
    /// A call of `contract` with `msg` and no coins.
    ///
    /// # Errors
    /// [`ChainError::Encode`] when `msg` has no JSON form.
    pub fn new(contract: &ContractAddr, msg: &impl Serialize) -> Result<Self, ChainError> {
        let msg = serde_json::to_vec(msg).map_err(|error| ChainError::Encode {
            contract: contract.clone(),
            reason: error.to_string(),
        })?;
        Ok(Self {
            contract: contract.clone(),
            msg,
            funds: Vec::new(),
            gas_reserve: 0,
        })
    }

    /// The same call with gas to spare.
    pub fn with_gas_reserve(mut self, gas: u64) -> Self {
        self.gas_reserve = gas;
        self
    }

    /// The same call with coins.
    pub fn with_funds(mut self, funds: Vec<Coin>) -> Self {
        self.funds = funds;
        self
    }
}

/// An event that a contract emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEvent {
    /// Block height.
    pub height: u64,
    /// Event type, `wasm` or `wasm-…`.
    pub kind: String,
    /// The contract that emitted it, where the event names one.
    pub contract: Option<ContractAddr>,
    /// Attributes in order, the contract's address left out.
    pub attributes: Vec<(String, String)>,
}

impl ChainEvent {
    /// What was done: the `action` attribute of a response, or the name of an event beside it.
    pub fn action(&self) -> Option<&str> {
        self.attribute(ACTION)
            .or_else(|| self.kind.strip_prefix("wasm-"))
    }

    /// Value of the first attribute `key`.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }
}

/// An included transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TxResponse {
    /// Block height.
    pub height: u64,
    /// Events of all its calls, in order.
    pub events: Vec<ChainEvent>,
    /// Data of each call.
    pub data: Vec<Option<Vec<u8>>>,
    /// What it cost, on chains that meter.
    pub receipt: Option<Receipt>,
}

/// From whom, to whom, in which coins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route<'a> {
    /// Who sends.
    pub from: &'a str,
    /// Who receives.
    pub to: &'a str,
    /// Bank denom.
    pub denom: &'a str,
}

/// What a transaction has transferred on a [`Route`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// Block height.
    pub height: u64,
    /// Amount, in the coin's smallest unit; 0 when it sent nothing that way.
    pub amount: u128,
}

/// What a transaction cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Hash of the transaction, upper-case hex.
    pub hash: String,
    /// Gas used.
    pub gas_used: u64,
    /// Gas that was paid for.
    pub gas_wanted: u64,
    /// Bytes of the signed transaction.
    pub bytes: usize,
}

impl TxResponse {
    /// Value of the first attribute `key` in any event.
    ///
    /// # Errors
    /// [`ChainError::MissingAttribute`].
    pub fn attribute(&self, key: &str) -> Result<&str, ChainError> {
        self.events
            .iter()
            .find_map(|event| event.attribute(key))
            .ok_or_else(|| ChainError::MissingAttribute {
                height: self.height,
                key: key.into(),
            })
    }
}
