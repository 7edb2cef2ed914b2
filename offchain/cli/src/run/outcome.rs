//! Runs a problem from the empty chain to the verdict.

use std::time::{Duration, Instant};

use anyhow::Result;
use gridweave_agents::observer::{Observer, Prices};
use gridweave_agents::parameters::SessionChoice;
use gridweave_audit::{EventLog, Report};
use gridweave_model::Instance;
use gridweave_optim::{CentralSolution, SiteSchedule, solve_central};
use gridweave_types::coordinator::SessionResponse;

use super::bills::Bills;
use super::day::Day;
use super::devices::RoundingCost;
use super::end::End;
use super::judge::{Judge, Verdict};
use super::problem::Problem;
use super::progress::Progress;
use super::rounds::{self, Round, Timings};
use super::session::{self, Cast, Faults, Session};
use super::stage::{Company, Stage};
use super::world::{FEEDER, World};
use crate::billing::verdict;
use crate::live::ChainFigures;

/// How a problem is to be run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Probability of silence.
    pub stragglers: f64,
    /// Share of liars.
    pub liars: f64,
    /// Check iterates.
    pub checks: bool,
    /// Run the day before first and start from it.
    pub warm: bool,
    /// Go on through the metered day to the bills.
    pub bills: bool,
}

/// A closed round with the judge's verdict on its schedule.
#[derive(Debug, Clone)]
pub struct JudgedRound {
    /// What the contract recorded.
    pub round: Round,
    /// Executed cost.
    pub cost: f64,
    /// Executed cost against the central optimum, relative.
    pub gap: Option<f64>,
    /// Lowest voltage magnitude.
    pub v_min: f64,
    /// Largest voltage violation (magnitude).
    pub violation: f64,
}

impl JudgedRound {
    /// The judge's verdict on `round`; `optimum` is the central cost.
    pub fn new(round: Round, judge: &Judge<'_>, optimum: Option<f64>) -> Result<Self> {
        let verdict = judge.execute(&round.schedule)?;
        Ok(Self {
            cost: verdict.cost,
            gap: optimum.map(|optimum| (verdict.cost - optimum) / optimum),
            v_min: verdict.execution.v_min,
            violation: verdict.execution.violation,
            round,
        })
    }
}

/// Everything a run leaves behind.
pub struct Outcome {
    /// Status of the ended session.
    pub status: SessionResponse,
    /// All rounds.
    pub rounds: Vec<JudgedRound>,
    /// Execution of the final schedule.
    pub verdict: Verdict,
    /// Device schedules behind it.
    pub devices: Vec<SiteSchedule>,
    /// The central optimum, where there is one.
    pub central: Option<CentralSolution>,
    /// Prices by bus.
    pub prices: Vec<Prices>,
    /// Largest relative difference of the prices from the central duals.
    pub dlmp_error: Option<f64>,
    /// Cost of whole starts.
    pub rounding: Option<RoundingCost>,
    /// Certified gap of the schedule.
    pub certified_gap: Option<f64>,
    /// Number of participants.
    pub agents: usize,
    /// SHA-256 over the scheduled injections and the prices.
    pub plan_hash: String,
    /// The metered day, if it was lived through.
    pub bills: Option<Bills>,
    /// The contracts' final state (embedded chain).
    pub state: Option<State>,
    /// Everything that the contracts announced (embedded chain).
    pub events: Option<EventLog>,
    /// The audit of the bills, if there are any.
    pub audit: Option<Report>,
    /// What a real chain took for it.
    pub chain: Option<ChainFigures>,
    /// Time from start to end.
    pub wall: Duration,
}

/// The contracts' state as a whole.
#[derive(Debug, Clone)]
pub struct State {
    /// SHA-256 over all records.
    pub hash: String,
    /// Their bytes.
    pub bytes: usize,
}

/// Runs `problem`.
pub async fn execute(problem: &Problem, plan: Plan) -> Result<Outcome> {
    let start = Instant::now();
    let instance = &problem.instance;
    let central = central(instance);
    let cast = Cast::new(instance, problem.options.mode)?;
    let billed = plan.bills && problem.is_billable();
    let company = Company {
        instance,
        roster: &cast.roster,
        bills: &problem.bills(),
    };
    let stage = Stage::set(company, billed).await?;
    let warm_from = match plan.warm {
        true => Some(run_yesterday(&stage, problem).await?),
        false => None,
    };
    let mut choice = choice(problem, plan.checks, warm_from);
    let draft = choice.config(instance)?;
    let first = stage
        .day_after(draft.max_rounds, draft.round_seconds)
        .await?;
    choice.first_interval = first.into();
    let faults = Faults {
        stragglers: plan.stragglers,
        liars: plan.liars,
        seed: problem.seed,
    };
    let mut session = session::open(
        &stage.world,
        instance,
        &cast,
        &stage.signers,
        &choice,
        faults,
    )
    .await?;
    let judge = Judge::new(instance, &cast.roster, &session.liars)?;
    let optimum = central.as_ref().map(|central| central.cost);
    let (status, rounds) = play(&stage.world, &mut session, &judge, optimum).await?;
    let chain = &stage.world.chain;
    let end = End {
        problem,
        judge: &judge,
        observer: Observer::new(chain, &stage.world.contracts.coordinator, session.id),
    };
    let mut outcome = end.collect(status, rounds, central).await?;
    if billed {
        Progress::step("living through the day");
        let day = Day {
            stage: &stage,
            instance,
            enrolments: &cast.roster.participants,
            meter: problem.billing.meter,
            seed: problem.seed,
            liars: &session.liars,
            session: session.id,
            first,
        };
        outcome.bills = Some(day.live().await?);
    }
    outcome.state = Some(State {
        hash: chain.state_hash().await?,
        bytes: chain.state_bytes().await?,
    });
    let events = stage.world.events().await?;
    if billed {
        outcome.audit = Some(verdict::of_log(&events, chain).await?);
    }
    outcome.events = Some(events);
    outcome.wall = start.elapsed();
    Ok(outcome)
}

/// The central optimum; a problem without one is run all the same.
pub fn central(instance: &Instance) -> Option<CentralSolution> {
    Progress::step("solving the central problem for comparison");
    match solve_central(instance) {
        Ok(solution) => Some(solution),
        Err(error) => {
            tracing::warn!(%error, "no central optimum; gaps are left out");
            None
        }
    }
}

fn choice(problem: &Problem, checks: bool, warm_from: Option<u64>) -> SessionChoice {
    SessionChoice {
        feeder: FEEDER,
        first_interval: 0,
        options: problem.options.clone(),
        checks,
        warm_from,
    }
}

/// Runs the day before without faults; the id of its ended session.
async fn run_yesterday(stage: &Stage, problem: &Problem) -> Result<u64> {
    Progress::step("running the day before");
    let instance = problem.yesterday()?;
    let cast = Cast::new(&instance, problem.options.mode)?;
    let faults = Faults {
        stragglers: 0.0,
        liars: 0.0,
        seed: problem.seed,
    };
    let choice = choice(problem, true, None);
    let mut session = session::open(
        &stage.world,
        &instance,
        &cast,
        &stage.signers,
        &choice,
        faults,
    )
    .await?;
    rounds::drive(&stage.world, &mut session, |_| Ok(())).await?;
    Ok(session.id)
}

async fn play(
    world: &World,
    session: &mut Session,
    judge: &Judge<'_>,
    optimum: Option<f64>,
) -> Result<(SessionResponse, Vec<JudgedRound>)> {
    let coordinator = &world.contracts.coordinator;
    let opened = Observer::new(&world.chain, coordinator, session.id)
        .status()
        .await?;
    let progress = Progress::start(opened.config.max_rounds);
    let mut judged = Vec::new();
    let mut evaluating = Duration::ZERO;
    let (status, timings) = rounds::drive(world, session, |round| {
        let start = Instant::now();
        let row = JudgedRound::new(round, judge, optimum)?;
        progress.round(&row);
        judged.push(row);
        evaluating += start.elapsed();
        Ok(())
    })
    .await?;
    progress.finish();
    log(timings, evaluating);
    Ok((status, judged))
}

fn log(timings: Timings, evaluating: Duration) {
    tracing::debug!(
        solve_s = timings.solve.as_secs_f64(),
        chain_s = timings.chain.saturating_sub(evaluating).as_secs_f64(),
        evaluate_s = evaluating.as_secs_f64(),
        "wall time of the rounds"
    );
}
