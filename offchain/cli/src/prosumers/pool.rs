//! A pool session, from its opening to its end; its rounds on the embedded chain.

use std::time::Instant;

use anyhow::{Context, Result};
use gridweave_agents::fixed::{to_f64, unpack_numbers};
use gridweave_agents::keeper::Keeper;
use gridweave_agents::observer::Observer;
use gridweave_agents::operator::Operator;
use gridweave_agents::participant::Participant;
use gridweave_agents::prosumers::{Home, PoolChoice, pool_roster};
use gridweave_chain::{Chain, Signer};
use gridweave_model::prosumers::Community;
use gridweave_optim::prosumers::HomeProblem;
use gridweave_types::coordinator::{Phase, RoundRecord, SessionResponse};
use rayon::prelude::*;

use crate::run::progress::Progress;
use crate::run::rounds::{self, Timings};
use crate::run::session::Session;
use crate::run::stage::Stage;
use crate::run::world::addresses;

/// What is to be coordinated.
pub struct Pool<'a> {
    /// The homes, their devices and their tariff.
    pub community: &'a Community,
    /// What each home pays without further trade (currency).
    pub alone: &'a [f64],
    /// What each home has agreed to sell before (kW); nobody anything when it is empty.
    pub agreed: &'a [Vec<f64>],
    /// The session's parameters.
    pub choice: &'a PoolChoice,
}

/// A closed round.
#[derive(Debug, Clone)]
pub struct Round {
    /// Its number.
    pub round: u32,
    /// Answers received.
    pub received: u32,
    /// Answers missed.
    pub missed: u32,
    /// `‖Σx‖₂` of the answers (kW).
    pub primal: f64,
    /// `‖λ' − λ‖₂` of the price.
    pub dual: f64,
    /// Weight `ρ`.
    pub rho: f64,
    /// Cost of the best plan that all homes have confirmed by its end (currency).
    pub cost: Option<f64>,
    /// Certified relative gap of that plan.
    pub certified_gap: Option<f64>,
}

/// An ended session.
pub struct Played {
    /// Its id.
    pub session: u64,
    /// Its status.
    pub status: SessionResponse,
    /// Its rounds.
    pub rounds: Vec<Round>,
    /// Net sales of each home by the best plan, those agreed before included (kW).
    pub plans: Vec<Vec<f64>>,
    /// Side payment to each home (currency).
    pub side: Vec<f64>,
    /// Price of the plan (currency per kW and interval).
    pub price: Vec<f64>,
    /// Price of the round that would have come next.
    pub last_price: Vec<f64>,
    /// What it took.
    pub timings: Timings,
}

impl Pool<'_> {
    /// Opens the session and runs it until it ends.
    ///
    /// # Errors
    /// A contract refuses, or a home's local problem has no solution.
    pub async fn play(&self, stage: &Stage, progress: &Progress) -> Result<Played> {
        let world = &stage.world;
        let id = self
            .open(&world.operator(), &addresses(&stage.signers))
            .await?;
        let mut session = Session {
            id,
            participants: self.participants(&stage.signers, id)?,
            liars: Vec::new(),
        };
        let (rounds, timings) = drive(stage, &mut session, progress).await?;
        let observer = Observer::new(&world.chain, &world.contracts.coordinator, id);
        self.read(&observer, id, (rounds, timings)).await
    }

    /// Opens the session with the homes at `addresses`; its id.
    ///
    /// # Errors
    /// A contract refuses.
    pub async fn open<C: Chain>(
        &self,
        operator: &Operator<'_, C>,
        addresses: &[String],
    ) -> Result<u64> {
        let roster = pool_roster(self.community, self.alone, self.agreed);
        let newest = operator.newest_session().await?;
        let config = self.choice.config(self.community)?;
        operator
            .open_session(newest, config, &roster, addresses)
            .await
            .context("the session cannot be opened")
    }

    /// The homes, which sign as `signers`, at work on their local problems.
    ///
    /// # Errors
    /// A home's problem cannot be set up.
    pub fn participants(&self, signers: &[Signer], session: u64) -> Result<Vec<Participant>> {
        let horizon = self.community.horizon;
        signers
            .par_iter()
            .enumerate()
            .map(|(at, signer)| {
                let problem = HomeProblem::new(self.community, at, 1)?;
                let home = match self.agreed.get(at) {
                    Some(agreed) => Home::agreeing(problem, agreed.clone()),
                    None => Home::new(problem, horizon),
                };
                let home = Box::new(home);
                Ok(Participant::new(signer.clone(), session, at as u32, home))
            })
            .collect()
    }

    /// What came of the ended session that `observer` reads.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn read<C: Chain>(
        &self,
        observer: &Observer<'_, C>,
        session: u64,
        (rounds, timings): (Vec<Round>, Timings),
    ) -> Result<Played> {
        let pool = observer.pool().await?;
        let horizon = self.community.horizon;
        let mut plans = vec![vec![0.0; horizon]; self.community.homes.len()];
        let mut side = vec![0.0; plans.len()];
        for row in observer.schedule().await? {
            let agreed = self.agreed.get(row.participant);
            let agreed = agreed.cloned().unwrap_or_else(|| vec![0.0; horizon]);
            let pairs = row.injection.iter().zip(agreed);
            plans[row.participant] = pairs.map(|(sold, agreed)| sold + agreed).collect();
            side[row.participant] = row.side_payment as f64 / 1e6;
        }
        Ok(Played {
            session,
            status: observer.status().await?,
            rounds,
            plans,
            side,
            price: unpack_numbers("settlement price", &pool.settlement)?,
            last_price: unpack_numbers("price", &pool.price)?,
            timings,
        })
    }
}

/// Round after round until the session has ended.
async fn drive(
    stage: &Stage,
    session: &mut Session,
    progress: &Progress,
) -> Result<(Vec<Round>, Timings)> {
    let world = &stage.world;
    let coordinator = world.contracts.coordinator.clone();
    let observer = Observer::new(&world.chain, &coordinator, session.id);
    let keeper = Keeper::new(world.keeper.clone(), coordinator.clone(), session.id);
    let mut timings = Timings::default();
    let mut closed: Vec<Round> = Vec::new();
    loop {
        let status = observer.status().await?;
        if status.phase != Phase::Collecting {
            return Ok((closed, timings));
        }
        rounds::play(world, session, &mut timings).await?;
        let start = Instant::now();
        rounds::close(&world.chain, &observer, &keeper, status.round).await?;
        note(&observer, &mut closed, progress).await?;
        timings.chain += start.elapsed();
    }
}

/// Adds the rounds that have been closed since the last of `closed`, and shows them.
///
/// # Errors
/// The chain does not answer.
pub async fn note<C: Chain>(
    observer: &Observer<'_, C>,
    closed: &mut Vec<Round>,
    progress: &Progress,
) -> Result<()> {
    let seen = closed.last().map_or(0, |round| round.round);
    for record in observer.history_after(seen).await? {
        let round = Round::new(&record);
        progress.show(round.round, round.line());
        closed.push(round);
    }
    Ok(())
}

impl Round {
    /// A recorded round; sessions between pairs have neither cost nor gap.
    pub fn new(record: &RoundRecord) -> Self {
        Self {
            round: record.round,
            received: record.received,
            missed: record.missed,
            primal: to_f64(record.primal),
            dual: to_f64(record.dual),
            rho: to_f64(record.rho),
            cost: record.cost.map(to_f64),
            certified_gap: record.gap.map(to_f64),
        }
    }

    fn line(&self) -> String {
        let gap = self.certified_gap;
        let gap = gap.map_or_else(|| "-".into(), |gap| format!("{:.4} %", 100.0 * gap));
        let cost = self.cost;
        let cost = cost.map_or_else(|| "-".into(), |cost| format!("{cost:.4}"));
        format!(
            "round {:>3}  left over {:.2e} kW  price moves {:.2e}  cost {cost:>10}  certified {gap:>10}",
            self.round, self.primal, self.dual,
        )
    }
}
