//! The verdict of an audit.

use std::fmt;

use serde::Serialize;

use crate::Subject;
use crate::findings::Findings;
use crate::ledger::Ledger;

/// Attributes that an audit takes as they are, by action or event. They set what the rest is computed
/// from, or say who moved coins and where a page ended; that an interval or line was announced wrong
/// never follows from them alone.
pub const TAKEN_AS_GIVEN: [(&str, &str); 18] = [
    ("instantiated", "config"),
    ("instantiated", "tariff"),
    ("tariff_set", "from"),
    ("tariff_set", "tariff"),
    ("migrated", "from"),
    ("migrated", "to"),
    ("topped_up", "sender"),
    ("withdrawn", "recipient"),
    ("released", "recipient"),
    ("grid_funded", "sender"),
    ("grid_defunded", "recipient"),
    ("reading_disputed", "sender"),
    ("session_recorded", "left"),
    ("commitments_skipped", "intervals"),
    ("interval_settled", "held"),
    ("interval_settled", "next"),
    ("period_reconciled", "held"),
    ("period_reconciled", "next"),
];

/// The same in words, for people.
const TRUSTED: [&str; 6] = [
    "the terms and tariffs that were announced are those that were agreed",
    "the meter keys that grid announced belong to the meters",
    "the commitments of sessions are the coordinator's schedule and prices (a chain can be asked)",
    "of a market: whose deposits those of a feeder are, and bounds of certificates, whose duals are in transactions",
    "of a market: what a candidate would have traded in intervals that were voided by lowered limits",
    "senders and recipients of coins and page marks are as announced; no book depends on them",
];

/// What was audited, how much of it, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The chain and the contracts.
    #[serde(flatten)]
    pub subject: Subject,
    /// Height of the last event.
    pub height: u64,
    /// Accounts.
    pub accounts: usize,
    /// Settled lines.
    pub lines: usize,
    /// Counts and differences.
    #[serde(flatten)]
    pub findings: Findings,
    /// Sum of the demand charges and of the lines of all accounts (µ).
    pub settled_total: i128,
    /// Dust booked (µ).
    pub dust: u128,
    /// Arrears of all accounts (µ).
    pub arrears: u128,
    /// Coins in, less coins out, less what the books hold (µ); of a market's money too.
    pub conservation_error: i128,
    /// What was taken as given.
    pub trusted: Vec<String>,
}

impl Report {
    pub(crate) fn new(
        subject: &Subject,
        ledger: &Ledger,
        findings: &Findings,
        height: u64,
    ) -> Self {
        let accounts = ledger.accounts.values();
        let total = accounts.fold(0i128, |sum, held| {
            let lines = held.lines.values().map(|line| line.amount());
            let parts = lines.chain(held.statements.values().copied());
            parts.fold(sum, i128::saturating_add)
        });
        let books = ledger.books();
        Self {
            subject: subject.clone(),
            height,
            accounts: ledger.accounts.len(),
            lines: ledger.settled_lines(),
            findings: findings.clone(),
            settled_total: total,
            dust: books.dust.u128(),
            arrears: books.arrears.u128(),
            conservation_error: ledger.conservation_error(),
            trusted: TRUSTED.map(Into::into).into(),
        }
    }

    /// Whether nothing differs and no coin is missing.
    pub fn is_clean(&self) -> bool {
        self.findings.differences == 0 && self.conservation_error == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} lines, {} differences",
            self.lines, self.findings.differences
        )
    }
}
