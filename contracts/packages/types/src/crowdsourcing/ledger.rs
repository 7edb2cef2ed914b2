//! The operator's budget accounts and the crowdsourcees' statements.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Int64, Uint64, Uint128};

/// What is accounted for together.
#[cw_serde]
#[derive(Copy, Eq, Hash, PartialOrd, Ord)]
pub enum Ledger {
    /// A programme.
    Programme {
        /// Its number.
        programme: u32,
    },
    /// A week of all programmes: interval divided by the intervals of seven days.
    Week {
        /// Its number.
        week: u32,
    },
    /// A month of all programmes: interval divided by the intervals of thirty days.
    Month {
        /// Its number.
        month: u32,
    },
}

/// What statements and budget accounts both add up.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Totals {
    /// Tasks offered.
    pub offered: u32,
    /// Tasks accepted.
    pub accepted: u32,
    /// Answers that declined; a task may be declined once in each round.
    pub declined: u32,
    /// Tasks that nobody answered.
    pub expired: u32,
    /// Energy of accepted tasks (Wh, magnitude).
    pub energy: Uint64,
    /// Energy delivered of these (Wh, magnitude).
    pub delivered: Uint64,
    /// Incentives paid (µ).
    pub paid: Uint128,
    /// Energy of agreements (Wh, injection positive), paid by `billing`.
    pub agreed: Int64,
    /// Energy of supplements (Wh, injection positive), paid by `billing`.
    pub supplemented: Int64,
}

/// Answer to [`super::QueryMsg::Ledger`]: the operator's budget account.
///
/// `budget = reserved + committed + paid + free + unspent`, always.
#[cw_serde]
pub struct LedgerResponse {
    /// Which.
    pub ledger: Ledger,
    /// All budget of its intervals (µ).
    pub budget: Uint128,
    /// Worst case of open tasks (µ).
    pub reserved: Uint128,
    /// Worst case of accepted tasks that are not settled (µ).
    pub committed: Uint128,
    /// Neither promised nor paid (µ); 0 once reconciled.
    pub free: Uint128,
    /// Not paid when it was reconciled (µ).
    pub unspent: Uint128,
    /// Tasks that are open, or accepted and not settled.
    pub open: u32,
    /// Sums, those of the statements.
    pub totals: Totals,
    /// Statements.
    pub statements: u32,
    /// Statements that are final.
    pub reconciled: u32,
    /// From when on it may be reconciled, once no task is open (unix seconds).
    pub due: Uint64,
    /// Whether it is reconciled.
    pub complete: bool,
}

/// Answer to [`super::QueryMsg::Statement`].
#[cw_serde]
pub struct StatementResponse {
    /// Chain address.
    pub account: Addr,
    /// Which ledger.
    pub ledger: Ledger,
    /// Sums.
    pub totals: Totals,
    /// Whether nothing can change any more.
    pub complete: bool,
}

/// Answer to [`super::QueryMsg::Statements`].
#[cw_serde]
pub struct StatementsResponse {
    /// One page.
    pub statements: Vec<StatementResponse>,
}
