//! Tasks of Type 2, lines 4 to 10 of algorithm 1.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Int64, Uint64, Uint128};

/// A task to offer.
#[cw_serde]
pub struct TaskInput {
    /// The Type 2 crowdsourcee.
    pub account: String,
    /// Interval; it must not have begun.
    pub interval: u32,
    /// Energy beyond what the account has committed otherwise (Wh, injection positive), not 0.
    pub energy: Int64,
    /// `λ` (µ/kWh).
    pub price: Int64,
    /// `λᵃ` (µ/kWh), at most the programme's cap.
    pub incentive: Uint64,
}

/// A raise of one task.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct RaiseInput {
    /// Number of the task.
    pub task: Uint64,
    /// The new `λᵃ` (µ/kWh), above the old one.
    pub incentive: Uint64,
}

/// Energy of a generator in the place of what the crowd did not accept.
#[cw_serde]
pub struct SupplementInput {
    /// The generator.
    pub account: String,
    /// Feeder that it is for.
    pub feeder: u32,
    /// Interval; it must not have begun.
    pub interval: u32,
    /// Energy (Wh, injection positive), not 0.
    pub energy: Int64,
    /// Price (µ/kWh), at most the programme's bound.
    pub price: Int64,
}

/// Where a task stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum TaskState {
    /// Offered or raised; waits for the crowdsourcee.
    Open,
    /// Declined; may be raised until its interval begins.
    Declined,
    /// Accepted: a commitment in `billing`.
    Accepted,
    /// Nobody answered in time.
    Expired,
    /// Delivered as far as the meter says, and paid.
    Settled,
}

/// Answer to [`super::QueryMsg::Task`].
#[cw_serde]
pub struct TaskResponse {
    /// Number of the task.
    pub task: u64,
    /// Its programme.
    pub programme: u32,
    /// The crowdsourcee.
    pub account: Addr,
    /// Its feeder when the task was offered.
    pub feeder: u32,
    /// The interval.
    pub interval: u32,
    /// Energy (Wh, injection positive).
    pub energy: Int64,
    /// `λ` (µ/kWh).
    pub price: Int64,
    /// `λᵃ` (µ/kWh) now.
    pub incentive: Uint64,
    /// Round: 0 when offered, one more with each raise.
    pub round: u32,
    /// Until when it may be accepted or declined (unix seconds).
    pub until: Uint64,
    /// Where it stands. An open task whose time is over can only expire.
    pub state: TaskState,
    /// Delivered (Wh, magnitude); 0 until settled.
    pub delivered: Uint64,
    /// Paid (µ); 0 until settled.
    pub paid: Uint128,
}

/// Answer to [`super::QueryMsg::Tasks`] and its relatives.
#[cw_serde]
pub struct TasksResponse {
    /// One page, by number.
    pub tasks: Vec<TaskResponse>,
}
