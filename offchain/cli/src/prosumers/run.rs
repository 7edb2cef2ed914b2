//! Runs a community from the empty chain to its bills.

use std::time::Instant;

use anyhow::Result;
use gridweave_agents::prosumers::{PoolChoice, pool_roster};
use gridweave_model::Instance;
use gridweave_model::prosumers::Community;
use gridweave_optim::prosumers::{PoolStart, PoolTerms};

use super::outcome::{Outcome, Trading};
use super::pool::{Played, Pool};
use super::problem::Problem;
use super::reference::{Reference, settle};
use super::{pairwise, rolling, trades};
use crate::billing::verdict;
use crate::run::day::Day;
use crate::run::outcome::State;
use crate::run::progress::Progress;
use crate::run::stage::{Company, Stage};
use crate::run::world::FEEDER;

/// Most rounds of a session where none are given: 16 of answers and one that confirms.
pub const MAX_ROUNDS: u32 = 17;

/// How a community is to be run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How homes trade.
    pub trading: Trading,
    /// Most rounds of a session.
    pub rounds: Option<u32>,
    /// Certified gap at which a session stops.
    pub gap: Option<f64>,
    /// Start every session of rolling operation afresh.
    pub cold: bool,
    /// Go on through the metered days to the bills.
    pub bills: bool,
}

impl Plan {
    /// Most rounds of a session.
    pub fn max_rounds(&self) -> u32 {
        self.rounds.unwrap_or(MAX_ROUNDS)
    }

    /// What a session of `community` is to be like on a feeder, from an interval on, with rounds of
    /// so many seconds.
    pub fn choice(
        &self,
        community: &Community,
        (feeder, first_interval, seconds): (u32, u64, u32),
    ) -> PoolChoice {
        PoolChoice {
            feeder,
            first_interval,
            max_rounds: self.max_rounds(),
            gap: self.gap,
            round_seconds: Some(seconds),
            price: PoolStart::cold(community).prices(),
            terms: PoolTerms::of(community),
        }
    }
}

/// A community on its stage.
pub struct Scene<'a> {
    /// What is run.
    pub problem: &'a Problem,
    /// How.
    pub plan: Plan,
    /// The chain and everybody on it.
    pub stage: Stage,
    /// First interval of the horizon.
    pub first: u32,
}

/// Runs `problem`.
///
/// # Errors
/// A home is infeasible alone, or a contract refuses.
pub async fn execute(problem: &Problem, plan: Plan) -> Result<Outcome> {
    let start = Instant::now();
    if let Trading::Pairwise(graph) = plan.trading {
        pairwise::check(problem, graph)?;
    }
    let reference = Reference::of(&problem.community)?;
    let mut outcome = match plan.trading {
        Trading::Pool => pool(problem, plan, reference).await?,
        Trading::Rolling(every) => rolling::run(problem, plan, every, reference).await?,
        Trading::Pairwise(graph) => pairwise::run(problem, plan, graph, reference).await?,
    };
    outcome.wall = start.elapsed();
    Ok(outcome)
}

impl<'a> Scene<'a> {
    /// Sets the stage; `billed` brings meters and money.
    ///
    /// # Errors
    /// A contract refuses.
    pub async fn set(
        problem: &'a Problem,
        plan: Plan,
        wires: &Instance,
        billed: bool,
    ) -> Result<Self> {
        let community = &problem.community;
        let nothing = vec![0.0; community.homes.len()];
        let company = Company {
            instance: wires,
            roster: &pool_roster(community, &nothing, &[]),
            bills: &problem.bills(),
        };
        let stage = Stage::set(company, billed).await?;
        let first = stage.day_after(plan.max_rounds(), SECONDS).await?;
        Ok(Self {
            problem,
            plan,
            stage,
            first,
        })
    }

    /// What a session of `community`, which begins `from` intervals after the first, is to be like.
    pub fn choice(&self, community: &Community, from: usize) -> PoolChoice {
        let first = u64::from(self.first) + from as u64;
        self.plan.choice(community, (FEEDER, first, SECONDS))
    }

    /// The contracts' final state.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn state(&self) -> Result<State> {
        let chain = &self.stage.world.chain;
        Ok(State {
            hash: chain.state_hash().await?,
            bytes: chain.state_bytes().await?,
        })
    }
}

/// Seconds of a round.
const SECONDS: u32 = 60;

async fn pool(problem: &Problem, plan: Plan, reference: Reference) -> Result<Outcome> {
    let community = &problem.community;
    let wires = community.wires();
    let scene = Scene::set(problem, plan, &wires, plan.bills).await?;
    let alone: Vec<f64> = reference.alone.iter().map(|home| home.cost).collect();
    let choice = scene.choice(community, 0);
    let progress = Progress::start(choice.max_rounds);
    let session = Pool {
        community,
        alone: &alone,
        agreed: &[],
        choice: &choice,
    };
    let played = session.play(&scene.stage, &progress).await?;
    progress.finish();
    let mut outcome = settled(problem, reference, &played)?;
    close(&scene, &wires, played.session, &mut outcome).await?;
    Ok(outcome)
}

/// Lives through the metered days of `session` if that is planned, and has them audited; notes what the
/// contracts announced and left.
///
/// # Errors
/// A contract refuses.
pub async fn close(
    scene: &Scene<'_>,
    wires: &Instance,
    session: u64,
    outcome: &mut Outcome,
) -> Result<()> {
    let billed = scene.plan.bills;
    if billed {
        live_through(scene, wires, session, outcome).await?;
    }
    outcome.state = Some(scene.state().await?);
    let events = scene.stage.world.events().await?;
    if billed {
        outcome.audit = Some(verdict::of_log(&events, &scene.stage.world.chain).await?);
    }
    outcome.events = Some(events);
    Ok(())
}

/// What homes do by the plan of a session.
///
/// # Errors
/// A home cannot deliver.
pub fn settled(problem: &Problem, reference: Reference, played: &Played) -> Result<Outcome> {
    let community = &problem.community;
    let paid = |plan: &Vec<f64>| -> f64 {
        let pairs = plan.iter().zip(&played.price);
        pairs.map(|(sold, price)| sold * price).sum()
    };
    Ok(Outcome {
        trading: Trading::Pool,
        rounds: played.rounds.clone(),
        judged: Vec::new(),
        stop_reason: played.status.stop_reason,
        homes: settle(community, &played.plans)?,
        paid: played.plans.iter().map(paid).collect(),
        side: played.side.clone(),
        trades: trades::derive(&played.plans, &played.price, community.interval_hours)?,
        price: played.price.clone(),
        timings: played.timings,
        rolling: None,
        bills: None,
        audit: None,
        events: None,
        state: None,
        chain: None,
        wall: std::time::Duration::ZERO,
        reference,
    })
}

/// The metered days of a session.
async fn live_through(
    scene: &Scene<'_>,
    wires: &Instance,
    session: u64,
    outcome: &mut Outcome,
) -> Result<()> {
    Progress::step("living through the days");
    let problem = scene.problem;
    let nothing = vec![0.0; problem.community.homes.len()];
    let roster = pool_roster(&problem.community, &nothing, &[]);
    let day = Day {
        stage: &scene.stage,
        instance: wires,
        enrolments: &roster.participants,
        meter: problem.bills().options.meter,
        seed: problem.seed,
        liars: &[],
        session,
        first: scene.first,
    };
    outcome.bills = Some(day.live().await?);
    Ok(())
}
