//! What the events so far add up to.

mod account;
mod books;
mod line;
mod totals;

use std::collections::BTreeMap;

use gridweave_rules::settlement::{Pool, SettlementError, Tariff, Timeline};
use gridweave_types::billing::{ConfigResponse, SourceKind};
use gridweave_units::{Energy, Interval, Price};

pub use account::Account;
pub use line::{Commitment, Line, Metered};

/// A schedule contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its address.
    pub contract: String,
    /// How it hands over commitments.
    pub kind: SourceKind,
    /// Whether its commitments count.
    pub active: bool,
}

/// Everything that the contract has announced, and what follows from it.
#[derive(Debug, Clone)]
pub struct Ledger {
    /// Terms, fixed when the contract was instantiated.
    pub terms: ConfigResponse,
    /// Tariffs by the first interval that they hold for.
    pub tariffs: BTreeMap<u32, Tariff>,
    /// Schedule contracts by order of registration.
    pub sources: Vec<Source>,
    /// Accounts by address.
    pub accounts: BTreeMap<String, Account>,
    /// What the meter at the root saw enter the feeder, by interval (Wh).
    pub root: BTreeMap<u32, i64>,
    /// Periods opened for reconciliation, and how many statements of each are final.
    pub periods: BTreeMap<u32, u32>,
    /// The grid account's cash.
    pub pool: Pool,
    /// Coins that came in (µ).
    pub deposited: u128,
    /// Coins that went out (µ).
    pub withdrawn: u128,
    /// First interval that no commitment reaches.
    pub(crate) committed_until: u32,
}

impl Ledger {
    pub(crate) fn new(terms: ConfigResponse, tariff: Tariff) -> Self {
        Self {
            terms,
            tariffs: BTreeMap::from([(0, tariff)]),
            sources: Vec::new(),
            accounts: BTreeMap::new(),
            root: BTreeMap::new(),
            periods: BTreeMap::new(),
            pool: Pool::default(),
            deposited: 0,
            withdrawn: 0,
            committed_until: 0,
        }
    }

    /// When intervals begin, end and become final.
    pub fn timeline(&self) -> Timeline {
        self.terms.timeline()
    }

    /// The tariff of an interval.
    pub fn tariff(&self, interval: u32) -> Tariff {
        let found = self.tariffs.range(..=interval).next_back();
        found.map(|(_, tariff)| tariff.clone()).unwrap_or_default()
    }

    /// Price of a commitment made at `price` in `interval` (µ/kWh).
    pub(crate) fn price(&self, interval: u32, price: i64) -> Result<Price, SettlementError> {
        let found = self.tariffs.range(..=interval).next_back();
        let none = Tariff::default();
        let tariff = found.map_or(&none, |(_, tariff)| tariff);
        tariff.price(Interval(interval), Price(price))
    }

    /// Price of energy without a commitment in `interval` (µ/kWh).
    pub fn reference(&self, interval: u32) -> Result<Price, SettlementError> {
        self.price(interval, self.terms.reference_price.i64())
    }

    /// First and last interval of a period; `None` beyond the last interval.
    pub fn bounds(&self, period: u32) -> Option<(u32, u32)> {
        let first = period.checked_mul(self.terms.period_intervals)?;
        let length = self.terms.period_intervals.checked_sub(1)?;
        Some((first, first.saturating_add(length)))
    }

    /// Period of an interval.
    pub fn period_of(&self, interval: u32) -> u32 {
        interval
            .checked_div(self.terms.period_intervals)
            .unwrap_or_default()
    }

    /// The last period in which there is a line.
    pub fn last_period(&self) -> Option<u32> {
        let accounts = self.accounts.values();
        let last = accounts.filter_map(|held| held.lines.keys().next_back());
        last.max().map(|interval| self.period_of(*interval))
    }

    /// An account's line.
    pub fn line(&self, account: &str, interval: u32) -> Option<&Line> {
        self.accounts.get(account)?.lines.get(&interval)
    }

    /// Settled lines.
    pub fn settled_lines(&self) -> usize {
        let lines = self.accounts.values().flat_map(|held| held.lines.values());
        lines.filter(|line| line.settled.is_some()).count()
    }

    /// Charge for a period's peak.
    pub(crate) fn demand(
        &self,
        first: u32,
        peak: u64,
    ) -> Result<gridweave_rules::settlement::Demand, SettlementError> {
        let peak = i64::try_from(peak).map_err(|_| SettlementError::Overflow { what: "peak" })?;
        self.tariff(first).demand(Energy(peak))
    }
}
