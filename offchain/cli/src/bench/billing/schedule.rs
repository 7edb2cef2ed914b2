//! A session that becomes commitments.

use anyhow::Result;
use gridweave_chain::ContractKind::{Billing, Coordinator};
use gridweave_types::billing::{ExecuteMsg, SourceKind};

use super::super::agents::Crowd;
use super::super::exchange;
use super::super::iterates::{ROUNDS, play as play_rounds};
use super::super::session::{self, Plan, fill};
use super::super::stage::{BARE, Case, QUIET, Stage};

/// Intervals of the session.
const HORIZON: u32 = 24;
/// Its first interval: far enough ahead.
const FIRST: u64 = 1_000;
/// Participants of the measured pages; the last is as many as a page takes.
const PAGES: [u32; 3] = [1, 4, 16];

/// A session of `crowd` that has ended; its id.
///
/// # Errors
/// The contract refuses.
pub async fn play(stage: &mut Stage, crowd: &Crowd) -> Result<u64> {
    let mut plan: Plan<'_> = exchange::admm(crowd, HORIZON);
    plan.case = plan.case.named(QUIET.name);
    let mut config = session::config(&plan, None);
    config.first_interval = FIRST.into();
    config.max_rounds = ROUNDS;
    config.stop.min_rounds = ROUNDS;
    let id = session::create_with(stage, plan.case, config).await?;
    fill(stage, &plan, id).await?;
    play_rounds(stage, &plan, id).await?;
    Ok(id)
}

/// Records pages of the session in a contract that did not know its accounts.
///
/// # Errors
/// The contract refuses.
pub async fn record(stage: &mut Stage, crowd: &Crowd, session: u64) -> Result<()> {
    let operator = stage.operator.clone();
    let coordinator = stage.address(Coordinator)?.to_string();
    let register = ExecuteMsg::RegisterSource {
        contract: coordinator.clone(),
        kind: SourceKind::Sessions,
    };
    stage.act(&operator, Billing, BARE, &register).await?;
    let mut left = crowd.signers.len() as u32;
    for participants in PAGES {
        let message = ExecuteMsg::RecordSession {
            coordinator: coordinator.clone(),
            session,
            limit: Some(participants),
        };
        let case = Case {
            name: "new accounts and lines",
            agents: participants,
            horizon: HORIZON,
        };
        stage.act(&operator, Billing, case, &message).await?;
        left = left.saturating_sub(participants);
    }
    tracing::debug!(left, "participants whose commitments are not recorded");
    Ok(())
}
