//! The parts of configurations that are about meters and money.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, bail};
use gridweave_chain::hex;
use serde::{Deserialize, Serialize};

use super::{ChainSection, KeySection, ScenarioSection, SessionSection};

/// Hex digits of a compressed secp256k1 point.
const POINT_DIGITS: usize = 66;

/// `gridweave meter`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeterConfig {
    /// The chain.
    pub chain: ChainSection,
    /// The key that pays for the messages, which are signed with the meters' own.
    pub key: KeySection,
    /// Which days simulated meters read; meters with files read for ever, or with `once` to the
    /// end of their files.
    #[serde(default)]
    pub session: SessionSection,
    /// The devices behind simulated meters.
    pub devices: Option<DeviceSection>,
    /// The meters: all of them simulated, or all of them with files.
    #[serde(rename = "meter")]
    pub meters: Vec<MeterSection>,
}

/// Devices that follow their schedule, more or less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceSection {
    /// The scenario that describes them and how they err.
    pub scenario: ScenarioSection,
    /// Names of participants that lied, whose devices do as if there had been no session.
    #[serde(default)]
    pub liars: Vec<String>,
}

/// One meter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeterSection {
    /// Who this is in the scenario, or `root` for the meter at the root; any name with a file.
    pub name: String,
    /// Address of the account that it belongs to.
    pub account: String,
    /// Its key.
    pub key: KeySection,
    /// CSV file that it reads, `interval,energy_wh`; simulated without it.
    pub readings: Option<PathBuf>,
}

/// What an operator does about bills. Amounts in µ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorBilling {
    /// Coins that every participant is given until it has so many, here or paid in.
    #[serde(default)]
    pub gift: u64,
    /// What the grid account is to have.
    #[serde(default)]
    pub grid_deposit: u64,
    /// Public key of the meter at the root, 66 hex digits.
    pub root_meter: Option<String>,
    /// Public keys of the participants' meters by name, 66 hex digits each.
    #[serde(default)]
    pub meters: BTreeMap<String, String>,
}

/// What a participant does about bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentBilling {
    /// What its account is to have paid in when a session begins (µ).
    pub deposit: u64,
}

/// Which bills a keeper looks after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeeperBilling {
    /// Those of the period of this interval and later ones.
    #[serde(default)]
    pub from: u32,
    /// Of a market, whose intervals nobody schedules: end when the statements up to that of this interval
    /// are final.
    pub until: Option<u32>,
}

/// The point whose hex digits `text` has; `field` names it in errors.
///
/// # Errors
/// Anything but 66 hex digits.
pub fn point(field: &str, text: &str) -> Result<Vec<u8>> {
    match hex::decode(text) {
        Some(point) if text.len() == POINT_DIGITS => Ok(point),
        _ => bail!("{field} is '{text}', expected {POINT_DIGITS} hex digits, a public key"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_keys_are_hex_digits() {
        let bytes: Vec<u8> = (0..33).collect();
        assert_eq!(point("m", &hex::encode(&bytes)).unwrap(), bytes);
        for wrong in ["02", &"g".repeat(66), ""] {
            let error = point("bills.root_meter", wrong).unwrap_err().to_string();
            let expected = format!("bills.root_meter is '{wrong}', expected 66 hex digits");
            assert!(error.starts_with(&expected), "{error}");
        }
    }
}
