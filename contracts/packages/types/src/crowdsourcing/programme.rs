//! Programmes: a day or another period with a budget per feeder and interval.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Int64, Uint64, Uint128};

/// Terms of a programme.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Terms {
    /// First interval; it must not have begun.
    pub first: u32,
    /// Number of intervals, 1 to [`super::MAX_LENGTH`].
    pub length: u32,
    /// Until when preferences may be submitted and amended (unix seconds), at most the beginning of
    /// the first interval. From then on there are agreements and tasks.
    pub preferences_until: Uint64,
    /// Largest incentive `λᵃ` (µ/kWh), at most the contract's limit.
    pub cap: Uint64,
    /// How often a task may be raised, at most [`super::MAX_RAISES`].
    pub raises: u32,
    /// How long an offer or raise stays open (seconds), 1 to [`super::MAX_TASK_SECONDS`]; never
    /// longer than until its interval begins.
    pub task_seconds: u32,
    /// Largest price of a supplement (µ/kWh).
    pub supplement_price: Uint64,
}

impl Terms {
    /// Last interval.
    pub const fn last(&self) -> u32 {
        self.first.saturating_add(self.length.saturating_sub(1))
    }

    /// Whether an interval belongs to the programme.
    pub const fn contains(&self, interval: u32) -> bool {
        self.first <= interval && interval <= self.last()
    }
}

/// Budgets `b` of one feeder, C(2b).
#[cw_serde]
pub struct FeederBudget {
    /// Feeder number.
    pub feeder: u32,
    /// Interval of the first amount.
    pub from: u32,
    /// Amount of each interval (µ).
    pub amounts: Vec<Uint128>,
}

/// Where a programme stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Phase {
    /// Preferences are taken.
    Collecting,
    /// Agreements and tasks are made, delivered and settled.
    Running,
    /// Reconciled: what was not paid is the operator's again.
    Closed,
}

/// Answer to [`super::QueryMsg::Programme`].
#[cw_serde]
pub struct ProgrammeResponse {
    /// Number of the programme.
    pub programme: u32,
    /// Its terms.
    pub terms: Terms,
    /// Where it stands now.
    pub phase: Phase,
    /// Crowdsourcees with preferences.
    pub participants: u32,
}

/// Answer to [`super::QueryMsg::Programmes`].
#[cw_serde]
pub struct ProgrammesResponse {
    /// One page.
    pub programmes: Vec<ProgrammeResponse>,
}

/// Answer to [`super::QueryMsg::Budget`]: what one feeder may spend in one interval.
///
/// `budget = reserved + committed + paid + free`, always.
#[cw_serde]
pub struct BudgetResponse {
    /// Feeder number.
    pub feeder: u32,
    /// The interval.
    pub interval: u32,
    /// Budget (µ), C(2b).
    pub budget: Uint128,
    /// Worst case of the tasks that are open (µ).
    pub reserved: Uint128,
    /// Worst case of the tasks that are accepted and not yet settled (µ).
    pub committed: Uint128,
    /// Paid for what was delivered (µ).
    pub paid: Uint128,
    /// What can still be offered (µ).
    pub free: Uint128,
    /// Energy of accepted tasks (Wh, injection positive).
    pub accepted: Int64,
    /// Energy of supplements (Wh, injection positive).
    pub supplemented: Int64,
}

/// Answer to [`super::QueryMsg::Budgets`].
#[cw_serde]
pub struct BudgetsResponse {
    /// One page, by interval.
    pub budgets: Vec<BudgetResponse>,
}
