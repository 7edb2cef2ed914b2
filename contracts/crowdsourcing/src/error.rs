//! Errors, each with the values that made it.

use cosmwasm_std::{Addr, StdError, Uint128};
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
    /// The sender may not do this.
    #[error(transparent)]
    Unauthorized(#[from] Unauthorized),
    /// The account is not registered in `grid`.
    #[error(transparent)]
    NotRegistered(#[from] NotRegistered),
    /// Other coins than the action takes.
    #[error(transparent)]
    WrongFunds(#[from] WrongFunds),
    /// A malformed address.
    #[error(transparent)]
    InvalidAddress(#[from] InvalidAddress),
    /// A parameter is out of range.
    #[error(transparent)]
    InvalidParameter(#[from] InvalidParameter),
    /// The account does not take part, or not in this way.
    #[error("account: {account} is not enrolled as {expected}")]
    NotEnrolled {
        /// The account.
        account: Addr,
        /// What it would have to be.
        expected: &'static str,
    },
    /// There is nothing under this number or name.
    #[error("{what}: {key} does not exist")]
    Missing {
        /// What was looked for.
        what: &'static str,
        /// Its number or name.
        key: String,
    },
    /// Something stands elsewhere than the action needs.
    #[error("{what} is {state}, expected {expected}")]
    WrongState {
        /// What.
        what: String,
        /// Where it stands.
        state: &'static str,
        /// Where it would have to.
        expected: &'static str,
    },
    /// The interval does not belong to the programme or agreement.
    #[error("interval: {interval}, expected {first} to {last}")]
    OutsideTerm {
        /// The interval.
        interval: u32,
        /// First interval.
        first: u32,
        /// Last interval.
        last: u32,
    },
    /// The action is not open yet.
    #[error("{what} opens at {opens}, now is {now}")]
    TooEarly {
        /// The action.
        what: &'static str,
        /// From when (unix seconds).
        opens: u64,
        /// Block time (unix seconds).
        now: u64,
    },
    /// The window has passed.
    #[error("{what} was open until {until}, now is {now}")]
    TooLate {
        /// The action.
        what: &'static str,
        /// Until when (unix seconds).
        until: u64,
        /// Block time (unix seconds).
        now: u64,
    },
    /// The budget of a feeder and interval does not cover it, C(2b).
    #[error("budget: feeder {feeder}, interval {interval}: asked for {asked} µ, {free} µ are free")]
    OverBudget {
        /// Feeder number.
        feeder: u32,
        /// The interval.
        interval: u32,
        /// What was asked for (µ).
        asked: Uint128,
        /// What is free (µ).
        free: Uint128,
    },
    /// The account has had its task for this interval.
    #[error("task: {account} has task {task} for interval {interval} already")]
    TaskExists {
        /// The account.
        account: Addr,
        /// The interval.
        interval: u32,
        /// That task.
        task: u64,
    },
    /// The account has a setpoint for this interval.
    #[error("setpoints: {account} has agreement {agreement} for interval {interval} already")]
    AlreadyAgreed {
        /// The account.
        account: Addr,
        /// The interval.
        interval: u32,
        /// That agreement.
        agreement: u64,
    },
    /// Not within what the account prefers or has agreed to.
    #[error("{field}: {value} for {account} in interval {interval}, expected {expected}")]
    OutsidePreferences {
        /// Field of the message.
        field: &'static str,
        /// Its value.
        value: String,
        /// The account.
        account: Addr,
        /// The interval.
        interval: u32,
        /// What it may be.
        expected: String,
    },
    /// `billing` takes no commitments of the account.
    #[error("account: {account} takes no commitments in billing: pay arrears and collateral first")]
    Suspended {
        /// The account.
        account: Addr,
    },
    /// Incentives only rise.
    #[error("incentive: {incentive} for task {task}, expected more than {before}")]
    NotRaised {
        /// The task.
        task: u64,
        /// Of the message (µ/kWh).
        incentive: u64,
        /// What it is (µ/kWh).
        before: u64,
    },
    /// The programme lets a task be raised so often and no more.
    #[error("task {task}: has been raised {raises} times, which is the most")]
    RaisesSpent {
        /// The task.
        task: u64,
        /// How often.
        raises: u32,
    },
    /// The answer is to another round of the task.
    #[error("round: {round}, task {task} is in round {expected}")]
    WrongRound {
        /// The task.
        task: u64,
        /// Of the message.
        round: u32,
        /// Of the task.
        expected: u32,
    },
    /// Tasks of the ledger are not finished.
    #[error("ledger: {open} tasks are not finished, sweep their intervals first")]
    Unfinished {
        /// How many.
        open: u32,
    },
    /// Statements and budget account differ, which only a defect can cause.
    #[error("ledger: statements add up to {statements}, the account says {account}")]
    Unbalanced {
        /// Sum of the statements.
        statements: String,
        /// The account.
        account: String,
    },
    /// More was asked for than there is.
    #[error("amount: asked for {asked} µ, {held} µ are there")]
    Insufficient {
        /// What was asked for (µ).
        asked: Uint128,
        /// What there is (µ).
        held: Uint128,
    },
    /// A number leaves its type.
    #[error("{what} exceeds its range")]
    Overflow {
        /// The quantity.
        what: &'static str,
    },
}

/// The error of a number that leaves its type.
pub const fn overflow(what: &'static str) -> ContractError {
    ContractError::Overflow { what }
}

/// The error of something that is not there.
pub fn missing(what: &'static str, key: impl ToString) -> ContractError {
    ContractError::Missing {
        what,
        key: key.to_string(),
    }
}

/// Checks that a window is open: from `opens` on, until before `until` (unix seconds).
///
/// # Errors
/// [`ContractError::TooEarly`], [`ContractError::TooLate`].
pub fn check_window(
    what: &'static str,
    now: u64,
    opens: u64,
    until: u64,
) -> Result<(), ContractError> {
    if now < opens {
        return Err(ContractError::TooEarly { what, opens, now });
    }
    if now >= until {
        return Err(ContractError::TooLate { what, until, now });
    }
    Ok(())
}

/// Checks that an interval lies between `first` and `last`, both included.
///
/// # Errors
/// [`ContractError::OutsideTerm`].
pub fn check_interval(interval: u32, first: u32, last: u32) -> Result<(), ContractError> {
    match first <= interval && interval <= last {
        true => Ok(()),
        false => Err(ContractError::OutsideTerm {
            interval,
            first,
            last,
        }),
    }
}
