//! Answers about lines, intervals and statements.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Int64, Int128, Uint64};

/// Where the energy of a line comes from.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Origin {
    /// Nowhere yet.
    None,
    /// The meter.
    Meter,
    /// The commitment, since the meter was silent.
    Estimate,
    /// The operator, who decided a dispute.
    Operator,
}

/// Where a line stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct LineState {
    /// Whether it has been settled.
    pub settled: bool,
    /// Whether it is held by a dispute.
    pub disputed: bool,
    /// Where its energy comes from.
    pub origin: Origin,
    /// How often its energy was superseded.
    pub corrections: u32,
}

/// One account's line of one interval.
#[cw_serde]
pub struct LineResponse {
    /// Chain address.
    pub account: Addr,
    /// The interval.
    pub interval: u32,
    /// Committed energy (Wh).
    pub energy: Int64,
    /// Exact value of its unpaid commitments (thousandths of a µ).
    pub value: Int128,
    /// Least price of its commitments (µ/kWh), the tariff's terms included.
    pub low: Option<Int64>,
    /// Largest price of its commitments (µ/kWh), the tariff's terms included.
    pub high: Option<Int64>,
    /// Metered or estimated energy (Wh).
    pub metered: Option<Int64>,
    /// Where it stands.
    pub state: LineState,
    /// Paid for what was promised (µ); this and the following are 0 until settled.
    pub committed: Int128,
    /// Paid for the deviation at the interval's price (µ).
    pub imbalance: Int128,
    /// Charged for having deviated (µ), zero or less.
    pub penalty: Int128,
    /// Lost to rounding (µ).
    pub dust: Int128,
}

/// Answer to [`super::QueryMsg::Lines`] and [`super::QueryMsg::AccountLines`].
#[cw_serde]
pub struct LinesResponse {
    /// One page.
    pub lines: Vec<LineResponse>,
}

/// A reading that was superseded.
#[cw_serde]
pub struct SupersededReading {
    /// Energy (Wh).
    pub metered: Int64,
    /// Where it came from.
    pub origin: Origin,
    /// Unix seconds at which it came.
    pub received: Uint64,
}

/// Answer to [`super::QueryMsg::Corrections`].
#[cw_serde]
pub struct CorrectionsResponse {
    /// Oldest first; at most [`super::MAX_CORRECTIONS`].
    pub superseded: Vec<SupersededReading>,
}

/// Answer to [`super::QueryMsg::Interval`]. Accounts, grid account and dust sum to zero.
#[cw_serde]
pub struct IntervalResponse {
    /// Lines.
    pub lines: u32,
    /// Of these, not settled.
    pub open: u32,
    /// Of these, settled on an estimate.
    pub estimated: u32,
    /// Unix seconds from which it may be settled.
    pub settles_at: Uint64,
    /// Unix seconds from which it is final.
    pub final_at: Uint64,
    /// Sum of the commitments (Wh).
    pub scheduled: Int64,
    /// Sum of the settled lines' energy (Wh).
    pub metered: Int64,
    /// What the meter at the root saw enter the feeder (Wh), if the treasury has one.
    pub root: Option<Int64>,
    /// Losses (Wh): what entered at the root and was injected, less what was drawn.
    pub losses: Option<Int64>,
    /// Sum of the settled lines (µ): what the accounts get.
    pub accounts: Int128,
    /// Of these, for commitments.
    pub committed: Int128,
    /// Of these, for deviations.
    pub imbalance: Int128,
    /// Of these, penalties.
    pub penalty: Int128,
    /// What the grid account gets (µ).
    pub grid: Int128,
    /// Dust (µ).
    pub dust: Int128,
}

/// Answer to [`super::QueryMsg::Period`].
#[cw_serde]
pub struct PeriodResponse {
    /// First interval.
    pub first: u32,
    /// Last interval.
    pub last: u32,
    /// Unix seconds from which it may be reconciled.
    pub opens_at: Uint64,
    /// Whether it has been opened for reconciliation.
    pub open: bool,
    /// Statements.
    pub statements: u32,
    /// Of these, final.
    pub reconciled: u32,
}

/// One account's statement of one period.
#[cw_serde]
pub struct StatementResponse {
    /// Chain address.
    pub account: Addr,
    /// The period.
    pub period: u32,
    /// Lines.
    pub lines: u32,
    /// Of these, not settled.
    pub open: u32,
    /// Of these, settled on an estimate.
    pub estimated: u32,
    /// Settled lines that were settled again because their energy changed.
    pub adjusted: u32,
    /// Committed energy (Wh).
    pub scheduled: Int64,
    /// Energy of the settled lines (Wh).
    pub metered: Int64,
    /// Largest draw in one settled interval (Wh).
    pub peak: Uint64,
    /// Paid for what was promised (µ).
    pub committed: Int128,
    /// Paid for deviations (µ).
    pub imbalance: Int128,
    /// Charged for having deviated (µ), zero or less.
    pub penalty: Int128,
    /// Demand charge (µ), zero or less; 0 until final.
    pub demand: Int128,
    /// What the account gets in all (µ).
    pub total: Int128,
    /// Lost to rounding (µ).
    pub dust: Int128,
    /// Whether it can no longer change.
    pub reconciled: bool,
}

/// Answer to [`super::QueryMsg::Statements`].
#[cw_serde]
pub struct StatementsResponse {
    /// One page.
    pub statements: Vec<StatementResponse>,
}
