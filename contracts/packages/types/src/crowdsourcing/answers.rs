//! Answers about terms, books and willingness.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint64, Uint128};
use gridweave_rules::settlement::Timeline;
use gridweave_units::Fx;

use super::{Ledger, MONTH_DAYS, Terms, WEEK_DAYS};
use crate::billing::{Limits, Windows};

/// Answer to [`super::QueryMsg::Config`]; see [`super::InstantiateMsg`]. Clock, windows, denom and
/// limits are those of `billing`.
#[cw_serde]
pub struct ConfigResponse {
    /// The `grid` contract.
    pub grid: Addr,
    /// The `billing` contract.
    pub billing: Addr,
    /// The one bank denom.
    pub denom: String,
    /// Unix seconds at which interval 0 begins.
    pub genesis: u32,
    /// Chain seconds per interval.
    pub interval_seconds: u32,
    /// Windows after the end of an interval.
    pub windows: Windows,
    /// What commitments may carry, and how far ahead.
    pub limits: Limits,
    /// Collateral that `billing` asks of an account (µ).
    pub collateral: Uint128,
    /// The grid account of `billing`, which cannot take part.
    pub treasury: Addr,
    /// Intervals of a day.
    pub day_intervals: u32,
    /// Largest incentive (µ/kWh), the upper end of the levels of acceptance histories.
    pub incentive_limit: Uint64,
}

impl ConfigResponse {
    /// When intervals begin and are final: the clock and windows of `billing`.
    pub const fn timeline(&self) -> Timeline {
        self.windows.timeline(self.genesis, self.interval_seconds)
    }

    /// Ledgers that an interval of a programme belongs to: programme, week, month.
    pub fn ledgers(&self, programme: u32, interval: u32) -> [Ledger; 3] {
        let (week, month) = (self.days(WEEK_DAYS), self.days(MONTH_DAYS));
        [
            Ledger::Programme { programme },
            Ledger::Week {
                week: interval / week,
            },
            Ledger::Month {
                month: interval / month,
            },
        ]
    }

    /// Last interval of a ledger; `terms` are those of its programme, without which that of a
    /// programme is as late as can be.
    pub fn last_interval(&self, ledger: Ledger, terms: Option<&Terms>) -> u32 {
        let (number, length) = match ledger {
            Ledger::Programme { .. } => return terms.map_or(u32::MAX, Terms::last),
            Ledger::Week { week } => (week, self.days(WEEK_DAYS)),
            Ledger::Month { month } => (month, self.days(MONTH_DAYS)),
        };
        let end = number.saturating_add(1).saturating_mul(length);
        end.saturating_sub(1)
    }

    /// Intervals of so many days, at least 1.
    fn days(&self, days: u32) -> u32 {
        self.day_intervals.saturating_mul(days).max(1)
    }
}

/// Answer to [`super::QueryMsg::Books`] (µ).
///
/// `deposited − paid − withdrawn = escrow + unspent`, which is the contract's bank balance unless
/// somebody sent coins past the messages.
#[cw_serde]
pub struct BooksResponse {
    /// All budgets that came in.
    pub deposited: Uint128,
    /// All incentives paid to accounts in `billing`.
    pub paid: Uint128,
    /// Taken out by the operator.
    pub withdrawn: Uint128,
    /// Budgets of programmes that are not closed, less what these have paid.
    pub escrow: Uint128,
    /// Left over by closed programmes, and not taken out yet.
    pub unspent: Uint128,
}

/// Answer to [`super::QueryMsg::Willingness`], see [`gridweave_rules::crowdsourcing`].
#[cw_serde]
pub struct WillingnessResponse {
    /// Chain address.
    pub account: Addr,
    /// Answers counted so far.
    pub answers: u32,
    /// Estimated probability of acceptance by level of incentive, ascending.
    pub rates: Vec<Fx>,
    /// `η`: weight of what it is paid, C(2a).
    pub eta: Fx,
    /// `ζ`: weight (µ/kWh) of the distance from its equilibrium, C(2a).
    pub zeta: Uint64,
    /// Least incentive (µ/kWh) that it is expected to accept half of the time: the lower end of `λᵃ`
    /// in C(2c).
    pub reservation: Uint64,
    /// Evidence behind the rates: for each level weights of acceptances and refusals, in 2⁻¹⁶.
    pub evidence: Vec<(u32, u32)>,
}
