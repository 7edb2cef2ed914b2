//! Storage. Values that change with each submission are small and belong to one participant or one
//! group; everything else is written when a round closes.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdError, StdResult, Storage, Timestamp, Uint128};
use cw_storage_plus::{Item, Map};
use gridweave_types::coordinator::{Phase, Projection, RoundRecord, SessionConfig, StopReason};
use gridweave_units::Fx;

use crate::error::ContractError;
use crate::packed::{PackedMap, RecordMap};

pub use crate::progress::{Attendance, Tally};

/// Session id.
pub type SessionId = u64;
/// Session and participant.
pub type ParticipantKey = (SessionId, u32);

/// The `grid` contract.
pub const GRID: Item<Addr> = Item::new("grid");
/// Id of the next session.
pub const NEXT_SESSION: Item<SessionId> = Item::new("next_session");
/// What is fixed at creation.
pub const SESSIONS: Map<SessionId, Session> = Map::new("sessions");
/// What changes when a round closes.
pub const STATUS: Map<SessionId, Status> = Map::new("status");
/// What changes with each submission.
pub const TALLY: RecordMap<SessionId, Tally> = RecordMap::new("tally");
/// Closed rounds.
pub const HISTORY: Map<(SessionId, u32), RoundRecord> = Map::new("history");
/// Participants by index.
pub const PARTICIPANTS: Map<ParticipantKey, ParticipantInfo> = Map::new("participants");
/// Index of an account.
pub const BY_ACCOUNT: Map<(SessionId, &Addr), u32> = Map::new("by_account");
/// Attendance by participant.
pub const ATTENDANCE: RecordMap<ParticipantKey, Attendance> = RecordMap::new("attendance");
/// Declared lower bounds.
pub const LOWER: PackedMap<ParticipantKey> = PackedMap::new("lower");
/// Declared upper bounds.
pub const UPPER: PackedMap<ParticipantKey> = PackedMap::new("upper");
/// Declared baselines.
pub const BASELINE: PackedMap<ParticipantKey> = PackedMap::new("baseline");
/// Posted bonds.
pub const BONDS: Map<ParticipantKey, Uint128> = Map::new("bonds");
/// Forfeited bonds that the operator may collect.
pub const FORFEITED: Map<SessionId, Uint128> = Map::new("forfeited");

/// What is fixed at creation.
#[cw_serde]
pub struct Session {
    /// Operator who created it.
    pub operator: Addr,
    /// Parameters.
    pub config: SessionConfig,
}

/// What changes when a round closes.
#[cw_serde]
pub struct Status {
    /// Phase.
    pub phase: Phase,
    /// Why it ended.
    pub stop_reason: Option<StopReason>,
    /// Round being collected, 0 during setup.
    pub round: u32,
    /// From when `Advance` may close the round.
    pub deadline: Timestamp,
    /// Participants added.
    pub participants: u32,
    /// Participants replaced by their baseline.
    pub replaced: u32,
    /// Groups added (consensus).
    pub groups: u32,
    /// Numbers of all answers that no group couples yet (consensus, setup).
    pub uncoupled: u32,
    /// Iterates missed in closed rounds.
    pub missed: u32,
    /// Iterates rejected in closed rounds.
    pub rejected: u32,
    /// Participants whose working state `Close` has freed.
    pub cleared: u32,
}

impl Status {
    /// Participants from whom an iterate is expected.
    pub fn active(&self) -> u32 {
        self.participants.saturating_sub(self.replaced)
    }

    /// Whether the session has ended.
    pub fn has_ended(&self) -> bool {
        !matches!(self.phase, Phase::Setup | Phase::Collecting)
    }
}

/// A participant.
#[cw_serde]
pub struct ParticipantInfo {
    /// Account.
    pub account: Addr,
    /// Bus it answers for.
    pub bus: u32,
    /// Numbers per answer.
    pub size: u32,
    /// Of these, numbers coupled by groups (consensus).
    pub shared: u32,
    /// Private cost of the baseline.
    pub baseline_cost: Fx,
    /// Mobility (pool sessions).
    pub mobility: Option<Fx>,
}

/// Mobility of a participant of a pool.
pub fn mobility(info: &ParticipantInfo) -> Fx {
    info.mobility.unwrap_or(Fx::ONE)
}

/// A consensus group.
#[cw_serde]
pub struct Group {
    /// Numbers per copy.
    pub size: u32,
    /// Projection.
    pub projection: Projection,
    /// Members that still answer.
    pub members: u32,
}

/// A participant's place in a group.
#[cw_serde]
pub struct Membership {
    /// Group index.
    pub group: u32,
    /// Position in the group (fixes the sign).
    pub position: u32,
    /// First number of its copy in the participant's answer.
    pub offset: u32,
}

/// Loads a session.
///
/// # Errors
/// [`ContractError::UnknownSession`].
pub fn load_session(storage: &dyn Storage, session: SessionId) -> Result<Session, ContractError> {
    SESSIONS
        .may_load(storage, session)?
        .ok_or(ContractError::UnknownSession { session })
}

/// Loads the status of a session that is collecting iterates.
///
/// # Errors
/// [`ContractError::UnknownSession`], [`ContractError::WrongPhase`].
pub fn load_collecting(storage: &dyn Storage, session: SessionId) -> Result<Status, ContractError> {
    load_status_in(storage, session, Phase::Collecting, "collecting")
}

/// Loads the status of a session in setup.
///
/// # Errors
/// [`ContractError::UnknownSession`], [`ContractError::WrongPhase`].
pub fn load_setup(storage: &dyn Storage, session: SessionId) -> Result<Status, ContractError> {
    load_status_in(storage, session, Phase::Setup, "setup")
}

/// Loads a status.
///
/// # Errors
/// [`ContractError::UnknownSession`].
pub fn load_status(storage: &dyn Storage, session: SessionId) -> Result<Status, ContractError> {
    STATUS
        .may_load(storage, session)?
        .ok_or(ContractError::UnknownSession { session })
}

fn load_status_in(
    storage: &dyn Storage,
    session: SessionId,
    phase: Phase,
    expected: &'static str,
) -> Result<Status, ContractError> {
    let status = load_status(storage, session)?;
    if status.phase != phase {
        return Err(ContractError::WrongPhase {
            session,
            phase: status.phase,
            expected,
        });
    }
    Ok(status)
}

/// Loads a participant.
///
/// # Errors
/// [`ContractError::UnknownParticipant`].
pub fn load_participant(
    storage: &dyn Storage,
    key: ParticipantKey,
) -> Result<ParticipantInfo, ContractError> {
    if let Some(info) = PARTICIPANTS.may_load(storage, key)? {
        return Ok(info);
    }
    let status = load_status(storage, key.0)?;
    Err(ContractError::UnknownParticipant {
        session: key.0,
        participant: key.1,
        participants: status.participants,
    })
}

/// Index of the participant that `sender` is.
///
/// # Errors
/// [`ContractError::NotParticipant`].
pub fn participant_of(
    storage: &dyn Storage,
    session: SessionId,
    sender: &Addr,
) -> Result<u32, ContractError> {
    BY_ACCOUNT
        .may_load(storage, (session, sender))?
        .ok_or_else(|| ContractError::NotParticipant {
            session,
            sender: sender.clone(),
        })
}

/// Attendance of a participant; none yet is no attendance.
///
/// # Errors
/// When stored bytes cannot be read.
pub fn load_attendance(storage: &dyn Storage, key: ParticipantKey) -> StdResult<Attendance> {
    Ok(ATTENDANCE.may_load(storage, key)?.unwrap_or_default())
}

/// Loads the totals of the current round.
///
/// # Errors
/// When stored bytes cannot be read.
pub fn load_tally(storage: &dyn Storage, session: SessionId) -> StdResult<Tally> {
    Ok(TALLY.may_load(storage, session)?.unwrap_or_default())
}

/// A number that must be there unless this contract has a defect.
pub fn missing(what: &str) -> StdError {
    StdError::msg(format!("{what} missing from storage"))
}
