//! Rolling operation: sessions that follow each other, each begun where the last one ended.

use std::time::Duration;

use anyhow::Result;
use gridweave_model::prosumers::Forecast;
use gridweave_optim::prosumers::{HomeAnswer, HomeProblem, PoolTerms, Rolling, Window};
use rayon::prelude::*;
use serde::Serialize;

use super::ledger::{Ended, Ledger};
use super::outcome::{Outcome, Trading};
use super::pool::{Played, Pool};
use super::problem::Problem;
use super::reference::{Reference, alone, settle};
use super::run::{Plan, Scene};
use super::trades;
use crate::run::progress::Progress;

/// Round whose weight a session has that goes on where another one was left.
const WARM_ROUND: u32 = 6;

/// What rolling operation came to. Costs in currency.
#[derive(Debug, Clone, Serialize)]
pub struct RollingFigures {
    /// Intervals between two sessions.
    pub every: usize,
    /// Sessions.
    pub sessions: usize,
    /// Whether sessions began where the last one was left.
    pub warm: bool,
    /// Rounds of the first session, which begins afresh.
    pub rounds_first: usize,
    /// Mean rounds of the others.
    pub rounds_after: f64,
    /// Rounds of each session.
    pub rounds_by_session: Vec<usize>,
    /// What the homes could have paid together, had everything been known.
    pub cost_foresight: Option<f64>,
    /// How much more they paid, relative.
    pub regret: Option<f64>,
    /// What they would have paid without coordination, each planning as often with the same
    /// forecasts.
    pub cost_alone_rolling: f64,
    /// What coordination saved them, in percent of that.
    pub saved_pct: f64,
}

impl RollingFigures {
    /// In words.
    pub fn table(&self) -> String {
        format!(
            "rolling             {} sessions, every {} intervals; {} rounds at first, then {:.1} ({})\n\
             against foresight   {}\n\
             against nobody      {:.4} without coordination, {:.2} % saved\n",
            self.sessions,
            self.every,
            self.rounds_first,
            self.rounds_after,
            if self.warm { "warm" } else { "cold" },
            self.regret.map_or_else(
                || "unknown".into(),
                |regret| format!("{:.2} % above perfect foresight", 100.0 * regret)
            ),
            self.cost_alone_rolling,
            self.saved_pct,
        )
    }
}

/// What a session hands on to the next.
struct Agreed {
    /// Net sales of each home (kW).
    plans: Vec<Vec<f64>>,
    /// Price of the round that would have come next.
    price: Vec<f64>,
}

/// Runs `problem`, planned anew after every `every` intervals.
///
/// # Errors
/// A contract refuses, or a home has no schedule.
pub async fn run(
    problem: &Problem,
    plan: Plan,
    every: usize,
    reference: Reference,
) -> Result<Outcome> {
    let community = &problem.community;
    let scene = Scene::set(problem, plan, &community.wires(), false).await?;
    let forecast = Forecast::usual(problem.seed);
    let uncoordinated = uncoordinated(problem, every, forecast)?;
    let mut rolling = Rolling::new(community, every, forecast);
    let mut ledger = Ledger::new(community.homes.len(), community.horizon);
    let progress = Progress::start(community.horizon.div_ceil(every.max(1)) as u32);
    let mut agreed = None;
    while let Some(window) = rolling.window() {
        let session = plan_window(&scene, &window, agreed.take()).await?;
        let answers = settle(&window.community, &session.played.plans)?;
        rolling.execute(&answers)?;
        progress.show(ledger.by_session.len() as u32 + 1, line(&window, &session));
        agreed = (!plan.cold).then(|| session.played.hand_on(window.execute));
        ledger.book(&window, session);
    }
    progress.finish();
    let lived = rolling.lived();
    let figures = figures(
        &ledger,
        &reference,
        plan,
        every,
        uncoordinated,
        lived.cost(),
    );
    let pairs = lived.homes.into_iter().zip(lived.costs);
    let homes: Vec<HomeAnswer> = pairs
        .map(|(schedule, cost)| HomeAnswer {
            trade: schedule.trade.clone(),
            cost,
            schedule,
        })
        .collect();
    let plans: Vec<Vec<f64>> = homes.iter().map(|home| home.trade.clone()).collect();
    Ok(Outcome {
        trading: Trading::Rolling(every),
        stop_reason: ledger.last.and_then(|played| played.status.stop_reason),
        rounds: ledger.rounds,
        judged: Vec::new(),
        homes,
        paid: ledger.paid.iter().map(|row| row.iter().sum()).collect(),
        side: ledger.side,
        trades: trades::derive(&plans, &ledger.price, community.interval_hours)?,
        price: ledger.price,
        timings: ledger.timings,
        rolling: Some(figures),
        bills: None,
        audit: None,
        events: Some(scene.stage.world.events().await?),
        state: Some(scene.state().await?),
        chain: None,
        wall: Duration::ZERO,
        reference,
    })
}

/// Plans `window`, beginning with `agreed` if every home can still deliver that.
async fn plan_window(scene: &Scene<'_>, window: &Window, agreed: Option<Agreed>) -> Result<Ended> {
    let community = &window.community;
    let mut choice = scene.choice(community, window.from);
    let mut start = Vec::new();
    let mut costs = None;
    if let Some(agreed) = agreed {
        costs = deliverable(window, &agreed.plans);
        if costs.is_some() {
            choice.price = agreed.price;
            choice.terms = PoolTerms::of(community).from_round(WARM_ROUND);
            start = agreed.plans;
        }
    }
    let costs = match costs {
        Some(costs) => costs,
        None => alone(community)?.iter().map(|home| home.cost).collect(),
    };
    let session = Pool {
        community,
        alone: &costs,
        agreed: &start,
        choice: &choice,
    };
    let played = session.play(&scene.stage, &Progress::hidden()).await?;
    Ok(Ended {
        played,
        agreed: start,
    })
}

/// What it costs each home to deliver what it has agreed; `None` if one cannot any more.
fn deliverable(window: &Window, agreed: &[Vec<f64>]) -> Option<Vec<f64>> {
    let homes = agreed.par_iter().enumerate();
    let costs: Result<Vec<f64>, _> = homes
        .map(|(at, plan)| {
            let mut home = HomeProblem::new(&window.community, at, 1)?;
            home.settle(plan).map(|answer| answer.cost)
        })
        .collect();
    costs
        .inspect_err(|error| tracing::info!(%error, "what was agreed cannot be kept"))
        .ok()
}

/// What the homes pay without trade, planning as often with the same forecasts.
fn uncoordinated(problem: &Problem, every: usize, forecast: Forecast) -> Result<f64> {
    Progress::step("planning for every home alone, as often");
    let mut rolling = Rolling::new(&problem.community, every, forecast);
    while let Some(window) = rolling.window() {
        rolling.execute(&alone(&window.community)?)?;
    }
    Ok(rolling.lived().cost())
}

fn line(window: &Window, session: &Ended) -> String {
    let last = session.played.rounds.last();
    let gap = last.and_then(|round| round.certified_gap);
    format!(
        "interval {:>3}  {:>2} rounds  certified {}",
        window.from,
        session.played.rounds.len(),
        gap.map_or_else(|| "-".into(), |gap| format!("{:.3} %", 100.0 * gap)),
    )
}

impl Played {
    /// What the next session begins with, `intervals` later.
    fn hand_on(&self, intervals: usize) -> Agreed {
        let later = |row: &Vec<f64>| row[intervals.min(row.len())..].to_vec();
        Agreed {
            plans: self.plans.iter().map(later).collect(),
            price: later(&self.last_price),
        }
    }
}

fn figures(
    ledger: &Ledger,
    reference: &Reference,
    plan: Plan,
    every: usize,
    uncoordinated: f64,
    cost: f64,
) -> RollingFigures {
    let rounds = &ledger.by_session;
    let (first, after) = (rounds.first().copied().unwrap_or(0), rounds.get(1..));
    let after = after.unwrap_or_default();
    let foresight = reference.central.as_ref().map(|central| central.cost);
    RollingFigures {
        every,
        sessions: rounds.len(),
        warm: !plan.cold,
        rounds_first: first,
        rounds_after: after.iter().sum::<usize>() as f64 / after.len().max(1) as f64,
        rounds_by_session: rounds.clone(),
        cost_foresight: foresight,
        regret: foresight.map(|best| (cost - best) / best.abs()),
        cost_alone_rolling: uncoordinated,
        saved_pct: 100.0 * (uncoordinated - cost) / uncoordinated.abs().max(1e-9),
    }
}
