//! Drives a session from round to round until it ends.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gridweave_agents::Task;
use gridweave_agents::fixed::to_f64;
use gridweave_agents::keeper::Keeper;
use gridweave_agents::observer::{Observer, Scheduled};
use gridweave_agents::participant::Participant;
use gridweave_chain::Chain;
use gridweave_chain::embedded::EmbeddedChain;
use gridweave_types::coordinator::{ExecuteMsg, Phase, RoundRecord, SessionResponse};
use rayon::prelude::*;

use super::session::Session;
use super::world::World;

/// A closed round.
#[derive(Debug, Clone)]
pub struct Round {
    /// Round number.
    pub round: u32,
    /// Iterates received.
    pub received: u32,
    /// Iterates missed.
    pub missed: u32,
    /// `‖r‖₂` of M(18).
    pub primal: f64,
    /// `‖s‖₂` of M(18).
    pub dual: f64,
    /// Penalty of the first query.
    pub rho: f64,
    /// Cost as the contract computes it.
    pub chain_cost: Option<f64>,
    /// Certified relative gap.
    pub certified_gap: Option<f64>,
    /// The schedule after the round.
    pub schedule: Vec<Scheduled>,
}

/// Wall time by kind of work.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timings {
    /// Local problems.
    pub solve: Duration,
    /// Transactions and queries.
    pub chain: Duration,
    /// Answers sent.
    pub messages: u64,
    /// Their bytes, as JSON.
    pub bytes: u64,
}

impl Timings {
    /// Adds those of another session.
    pub fn add(&mut self, other: &Self) {
        self.solve += other.solve;
        self.chain += other.chain;
        self.messages += other.messages;
        self.bytes += other.bytes;
    }
}

/// Runs `session` until it ends; `watch` sees each round as it closes.
pub async fn drive(
    world: &World,
    session: &mut Session,
    mut watch: impl FnMut(Round) -> Result<()>,
) -> Result<(SessionResponse, Timings)> {
    let coordinator = world.contracts.coordinator.clone();
    let observer = Observer::new(&world.chain, &coordinator, session.id);
    let keeper = Keeper::new(world.keeper.clone(), coordinator.clone(), session.id);
    let mut timings = Timings::default();
    let mut seen = 0;
    loop {
        let status = observer.status().await?;
        if status.phase != Phase::Collecting {
            return Ok((status, timings));
        }
        play(world, session, &mut timings).await?;
        let start = Instant::now();
        close(&world.chain, &observer, &keeper, status.round).await?;
        let schedule = observer.schedule().await?;
        for record in observer.history_after(seen).await? {
            seen = record.round;
            watch(Round::new(&record, schedule.clone()))?;
        }
        timings.chain += start.elapsed();
    }
}

/// One answer of every participant that has something to say.
///
/// # Errors
/// A local problem has no solution, or the contract refuses.
pub async fn play(world: &World, session: &mut Session, timings: &mut Timings) -> Result<()> {
    let coordinator = &world.contracts.coordinator;
    let start = Instant::now();
    let mut tasks = Vec::with_capacity(session.participants.len());
    for participant in &mut session.participants {
        tasks.push(participant.fetch(&world.chain, coordinator).await?);
    }
    let fetched = Instant::now();
    let messages = prepare(&mut session.participants, &tasks)?;
    let solved = Instant::now();
    for (participant, msg) in session.participants.iter_mut().zip(&messages) {
        if let Some(msg) = msg {
            let outcome = participant.submit(&world.chain, coordinator, msg).await?;
            tracing::trace!(participant = participant.index, ?outcome, "submitted");
            timings.messages += 1;
            timings.bytes += serde_json::to_vec(msg)?.len() as u64;
        }
    }
    timings.solve += solved - fetched;
    timings.chain += (fetched - start) + solved.elapsed();
    Ok(())
}

/// Solves all local problems in parallel; the order of results is that of the participants.
fn prepare(
    participants: &mut [Participant],
    tasks: &[Option<Task>],
) -> Result<Vec<Option<ExecuteMsg>>> {
    participants
        .par_iter_mut()
        .zip(tasks)
        .map(|(participant, task)| {
            let Some(task) = task else { return Ok(None) };
            let msg = participant.prepare(task).with_context(|| {
                format!("'{}' in round {}", participant.signer.name, task.round)
            })?;
            Ok(Some(msg))
        })
        .collect()
}

/// Lets time pass until the round has closed: at once when all answered, else past its deadline.
///
/// # Errors
/// The round stays open.
pub async fn close(
    chain: &EmbeddedChain,
    observer: &Observer<'_, EmbeddedChain>,
    keeper: &Keeper,
    round: u32,
) -> Result<()> {
    chain.advance_block(1).await?;
    let status = observer.status().await?;
    if status.phase != Phase::Collecting || status.round != round {
        return Ok(());
    }
    let missing = status.deadline.u64().saturating_sub(chain.time().await?);
    chain.advance_block(missing).await?;
    let closed = keeper.turn(chain).await?;
    anyhow::ensure!(closed, "round {round} does not close after its deadline");
    chain.advance_block(1).await?;
    Ok(())
}

impl Round {
    /// A recorded round with the schedule after it.
    pub fn new(record: &RoundRecord, schedule: Vec<Scheduled>) -> Self {
        Self {
            round: record.round,
            received: record.received,
            missed: record.missed,
            primal: to_f64(record.primal),
            dual: to_f64(record.dual),
            rho: to_f64(record.rho),
            chain_cost: record.cost.map(to_f64),
            certified_gap: record.gap.map(to_f64),
            schedule,
        }
    }
}
