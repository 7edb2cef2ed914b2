//! One account.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use gridweave_rules::settlement::Purse;

use super::Line;

/// An account as the events leave it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub number: u32,
    /// Its money (µ).
    pub purse: Purse,
    /// Nonce of its meter's last message; 0 before the first.
    pub nonce: u64,
    /// Interval that its meter reports next; `None` before the first reading.
    pub next_reading: Option<u32>,
    /// Estimated lines since the last reading.
    pub silent: u32,
    /// Lines by interval.
    pub lines: BTreeMap<u32, Line>,
    /// Side payments (µ) by coordinator and session.
    pub side_payments: BTreeMap<(String, u64), i64>,
    /// Final statements: period and demand charge (µ, zero or less).
    pub statements: BTreeMap<u32, i128>,
    /// Coins paid in (µ).
    pub deposited: u128,
    /// Coins paid out (µ).
    pub withdrawn: u128,
}

impl Account {
    /// Whether it takes no new unpaid commitments.
    pub fn suspended(&self, required: u128, silent: u32) -> bool {
        let secured = self.purse.collateral.saturating_add(self.purse.receivable);
        self.purse.arrears > 0 || secured < required || self.silent > silent
    }

    /// Periods of `length` intervals in which it has lines.
    pub(crate) fn periods(&self, length: u32) -> BTreeSet<u32> {
        let intervals = self.lines.keys();
        intervals
            .filter_map(|interval| interval.checked_div(length))
            .collect()
    }

    /// Its lines within these intervals.
    pub(crate) fn within(
        &self,
        intervals: RangeInclusive<u32>,
    ) -> impl Iterator<Item = (u32, &Line)> {
        // A range whose end lies before its start makes a map panic.
        let (first, last) = intervals.into_inner();
        let lines = (first <= last).then(|| self.lines.range(first..=last));
        lines
            .into_iter()
            .flatten()
            .map(|(interval, line)| (*interval, line))
    }
}
