//! The contract in its plainest form: everything in maps, every rule spelt out again.

use std::collections::{BTreeMap, BTreeSet};

use gridweave_testkit::billing::{INTERVAL, LEAD};
use gridweave_types::assets::Side;

use crate::operation::{Operation, Payment};

/// Addresses that hold assets.
pub const HOLDERS: usize = 4;
/// Accounts to which deposits are credited: two on the first feeder, one on the second.
pub const ACCOUNTS: usize = 3;
/// Markets, of which the first is registered from the beginning.
pub const MARKETS: usize = 2;
/// Last interval of a history.
pub const LAST: u32 = 50;

/// Side, feeder and intervals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class {
    pub side: Side,
    pub feeder: u32,
    pub set: BTreeSet<u32>,
}

/// Side, feeder and interval.
pub type Claim = (Side, u32, u32);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    pub issued: u64,
    pub narrowed_in: u64,
    pub narrowed_out: u64,
    pub locked: u64,
    pub consumed: u64,
    pub expired: u64,
    pub retired: u64,
}

#[derive(Clone, Debug)]
pub struct Lock {
    pub holder: usize,
    pub class: Class,
    pub energy: u64,
    pub money: u128,
}

#[derive(Clone, Debug, Default)]
pub struct Delivery {
    pub traded: u64,
    pub value: u128,
    pub deposited: u64,
    pub credited: u64,
    pub retired: u64,
}

#[derive(Clone, Debug)]
pub struct Model {
    /// Seconds since interval 0 began.
    pub now: i64,
    pub permits: BTreeMap<(usize, Class), u64>,
    pub classes: BTreeMap<Class, Totals>,
    pub limits: BTreeMap<u32, u64>,
    pub locks: BTreeMap<(usize, u64), Lock>,
    pub claims: BTreeMap<(usize, Claim), u64>,
    pub deliveries: BTreeMap<Claim, Delivery>,
    /// What `billing` has recorded, by account and interval.
    pub committed: BTreeMap<(usize, u32), i64>,
    pub money: [u128; HOLDERS],
    pub returned: u128,
    pub paid_in: u128,
    pub paid_out: u128,
    pub registered: [bool; MARKETS],
    /// Whether the last operation was allowed.
    pub allowed: bool,
}

impl Model {
    pub fn new() -> Self {
        Self {
            now: -(LEAD as i64),
            permits: BTreeMap::new(),
            classes: BTreeMap::new(),
            limits: BTreeMap::new(),
            locks: BTreeMap::new(),
            claims: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            committed: BTreeMap::new(),
            money: [0; HOLDERS],
            returned: 0,
            paid_in: 0,
            paid_out: 0,
            registered: [true, false],
            allowed: true,
        }
    }

    pub fn present(&self) -> u32 {
        (self.now.max(0) / i64::from(INTERVAL)) as u32
    }

    pub fn begun(&self, interval: u32) -> bool {
        i64::from(interval) * i64::from(INTERVAL) <= self.now
    }

    /// Whether a permit is of the past.
    pub fn over(&self, class: &Class) -> bool {
        class.set.last().is_some_and(|&last| self.begun(last))
    }

    pub fn free(&self, holder: usize, class: &Class) -> u64 {
        let key = (holder, class.clone());
        self.permits.get(&key).copied().unwrap_or(0)
    }

    pub fn totals(&mut self, class: &Class) -> &mut Totals {
        self.classes.entry(class.clone()).or_default()
    }

    pub fn put_permit(&mut self, holder: usize, class: &Class, energy: u64) {
        *self.permits.entry((holder, class.clone())).or_default() += energy;
    }

    pub fn take_permit(&mut self, holder: usize, class: &Class, energy: u64) -> Option<()> {
        let left = self.free(holder, class).checked_sub(energy)?;
        if self.classes.contains_key(class) {
            self.permits.insert((holder, class.clone()), left);
            return Some(());
        }
        None
    }

    /// Takes the operation if it is allowed.
    pub fn take(&mut self, operation: &Operation) {
        let mut after = self.clone();
        if after.try_take(operation).is_some() {
            *self = after;
            self.allowed = true;
        } else {
            self.allowed = false;
        }
    }

    fn try_take(&mut self, operation: &Operation) -> Option<()> {
        use Operation as O;
        match operation {
            O::Pass(seconds) => self.now += *seconds as i64,
            O::Limit(feeder, limit) => {
                match limit {
                    Some(limit) => self.limits.insert(*feeder, *limit),
                    None => self.limits.remove(feeder),
                };
            }
            O::Issue(rows) => self.issue(rows)?,
            O::Split(holder, class, parts) => self.split(*holder, class, parts)?,
            O::Expire(holder, class) => self.expire(*holder, class)?,
            O::RetirePermit(holder, class, energy) => self.burn(*holder, class, *energy)?,
            O::RetireClaim(holder, claim, energy) => self.retire(*holder, *claim, *energy)?,
            O::Register(market) => {
                (!self.registered[*market]).then_some(())?;
                self.registered[*market] = true;
            }
            O::Remove(market) => {
                let held = self.locks.keys().any(|key| key.0 == *market);
                (self.registered[*market] && !held).then_some(())?;
                self.registered[*market] = false;
            }
            O::Lock(market, offer, lock) => self.lock(*market, *offer, lock)?,
            O::Settle(market, t, trades) => self.settle(*market, *t, trades)?,
            O::Release(market, offers) => self.release(*market, offers)?,
            O::Deposit(holder, claims, called) => self.deposit(*holder, claims, *called)?,
            O::Credit(rows) => self.credit(rows)?,
            O::Fund(holder, amount) => {
                self.paid_in += amount;
                self.money[*holder] += amount;
            }
            O::Return(holder, amount) => {
                self.spend(*holder, *amount)?;
                self.returned += amount;
            }
            O::Withdraw(holder, amount) => {
                self.spend(*holder, *amount)?;
                self.paid_out += amount;
            }
            O::PayOut(rows) => self.pay_out(rows)?,
        }
        Some(())
    }

    fn spend(&mut self, holder: usize, amount: u128) -> Option<()> {
        (amount > 0).then_some(())?;
        self.money[holder] = self.money[holder].checked_sub(amount)?;
        Some(())
    }

    fn pay_out(&mut self, rows: &[(Payment, u128)]) -> Option<()> {
        let total: u128 = rows.iter().map(|row| row.1).sum();
        (total <= self.returned && rows.iter().all(|row| row.1 > 0)).then_some(())?;
        for (payee, amount) in rows {
            if *payee != Payment::Stranger {
                self.returned -= amount;
                self.paid_out += amount;
            }
        }
        Some(())
    }
}
