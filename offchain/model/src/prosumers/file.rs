//! Community files: one JSON file with a whole community and what a correct implementation must
//! find. `docs/scenarios.md` describes every field.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::community::{Community, DrBasis, Tariff};
use super::home_document::HomeDocument;
use crate::Flaw;
use crate::check::ensure;
use crate::json::{self, FileError};

/// A community file.
#[derive(Debug, Clone, PartialEq)]
pub struct CommunityFile {
    /// The community.
    pub community: Community,
    /// What was computed for it independently.
    pub expected: Option<CommunityExpected>,
}

/// Optima of an independent implementation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommunityExpected {
    /// Optimum of DCM, the quadratic discomforts' constants included (currency).
    pub central_cost: f64,
    /// Solver status of the central problem.
    #[serde(default)]
    pub status: Option<String>,
    /// The same without trade.
    pub cost_without_trade: f64,
    /// Dual of the balance of trades by interval (currency per kWh), negative where energy has a
    /// price; the solver's sign.
    #[serde(default)]
    pub trade_price: Option<Vec<f64>>,
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    name: Option<String>,
    horizon: usize,
    #[serde(default = "hour")]
    interval_hours: f64,
    community: CommunityDocument,
    homes: Vec<HomeDocument>,
    #[serde(default)]
    expected: Option<CommunityExpected>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommunityDocument {
    energy_charge: Rate,
    demand_charge: f64,
    feed_in_rate: Rate,
    dr_rate: Rate,
    #[serde(default)]
    dr_basis: DrBasis,
    outdoor_temp_c: Vec<f64>,
}

/// One number for all intervals, or one each.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a number or a list of numbers")]
enum Rate {
    Flat(f64),
    PerInterval(Vec<f64>),
}

impl Rate {
    fn per_interval(self, horizon: usize) -> Vec<f64> {
        match self {
            Rate::Flat(rate) => vec![rate; horizon],
            Rate::PerInterval(rates) => rates,
        }
    }
}

fn hour() -> f64 {
    1.0
}

impl CommunityFile {
    /// Whether JSON `text` looks like a community: it has the key `homes`.
    pub fn is_community(text: &str) -> bool {
        let value = serde_json::from_str::<serde_json::Value>(text);
        value.is_ok_and(|value| value.get("homes").is_some())
    }

    /// Reads a community.
    ///
    /// # Errors
    /// As [`CommunityFile::parse`], and [`FileError::Read`].
    pub fn load(path: &Path) -> Result<Self, FileError> {
        let (file, text) = json::read(path)?;
        Self::parse(&file, &text)
    }

    /// Parses a community; `file` names it in errors and, without folder and extension, where it
    /// has no name of its own.
    ///
    /// # Errors
    /// [`FileError`] with file, key, value and what was expected.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let document: Document = json::document(file, text)?;
        document
            .read(file)
            .map_err(|flaw| FileError::value(file, flaw))
    }
}

impl Document {
    fn read(self, file: &str) -> Result<CommunityFile, Flaw> {
        let (horizon, hours) = (self.horizon, self.interval_hours);
        // A horizon beyond all bounds must be refused before anything of its length is made.
        let listed = self.community.outdoor_temp_c.len();
        ensure(
            listed == horizon,
            "community.outdoor_temp_c",
            format_args!("a list of {listed}"),
            format!("{horizon} numbers, one per interval"),
        )?;
        let stem = Path::new(file).file_stem().unwrap_or_default();
        let mut homes = Vec::with_capacity(self.homes.len());
        for (at, home) in self.homes.into_iter().enumerate() {
            let home = home.read(horizon, hours);
            homes.push(home.map_err(|flaw| flaw.within(&format!("homes[{at}]")))?);
        }
        let community = Community {
            name: self
                .name
                .unwrap_or_else(|| stem.to_string_lossy().into_owned()),
            horizon,
            interval_hours: hours,
            tariff: Tariff {
                energy_charge: self.community.energy_charge.per_interval(horizon),
                demand_charge: self.community.demand_charge,
                feed_in_rate: self.community.feed_in_rate.per_interval(horizon),
                dr_rate: self.community.dr_rate.per_interval(horizon),
                dr_basis: self.community.dr_basis,
            },
            outdoor_temp_c: self.community.outdoor_temp_c,
            homes,
        };
        community.check()?;
        Ok(CommunityFile {
            community,
            expected: self.expected,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prosumers::{Prosumer, Request};

    const GOOD: &str = r#"{"horizon": 2, "community": {"energy_charge": [0.2, 0.5],
        "demand_charge": 0.5, "feed_in_rate": 0.05, "dr_rate": [0, 0.12],
        "outdoor_temp_c": [20, 30]}, "homes": [{"home": 7, "base_kw": [1, 2], "grid_max_kw": 15,
        "trade_max_kw": 8, "renewable_kw": [0, 3], "storage": {"energy_kwh": 4, "power_kw": 2,
        "eta_charge": 0.95, "eta_discharge": 0.95, "soc_min": 0.1, "soc_max": 0.9,
        "soc_start": 0.5, "soc_end": 0.5, "wear": 0.01}}]}"#;

    fn refusal(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "{from}");
        let error = CommunityFile::parse("c.json", &GOOD.replace(from, to)).unwrap_err();
        error.to_string()
    }

    #[test]
    fn devices_may_be_left_out_and_rates_be_flat() {
        let file = CommunityFile::parse("folder/c.json", GOOD).unwrap();
        let community = file.community;
        assert_eq!(community.name, "c");
        assert_eq!(community.tariff.feed_in_rate, [0.05, 0.05]);
        let home = &community.homes[0];
        assert!(home.hvac.is_none() && home.shiftable.is_none());
        assert_eq!(home.storage.unwrap().discharge_power_kw, 2.0);
        assert!(CommunityFile::is_community(GOOD));
        assert!(!CommunityFile::is_community("{\"offers\": []}"));
    }

    #[test]
    fn a_reward_above_the_price_needs_a_baseline() {
        let text = GOOD.replace("[0, 0.12]", "[0, 0.75], \"dr_basis\": \"baseline\"");
        let text = text.replace("\"home\": 7", "\"home\": 7, \"dr_baseline_kw\": [1, 2]");
        let community = CommunityFile::parse("c.json", &text).unwrap().community;
        let (tariff, home) = (&community.tariff, &community.homes[0]);
        assert_eq!(tariff.request(home, 0), None);
        assert_eq!(tariff.request(home, 1), Some(Request::Baseline(2.0)));
        assert_eq!(tariff.marginal(1), 0.5 + 0.75);
        let absent = Prosumer {
            dr_baseline_kw: None,
            ..home.clone()
        };
        assert_eq!(tariff.request(&absent, 1), None);
    }

    #[test]
    fn wrong_values_are_named() {
        for (from, to, expected) in [
            (
                "\"soc_max\": 0.9",
                "\"soc_max\": 0.05",
                "c.json: `homes[0].storage.soc_max` is 0.05, expected a number from 0.1 to 1",
            ),
            (
                "\"base_kw\": [1, 2]",
                "\"base_kw\": [1, -2]",
                "c.json: `homes[0].base_kw[1]` is -2, expected a number of at least 0",
            ),
            (
                "[0, 0.12]",
                "[0, 0.6]",
                "c.json: `community.dr_rate[1]` is 0.6, expected at most `energy_charge[1]`, 0.5",
            ),
            (
                "\"home\": 7",
                "\"home\": 7, \"dr_baseline_kw\": [1]",
                "c.json: `homes[0].dr_baseline_kw` is a list of 1, expected 2 numbers, one per interval",
            ),
            (
                "\"outdoor_temp_c\": [20, 30]",
                "\"outdoor_temp_c\": [20]",
                "c.json: `community.outdoor_temp_c` is a list of 1, expected 2 numbers, one per interval",
            ),
            (
                "\"base_kw\": [1, 2]",
                "\"hvac_max_kw\": 4, \"base_kw\": [1, 2]",
                "c.json: `homes[0].rc_h` is missing, expected a number, as `hvac_max_kw` is given",
            ),
            (
                "\"base_kw\": [1, 2]",
                "\"omega_s\": 1, \"base_kw\": [1, 2]",
                "c.json: `homes[0].shift_preferred_kw` is missing, expected a list of numbers, as `omega_s` is given",
            ),
        ] {
            assert_eq!(refusal(from, to), expected);
        }
    }

    #[test]
    fn wrong_types_and_unknown_keys_are_named() {
        for (from, to, key) in [
            ("\"home\": 7", "\"home\": \"seven\"", "homes[0].home"),
            ("\"wear\": 0.01", "\"tear\": 0.01", "homes[0].storage.tear"),
            ("0.05", "\"low\"", "community.feed_in_rate"),
        ] {
            let message = refusal(from, to);
            assert!(message.contains(&format!("`{key}`")), "{message}");
        }
    }
}
