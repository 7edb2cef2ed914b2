//! The contract in its plainest form: everything in maps, every rule spelt out again.

use std::collections::BTreeMap;

use gridweave_testkit::billing::{
    COLLATERAL, CORRECTION, DISPUTE, INTERVAL, LEAD, PERIOD, READING,
};

use crate::money::{self, Grid, Purse, Worth};
use crate::operation::Operation;

pub const HOMES: usize = 4;
/// Imbalance factor (basis points).
pub const FACTOR: i128 = 1_234;
/// Prices that the time of use adds (µ/kWh).
pub const SLOTS: [i64; 3] = [0, 7_001, -3];
/// Demand price (µ/kWh).
pub const DEMAND: i128 = 12_345;
/// Cash that the treasury leaves (µ).
pub const FLOAT: i128 = 50_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Meter,
    Estimate,
    Operator,
}

#[derive(Clone, Debug, Default)]
pub struct Line {
    pub energy: i128,
    pub value: i128,
    pub prices: Vec<i64>,
    pub sources: Vec<usize>,
    pub metered: Option<(i128, Origin)>,
    pub received: i64,
    pub settled: bool,
    pub disputed: bool,
    pub corrections: u32,
    pub worth: Worth,
}

#[derive(Clone, Debug, Default)]
pub struct Home {
    pub purse: Purse,
    pub next: Option<u32>,
    pub silent: u32,
}

#[derive(Clone, Debug)]
pub struct Model {
    /// Seconds since interval 0 began.
    pub now: i64,
    pub homes: Vec<Home>,
    /// Homes in the order in which their accounts were opened.
    pub opened: Vec<usize>,
    pub lines: BTreeMap<(u32, usize), Line>,
    pub grid: Grid,
    /// Coins in less coins out.
    pub coins: i128,
    pub periods: BTreeMap<u32, Vec<usize>>,
    /// Whether the last operation was allowed.
    pub allowed: bool,
}

impl Model {
    pub fn new() -> Self {
        Self {
            now: -(LEAD as i64),
            homes: vec![Home::default(); HOMES],
            opened: Vec::new(),
            lines: BTreeMap::new(),
            grid: Grid::default(),
            coins: 0,
            periods: BTreeMap::new(),
            allowed: true,
        }
    }

    pub fn present(&self) -> u32 {
        (self.now.max(0) / i64::from(INTERVAL)) as u32
    }

    pub fn next_reading(&self, home: usize) -> u32 {
        self.homes[home].next.unwrap_or(0).max(self.first_open())
    }

    pub fn begin(t: u32) -> i64 {
        i64::from(t) * i64::from(INTERVAL)
    }

    pub fn end(t: u32) -> i64 {
        Self::begin(t) + i64::from(INTERVAL)
    }

    pub fn settles_at(t: u32) -> i64 {
        Self::end(t) + i64::from(READING + DISPUTE)
    }

    pub fn is_final(&self, t: u32) -> bool {
        self.now >= Self::end(t) + i64::from(CORRECTION)
    }

    pub fn first_open(&self) -> u32 {
        (0..).find(|&t| !self.is_final(t)).unwrap_or(0)
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
            O::TopUp(home, coins) => {
                self.open(*home);
                self.coins += *coins as i128;
                let purse = &mut self.homes[*home].purse;
                money::deposit(purse, &mut self.grid, *coins as i128, COLLATERAL as i128);
            }
            O::Withdraw(home, coins) => self.withdraw(*home, *coins as i128)?,
            O::Release(home) => self.release(*home)?,
            O::Collect(home) => {
                self.known(*home)?;
                (self.collect(*home) > 0).then_some(())?;
            }
            O::Fund(coins) => {
                self.coins += *coins as i128;
                self.grid.cash += *coins as i128;
            }
            O::Defund(coins) => self.defund(*coins as i128)?,
            O::Commit { source, rows, paid } => self.commit(*source, rows, *paid)?,
            O::Read(home, from, energies) => self.read(*home, *from, energies)?,
            O::Correct(home, from, energies) => self.correct(*home, *from, energies)?,
            O::Settle {
                interval,
                after,
                limit,
            } => self.settle(*interval, *after, *limit)?,
            O::Dispute(home, t) => self.dispute(*home, *t)?,
            O::Resolve(home, t, reading) => self.resolve(*home, *t, *reading)?,
            O::Open(period) => {
                let last = (period + 1) * PERIOD - 1;
                let fresh = !self.periods.contains_key(period);
                (self.is_final(last) && fresh).then_some(())?;
                self.periods.insert(*period, Vec::new());
            }
            O::Reconcile(period) => self.reconcile(*period)?,
        }
        Some(())
    }

    pub fn open(&mut self, home: usize) {
        if !self.opened.contains(&home) {
            self.opened.push(home);
        }
    }

    pub fn known(&self, home: usize) -> Option<()> {
        self.opened.contains(&home).then_some(())
    }

    fn collect(&mut self, home: usize) -> i128 {
        let purse = &mut self.homes[home].purse;
        money::collect(purse, &mut self.grid, COLLATERAL as i128)
    }

    fn withdraw(&mut self, home: usize, coins: i128) -> Option<()> {
        self.known(home)?;
        self.collect(home);
        let purse = &mut self.homes[home].purse;
        (0 < coins && coins <= purse.balance).then_some(())?;
        purse.balance -= coins;
        self.coins -= coins;
        Some(())
    }

    fn release(&mut self, home: usize) -> Option<()> {
        self.known(home)?;
        self.collect(home);
        let open = self.lines.keys().any(|&(t, owner)| {
            let done = self.periods.get(&(t / PERIOD));
            owner == home && !done.is_some_and(|done| done.contains(&home))
        });
        let purse = &mut self.homes[home].purse;
        let all = purse.balance + purse.collateral;
        let clear = purse.arrears == 0 && purse.receivable == 0;
        (!open && clear && all > 0).then_some(())?;
        *purse = Purse::default();
        self.coins -= all;
        Some(())
    }

    fn defund(&mut self, coins: i128) -> Option<()> {
        let owed: i128 = self.homes.iter().map(|home| home.purse.receivable).sum();
        let free = self.grid.free() - FLOAT - owed;
        (0 < coins && coins <= free).then_some(())?;
        self.grid.cash -= coins;
        self.coins -= coins;
        Some(())
    }
}
