//! Actions.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Binary;
use gridweave_units::Fx;

use super::{Projection, SessionConfig};

/// Instantiation.
#[cw_serde]
pub struct InstantiateMsg {
    /// Address of the `grid` contract, which knows the operator, the network and the accounts.
    pub grid: String,
}

/// Migration; the version only moves forward.
#[cw_serde]
pub struct MigrateMsg {}

/// A participant of a session.
///
/// Its payload has `P` numbers per answer. In exchange sessions `P = T`: the net injection of its
/// bus. In consensus sessions `P` is the total size of its groups, in the order in which the
/// groups were added, followed by `reports · T` reported numbers (its schedule), which take no
/// part in the consensus. In pool sessions `P = T`: its net sales.
#[cw_serde]
pub struct ParticipantInput {
    /// Account registered in `grid` as prosumer (or operator's generator) on the feeder.
    pub account: String,
    /// Bus it answers for.
    pub bus: u32,
    /// Least value of each number of an answer, packed (`P`).
    pub lower: Binary,
    /// Largest value of each number of an answer, packed (`P`).
    pub upper: Binary,
    /// A feasible default answer, packed (`P`): the first plan, and the replacement after
    /// `max_misses`. Empty in pool sessions, where it is not to trade.
    pub baseline: Binary,
    /// Private cost of the baseline (0 unless the session has private costs or is a pool).
    pub baseline_cost: Fx,
    /// Reactive net injection per interval, packed (`T`); exchange sessions only, else empty.
    pub reactive: Binary,
    /// Reported schedule rows (buses) per answer; consensus sessions only, else 0.
    pub reports: u32,
    /// Pool sessions: mobility `m_i`, how much of an imbalance it takes compared with others
    /// ([`super::LEAST_MOBILITY`] to [`super::MOST_MOBILITY`]). Else `None`.
    pub mobility: Option<Fx>,
}

/// A group of coupled scalars, M(13).
#[cw_serde]
pub struct GroupInput {
    /// Numbers per copy.
    pub size: u32,
    /// The projection.
    pub projection: Projection,
    /// Indices of the participants that hold a copy: 2 to [`super::MAX_MEMBERSHIPS`], exactly 2
    /// for `Opposite`; `ExtendGroup` adds more.
    pub members: Vec<u32>,
}

/// Actions.
// One message per transaction: a box would save nothing.
#[allow(clippy::large_enum_variant)]
#[cw_serde]
pub enum ExecuteMsg {
    /// Operator: creates a session in phase `setup`; its id is in the response.
    CreateSession {
        /// Parameters.
        config: SessionConfig,
    },
    /// Operator: adds participants (at most [`super::MAX_ROWS`]) during setup.
    AddParticipants {
        /// Session id.
        session: u64,
        /// Participants, indexed in order of addition.
        participants: Vec<ParticipantInput>,
    },
    /// Operator: adds consensus groups (at most [`super::MAX_ROWS`]) during setup.
    AddGroups {
        /// Session id.
        session: u64,
        /// Groups.
        groups: Vec<GroupInput>,
    },
    /// Operator: adds members (at most [`super::MAX_MEMBERSHIPS`]) to a group during setup.
    ExtendGroup {
        /// Session id.
        session: u64,
        /// Index of the group, in order of addition.
        group: u32,
        /// Indices of the participants that hold a copy.
        members: Vec<u32>,
    },
    /// Operator: ends setup and starts round 1.
    Open {
        /// Session id.
        session: u64,
    },
    /// Participant: posts its bond (funds must be exactly the bond).
    PostBond {
        /// Session id.
        session: u64,
    },
    /// Participant: its iterate of the current round. The last one closes the round.
    ///
    /// An iterate out of bounds or caught by the monotonicity check is not an error: it is
    /// rejected, counted and announced by an event, and the participant's earlier answers stand.
    SubmitIterate {
        /// Session id.
        session: u64,
        /// The round it answers.
        round: u32,
        /// Packed numbers: one answer per query of the round, one after the other. Empty in the
        /// closing round of a pool.
        payload: Binary,
        /// Exchange sessions: the best-response value `max_{F_i} π_i·x` at the round's prices
        /// (rounded up), then, with private costs, the cost of each answer.
        ///
        /// Pool sessions: the best-response value `max p·x − f(x)` at the settlement price `p` of
        /// the assignment (rounded up); then, if the participant can deliver the plan of the
        /// assignment, its private cost, which confirms the plan. There is no plan in round 1.
        ///
        /// Else empty.
        claims: Vec<Fx>,
    },
    /// Anyone: better weights for the answers kept after the last closed round.
    SubmitCombination {
        /// Session id.
        session: u64,
        /// The round the answers are read in (the current one).
        round: u32,
        /// Packed weights, participants × kept answers, each row non-negative with sum exactly 1.
        weights: Binary,
    },
    /// Anyone: closes the current round once its deadline has passed.
    Advance {
        /// Session id.
        session: u64,
        /// Consensus and pool sessions: participants to replace by their baseline because they
        /// missed `max_misses` rounds in a row (exchange sessions find them by themselves).
        replace: Vec<u32>,
    },
    /// Operator: ends a session that has not ended.
    Abort {
        /// Session id.
        session: u64,
    },
    /// Anyone: frees the working state of an ended session; schedule, prices and history stay.
    Close {
        /// Session id.
        session: u64,
        /// Most participants to clear in this call.
        limit: u32,
    },
    /// Participant: takes back what is left of its bond once the session has ended.
    ReclaimBond {
        /// Session id.
        session: u64,
    },
}
