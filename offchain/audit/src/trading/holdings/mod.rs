//! What the `assets` contract holds for whom, by its events.

mod claims;
mod locks;
mod money;
mod permits;

use std::collections::{BTreeMap, VecDeque};

use gridweave_types::assets::{ClaimClass, ConfigResponse, PermitClass, Side};
use gridweave_units::{Clock, Interval};

use super::announced::Announced;
use super::expected::Expected;
use super::review::Review;
use crate::AuditError;

/// What is left of what an offer locked.
#[derive(Debug, Clone)]
struct Lock {
    holder: String,
    class: PermitClass,
    /// Energy (Wh).
    energy: u64,
    /// Money (µ).
    money: u128,
}

/// Trades and deposits of one side, feeder and interval (Wh, µ).
#[derive(Debug, Clone, Copy, Default)]
struct Delivery {
    traded: u64,
    value: u128,
    deposited: u64,
    credited: u64,
}

/// Money (µ).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Purse {
    pub paid_in: u128,
    pub paid_out: u128,
    pub locked: u128,
    /// Returned to the operator and not paid out.
    pub returned: u128,
}

/// Everything that the contract has announced.
#[derive(Debug, Clone)]
pub(crate) struct Holdings {
    terms: ConfigResponse,
    /// Markets by order of registration, and whether each may lock.
    markets: Vec<(String, bool)>,
    /// Limits of permits by feeder (Wh per interval and side).
    limits: BTreeMap<u32, u64>,
    /// Energy of the permits that could be used in an interval of a side of a feeder (Wh).
    issued: BTreeMap<(u32, Side, u32), u64>,
    permits: BTreeMap<(String, PermitClass), u64>,
    locks: BTreeMap<(String, u64), Lock>,
    claims: BTreeMap<(String, ClaimClass), u64>,
    deliveries: BTreeMap<ClaimClass, Delivery>,
    money: BTreeMap<String, u128>,
    pub purse: Purse,
}

impl Holdings {
    /// From the instantiation, which must come first.
    pub fn read(
        message: &Announced,
        billing: &str,
        review: &mut Review,
    ) -> Result<Self, AuditError> {
        if message.name != "instantiated" {
            return Err(message.response.misplaced("the instantiation first"));
        }
        let terms: ConfigResponse = message.response.json("config")?;
        let own = terms.billing.as_ref().map_or("none", |own| own.as_str());
        review.same("billing", own, billing);
        Ok(Self {
            terms,
            markets: Vec::new(),
            limits: BTreeMap::new(),
            issued: BTreeMap::new(),
            permits: BTreeMap::new(),
            locks: BTreeMap::new(),
            claims: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            money: BTreeMap::new(),
            purse: Purse::default(),
        })
    }

    /// Follows a message.
    pub fn take(
        &mut self,
        message: &Announced,
        review: &mut Review,
        sent: &mut VecDeque<Expected>,
    ) -> Result<(), AuditError> {
        match &*message.name {
            "market_registered" => self.market_registered(message, review),
            "market_removed" => self.market_removed(message, review),
            "issue_limit_set" => self.limit_set(message),
            "permits_issued" => self.permits_issued(message, review),
            "permit_split" => self.permit_split(message, review),
            "permit_expired" => self.permit_expired(message, review),
            "retired" => self.retired(message, review),
            "locked" => self.locked(message, review),
            "trades_settled" => self.trades_settled(message, review),
            "locks_released" => self.locks_released(message, review),
            "energy_deposited" => self.energy_deposited(message, review),
            "deposits_credited" => self.deposits_credited(message, review, sent),
            "financial_added" => self.financial_added(message, review),
            "financial_deposited" => self.financial_deposited(message, review),
            "withdrawn" => self.withdrawn(message, review),
            "paid_out" => self.paid_out(message, review, sent),
            "migrated" => Ok(()),
            "instantiated" => {
                review.differ("instantiation", "again", "once");
                Ok(())
            }
            _ => Err(message
                .response
                .misplaced("an action of the assets contract")),
        }
    }

    /// Whether the coins that came in are all in some book or gone: `paid in − paid out = free +
    /// locked + returned` (µ).
    pub fn conservation_error(&self) -> i128 {
        let free = self
            .money
            .values()
            .fold(0u128, |sum, own| sum.saturating_add(*own));
        let held = free
            .saturating_add(self.purse.locked)
            .saturating_add(self.purse.returned);
        let signed = |amount| i128::try_from(amount).unwrap_or(i128::MAX);
        signed(self.purse.paid_in)
            .saturating_sub(signed(self.purse.paid_out))
            .saturating_sub(signed(held))
    }

    /// Free money of all holders (µ).
    pub fn free(&self) -> u128 {
        self.money
            .values()
            .fold(0, |sum, own| sum.saturating_add(*own))
    }

    fn market_registered(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let market = message.response.owned("market")?;
        let index: usize = message.response.number("index")?;
        let known = self.markets.iter().position(|known| known.0 == market);
        let computed = known.unwrap_or(self.markets.len());
        review.same("index", index, computed);
        match self.markets.get_mut(computed) {
            Some(known) => {
                review.holds("market", !known.1, "registered already");
                known.1 = true;
            }
            None => self.markets.push((market, true)),
        }
        Ok(())
    }

    fn market_removed(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let market = message.response.text("market")?;
        let locks = self.locks.keys().filter(|lock| lock.0 == market).count();
        review.same("locks", 0, locks);
        let known = self.markets.iter_mut().find(|known| known.0 == market);
        match known.filter(|known| known.1) {
            Some(known) => known.1 = false,
            None => review.differ("market", market, "no active market"),
        }
        Ok(())
    }

    fn is_market(&self, address: &str) -> bool {
        let mut markets = self.markets.iter();
        markets.any(|market| market.0 == address && market.1)
    }

    fn has_begun(&self, interval: Interval, now: u64) -> bool {
        let clock = Clock {
            genesis: self.terms.genesis,
            interval_seconds: self.terms.interval_seconds,
        };
        clock.begin(interval) <= now
    }
}

/// Takes from a balance; a difference when it has less.
fn take<K: Ord, N>(
    balances: &mut BTreeMap<K, N>,
    key: K,
    amount: N,
    what: &str,
    review: &mut Review,
) where
    N: Copy + Default + PartialOrd + ToString + std::ops::Sub<Output = N>,
{
    let held = balances.get(&key).copied().unwrap_or_default();
    if amount > held {
        review.differ(what, amount, held);
    }
    match held > amount {
        true => balances.insert(key, held - amount),
        false => balances.remove(&key),
    };
}

/// A sum within its range.
trait Sum {
    fn plus(self, other: Self) -> Self;
}

impl Sum for u64 {
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }
}

impl Sum for u128 {
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }
}

/// Adds to a balance.
fn give<K: Ord, N: Copy + Default + PartialEq + Sum>(
    balances: &mut BTreeMap<K, N>,
    key: K,
    amount: N,
) {
    if amount != N::default() {
        let balance = balances.entry(key).or_default();
        *balance = balance.plus(amount);
    }
}
