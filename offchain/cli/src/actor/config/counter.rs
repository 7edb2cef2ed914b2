//! The parts of configurations that are about the operator's counter and the homes that use it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use gridweave_dso::api::Rates;
use gridweave_dso::{Participant, Policy};
use gridweave_types::assets::Credit;
use serde::{Deserialize, Serialize};

use super::{ChainSection, KeySection, MarketSection};
use crate::market::input::{Changes, Input};
use crate::market::problem::Problem;

/// `gridweave dso`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DsoConfig {
    /// The chain.
    pub chain: ChainSection,
    /// The operator's key.
    pub key: KeySection,
    /// The counter.
    pub dso: CounterSection,
    /// Deadlines and the order within batches.
    #[serde(default)]
    pub policy: Policy,
    /// How often may be asked.
    #[serde(default)]
    pub rates: Rates,
    /// Which part of the market's time it is open for.
    #[serde(default)]
    pub market: MarketSection,
    /// Who may ask.
    #[serde(rename = "participant")]
    pub participants: Vec<ParticipantSection>,
}

/// The operator's counter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterSection {
    /// Where requests are answered.
    pub listen: SocketAddr,
    /// Whether `listen` may be something else than a loopback address.
    #[serde(default)]
    pub public: bool,
    /// The ledger's file.
    pub ledger: PathBuf,
    /// What was asked for is issued, and what came back credited, whenever the chain's clock passes
    /// a multiple of this.
    pub batch_seconds: u64,
}

/// Somebody who may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParticipantSection {
    /// Address of the account in `grid`.
    pub account: String,
    /// Who it is.
    pub name: String,
    /// Its feeder.
    pub feeder: u32,
    /// Most energy to sell per interval (Wh).
    pub sell_limit_wh: u64,
    /// Most energy to buy per interval (Wh).
    pub buy_limit_wh: u64,
    /// Money that the operator advances when its ledger first sees the account (µ).
    #[serde(default)]
    pub advance: u64,
}

/// `gridweave trader`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraderConfig {
    /// The chain; the operator must be its `fee_granter`.
    pub chain: ChainSection,
    /// The operator's counter.
    pub dso: OperatorSection,
    /// What the homes make and use.
    pub scenario: DaySection,
    /// How they trade.
    #[serde(default)]
    pub trade: TradeSection,
    /// The homes.
    #[serde(rename = "home")]
    pub homes: Vec<HomeSection>,
}

/// Where the operator answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorSection {
    /// Address of its counter, `http://HOST:PORT`.
    pub url: String,
}

/// A day on a market, or a recorded book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaySection {
    /// A shipped name or a file.
    pub name: String,
    /// Prediction window `L`; the scenario's own without it.
    pub window: Option<u32>,
    /// Producers have batteries; the scenario's own choice without it.
    #[serde(default)]
    pub battery: bool,
}

/// How homes trade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TradeSection {
    /// Interval of the chain that the scenario's first one is.
    pub first_interval: u32,
    /// Offers are posted within so many chain seconds from when their round opens.
    pub post_window_seconds: u64,
    /// Claims and money are handed back within so many chain seconds.
    pub deposit_window_seconds: u64,
    /// How often a home looks while it waits for something (ms).
    pub look_ms: u64,
    /// How money is wanted back: on the `account` in billing, or as `coins`.
    pub credit: Credit,
    /// End when everything is handed back.
    pub once: bool,
}

impl Default for TradeSection {
    fn default() -> Self {
        Self {
            first_interval: 0,
            post_window_seconds: 60,
            deposit_window_seconds: 300,
            look_ms: 500,
            credit: Credit::Account,
            once: false,
        }
    }
}

/// One home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeSection {
    /// Its position in the scenario, from 0.
    pub index: usize,
    /// Key of its account, which signs its requests.
    pub key: KeySection,
    /// What its anonymous keys follow from: another key, known to nobody else.
    pub secret: KeySection,
    /// Hashes of bank transfers from the account to the operator that are to count.
    #[serde(default)]
    pub payments: Vec<String>,
}

impl From<&ParticipantSection> for Participant {
    fn from(fields: &ParticipantSection) -> Self {
        Self {
            account: fields.account.clone(),
            name: fields.name.clone(),
            feeder: fields.feeder,
            sell_limit: fields.sell_limit_wh,
            buy_limit: fields.buy_limit_wh,
        }
    }
}

impl DaySection {
    /// What is offered; a relative file counts from `base`.
    ///
    /// # Errors
    /// There is no such market.
    pub fn problem(&self, base: &Path) -> Result<Problem> {
        let file = base.join(&self.name);
        let name = match file.is_file() {
            true => file.to_str().context("the scenario's path is not UTF-8")?,
            false => &self.name,
        };
        let changes = Changes {
            battery: self.battery,
            window: self.window,
            ..Changes::default()
        };
        match Input::find(name)? {
            Some(input) => input.problem(name, changes),
            _ => bail!(
                "scenario.name is '{name}', expected a market scenario, its file or a recorded book"
            ),
        }
    }
}
