//! Answers about terms, books and accounts.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Int64, Uint64, Uint128};

use gridweave_rules::settlement::Timeline;

use super::{Limits, SourceKind, Tariff, Windows};

/// Answer to [`super::QueryMsg::Config`]; see [`super::InstantiateMsg`].
#[cw_serde]
pub struct ConfigResponse {
    /// The `grid` contract.
    pub grid: Addr,
    /// Who may take money out of the grid account.
    pub treasury: Addr,
    /// The one bank denom.
    pub denom: String,
    /// Unix seconds at which interval 0 begins.
    pub genesis: u32,
    /// Chain seconds per interval.
    pub interval_seconds: u32,
    /// Intervals per statement.
    pub period_intervals: u32,
    /// Price of energy without a commitment (µ/kWh).
    pub reference_price: Int64,
    /// Collateral per account (µ).
    pub collateral: Uint128,
    /// Cash that the treasury must leave (µ).
    pub float: Uint128,
    /// Windows.
    pub windows: Windows,
    /// Limits.
    pub limits: Limits,
}

impl ConfigResponse {
    /// When what happens to an interval.
    pub const fn timeline(&self) -> Timeline {
        self.windows.timeline(self.genesis, self.interval_seconds)
    }
}

/// Answer to [`super::QueryMsg::Tariff`].
#[cw_serde]
pub struct TariffResponse {
    /// First interval it holds for.
    pub from: u32,
    /// The tariff.
    pub tariff: Tariff,
}

/// Answer to [`super::QueryMsg::Books`] (µ).
///
/// `deposited − withdrawn = balances + collateral + grid + reserve`, which is the contract's bank
/// balance unless somebody sent coins past the messages.
#[cw_serde]
pub struct BooksResponse {
    /// All coins that came in by `TopUp` and `FundGrid`.
    pub deposited: Uint128,
    /// All coins that went out by `Withdraw`, `Release` and `DefundGrid`.
    pub withdrawn: Uint128,
    /// Sum of the balances.
    pub balances: Uint128,
    /// Sum of the collateral.
    pub collateral: Uint128,
    /// Cash of the grid account.
    pub grid: Uint128,
    /// Cash of the reserve: the dust of rounding.
    pub reserve: Uint128,
    /// Dust booked so far; above the reserve only while the grid account has no cash at all.
    pub dust: Uint128,
    /// Claims: what the grid account owes accounts.
    pub receivables: Uint128,
    /// Claims: what accounts owe the grid account.
    pub arrears: Uint128,
    /// Number of accounts.
    pub accounts: u32,
}

/// A schedule contract.
#[cw_serde]
pub struct SourceResponse {
    /// Its address.
    pub contract: Addr,
    /// Its number, fixed at registration.
    pub index: u32,
    /// How it hands over commitments.
    pub kind: SourceKind,
    /// Whether its commitments count.
    pub active: bool,
}

/// Answer to [`super::QueryMsg::Sources`]: at most [`super::MAX_SOURCES`].
#[cw_serde]
pub struct SourcesResponse {
    /// All sources.
    pub sources: Vec<SourceResponse>,
}

/// Answer to [`super::QueryMsg::Session`].
#[cw_serde]
pub struct SessionProgress {
    /// Participants whose rows have been read.
    pub recorded: u32,
    /// Whether all of them have.
    pub complete: bool,
}

/// Answer to [`super::QueryMsg::Account`].
#[cw_serde]
pub struct AccountResponse {
    /// Chain address.
    pub account: Addr,
    /// Money that may be withdrawn (µ).
    pub balance: Uint128,
    /// Money that stays as collateral (µ).
    pub collateral: Uint128,
    /// Owed to it by the grid account (µ).
    pub receivable: Uint128,
    /// Owed by it to the grid account (µ).
    pub arrears: Uint128,
    /// Whether it takes no new unpaid commitments: in arrears, short of collateral, or silent.
    pub suspended: bool,
    /// Estimated lines since its last reading.
    pub silent: u32,
    /// Nonce of its meter's last accepted message; 0 before the first.
    pub nonce: Uint64,
    /// Interval that its meter reports next; `None` before the first reading.
    pub next_reading: Option<u32>,
    /// Statements that are not final.
    pub open_statements: u32,
}

/// Answer to [`super::QueryMsg::Accounts`].
#[cw_serde]
pub struct AccountsResponse {
    /// One page.
    pub accounts: Vec<AccountResponse>,
}
