//! One account's bill: what each interval pays, and why.

use std::ops::RangeInclusive;

use gridweave_types::billing::Origin;
use gridweave_units::Interval;
use serde::Serialize;

use super::listed;
use crate::event::origin_name;
use crate::{AuditError, Ledger, Line};

/// One interval of a bill. Energies are Wh (injection positive), prices µ/kWh, money µ (what the
/// account gets is positive).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BillLine {
    /// The interval.
    pub interval: u32,
    /// When it begins (Unix seconds).
    pub begins: u64,
    /// Committed energy.
    pub committed_wh: i64,
    /// Price of its deviation: a shortfall is charged at the largest price of the commitments, a
    /// surplus bought at the least, without a commitment the reference price.
    pub price: Option<i64>,
    /// Energy that counts; `None` while there is none.
    pub metered_wh: Option<i64>,
    /// Metered less committed.
    pub deviation_wh: Option<i64>,
    /// Where the energy comes from: `none`, `meter`, `estimate` or `operator`.
    pub origin: &'static str,
    /// Times that the energy was superseded.
    pub corrections: usize,
    /// Whether it is held by a dispute.
    pub disputed: bool,
    /// Whether it is settled; the amounts are 0 until then.
    pub settled: bool,
    /// For what was promised.
    pub commitment: i128,
    /// For the deviation.
    pub imbalance: i128,
    /// For having deviated, zero or less.
    pub penalty: i128,
    /// The three together.
    pub total: i128,
    /// Sum of the totals of this account's lines up to this one, those before the bill included.
    pub running: i128,
    /// Why, in words.
    pub why: String,
}

/// Sums of a bill's lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BillTotals {
    /// Lines.
    pub lines: usize,
    /// Of these, not settled.
    pub open: usize,
    /// Of these, settled on an estimate.
    pub estimated: usize,
    /// Of these, with superseded energies.
    pub corrected: usize,
    /// Committed energy.
    pub committed_wh: i128,
    /// Energy of the settled lines.
    pub metered_wh: i128,
    /// For what was promised.
    pub commitment: i128,
    /// For deviations.
    pub imbalance: i128,
    /// Penalties.
    pub penalty: i128,
    /// The three together.
    pub total: i128,
}

/// A bill, and what the account has now (µ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bill {
    /// The account.
    pub account: String,
    /// The other side of every line.
    pub counterparty: &'static str,
    /// The bank denom, of which money is given in millionths of a currency unit.
    pub denom: String,
    /// Lines by interval.
    pub lines: Vec<BillLine>,
    /// Their sums.
    pub totals: BillTotals,
    /// All settled lines of the account, whether on this bill or not.
    pub settled: i128,
    /// Demand charges of final statements, zero or less.
    pub demand: i128,
    /// Side payments of pool sessions.
    pub side_payments: i128,
    /// Coins paid in.
    pub deposited: u128,
    /// Coins paid out.
    pub withdrawn: u128,
    /// May be withdrawn.
    pub balance: u128,
    /// Stays as security.
    pub collateral: u128,
    /// Owed to the account.
    pub receivable: u128,
    /// Owed by the account.
    pub arrears: u128,
}

impl Bill {
    /// The bill of `account`, of all intervals or of some.
    ///
    /// # Errors
    /// [`AuditError::UnknownAccount`].
    pub fn new(
        ledger: &Ledger,
        account: &str,
        intervals: Option<RangeInclusive<u32>>,
    ) -> Result<Self, AuditError> {
        let held = ledger.accounts.get(account);
        let held = held.ok_or_else(|| AuditError::UnknownAccount {
            account: account.into(),
            known: listed("accounts", ledger.accounts.keys().cloned()),
        })?;
        let mut running = 0i128;
        let mut lines = Vec::new();
        let mut totals = BillTotals::default();
        for (&interval, line) in &held.lines {
            running = running.saturating_add(line.amount());
            let shown = intervals.as_ref();
            if shown.is_none_or(|shown| shown.contains(&interval)) {
                let row = BillLine::new(ledger, interval, line, running);
                totals.add(&row);
                lines.push(row);
            }
        }
        let demand = held.statements.values().copied();
        Ok(Self {
            account: account.into(),
            counterparty: "the grid account",
            denom: ledger.terms.denom.clone(),
            lines,
            totals,
            settled: running,
            demand: demand.fold(0, i128::saturating_add),
            side_payments: held
                .side_payments
                .values()
                .map(|&paid| i128::from(paid))
                .sum(),
            deposited: held.deposited,
            withdrawn: held.withdrawn,
            balance: held.purse.balance,
            collateral: held.purse.collateral,
            receivable: held.purse.receivable,
            arrears: held.purse.arrears,
        })
    }
}

impl BillTotals {
    fn add(&mut self, line: &BillLine) {
        self.lines += 1;
        self.open += usize::from(!line.settled);
        self.corrected += usize::from(line.corrections > 0);
        let committed = i128::from(line.committed_wh);
        self.committed_wh = self.committed_wh.saturating_add(committed);
        if !line.settled {
            return;
        }
        self.estimated += usize::from(line.origin == origin_name(Origin::Estimate));
        let metered = line.metered_wh.map_or(0, i128::from);
        self.metered_wh = self.metered_wh.saturating_add(metered);
        for (sum, part) in [
            (&mut self.commitment, line.commitment),
            (&mut self.imbalance, line.imbalance),
            (&mut self.penalty, line.penalty),
            (&mut self.total, line.total),
        ] {
            *sum = sum.saturating_add(part);
        }
    }
}

impl BillLine {
    fn new(ledger: &Ledger, interval: u32, line: &Line, running: i128) -> Self {
        let metered = line.metered.map(|metered| metered.energy);
        let committed = line.position.energy.0;
        let deviation = metered.map(|metered| metered.saturating_sub(committed));
        let settled = line.settled.unwrap_or_default();
        let mut row = Self {
            interval,
            begins: ledger.timeline().begin(Interval(interval)),
            committed_wh: committed,
            price: price(ledger, interval, line, deviation),
            metered_wh: metered,
            deviation_wh: deviation,
            origin: origin_name(line.origin()),
            corrections: line.superseded.len(),
            disputed: line.disputed,
            settled: line.settled.is_some(),
            commitment: settled.committed.0,
            imbalance: settled.imbalance.0,
            penalty: settled.penalty.0,
            total: line.amount(),
            running,
            why: String::new(),
        };
        row.why = row.reason(line);
        row
    }

    fn reason(&self, line: &Line) -> String {
        let mut words = Vec::new();
        match (line.commitments.is_empty(), self.deviation_wh) {
            (true, _) => words.push("no commitment".to_owned()),
            (_, Some(deviation)) if deviation < 0 => words.push("shortfall".into()),
            (_, Some(deviation)) if deviation > 0 => words.push("surplus".into()),
            _ => words.push("as promised".into()),
        }
        if line.commitments.iter().any(|commitment| commitment.paid) {
            words.push("paid elsewhere".into());
        }
        match line.origin() {
            Origin::Estimate => words.push("estimated".into()),
            Origin::Operator => words.push("decided by the operator".into()),
            Origin::None => words.push("no reading yet".into()),
            Origin::Meter => {}
        }
        if self.corrections > 0 {
            words.push(format!("superseded {}×", self.corrections));
        }
        if self.disputed {
            words.push("disputed".into());
        }
        if !self.settled {
            words.push("not settled".into());
        }
        words.join(", ")
    }
}

fn price(ledger: &Ledger, interval: u32, line: &Line, deviation: Option<i64>) -> Option<i64> {
    let range = line.position.prices;
    let price = match range {
        Some(range) if deviation.is_some_and(|deviation| deviation < 0) => range.high,
        Some(range) => range.low,
        None => ledger.reference(interval).ok()?,
    };
    Some(price.0)
}
