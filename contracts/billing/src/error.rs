//! Errors, each with the values that made it.

use cosmwasm_std::{Addr, StdError, Uint128};
use gridweave_rules::settlement::SettlementError;
use gridweave_types::address::InvalidAddress;
use gridweave_types::funds::WrongFunds;
use gridweave_types::grid::{NotRegistered, Unauthorized};
use gridweave_types::parameter::InvalidParameter;
use gridweave_types::version::VersionError;

/// Why an action failed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// From storage, addresses or sibling contracts.
    #[error(transparent)]
    Std(#[from] StdError),
    /// The stored version cannot be moved to this one.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// An amount out of range, or more than there is.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// The sender may not do this.
    #[error(transparent)]
    Unauthorized(#[from] Unauthorized),
    /// Other coins than the action takes.
    #[error(transparent)]
    WrongFunds(#[from] WrongFunds),
    /// A malformed address.
    #[error(transparent)]
    InvalidAddress(#[from] InvalidAddress),
    /// A parameter is out of range.
    #[error(transparent)]
    InvalidParameter(#[from] InvalidParameter),
    /// The account is not registered in `grid`.
    #[error(transparent)]
    NotRegistered(#[from] NotRegistered),
    /// The account has never been used here.
    #[error("account: {account} has no account here")]
    NoAccount {
        /// The account.
        account: Addr,
    },
    /// The account holds nothing that could be paid out.
    #[error("account: {account} has nothing to pay out")]
    NothingToPay {
        /// The account.
        account: Addr,
    },
    /// The account still owes, is owed, or has statements that are not final.
    #[error(
        "account: {account} has {statements} open statements, {arrears} µ of arrears and {receivable} µ to receive, expected none"
    )]
    NotReleasable {
        /// The account.
        account: Addr,
        /// Statements that are not final.
        statements: u32,
        /// What it owes (µ).
        arrears: Uint128,
        /// What it is owed (µ).
        receivable: Uint128,
    },
    /// A tariff that reaches back.
    #[error(
        "from: interval {from} has begun or may have commitments, expected {earliest} or later"
    )]
    TariffTooEarly {
        /// First interval of the message.
        from: u32,
        /// First interval it may have.
        earliest: u32,
    },
    /// The contract is no active source of this kind.
    #[error("source: {contract} is not registered as an active source of {expected}")]
    NotASource {
        /// The contract.
        contract: Addr,
        /// What it would have to be.
        expected: &'static str,
    },
    /// The contract is an active source already.
    #[error("contract: {contract} is a registered source already")]
    SourceExists {
        /// The contract.
        contract: Addr,
    },
    /// A commitment that cannot be recorded.
    #[error("commitments: {account} in interval {interval}: {fault}")]
    Commitment {
        /// The account.
        account: Addr,
        /// The interval.
        interval: u32,
        /// Why not.
        fault: CommitmentFault,
    },
    /// A session that cannot be recorded.
    #[error("session {session} of {coordinator}: {problem}")]
    Session {
        /// The coordinator.
        coordinator: Addr,
        /// Session id.
        session: u64,
        /// Why not.
        problem: String,
    },
    /// The account has no meter.
    #[error("account: {account} has no meter key in grid")]
    NoMeter {
        /// The account.
        account: Addr,
    },
    /// Not the next message of the meter.
    #[error("nonce: {nonce} of the meter of {account}, expected {expected}")]
    WrongNonce {
        /// The account.
        account: Addr,
        /// Nonce of the message.
        nonce: u64,
        /// The next one.
        expected: u64,
    },
    /// A signature that the account's meter did not make for this message.
    #[error("signature: not made by the meter of {account} for this message")]
    BadSignature {
        /// The account.
        account: Addr,
    },
    /// Readings that do not continue the series.
    #[error("from: readings of {account} begin at interval {from}, expected {expected}")]
    OutOfSequence {
        /// The account.
        account: Addr,
        /// First interval of the message.
        from: u32,
        /// First interval that it must have.
        expected: String,
    },
    /// A reading of an interval that has not ended.
    #[error("readings: interval {interval} ends at {ends}, now is {now}")]
    FutureReading {
        /// The interval.
        interval: u32,
        /// When it ends (unix seconds).
        ends: u64,
        /// Block time (unix seconds).
        now: u64,
    },
    /// A reading that no device of this size could cause.
    #[error("readings: {energy} Wh in interval {interval}, expected at most {limit} Wh either way")]
    Implausible {
        /// The interval.
        interval: u32,
        /// The energy (Wh).
        energy: i64,
        /// Largest magnitude (Wh).
        limit: u64,
    },
    /// The interval is final.
    #[error("interval {interval} is final since {since}, now is {now}")]
    Final {
        /// The interval.
        interval: u32,
        /// Since when (unix seconds).
        since: u64,
        /// Block time (unix seconds).
        now: u64,
    },
    /// There is no such line.
    #[error("interval {interval}: {account} has no line")]
    NoLine {
        /// The account.
        account: Addr,
        /// The interval.
        interval: u32,
    },
    /// The line is in another state than the action needs.
    #[error("interval {interval}: the line of {account} {problem}")]
    LineState {
        /// The account.
        account: Addr,
        /// The interval.
        interval: u32,
        /// What is in the way.
        problem: &'static str,
    },
    /// The action is not open yet.
    #[error("{what} opens at {opens}, now is {now}")]
    TooEarly {
        /// The action.
        what: String,
        /// From when (unix seconds).
        opens: u64,
        /// Block time (unix seconds).
        now: u64,
    },
    /// The window has passed.
    #[error("{what} was open until {until}, now is {now}")]
    TooLate {
        /// The action.
        what: String,
        /// Until when (unix seconds).
        until: u64,
        /// Block time (unix seconds).
        now: u64,
    },
    /// Nothing to settle.
    #[error("interval {interval} has no lines")]
    EmptyInterval {
        /// The interval.
        interval: u32,
    },
    /// The period is in another state than the action needs.
    #[error("period {period} {problem}")]
    PeriodState {
        /// The period.
        period: u32,
        /// What is in the way.
        problem: &'static str,
    },
}

/// Why a commitment cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommitmentFault {
    /// The interval has begun, and the commitment is not paid.
    #[error("the interval has begun")]
    Late,
    /// The interval has ended: too late for what is paid, too.
    #[error("the interval has ended")]
    Ended,
    /// The interval lies too far ahead.
    #[error("the interval lies too far ahead")]
    Ahead,
    /// The same source has committed already.
    #[error("the source has committed already")]
    Duplicate,
    /// The energy exceeds the limit, or the conversion its range.
    #[error("the energy is out of range")]
    Energy,
    /// The price exceeds the limit, or the conversion its range.
    #[error("the price is out of range")]
    Price,
    /// The account takes no unpaid commitments.
    #[error("the account is suspended")]
    Suspended,
    /// The account is not registered in `grid`.
    #[error("the account is not registered in grid")]
    Unregistered,
    /// The account is the grid account's own.
    #[error("the grid account is the other side of every line")]
    GridAccount,
}

impl CommitmentFault {
    /// Its name in events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Ended => "ended",
            Self::Ahead => "ahead",
            Self::Duplicate => "duplicate",
            Self::Energy => "energy",
            Self::Price => "price",
            Self::Suspended => "suspended",
            Self::Unregistered => "unregistered",
            Self::GridAccount => "grid_account",
        }
    }
}

/// The error of a sum that exceeds its range.
pub const fn overflow(what: &'static str) -> ContractError {
    ContractError::Settlement(SettlementError::Overflow { what })
}
