//! What a metered day came to: every line, and whether the money adds up.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gridweave_agents::ledger;
use gridweave_chain::{Chain, ContractAddr};
use gridweave_types::billing::{BooksResponse, LineResponse};
use serde::Serialize;

/// Totals of a day's bills. Energies in Wh (injection positive), money in µ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Lines that are settled.
    pub settled_lines: usize,
    /// Of these, settled on an estimate to the end.
    pub estimated_lines: usize,
    /// What the accounts promised.
    pub energy_scheduled_wh: i64,
    /// What their meters say.
    pub energy_metered_wh: i64,
    /// What the feeder lost, by the meter at its root.
    pub energy_lost_wh: Option<i64>,
    /// What the accounts pay in all, penalties and demand charges included, less what they get.
    pub payments_total: i128,
    /// Of these, penalties.
    pub penalties_total: i128,
    /// What the accounts owe and could not pay.
    pub arrears_total: u128,
    /// Lost to rounding.
    pub dust: i128,
    /// What does not add up: the contract's books among themselves and against its bank balance,
    /// and accounts, grid account and dust of every interval.
    pub conservation_error: u128,
}

/// A metered day.
#[derive(Debug, Clone)]
pub struct Bills {
    /// The totals.
    pub totals: Totals,
    /// The lines, by interval.
    pub lines: Vec<Bill>,
}

/// A line and whose it is.
#[derive(Debug, Clone)]
pub struct Bill {
    /// Name of the participant.
    pub name: String,
    /// The line.
    pub line: LineResponse,
}

/// A day to read the bills of.
pub struct Billed<'a, C> {
    /// The chain.
    pub chain: &'a C,
    /// The contract.
    pub billing: &'a ContractAddr,
    /// First interval.
    pub first: u32,
    /// Intervals.
    pub horizon: u32,
    /// Names of the participants by address.
    pub accounts: &'a BTreeMap<String, String>,
}

impl<C: Chain> Billed<'_, C> {
    /// Reads everything; `balance` is what the contract has in the bank (µ).
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn collect(&self, balance: u128) -> Result<Bills> {
        let mut totals = Totals::default();
        let mut lines = Vec::new();
        for interval in self.first..self.first.saturating_add(self.horizon) {
            self.add_interval(interval, &mut totals).await?;
            let found = ledger::lines(self.chain, self.billing, interval).await?;
            for line in found {
                if let Some(name) = self.accounts.get(line.account.as_str()) {
                    totals.add_line(&line);
                    let name = name.clone();
                    lines.push(Bill { name, line });
                }
            }
        }
        for account in self.accounts.keys() {
            let found = ledger::account_of(self.chain, self.billing, account).await?;
            totals.arrears_total += found.map_or(0, |account| account.arrears.u128());
        }
        totals.payments_total += self.demand_charges().await?;
        let books = ledger::books(self.chain, self.billing).await?;
        totals.conservation_error += books_error(&books, balance);
        Ok(Bills { totals, lines })
    }

    async fn add_interval(&self, interval: u32, totals: &mut Totals) -> Result<()> {
        let sums = ledger::interval(self.chain, self.billing, interval)
            .await
            .with_context(|| format!("interval {interval} cannot be read"))?;
        let parties = [sums.accounts, sums.grid, sums.dust];
        let rest: i128 = parties.into_iter().map(|sum| sum.i128()).sum();
        totals.conservation_error += rest.unsigned_abs();
        if let Some(losses) = sums.losses {
            *totals.energy_lost_wh.get_or_insert(0) += losses.i64();
        }
        Ok(())
    }

    /// What the accounts pay for their largest draw, in the periods that the day reaches into.
    async fn demand_charges(&self) -> Result<i128> {
        let length = ledger::terms(self.chain, self.billing)
            .await?
            .period_intervals
            .max(1);
        let last = self.first.saturating_add(self.horizon.saturating_sub(1));
        let mut charges = 0;
        for period in self.first / length..=last / length {
            let statements = ledger::statements(self.chain, self.billing, period).await?;
            let own = statements
                .iter()
                .filter(|row| self.accounts.contains_key(row.account.as_str()));
            charges -= own.map(|row| row.demand.i128()).sum::<i128>();
        }
        Ok(charges)
    }
}

impl Totals {
    fn add_line(&mut self, line: &LineResponse) {
        self.energy_scheduled_wh += line.energy.i64();
        if !line.state.settled {
            return;
        }
        let estimated = line.state.origin == gridweave_types::billing::Origin::Estimate;
        self.settled_lines += 1;
        self.estimated_lines += usize::from(estimated);
        self.energy_metered_wh += line.metered.map_or(0, |metered| metered.i64());
        self.payments_total -= payments(line) + line.penalty.i128();
        self.penalties_total -= line.penalty.i128();
        self.dust += line.dust.i128();
    }
}

/// What a line pays its account for energy, promised and deviated (µ).
pub fn payments(line: &LineResponse) -> i128 {
    line.committed.i128() + line.imbalance.i128()
}

fn books_error(books: &BooksResponse, balance: u128) -> u128 {
    let held = [books.balances, books.collateral, books.grid, books.reserve];
    let held: u128 = held.into_iter().map(|sum| sum.u128()).sum();
    let paid_in = books
        .deposited
        .u128()
        .saturating_sub(books.withdrawn.u128());
    held.abs_diff(paid_in) + held.abs_diff(balance)
}
