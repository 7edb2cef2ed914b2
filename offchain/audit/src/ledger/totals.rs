//! Sums over lines.

use gridweave_rules::settlement::{Demand, SettlementError};

use super::{Ledger, Line};
use crate::event::{Closing, StatementFigures};

const fn overflow(what: &'static str) -> SettlementError {
    SettlementError::Overflow { what }
}

fn add<T>(sum: Option<T>, what: &'static str) -> Result<T, SettlementError> {
    sum.ok_or(overflow(what))
}

impl Ledger {
    /// Lines of an interval, those that are not settled, and totals of the settled ones.
    pub(crate) fn interval(&self, interval: u32) -> Result<(u32, Closing), SettlementError> {
        let mut open = 0;
        let mut totals = Closing::default();
        for line in self
            .accounts
            .values()
            .filter_map(|held| held.lines.get(&interval))
        {
            totals.lines += 1;
            let sum = totals.scheduled.checked_add(line.position.energy.0);
            totals.scheduled = add(sum, "scheduled energy")?;
            let Some(settled) = &line.settled else {
                open += 1;
                continue;
            };
            totals.estimated += u32::from(line.is_estimated());
            let sum = totals.metered.checked_add(line.energy());
            totals.metered = add(sum, "metered energy")?;
            let amount = settled.amount()?.0;
            totals.accounts = add(totals.accounts.checked_add(amount), "interval totals")?;
            totals.dust = add(totals.dust.checked_add(settled.dust.0), "dust")?;
        }
        let owed = totals.accounts.checked_add(totals.dust);
        let grid = owed.and_then(i128::checked_neg);
        totals.grid = add(grid, "grid amount")?;
        Ok((open, totals))
    }

    /// Statements of a period: accounts with a line in it.
    pub(crate) fn statements(&self, period: u32) -> u32 {
        let Some((first, last)) = self.bounds(period) else {
            return 0;
        };
        let accounts = self.accounts.values();
        let with_line = accounts.filter(|held| held.within(first..=last).next().is_some());
        u32::try_from(with_line.count()).unwrap_or(u32::MAX)
    }

    /// An account's statement of a period as it stands, with `charge` for the peak; the lines that
    /// are not settled count with nothing but their schedule.
    pub(crate) fn statement(
        &self,
        account: &str,
        period: u32,
    ) -> Result<(u32, StatementFigures, Demand), SettlementError> {
        let mut open = 0;
        let mut figures = StatementFigures::default();
        let bounds = self.bounds(period).zip(self.accounts.get(account));
        if let Some(((first, last), held)) = bounds {
            for (_, line) in held.within(first..=last) {
                open += u32::from(line.settled.is_none());
                figures.add(line)?;
            }
        }
        let first = self.bounds(period).unwrap_or_default().0;
        let charge = self.demand(first, figures.peak)?;
        figures.demand = charge.amount.0;
        figures.dust = add(figures.dust.checked_add(charge.dust.0), "dust")?;
        let parts = [figures.imbalance, figures.penalty, figures.demand];
        let total = parts
            .iter()
            .try_fold(figures.committed, |sum, part| sum.checked_add(*part));
        figures.total = add(total, "statement")?;
        Ok((open, figures, charge))
    }
}

impl StatementFigures {
    fn add(&mut self, line: &Line) -> Result<(), SettlementError> {
        self.lines += 1;
        let sum = self.scheduled.checked_add(line.position.energy.0);
        self.scheduled = add(sum, "scheduled energy")?;
        let Some(settled) = &line.settled else {
            return Ok(());
        };
        let energy = line.energy();
        self.estimated += u32::from(line.is_estimated());
        self.adjusted = self.adjusted.saturating_add(line.adjusted);
        self.metered = add(self.metered.checked_add(energy), "metered energy")?;
        if energy < 0 {
            self.peak = self.peak.max(energy.unsigned_abs());
        }
        for (sum, part) in [
            (&mut self.committed, settled.committed.0),
            (&mut self.imbalance, settled.imbalance.0),
            (&mut self.penalty, settled.penalty.0),
            (&mut self.dust, settled.dust.0),
        ] {
            *sum = add(sum.checked_add(part), "statement")?;
        }
        Ok(())
    }
}
