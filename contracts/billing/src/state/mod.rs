//! What the contract stores, and under which names.
//!
//! Accounts are numbered in the order in which they are opened; everything written for each of them
//! is keyed by that number and packed.

mod records;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint128};
use cw_storage_plus::{Item, Map};
use gridweave_rules::settlement::Timeline;
use gridweave_types::billing::{ConfigResponse, Limits, SourceKind, Tariff};
use gridweave_types::packed::PackedMap;
use gridweave_units::{Interval, Price};

pub use records::{
    Account, Books, IntervalTotals, Line, Period, Statement, Sums, Superseded, origin,
};

/// Number of an account.
pub type AccountId = u32;
/// Interval and account.
pub type LineKey = (u32, AccountId);
/// Period and account.
pub type StatementKey = (u32, AccountId);

/// What is fixed at instantiation.
pub const CONFIG: Item<Config> = Item::new("config");
/// Tariffs by the first interval they hold for.
pub const TARIFFS: Map<u32, Tariff> = Map::new("tariffs");
/// Schedule contracts in order of registration; at most `MAX_SOURCES`.
pub const SOURCES: Item<Vec<Source>> = Item::new("sources");
/// Participants recorded so far, by source and session.
pub const RECORDED: Map<(u32, u64), u32> = Map::new("recorded");
/// What the rounding of the energies of a pool session has left over so far, by source and session.
pub const CARRIES: PackedMap<(u32, u64), Vec<i64>> = PackedMap::new("carries");
/// Totals.
pub const BOOKS: PackedMap<u32, Books> = PackedMap::new("books");
/// Numbers of accounts.
pub const NUMBERS: Map<&Addr, AccountId> = Map::new("numbers");
/// Addresses of accounts.
pub const ADDRESSES: Map<AccountId, Addr> = Map::new("addresses");
/// Accounts.
pub const ACCOUNTS: PackedMap<AccountId, Account> = PackedMap::new("accounts");
/// Lines.
pub const LINES: PackedMap<LineKey, Line> = PackedMap::new("lines");
/// Superseded readings, oldest first.
pub const CORRECTIONS: PackedMap<LineKey, Vec<Superseded>> = PackedMap::new("corrections");
/// Totals of intervals.
pub const INTERVALS: PackedMap<u32, IntervalTotals> = PackedMap::new("intervals");
/// Statements.
pub const STATEMENTS: PackedMap<StatementKey, Statement> = PackedMap::new("statements");
/// Reconciliation of periods.
pub const PERIODS: PackedMap<u32, Period> = PackedMap::new("periods");

/// What is fixed at instantiation.
#[cw_serde]
pub struct Config {
    /// See [`ConfigResponse`].
    pub terms: ConfigResponse,
}

impl Config {
    /// When what happens to an interval.
    pub fn timeline(&self) -> Timeline {
        self.terms.timeline()
    }

    /// Collateral per account (µ).
    pub fn collateral(&self) -> Uint128 {
        self.terms.collateral
    }

    /// What messages may carry.
    pub fn limits(&self) -> &Limits {
        &self.terms.limits
    }

    /// Price of energy without a commitment, before the tariff (µ/kWh).
    pub fn reference(&self) -> Price {
        Price(self.terms.reference_price.i64())
    }

    /// The period of an interval.
    pub fn period_of(&self, interval: u32) -> u32 {
        interval / self.terms.period_intervals.max(1)
    }

    /// First and last interval of a period; the last period is cut off with the intervals.
    pub fn intervals_of(&self, period: u32) -> Option<(Interval, Interval)> {
        let length = self.terms.period_intervals;
        let first = period.checked_mul(length)?;
        let last = first.saturating_add(length.saturating_sub(1));
        Some((Interval(first), Interval(last)))
    }
}

/// A schedule contract.
#[cw_serde]
pub struct Source {
    /// Its address.
    pub contract: Addr,
    /// How it hands over commitments.
    pub kind: SourceKind,
    /// Whether its commitments count.
    pub active: bool,
}
