//! Errors, each with the values that made it.

use cosmwasm_std::{Addr, StdError, Uint128};
use gridweave_rules::distflow::NetworkError;
use gridweave_types::address::InvalidAddress;
use gridweave_types::coordinator::Phase;
use gridweave_types::funds::WrongFunds;
use gridweave_types::grid::NotRegistered;
use gridweave_types::version::VersionError;
use gridweave_units::{Fx, PackError};

/// Why an action failed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// From storage, addresses or sibling contracts.
    #[error(transparent)]
    Std(#[from] StdError),
    /// The sender is not the operator.
    #[error("{sender} is not the operator {operator}")]
    NotOperator {
        /// Who sent the message.
        sender: Addr,
        /// Who may.
        operator: Addr,
    },
    /// The session does not exist.
    #[error("session {session} does not exist")]
    UnknownSession {
        /// Session id.
        session: u64,
    },
    /// The session is in another phase.
    #[error("session {session} is in phase {phase:?}, expected {expected}")]
    WrongPhase {
        /// Session id.
        session: u64,
        /// Its phase.
        phase: Phase,
        /// What the action needs.
        expected: &'static str,
    },
    /// The message names a round that is not being collected.
    #[error("session {session} collects round {current}, not round {round}")]
    WrongRound {
        /// Session id.
        session: u64,
        /// Round of the message.
        round: u32,
        /// Round being collected.
        current: u32,
    },
    /// The sender takes no part in the session.
    #[error("{sender} is not a participant of session {session}")]
    NotParticipant {
        /// Session id.
        session: u64,
        /// Who sent the message.
        sender: Addr,
    },
    /// No participant has this index.
    #[error("session {session} has {participants} participants, none with index {participant}")]
    UnknownParticipant {
        /// Session id.
        session: u64,
        /// Index of the message.
        participant: u32,
        /// Number of participants.
        participants: u32,
    },
    /// The participant already answered this round.
    #[error("participant {participant} already answered round {round}")]
    AlreadySubmitted {
        /// Participant index.
        participant: u32,
        /// The round.
        round: u32,
    },
    /// The participant was replaced by its baseline.
    #[error("participant {participant} was replaced by its baseline")]
    Replaced {
        /// Participant index.
        participant: u32,
    },
    /// The participant may not be replaced yet.
    #[error("participant {participant} missed {missed} rounds in a row, {needed} are needed")]
    NotReplaceable {
        /// Participant index.
        participant: u32,
        /// Rounds missed in a row.
        missed: u32,
        /// Rounds needed.
        needed: u32,
    },
    /// A parameter is out of range.
    #[error("{field} is {value}, expected {expected}")]
    InvalidParameter {
        /// Field of the message.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// A packed array has the wrong length.
    #[error("{field}: {source}")]
    Packed {
        /// Field of the message.
        field: &'static str,
        /// What is wrong.
        source: PackError,
    },
    /// The message does not fit the mode of the session.
    #[error("session {session} is not in {expected} mode")]
    WrongMode {
        /// Session id.
        session: u64,
        /// The mode that the message needs.
        expected: &'static str,
    },
    /// The account is not registered on the session's feeder and bus as a prosumer.
    #[error(
        "account {account} is registered at feeder {feeder}, bus {bus} as {role}; expected a prosumer at feeder {expected_feeder}, bus {expected_bus}"
    )]
    AccountMismatch {
        /// The account.
        account: Addr,
        /// Feeder in the register.
        feeder: u32,
        /// Bus in the register.
        bus: u32,
        /// Role in the register.
        role: String,
        /// Feeder of the session.
        expected_feeder: u32,
        /// Bus of the message.
        expected_bus: u32,
    },
    /// The account is already in the session.
    #[error("account {account} is already participant {participant}")]
    DuplicateParticipant {
        /// The account.
        account: Addr,
        /// Its index.
        participant: u32,
    },
    /// The baseline or the bounds contradict each other.
    #[error(
        "participant {account}: number {position} of the baseline is {value}, outside {lower} to {upper}"
    )]
    BaselineOutOfBounds {
        /// The account.
        account: Addr,
        /// Position in the answer.
        position: usize,
        /// Baseline value.
        value: Fx,
        /// Lower bound.
        lower: Fx,
        /// Upper bound.
        upper: Fx,
    },
    /// The groups of a participant do not fill its answer.
    #[error("the groups leave {missing} numbers of the participants' answers uncoupled")]
    IncompleteGroups {
        /// Numbers without a group.
        missing: u32,
    },
    /// A group asks more numbers of a participant than it has.
    #[error("participant {participant} has {left} numbers left, the group needs {needed}")]
    GroupTooLarge {
        /// Participant index.
        participant: u32,
        /// Numbers left.
        left: u32,
        /// Numbers needed.
        needed: u32,
    },
    /// A session without enough participants.
    #[error("session {session} has {participants} participants, expected {expected}")]
    TooFewParticipants {
        /// Session id.
        session: u64,
        /// Participants added.
        participants: u32,
        /// What is needed.
        expected: &'static str,
    },
    /// The bus is not on the feeder.
    #[error("bus {bus} is not on feeder {feeder}")]
    UnknownBus {
        /// The bus.
        bus: u32,
        /// The feeder.
        feeder: u32,
    },
    /// The feeder's network cannot be scheduled.
    #[error("network: {0}")]
    Network(#[from] NetworkError),
    /// The deadline has not passed.
    #[error("the round of session {session} ends at {deadline}, it is {now}")]
    BeforeDeadline {
        /// Session id.
        session: u64,
        /// Unix seconds of the deadline.
        deadline: u64,
        /// Unix seconds now.
        now: u64,
    },
    /// A combination that is no convex combination of the kept answers.
    #[error(
        "weights of participant {participant} are not a convex combination of its answers: sum {sum}, least {least}"
    )]
    InvalidWeights {
        /// Participant index.
        participant: u32,
        /// Sum of the row.
        sum: Fx,
        /// Least weight.
        least: Fx,
    },
    /// A combination that does not beat the candidate.
    #[error(
        "combination costs {cost} with violation {violation}; the candidate costs {best} with violation {best_violation}"
    )]
    NotBetter {
        /// Cost of the combination.
        cost: Fx,
        /// Its voltage violation.
        violation: Fx,
        /// Cost of the candidate.
        best: Fx,
        /// Violation of the candidate.
        best_violation: Fx,
    },
    /// Funds where none belong, or not exactly the bond.
    #[error(transparent)]
    WrongFunds(#[from] WrongFunds),
    /// A malformed address.
    #[error(transparent)]
    InvalidAddress(#[from] InvalidAddress),
    /// The account is not registered in `grid`.
    #[error(transparent)]
    NotRegistered(#[from] NotRegistered),
    /// The bond is already posted, or not posted, or already reclaimed.
    #[error("bond of participant {participant} in session {session}: {problem}")]
    Bond {
        /// Session id.
        session: u64,
        /// Participant index.
        participant: u32,
        /// What is wrong.
        problem: &'static str,
    },
    /// Nothing has been forfeited to the operator.
    #[error("nothing to collect in session {session}: {amount} forfeited")]
    NothingToCollect {
        /// Session id.
        session: u64,
        /// Amount forfeited.
        amount: Uint128,
    },
    /// The stored version cannot be moved to this one.
    #[error(transparent)]
    Version(#[from] VersionError),
}

impl ContractError {
    /// A parameter out of range.
    pub(crate) fn parameter(
        field: &'static str,
        value: impl ToString,
        expected: &'static str,
    ) -> Self {
        Self::InvalidParameter {
            field,
            value: value.to_string(),
            expected,
        }
    }

    /// A packed array of the wrong length.
    pub(crate) fn packed(field: &'static str) -> impl FnOnce(PackError) -> Self {
        move |source| Self::Packed { field, source }
    }
}
