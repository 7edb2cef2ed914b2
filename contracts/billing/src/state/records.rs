//! The packed records.

use gridweave_rules::settlement::{Pool, Position, PriceRange, Purse, Settlement};
use gridweave_types::billing::Origin;
use gridweave_types::packed::packed_struct;
use gridweave_units::{Energy, Price};

/// Origins as they are stored.
pub mod origin {
    use gridweave_types::billing::Origin;

    /// See [`Origin::None`].
    pub const NONE: u8 = 0;
    /// See [`Origin::Meter`].
    pub const METER: u8 = 1;
    /// See [`Origin::Estimate`].
    pub const ESTIMATE: u8 = 2;
    /// See [`Origin::Operator`].
    pub const OPERATOR: u8 = 3;

    /// As clients see it.
    pub fn shown(origin: u8) -> Origin {
        match origin {
            METER => Origin::Meter,
            ESTIMATE => Origin::Estimate,
            OPERATOR => Origin::Operator,
            _ => Origin::None,
        }
    }
}

packed_struct! {
    /// An account (85 bytes).
    pub struct Account {
        /// See [`Purse::balance`].
        pub balance: u128,
        /// See [`Purse::collateral`].
        pub collateral: u128,
        /// See [`Purse::receivable`].
        pub receivable: u128,
        /// See [`Purse::arrears`].
        pub arrears: u128,
        /// Nonce of the meter's last accepted message.
        pub nonce: u64,
        /// Whether the meter has reported.
        pub metered: bool,
        /// Interval that the meter reports next, once it has reported.
        pub next_reading: u32,
        /// Estimated lines since the last reading.
        pub silent: u32,
        /// Statements that are not final.
        pub open_statements: u32,
    }
}

impl Account {
    /// Its money.
    pub fn purse(&self) -> Purse {
        Purse {
            balance: self.balance,
            collateral: self.collateral,
            receivable: self.receivable,
            arrears: self.arrears,
        }
    }

    /// Replaces its money.
    pub fn set_purse(&mut self, purse: &Purse) {
        self.balance = purse.balance;
        self.collateral = purse.collateral;
        self.receivable = purse.receivable;
        self.arrears = purse.arrears;
    }

    /// Whether it takes no new unpaid commitments. What the grid owes it counts as security.
    pub fn suspended(&self, required: u128, silent: u32) -> bool {
        let secured = self.collateral.saturating_add(self.receivable);
        self.arrears > 0 || secured < required || self.silent > silent
    }
}

packed_struct! {
    /// Totals (136 bytes).
    pub struct Books {
        /// Coins that came in.
        pub deposited: u128,
        /// Coins that went out.
        pub withdrawn: u128,
        /// Sum of the balances.
        pub balances: u128,
        /// Sum of the collateral.
        pub collateral: u128,
        /// Sum of the receivables.
        pub receivables: u128,
        /// Sum of the arrears.
        pub arrears: u128,
        /// See [`Pool::cash`].
        pub cash: u128,
        /// See [`Pool::dust`].
        pub dust: u128,
        /// Number of accounts.
        pub accounts: u32,
        /// First interval that no commitment reaches.
        pub committed_until: u32,
    }
}

impl Books {
    /// The grid account's money.
    pub fn pool(&self) -> Pool {
        Pool {
            cash: self.cash,
            dust: self.dust,
        }
    }
}

packed_struct! {
    /// An account's line of an interval (60 bytes).
    pub struct Line {
        /// See [`Position::energy`].
        pub energy: i64,
        /// See [`Position::value`].
        pub value: i128,
        /// See [`PriceRange::low`].
        pub low: i64,
        /// See [`PriceRange::high`].
        pub high: i64,
        /// One bit per source that has committed.
        pub sources: u32,
        /// Metered or estimated energy (Wh).
        pub metered: i64,
        /// Unix seconds at which it came.
        pub received: u32,
        /// Where it came from, see [`origin`].
        pub origin: u8,
        /// Whether it has been settled.
        pub settled: bool,
        /// Whether it is held by a dispute.
        pub disputed: bool,
        /// How often its energy was superseded.
        pub corrections: u8,
    }
}

impl Line {
    /// What was promised.
    pub fn position(&self) -> Position {
        Position {
            energy: Energy(self.energy),
            value: self.value,
            prices: (self.sources != 0).then_some(PriceRange {
                low: Price(self.low),
                high: Price(self.high),
            }),
        }
    }

    /// Replaces what was promised.
    pub fn set_position(&mut self, position: &Position) {
        let range = position.prices.unwrap_or(PriceRange::at(Price(0)));
        self.energy = position.energy.0;
        self.value = position.value;
        self.low = range.low.0;
        self.high = range.high.0;
    }

    /// Where its energy comes from.
    pub fn origin(&self) -> Origin {
        origin::shown(self.origin)
    }
}

packed_struct! {
    /// A reading that was superseded (13 bytes).
    pub struct Superseded {
        /// Energy (Wh).
        pub metered: i64,
        /// Unix seconds at which it came.
        pub received: u32,
        /// Where it came from, see [`origin`].
        pub origin: u8,
    }
}

packed_struct! {
    /// Sums over settled lines.
    pub struct Sums {
        /// Energy (Wh).
        pub metered: i64,
        /// See [`Settlement::committed`].
        pub committed: i128,
        /// See [`Settlement::imbalance`].
        pub imbalance: i128,
        /// See [`Settlement::penalty`].
        pub penalty: i128,
        /// See [`Settlement::dust`].
        pub dust: i128,
    }
}

impl Sums {
    /// One settled line.
    pub fn of(metered: i64, settlement: &Settlement) -> Self {
        Self {
            metered,
            committed: settlement.committed.0,
            imbalance: settlement.imbalance.0,
            penalty: settlement.penalty.0,
            dust: settlement.dust.0,
        }
    }

    /// What the account gets (µ); `None` beyond the range.
    pub fn amount(&self) -> Option<i128> {
        let sum = self.committed.checked_add(self.imbalance)?;
        sum.checked_add(self.penalty)
    }

    /// The sums with `before` taken out and `after` put in; `None` beyond the range.
    pub fn replaced(&self, before: &Self, after: &Self) -> Option<Self> {
        let wide = |sum: i128, old: i128, new: i128| sum.checked_add(new.checked_sub(old)?);
        let change = after.metered.checked_sub(before.metered)?;
        Some(Self {
            metered: self.metered.checked_add(change)?,
            committed: wide(self.committed, before.committed, after.committed)?,
            imbalance: wide(self.imbalance, before.imbalance, after.imbalance)?,
            penalty: wide(self.penalty, before.penalty, after.penalty)?,
            dust: wide(self.dust, before.dust, after.dust)?,
        })
    }
}

packed_struct! {
    /// Totals of an interval (101 bytes).
    pub struct IntervalTotals {
        /// Lines.
        pub lines: u32,
        /// Of these, not settled.
        pub open: u32,
        /// Of these, settled on an estimate.
        pub estimated: u32,
        /// Sum of the commitments (Wh).
        pub scheduled: i64,
        /// Settled lines.
        pub sums: Sums,
        /// Whether the meter at the root has reported.
        pub rooted: bool,
        /// What it saw enter the feeder (Wh).
        pub root: i64,
    }
}

packed_struct! {
    /// An account's statement of a period (122 bytes).
    pub struct Statement {
        /// Lines.
        pub lines: u32,
        /// Of these, not settled.
        pub open: u32,
        /// Of these, settled on an estimate.
        pub estimated: u32,
        /// Times that a settled line was settled again.
        pub adjusted: u32,
        /// Committed energy (Wh).
        pub scheduled: i64,
        /// Settled lines, and the dust of the demand charge.
        pub sums: Sums,
        /// Largest draw in a settled interval (Wh), or what it was before a correction.
        pub peak: u64,
        /// Whether a correction lowered the peak, so that it must be found again.
        pub stale: bool,
        /// Demand charge (µ), zero or less.
        pub demand: i128,
        /// Whether it is final.
        pub reconciled: bool,
    }
}

packed_struct! {
    /// Reconciliation of a period.
    pub struct Period {
        /// Whether it has been opened.
        pub open: bool,
        /// Statements.
        pub statements: u32,
        /// Of these, final.
        pub reconciled: u32,
    }
}
