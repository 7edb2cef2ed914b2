//! Errors, each with the values that made it.

mod check;
mod parts;

use cosmwasm_std::{Addr, StdError};
use gridweave_types::address::InvalidAddress;
use gridweave_types::assets::{ClaimClass, PermitClass, Side};
use gridweave_types::funds::WrongFunds;
use gridweave_types::grid::{NotRegistered, Unauthorized};
use gridweave_types::parameter::InvalidParameter;
use gridweave_types::version::VersionError;
use gridweave_units::IntervalSet;

pub use check::{check_rows, overflow};
pub use parts::{Shortfall, TradeFault};
use parts::{show, show_claim};

/// Why an action failed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// From storage, addresses or sibling contracts.
    #[error(transparent)]
    Std(#[from] StdError),
    /// The stored version cannot be moved to this one.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// A sum exceeds its type.
    #[error("{what} exceeds its range")]
    Overflow {
        /// The quantity.
        what: &'static str,
    },
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
    /// The feeder is not registered in `grid`.
    #[error("feeder: {feeder} is not registered in grid")]
    UnknownFeeder {
        /// Feeder number.
        feeder: u32,
    },
    /// The account is not registered in `grid`.
    #[error(transparent)]
    NotRegistered(#[from] NotRegistered),
    /// There is no `billing` contract to credit accounts in.
    #[error("billing: the contract was instantiated without one")]
    NoBilling,
    /// The contract is a registered market already.
    #[error("market: {market} is registered already")]
    MarketExists {
        /// The market.
        market: Addr,
    },
    /// The contract is no registered market.
    #[error("market: {market} is not registered")]
    NotAMarket {
        /// The contract.
        market: Addr,
    },
    /// The market still holds assets.
    #[error("market: {market} has {locks} locks, expected none")]
    LiveLocks {
        /// The market.
        market: Addr,
        /// Its locks.
        locks: u64,
    },
    /// More permits than the operator's own limit allows.
    #[error(
        "entries: feeder {feeder}, {side:?}, interval {interval}: {asked} Wh more than the {issued} Wh issued exceed the limit of {limit} Wh"
    )]
    IssueLimit {
        /// Feeder number.
        feeder: u32,
        /// Side.
        side: Side,
        /// The interval.
        interval: u32,
        /// Energy to issue (Wh).
        asked: u64,
        /// Energy of permits for the interval (Wh).
        issued: u64,
        /// Most energy (Wh).
        limit: u64,
    },
    /// Less of a permit than asked for.
    #[error("permit {}: asked for {asked} Wh, {holder} has {held} Wh", show(class))]
    InsufficientPermit {
        /// The holder.
        holder: Addr,
        /// The permit.
        class: PermitClass,
        /// Asked for (Wh).
        asked: u64,
        /// Free (Wh).
        held: u64,
    },
    /// Less permit or money than an offer needs.
    #[error(transparent)]
    Short(Box<Shortfall>),
    /// Less money than asked for.
    #[error("amount: asked for {asked} µ, {holder} has {held} µ")]
    InsufficientMoney {
        /// The holder.
        holder: Addr,
        /// Asked for (µ).
        asked: u128,
        /// Free (µ).
        held: u128,
    },
    /// Less returned money than to be paid out.
    #[error("rows: {asked} µ to pay, {held} µ were returned and not paid out")]
    InsufficientReturned {
        /// To be paid (µ).
        asked: u128,
        /// Returned (µ).
        held: u128,
    },
    /// A part that does not narrow the permit.
    #[error("parts: {part} is not narrower than {intervals}")]
    NotNarrower {
        /// Intervals of the part.
        part: IntervalSet,
        /// Intervals of the permit.
        intervals: IntervalSet,
    },
    /// A permit of the past.
    #[error(
        "permit {}: its last interval began at {begins}, now is {now}",
        show(class)
    )]
    Expired {
        /// The permit.
        class: PermitClass,
        /// When the last interval began (unix seconds).
        begins: u64,
        /// Block time (unix seconds).
        now: u64,
    },
    /// A permit that can still be used.
    #[error(
        "permit {}: its last interval begins at {begins}, now is {now}",
        show(class)
    )]
    NotExpired {
        /// The permit.
        class: PermitClass,
        /// When the last interval begins (unix seconds).
        begins: u64,
        /// Block time (unix seconds).
        now: u64,
    },
    /// A class of permits that has never been used.
    #[error("permit {}: never issued", show(class))]
    NoClass {
        /// The permit.
        class: PermitClass,
    },
    /// The address has never been used.
    #[error("holder: {holder} has never held anything")]
    NoHolder {
        /// The address.
        holder: Addr,
    },
    /// The offer has a lock already.
    #[error("offer {offer}: it has a lock already")]
    LockExists {
        /// The offer.
        offer: u64,
    },
    /// The offer has no lock.
    #[error("offer {offer}: it has no lock")]
    NoLock {
        /// The offer.
        offer: u64,
    },
    /// A trade that the locks do not allow.
    #[error("trades: interval {interval}, offer {offer}: {fault}")]
    Trade {
        /// The interval.
        interval: u32,
        /// The offer that is at fault.
        offer: u64,
        /// What is wrong.
        fault: TradeFault,
    },
    /// Less of a claim than asked for.
    #[error(
        "claim {}: asked for {asked} Wh, {holder} has {held} Wh",
        show_claim(class)
    )]
    InsufficientClaim {
        /// The holder.
        holder: Addr,
        /// The claim.
        class: ClaimClass,
        /// Asked for (Wh).
        asked: u64,
        /// Claimed (Wh).
        held: u64,
    },
    /// Sold energy is owed.
    #[error("claim {}: sold energy cannot be retired", show_claim(class))]
    Obligation {
        /// The claim.
        class: ClaimClass,
    },
    /// Less was deposited than is to be credited.
    #[error(
        "rows: claim {}: {asked} Wh to credit, {held} Wh were deposited and not credited",
        show_claim(class)
    )]
    InsufficientDeposit {
        /// Side, feeder and interval.
        class: ClaimClass,
        /// To be credited (Wh).
        asked: u64,
        /// Deposited and not credited (Wh).
        held: u64,
    },
}
