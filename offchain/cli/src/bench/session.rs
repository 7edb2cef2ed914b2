//! The course of a session, from its creation to the last bond, each message measured.

use anyhow::{Context, Result};
use gridweave_chain::ContractKind::Coordinator;
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, Signer};
use gridweave_types::coordinator::{
    BondTerms, ExecuteMsg, GroupInput, MAX_ROWS, Mode, ParticipantInput, SessionConfig, StopRule,
};
use gridweave_types::page::MAX_LIMIT;
use gridweave_units::{Fx, pack};

use super::agents::Crowd;
use super::stage::{Case, Stage};

/// Most bytes of packed numbers in one transaction.
const PAGE_BYTES: usize = 400_000;
/// Bond of each participant.
pub const BOND: u128 = 1_000;

/// What a session is made of.
pub struct Plan<'a> {
    /// Name and size.
    pub case: Case<'a>,
    /// Its agents and their feeder; the first of them take part.
    pub crowd: &'a Crowd,
    /// Coupling.
    pub mode: Mode,
    /// Bounds and baseline of participant `i`.
    pub participant: fn(u32, u32) -> [Vec<Fx>; 3],
    /// Its numbers in round `k`.
    pub answer: fn(u32, u32, u32) -> Vec<Fx>,
    /// Claims with each iterate.
    pub claims: Vec<Fx>,
    /// Weights for the answers of the last round before it closes.
    pub weights: Option<Vec<Fx>>,
}

impl Plan<'_> {
    /// Who takes part.
    pub fn signers(&self) -> &[Signer] {
        &self.crowd.signers[..self.case.agents as usize]
    }
}

/// Creates the session; its id.
///
/// # Errors
/// The contract refuses.
pub async fn create(stage: &mut Stage, plan: &Plan<'_>, bond: Option<BondTerms>) -> Result<u64> {
    create_with(stage, plan.case, config(plan, bond)).await
}

/// A session that does not end by itself.
pub fn config(plan: &Plan<'_>, bond: Option<BondTerms>) -> SessionConfig {
    SessionConfig {
        feeder: plan.crowd.feeder,
        horizon: plan.case.horizon,
        first_interval: 0u64.into(),
        energy_unit: 1_000u64.into(),
        mode: plan.mode.clone(),
        max_rounds: 100,
        round_seconds: 1,
        max_misses: 5,
        max_rejections: 2,
        // Iterates that do not move would end it.
        stop: StopRule {
            primal: Fx::ZERO,
            dual: Fx::ZERO,
            gap: None,
            min_rounds: 100,
        },
        monotonicity_tolerance: Some(Fx::ratio(1, 1_000)),
        bond,
    }
}

/// Creates a session; its id.
///
/// # Errors
/// The contract refuses.
pub async fn create_with(stage: &mut Stage, case: Case<'_>, config: SessionConfig) -> Result<u64> {
    let msg = ExecuteMsg::CreateSession { config };
    let operator = stage.operator.clone();
    let response = stage.act(&operator, Coordinator, case, &msg).await?;
    let id = response.attribute("session")?;
    id.parse().with_context(|| format!("session '{id}'"))
}

/// Adds participants and groups, and opens the session.
///
/// # Errors
/// The contract refuses.
pub async fn fill(stage: &mut Stage, plan: &Plan<'_>, session: u64) -> Result<()> {
    let operator = stage.operator.clone();
    let row_bytes = 24 * plan.case.horizon as usize;
    let page = MAX_ROWS.min(PAGE_BYTES / row_bytes);
    let rows: Vec<ParticipantInput> = (0..)
        .zip(plan.signers())
        .map(|(i, s)| input(plan, i, s))
        .collect();
    for rows in rows.chunks(page) {
        let msg = ExecuteMsg::AddParticipants {
            session,
            participants: rows.to_vec(),
        };
        stage.act(&operator, Coordinator, plan.case, &msg).await?;
    }
    for msg in super::consensus::groups(plan, session) {
        stage.act(&operator, Coordinator, plan.case, &msg).await?;
    }
    let msg = ExecuteMsg::Open { session };
    stage.act(&operator, Coordinator, plan.case, &msg).await?;
    Ok(())
}

fn input(plan: &Plan<'_>, index: u32, signer: &Signer) -> ParticipantInput {
    let [lower, upper, baseline] = (plan.participant)(index, plan.case.horizon);
    let reactive = match &plan.mode {
        Mode::Consensus(_) | Mode::Pool(_) => Vec::new(),
        Mode::Exchange(_) => vec![Fx::ZERO; plan.case.horizon as usize],
    };
    ParticipantInput {
        account: signer.address.clone(),
        bus: index + 1,
        lower: pack(&lower).into(),
        upper: pack(&upper).into(),
        baseline: pack(&baseline).into(),
        baseline_cost: Fx::ZERO,
        reactive: pack(&reactive).into(),
        reports: 0,
        mobility: None,
    }
}

/// Closes a round that nobody has answered by its deadline, ends the session and clears it.
///
/// # Errors
/// The contract refuses.
pub async fn finish(stage: &mut Stage, plan: &Plan<'_>, session: u64) -> Result<()> {
    let advance = ExecuteMsg::Advance {
        session,
        replace: Vec::new(),
    };
    let close = ExecuteMsg::Close {
        session,
        limit: MAX_LIMIT,
    };
    let operator = stage.operator.clone();
    for msg in [&advance, &ExecuteMsg::Abort { session }, &close] {
        stage.act(&operator, Coordinator, plan.case, msg).await?;
    }
    Ok(())
}

/// Waits until a round that has begun by now is past its deadline of one second.
///
/// # Errors
/// The chain does not answer.
pub async fn pass_deadline(chain: &WasmdChain) -> Result<()> {
    // Whole seconds: the round began less than one after this.
    let start = chain.time().await?;
    let mut height = chain.height().await?;
    while chain.time().await? < start + 2 {
        height = chain.beyond(height).await?;
    }
    Ok(())
}

/// The part of a group's members that one message takes.
pub fn group_input(size: u32, members: Vec<u32>) -> GroupInput {
    GroupInput {
        size,
        projection: gridweave_types::coordinator::Projection::SumZero,
        members,
    }
}
