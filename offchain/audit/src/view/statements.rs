//! One statement per account and period.

use gridweave_rules::settlement::SettlementError;
use serde::Serialize;

use super::listed;
use crate::{AuditError, Ledger};

/// One account's statement. Energies are Wh, money µ (what the account gets is positive).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The account.
    pub account: String,
    /// Lines.
    pub lines: u32,
    /// Of these, not settled.
    pub open: u32,
    /// Of these, settled on an estimate.
    pub estimated: u32,
    /// Times that a settled line was settled again.
    pub adjusted: u32,
    /// Committed energy.
    pub scheduled_wh: i64,
    /// Energy of the settled lines.
    pub metered_wh: i64,
    /// Largest draw in one interval.
    pub peak_wh: u64,
    /// For what was promised.
    pub commitment: i128,
    /// For deviations.
    pub imbalance: i128,
    /// Penalties, zero or less.
    pub penalty: i128,
    /// Demand charge, zero or less; not booked before the statement is final.
    pub demand: i128,
    /// All together.
    pub total: i128,
    /// Lost to rounding.
    pub dust: i128,
    /// Whether it can no longer change.
    pub is_final: bool,
}

/// The statements of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeriodStatements {
    /// The period.
    pub period: u32,
    /// Its first interval.
    pub first: u32,
    /// Its last interval.
    pub last: u32,
    /// Whether it has been opened for reconciliation.
    pub opened: bool,
    /// Statements by account.
    pub statements: Vec<Statement>,
    /// What the grid account gets: the other side of all, less the dust.
    pub grid: i128,
    /// Lost to rounding.
    pub dust: i128,
}

impl PeriodStatements {
    /// The statements of `period`, of all accounts or of one.
    ///
    /// # Errors
    /// [`AuditError::UnknownPeriod`], [`AuditError::UnknownAccount`]. An overflow cannot happen
    /// with a history that has been followed without differences; it counts as no statement.
    pub fn new(ledger: &Ledger, period: u32, account: Option<&str>) -> Result<Self, AuditError> {
        let bounds = ledger.bounds(period);
        let bounds = bounds.filter(|_| ledger.statements(period) > 0);
        let (first, last) = bounds.ok_or_else(|| AuditError::UnknownPeriod {
            period,
            known: listed("periods", periods(ledger).into_iter()),
        })?;
        let with_line = ledger.accounts.iter().filter(|(address, held)| {
            account.is_none_or(|account| account == *address)
                && held.within(first..=last).next().is_some()
        });
        let statements: Vec<Statement> = with_line
            .filter_map(|(address, _)| Statement::new(ledger, address, period).ok())
            .collect();
        if let (Some(account), true) = (account, statements.is_empty()) {
            return Err(AuditError::UnknownAccount {
                account: account.into(),
                known: listed("accounts", ledger.accounts.keys().cloned()),
            });
        }
        let sum = |part: fn(&Statement) -> i128| {
            statements
                .iter()
                .fold(0i128, |sum, row| sum.saturating_add(part(row)))
        };
        let (total, dust) = (sum(|row| row.total), sum(|row| row.dust));
        Ok(Self {
            period,
            first,
            last,
            opened: ledger.periods.contains_key(&period),
            grid: total.saturating_add(dust).saturating_neg(),
            dust,
            statements,
        })
    }
}

fn periods(ledger: &Ledger) -> Vec<String> {
    let length = ledger.terms.period_intervals;
    let accounts = ledger.accounts.values();
    let mut all: Vec<u32> = accounts.flat_map(|held| held.periods(length)).collect();
    all.sort_unstable();
    all.dedup();
    all.iter().map(ToString::to_string).collect()
}

impl Statement {
    fn new(ledger: &Ledger, account: &str, period: u32) -> Result<Self, SettlementError> {
        let (open, figures, _) = ledger.statement(account, period)?;
        let held = ledger.accounts.get(account);
        Ok(Self {
            account: account.into(),
            lines: figures.lines,
            open,
            estimated: figures.estimated,
            adjusted: figures.adjusted,
            scheduled_wh: figures.scheduled,
            metered_wh: figures.metered,
            peak_wh: figures.peak,
            commitment: figures.committed,
            imbalance: figures.imbalance,
            penalty: figures.penalty,
            demand: figures.demand,
            total: figures.total,
            dust: figures.dust,
            is_final: held.is_some_and(|held| held.statements.contains_key(&period)),
        })
    }
}
