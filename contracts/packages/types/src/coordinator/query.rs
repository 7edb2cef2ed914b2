//! Queries and their answers.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Binary, Int64, Uint64};
use gridweave_units::Fx;

use super::{PoolAssignment, SessionConfig};

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Status of a session.
    #[returns(SessionResponse)]
    Session {
        /// Session id.
        session: u64,
    },
    /// Session ids and phases, ascending.
    #[returns(SessionsResponse)]
    Sessions {
        /// Last id of the previous page.
        start_after: Option<u64>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Closed rounds, ascending.
    #[returns(HistoryResponse)]
    History {
        /// Session id.
        session: u64,
        /// Last round of the previous page.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// What a participant needs for its next local problem.
    #[returns(AssignmentResponse)]
    Assignment {
        /// Session id.
        session: u64,
        /// Participant index.
        participant: u32,
    },
    /// A participant by index.
    #[returns(ParticipantResponse)]
    Participant {
        /// Session id.
        session: u64,
        /// Participant index.
        participant: u32,
    },
    /// Participants by index.
    #[returns(ParticipantsResponse)]
    Participants {
        /// Session id.
        session: u64,
        /// Last index of the previous page.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Index of an account in a session.
    #[returns(ParticipantResponse)]
    ParticipantOf {
        /// Session id.
        session: u64,
        /// Account address.
        account: String,
    },
    /// Kept answers and weights of a participant (exchange sessions): what a solver works on.
    #[returns(AnswersResponse)]
    Answers {
        /// Session id.
        session: u64,
        /// Participant index.
        participant: u32,
    },
    /// The network an exchange session was opened with, in topological order.
    #[returns(NetworkResponse)]
    Network {
        /// Session id.
        session: u64,
        /// Number of buses already seen.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Prices per bus in topological order (exchange sessions that ended).
    #[returns(PricesResponse)]
    Prices {
        /// Session id.
        session: u64,
        /// Number of buses already seen.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Prices of one bus (exchange sessions that ended). In pool sessions the settlement price of
    /// the best confirmed plan, which is the same at every bus.
    #[returns(BusPrices)]
    PricesOf {
        /// Session id.
        session: u64,
        /// Bus number.
        bus: u32,
    },
    /// Scheduled net injections by participant: the best candidate so far.
    #[returns(ScheduleResponse)]
    Schedule {
        /// Session id.
        session: u64,
        /// Last participant of the previous page.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Duals `ξ` of a participant's copies, M(17) (consensus sessions).
    #[returns(DualsResponse)]
    Duals {
        /// Session id.
        session: u64,
        /// Participant index.
        participant: u32,
    },
    /// Cleared trades of a participant of an ended session between pairs: consensus sessions in which
    /// all its shared numbers are in `Opposite` groups. They can be read until the session is cleared.
    #[returns(TradesResponse)]
    Trades {
        /// Session id.
        session: u64,
        /// Participant index.
        participant: u32,
    },
    /// The certified optimality gap (exchange and pool sessions).
    #[returns(CertificateResponse)]
    Certificate {
        /// Session id.
        session: u64,
    },
    /// Price and totals of a pool session.
    #[returns(super::PoolResponse)]
    Pool {
        /// Session id.
        session: u64,
    },
}

/// Where a session stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Phase {
    /// Participants and groups are being added.
    Setup,
    /// Rounds are running.
    Collecting,
    /// Ended by the stop rule.
    Converged,
    /// Ended at the last round.
    Exhausted,
    /// Ended by the operator.
    Aborted,
}

/// Why a session converged.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum StopReason {
    /// The certified gap is within the session's limit.
    Certificate,
    /// Both residuals are within M(19).
    Residuals,
    /// The last round has closed.
    Rounds,
    /// The operator aborted.
    Operator,
}

/// Answer to [`QueryMsg::Session`].
#[cw_serde]
pub struct SessionResponse {
    /// Session id.
    pub session: Uint64,
    /// Operator who created it.
    pub operator: Addr,
    /// Parameters.
    pub config: SessionConfig,
    /// Phase.
    pub phase: Phase,
    /// Why it ended.
    pub stop_reason: Option<StopReason>,
    /// Round being collected (1 first); the last round once ended; 0 during setup.
    pub round: u32,
    /// Unix seconds from which `Advance` may close the round.
    pub deadline: Uint64,
    /// Number of participants.
    pub participants: u32,
    /// Number of groups (consensus sessions).
    pub groups: u32,
    /// Participants replaced by their baseline.
    pub replaced: u32,
    /// Iterates received in the current round.
    pub received: u32,
    /// Iterates missed over all closed rounds.
    pub missed: u32,
    /// Iterates rejected so far.
    pub rejected: u32,
    /// Answer slots per participant (exchange sessions): the width of a weights row. A slot whose
    /// answer is missing must have weight 0.
    pub kept_answers: u32,
    /// Cost of the best candidate plan, as the contract recomputed it; in pool sessions as the
    /// participants confirmed it.
    pub cost: Option<Fx>,
    /// Largest voltage violation of that plan (squared per unit).
    pub violation: Option<Fx>,
}

/// Answer to [`QueryMsg::Sessions`].
#[cw_serde]
pub struct SessionsResponse {
    /// Ids and phases.
    pub sessions: Vec<(Uint64, Phase)>,
}

/// One closed round.
#[cw_serde]
pub struct RoundRecord {
    /// Round number.
    pub round: u32,
    /// Iterates received and accepted or rejected.
    pub received: u32,
    /// Iterates missed.
    pub missed: u32,
    /// `‖r‖₂` of M(18); in consensus sessions of the previous round.
    pub primal: Fx,
    /// `‖s‖₂` of M(18); in consensus sessions of the previous round.
    pub dual: Fx,
    /// Penalty (first query).
    pub rho: Fx,
    /// Cost of the round's plan (exchange sessions); in pool sessions of the best confirmed plan.
    pub cost: Option<Fx>,
    /// Largest voltage violation of the round's plan (squared per unit).
    pub violation: Option<Fx>,
    /// Best lower bound so far.
    pub bound: Option<Fx>,
    /// Certified relative gap of the candidate.
    pub gap: Option<Fx>,
}

/// Answer to [`QueryMsg::History`].
#[cw_serde]
pub struct HistoryResponse {
    /// One page.
    pub rounds: Vec<RoundRecord>,
}

/// Answer to [`QueryMsg::Assignment`].
#[cw_serde]
pub struct AssignmentResponse {
    /// Phase of the session.
    pub phase: Phase,
    /// Round to answer.
    pub round: u32,
    /// Whether an iterate of this participant is still expected in this round.
    pub pending: bool,
    /// Penalty of each query.
    pub rho: Vec<Fx>,
    /// Packed centre of each query: answer `argmin f(x) + ρ/2·‖x − c‖²`. In consensus sessions
    /// `c = z̃ − ξ/ρ`, M(15). In pool sessions the copy `z_i`.
    pub centres: Binary,
    /// Exchange sessions: packed prices `π_i` (T) for the best-response claim. Pool sessions: the
    /// round's price `λ_k` (T). Else empty.
    pub prices: Binary,
    /// What else a pool asks.
    pub pool: Option<PoolAssignment>,
}

/// Answer to [`QueryMsg::Participant`] and [`QueryMsg::ParticipantOf`].
#[cw_serde]
pub struct ParticipantResponse {
    /// Index in the session.
    pub participant: u32,
    /// Account.
    pub account: Addr,
    /// Bus.
    pub bus: u32,
    /// Numbers per answer.
    pub size: u32,
    /// Last round it submitted in.
    pub last_round: u32,
    /// Rounds missed.
    pub missed: u32,
    /// Iterates rejected.
    pub rejected: u32,
    /// Whether it was replaced by its baseline.
    pub replaced: bool,
    /// Packed baseline; empty in pool sessions, where it is not to trade.
    pub baseline: Binary,
    /// Packed reactive injection (exchange sessions).
    pub reactive: Binary,
}

/// Answer to [`QueryMsg::Participants`].
#[cw_serde]
pub struct ParticipantsResponse {
    /// One page.
    pub participants: Vec<ParticipantResponse>,
}

/// Answer to [`QueryMsg::Answers`].
#[cw_serde]
pub struct AnswersResponse {
    /// Kept answers, one after the other, packed (answers × T).
    pub answers: Binary,
    /// Private cost of each answer, packed.
    pub costs: Binary,
    /// Weights of the current plan, packed.
    pub weights: Binary,
}

/// Answer to [`QueryMsg::Network`].
#[cw_serde]
pub struct NetworkResponse {
    /// Branches (the root is not among them), parents first.
    pub branches: Vec<crate::grid::Branch>,
    /// Root bus.
    pub root: u32,
}

/// Prices of one bus.
#[cw_serde]
pub struct BusPrices {
    /// Bus number.
    pub bus: u32,
    /// Energy component `λ`, packed (T).
    pub energy: Binary,
    /// Loss component `(a_i − 1)·λ`, packed (T).
    pub loss: Binary,
    /// Voltage component, packed (T).
    pub voltage: Binary,
}

/// Answer to [`QueryMsg::Prices`]: the DLMP is the sum of the three components.
#[cw_serde]
pub struct PricesResponse {
    /// One page.
    pub buses: Vec<BusPrices>,
}

/// Scheduled net injection of one participant.
#[cw_serde]
pub struct ScheduleRow {
    /// Participant index.
    pub participant: u32,
    /// Account.
    pub account: Addr,
    /// Bus.
    pub bus: u32,
    /// Packed schedule: T numbers in exchange and pool sessions (in pool sessions of the best
    /// confirmed plan, without trade before there is one), `reports · T` in consensus sessions.
    pub injection: Binary,
    /// Side payment (micro-currency, positive to the participant) that goes with the plan of a pool
    /// session, so that nobody is worse off than alone; else 0.
    pub side_payment: Int64,
}

/// Answer to [`QueryMsg::Schedule`].
#[cw_serde]
pub struct ScheduleResponse {
    /// One page.
    pub rows: Vec<ScheduleRow>,
}

/// Answer to [`QueryMsg::Duals`].
#[cw_serde]
pub struct DualsResponse {
    /// Packed duals, one per shared number. Where a number is what the participant sells to a
    /// partner (`Opposite` groups), the price of that trade is the negative of its dual.
    pub duals: Binary,
    /// Packed copies `z̃` of the shared numbers, M(16). In `Opposite` groups these are the cleared
    /// trades `p̂` of Y(16): exact opposites of the partner's.
    pub copies: Binary,
}

/// Answer to [`QueryMsg::Trades`].
#[cw_serde]
pub struct TradesResponse {
    /// Packed sales `p̂` to each partner, Y(16), in the order of the participant's groups, each with the
    /// numbers of its group: exact opposites of the partner's. Nothing is traded with a participant
    /// that was replaced, nor by it.
    pub sales: Binary,
    /// Packed prices `λ`, Y(17), one for each sale (currency per unit of power and interval): exactly
    /// those of the partner.
    pub prices: Binary,
}

/// Answer to [`QueryMsg::Certificate`].
#[cw_serde]
pub struct CertificateResponse {
    /// Cost of the candidate as recomputed by the contract; in pool sessions as the participants
    /// confirmed it.
    pub cost: Fx,
    /// Lower bound on the optimum, valid if every participant's claims and private terms are
    /// honest; `None` before the first round with a bound.
    pub bound: Option<Fx>,
    /// `(cost − bound)/cost`.
    pub gap: Option<Fx>,
    /// Round of the candidate.
    pub round: u32,
    /// What the bound rests on.
    pub basis: String,
}
