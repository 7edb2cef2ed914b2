//! How to speak to a chain.

use std::path::PathBuf;
use std::time::Duration;

use super::gas::GasPrice;
use crate::ChainError;
use crate::keys::ADDRESS_PREFIX;

/// Options of a connection. [`Options::default`] fits a local network.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Price of a unit of gas, such as `0.0001stake`.
    pub gas_price: GasPrice,
    /// What simulated gas is multiplied by, 1 to 10.
    pub gas_factor: f64,
    /// Blocks after which a transaction that is not included never will be, at least 1.
    pub timeout_blocks: u64,
    /// How often the node is asked for a new block when it does not announce them.
    pub poll_interval: Duration,
    /// How long a node may stay silent before a call fails.
    pub patience: Duration,
    /// Folder with one journal per key. Without it a process that was killed cannot know what it
    /// had submitted, and may submit it again.
    pub journal: Option<PathBuf>,
    /// Account that pays the fees, which must have granted an allowance to the keys.
    pub fee_granter: Option<String>,
    /// The chain that the node must be of.
    pub chain_id: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gas_price: GasPrice::default(),
            gas_factor: 1.3,
            timeout_blocks: 20,
            poll_interval: Duration::from_millis(200),
            patience: Duration::from_secs(30),
            journal: None,
            fee_granter: None,
            chain_id: None,
        }
    }
}

impl Options {
    /// Refuses values that cannot work.
    pub(super) fn check(&self) -> Result<(), ChainError> {
        if !(1.0..=10.0).contains(&self.gas_factor) {
            return Err(bad("gas_factor", self.gas_factor, "a number from 1 to 10"));
        }
        if self.timeout_blocks == 0 {
            return Err(bad("timeout_blocks", 0, "at least 1"));
        }
        if self.poll_interval.is_zero() {
            return Err(bad("poll_interval", "0 s", "more than 0 s"));
        }
        if let Some(granter) = &self.fee_granter {
            address("fee_granter", granter)?;
        }
        Ok(())
    }
}

/// An error that names `option`, its value and what was expected.
pub(super) fn bad(
    option: &'static str,
    value: impl ToString,
    expected: impl Into<String>,
) -> ChainError {
    ChainError::Option {
        option,
        value: value.to_string(),
        expected: expected.into(),
    }
}

/// The account at `text`, which `option` gave.
pub(super) fn address(option: &'static str, text: &str) -> Result<cosmrs::AccountId, ChainError> {
    let account = text.parse::<cosmrs::AccountId>().ok();
    account
        .filter(|account| account.prefix() == ADDRESS_PREFIX)
        .ok_or_else(|| {
            bad(
                option,
                text,
                format!("an address such as {ADDRESS_PREFIX}1…"),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(options: Options) -> String {
        options.check().unwrap_err().to_string()
    }

    #[test]
    fn options_that_cannot_work_are_named() {
        assert!(Options::default().check().is_ok());
        for factor in [0.5, f64::NAN, f64::INFINITY] {
            let options = Options {
                gas_factor: factor,
                ..Options::default()
            };
            let message = refused(options);
            assert!(message.contains("gas_factor"), "{message}");
            assert!(message.contains(&factor.to_string()), "{message}");
        }
        let options = Options {
            timeout_blocks: 0,
            ..Options::default()
        };
        assert!(refused(options).contains("timeout_blocks"));
        let options = Options {
            fee_granter: Some("cosmos1nothing".into()),
            ..Options::default()
        };
        assert!(refused(options).contains("cosmos1nothing"));
    }
}
