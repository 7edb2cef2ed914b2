//! Errors, each with the values that made it.

use cosmwasm_std::{Addr, StdError, Uint128};
use gridweave_rules::market::TradesError;
use gridweave_rules::market::certificate::{CertificateError, LiftError};
use gridweave_types::address::InvalidAddress;
use gridweave_types::funds::WrongFunds;
use gridweave_types::grid::Unauthorized;
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
    /// Bytes that are not trades.
    #[error(transparent)]
    Trades(#[from] TradesError),
    /// Bytes that are not a certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A certificate that gives no bound.
    #[error(transparent)]
    Lift(#[from] LiftError),
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
    /// The feeder has no limits here.
    #[error("feeder: {feeder} has no limits in this market")]
    UnknownFeeder {
        /// Feeder number.
        feeder: u32,
    },
    /// The permit's intervals are over, or too far ahead.
    #[error("permit.intervals: {intervals}, expected the last one between {first} and {last}")]
    OutsideMarket {
        /// The set.
        intervals: String,
        /// First interval that can still be traded.
        first: u32,
        /// Last interval of the market.
        last: u32,
    },
    /// Too many open offers.
    #[error("offers: {count} of {whose} are open, at most {limit}")]
    TooManyOffers {
        /// Whose.
        whose: String,
        /// How many.
        count: u32,
        /// How many may be.
        limit: u32,
    },
    /// The offer was never posted or has ended.
    #[error("offer: {offer} is not open")]
    NoOffer {
        /// The offer.
        offer: u32,
    },
    /// The offer ends with the round already.
    #[error("offer: {offer} has been cancelled")]
    AlreadyCancelled {
        /// The offer.
        offer: u32,
    },
    /// The address is no solver.
    #[error("solver: {solver} is not registered")]
    NoSolver {
        /// The address.
        solver: Addr,
    },
    /// The solver's bond is reduced.
    #[error("solver: {solver} has a bond of {bond} µ, expected {expected}")]
    Inactive {
        /// The solver.
        solver: Addr,
        /// What is left (µ).
        bond: Uint128,
        /// The full bond (µ).
        expected: Uint128,
    },
    /// The solver's bond is whole.
    #[error("solver: {solver} has its full bond already")]
    AlreadyRegistered {
        /// The solver.
        solver: Addr,
    },
    /// Something the solver must finish first.
    #[error("solver: {solver} has {what}")]
    Pending {
        /// The solver.
        solver: Addr,
        /// What is in the way.
        what: &'static str,
    },
    /// The solver has nothing of the kind.
    #[error("solver: {solver} has no {what}")]
    Nothing {
        /// The solver.
        solver: Addr,
        /// What is missing.
        what: &'static str,
    },
    /// A reveal in the block of its commitment.
    #[error("solution: committed in block {height}, may be revealed from the next one on")]
    SameBlock {
        /// Height of the commitment.
        height: u64,
    },
    /// Not what was committed to.
    #[error("solution: is not what {solver} has committed to")]
    WrongReveal {
        /// The solver.
        solver: Addr,
    },
    /// Another round.
    #[error("round: {round}, the market is in round {expected}")]
    WrongRound {
        /// Of the message.
        round: u32,
        /// Of the market.
        expected: u32,
    },
    /// Another message than the next.
    #[error("sequence: {sequence}, expected {expected}")]
    WrongSequence {
        /// Of the message.
        sequence: u32,
        /// The next one.
        expected: u32,
    },
    /// Feeders' limits were lowered since the solution was begun.
    #[error("solution: limits of feeders were lowered since it was begun, abandon it")]
    LimitsLowered {},
    /// The next interval must be finalized first.
    #[error("interval {interval} is due since {since}, now is {now}: finalize it first")]
    FinalizationDue {
        /// The interval.
        interval: u32,
        /// Since when (unix seconds).
        since: u64,
        /// Block time (unix seconds).
        now: u64,
    },
    /// An interval is being finalized.
    #[error("interval {interval} is being finalized: finish that first")]
    Finalizing {
        /// The interval.
        interval: u32,
    },
    /// Not the interval that comes next.
    #[error("interval: {interval}, expected {expected}")]
    WrongInterval {
        /// Of the message.
        interval: u32,
        /// The one whose turn it is.
        expected: u32,
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
    /// More was asked for than there is.
    #[error("{what}: asked for {asked} µ, {held} µ are there")]
    Insufficient {
        /// The purse.
        what: &'static str,
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
