//! Actions.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Int64, Uint64, Uint128};

use super::{Limits, SourceKind, Tariff, Windows};

/// Instantiation.
#[cw_serde]
pub struct InstantiateMsg {
    /// Address of the `grid` contract, which knows the operator, the accounts and their meter keys.
    pub grid: String,
    /// Who may take money out of the grid account, the other side of every line.
    pub treasury: String,
    /// The one bank denom.
    pub denom: String,
    /// Unix seconds at which interval 0 begins.
    pub genesis: u32,
    /// Chain seconds per interval, at least 1; a scenario may compress time.
    pub interval_seconds: u32,
    /// Intervals per statement, 1 to [`super::MAX_PERIOD`]: a week, a month.
    pub period_intervals: u32,
    /// Tariff from interval 0 on.
    pub tariff: Tariff,
    /// Price of energy without a commitment (µ/kWh), in the place of the DLMP.
    pub reference_price: Int64,
    /// Collateral that every account must keep (µ) to take unpaid commitments; may be 0.
    pub collateral: Uint128,
    /// Cash that the treasury must leave in the grid account (µ).
    pub float: Uint128,
    /// Windows.
    pub windows: Windows,
    /// Limits.
    pub limits: Limits,
}

/// Migration; the version only moves forward.
#[cw_serde]
pub struct MigrateMsg {}

/// A commitment to record.
#[cw_serde]
pub struct CommitmentInput {
    /// Account registered in `grid`.
    pub account: String,
    /// Interval; it must not have begun, or not have ended where the energy is paid.
    pub interval: u32,
    /// Energy (Wh, injection positive).
    pub energy: Int64,
    /// Price (µ/kWh).
    pub price: Int64,
}

/// Readings signed by the account's meter, see [`super::reading_message`].
#[cw_serde]
pub struct SignedReadings {
    /// Account that the meter belongs to.
    pub account: String,
    /// Interval of the first reading.
    pub from: u32,
    /// Energy of each interval (Wh, injection positive), packed; 1 to [`super::MAX_READINGS`].
    pub readings: Binary,
    /// One more than that of the meter's last accepted message; the first is 1.
    pub nonce: Uint64,
    /// Compact secp256k1 signature (64 bytes) of the SHA-256 digest of the message.
    pub signature: Binary,
}

/// Actions.
#[cw_serde]
pub enum ExecuteMsg {
    /// Operator: the tariff of later intervals. It may not reach back to an interval that already
    /// has commitments or has begun.
    SetTariff {
        /// First interval.
        from: u32,
        /// The tariff.
        tariff: Tariff,
    },
    /// Operator: a schedule contract whose commitments count. A removed one may come back.
    RegisterSource {
        /// Address of the contract.
        contract: String,
        /// How it hands over commitments.
        kind: SourceKind,
    },
    /// Operator: takes no more commitments from a schedule contract.
    RemoveSource {
        /// Address of the contract.
        contract: String,
    },
    /// Anyone: pays coins of the one denom into an account: its arrears first, then its
    /// collateral, then its balance.
    TopUp {
        /// The account; the sender's unless given.
        account: Option<String>,
    },
    /// Account: takes money out of its balance, after collecting what the grid account owes it.
    Withdraw {
        /// Amount (µ), above 0.
        amount: Uint128,
        /// Who receives it; the sender unless given.
        recipient: Option<String>,
    },
    /// Account: takes out balance and collateral when every statement it appears in is final.
    Release {
        /// Who receives it; the sender unless given.
        recipient: Option<String>,
    },
    /// Anyone: pays an account what the grid account owes it, as far as there is cash.
    Collect {
        /// The account.
        account: String,
    },
    /// Anyone: pays coins of the one denom into the grid account.
    FundGrid {},
    /// Treasury: takes money out of the grid account, beyond the float and what it owes accounts.
    DefundGrid {
        /// Amount (µ), above 0.
        amount: Uint128,
    },
    /// Registered recorder: its commitments; all of them or none. Unpaid ones of a suspended
    /// account are left out and announced.
    RecordCommitments {
        /// 1 to [`super::MAX_COMMITMENTS`]; one per account, interval and source.
        commitments: Vec<CommitmentInput>,
        /// Whether they have been paid elsewhere, so that only deviations settle. These are taken
        /// until their interval ends, others until it begins.
        paid: bool,
    },
    /// Anyone: records a page of an ended exchange session, participants in order. What cannot be
    /// recorded (late, twice, out of range, account suspended) is left out and announced.
    RecordSession {
        /// Address of the coordinator, a registered source.
        coordinator: String,
        /// Session id.
        session: u64,
        /// Most participants; never more than [`super::MAX_SESSION_COMMITMENTS`] commitments.
        limit: Option<u32>,
    },
    /// Anyone: the next readings of a meter. They continue where the last ones ended.
    SubmitReadings(SignedReadings),
    /// Anyone: readings that replace earlier ones of the same meter.
    CorrectReadings(SignedReadings),
    /// Anyone: settles a page of an interval's lines.
    Settle {
        /// The interval.
        interval: u32,
        /// Last account of the previous page.
        start_after: Option<String>,
        /// Lines to look at, at most [`super::MAX_PAGE`].
        limit: Option<u32>,
    },
    /// Account, or operator: flags a reading or estimate, which holds its line.
    Dispute {
        /// The account; the sender's unless given.
        account: Option<String>,
        /// The interval.
        interval: u32,
    },
    /// Operator: decides a dispute for good.
    Resolve {
        /// The account.
        account: String,
        /// The interval.
        interval: u32,
        /// The energy that counts (Wh); what was flagged unless given.
        reading: Option<Int64>,
    },
    /// Anyone: starts the reconciliation of a period once all its intervals are final.
    OpenPeriod {
        /// The period: interval divided by the period's length.
        period: u32,
    },
    /// Anyone: makes a page of the period's statements final and books the demand charges.
    Reconcile {
        /// The period.
        period: u32,
        /// Last account of the previous page.
        start_after: Option<String>,
        /// Statements to look at, at most [`super::MAX_PAGE`].
        limit: Option<u32>,
    },
}
