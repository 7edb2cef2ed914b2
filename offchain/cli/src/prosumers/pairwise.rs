//! Trade with each partner on its own: a consensus session on the embedded chain, judged round by
//! round.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use gridweave_agents::fixed::{to_f64, unpack_numbers};
use gridweave_agents::keeper::Keeper;
use gridweave_agents::observer::Observer;
use gridweave_agents::participant::Participant;
use gridweave_agents::prosumers::{Graph, Partners, TradingHome, pairwise_config, pairwise_roster};
use gridweave_model::prosumers::Community;
use gridweave_optim::prosumers::{HomeAnswer, HomeProblem};
use gridweave_types::coordinator::{Phase, SessionResponse};
use rayon::prelude::*;

use super::outcome::{Judged, Outcome, Trading, imbalance};
use super::pool::Round;
use super::problem::Problem;
use super::reference::{Reference, settle};
use super::run::{Plan, Scene, close};
use super::trades::Trade;
use crate::args::GraphArg;
use crate::run::progress::Progress;
use crate::run::rounds::{self, Timings};
use crate::run::session::Session;
use crate::run::world::{FEEDER, addresses};

/// Most rounds where none are given: the paper's ten, and as many again to see what follows.
const MAX_ROUNDS: u32 = 20;

/// Copies and duals of a round: by home, partner by partner.
struct Cleared {
    /// `p̂_ij` (kW), Y(16).
    sales: Vec<Vec<f64>>,
    /// `λ_ij` (currency per kW and interval), Y(17).
    prices: Vec<Vec<f64>>,
}

/// A session at work.
struct Pairs<'a> {
    scene: &'a Scene<'a>,
    partners: Partners,
    session: Session,
    homes: usize,
    horizon: usize,
}

/// Whether a session can hold the pairs of `problem` on `graph`.
///
/// # Errors
/// It cannot; the message says what size it would need.
pub fn check(problem: &Problem, graph: GraphArg) -> Result<()> {
    let community = &problem.community;
    let partners = graph_of(graph).partners(community.homes.len());
    if let Some(obstacle) = partners.obstacle(community.horizon) {
        bail!(
            "'{}' cannot trade pairwise on this graph: {obstacle}; choose --graph ring or feeder, or \
             the pool",
            problem.name
        );
    }
    Ok(())
}

/// Runs `problem` pairwise on `graph`.
///
/// # Errors
/// The session would be too large, or a contract refuses.
pub async fn run(
    problem: &Problem,
    plan: Plan,
    graph: GraphArg,
    reference: Reference,
) -> Result<Outcome> {
    let community = &problem.community;
    let partners = graph_of(graph).partners(community.homes.len());
    let plan = Plan {
        rounds: Some(plan.rounds.unwrap_or(MAX_ROUNDS)),
        ..plan
    };
    let wires = community.wires();
    let scene = Scene::set(problem, plan, &wires, plan.bills).await?;
    let mut pairs = Pairs::open(&scene, partners).await?;
    let (status, rounds, judged, cleared, timings) = pairs.play(community).await?;
    let net = pairs.net(&cleared.sales);
    let homes = settle(community, &net)?;
    let mut outcome = Outcome {
        trading: Trading::Pairwise(graph),
        reference,
        rounds,
        judged,
        stop_reason: status.stop_reason,
        homes,
        paid: paid(&cleared),
        side: vec![0.0; community.homes.len()],
        price: pairs.mean_price(&cleared),
        trades: pairs.trades(&cleared, community.interval_hours),
        timings,
        rolling: None,
        bills: None,
        audit: None,
        events: None,
        state: None,
        chain: None,
        wall: Duration::ZERO,
    };
    close(&scene, &wires, pairs.session.id, &mut outcome).await?;
    Ok(outcome)
}

fn graph_of(graph: GraphArg) -> Graph {
    match graph {
        GraphArg::Complete => Graph::Complete,
        GraphArg::Ring => Graph::Ring,
        GraphArg::Feeder => Graph::Feeder,
    }
}

/// What each home is paid by its partners (currency).
fn paid(cleared: &Cleared) -> Vec<f64> {
    let homes = cleared.sales.iter().zip(&cleared.prices);
    homes
        .map(|(sales, prices)| sales.iter().zip(prices).map(|(x, p)| x * p).sum())
        .collect()
}

type Ended = (SessionResponse, Vec<Round>, Vec<Judged>, Cleared, Timings);

impl<'a> Pairs<'a> {
    async fn open(scene: &'a Scene<'a>, partners: Partners) -> Result<Self> {
        let community = &scene.problem.community;
        let rounds = scene.plan.rounds.unwrap_or(MAX_ROUNDS);
        let first = u64::from(scene.first);
        let config = pairwise_config(community, &partners, FEEDER, first, rounds)?;
        let roster = pairwise_roster(community, &partners);
        let signers = &scene.stage.signers;
        let operator = scene.stage.world.operator();
        let newest = operator.newest_session().await?;
        let id = operator
            .open_session(newest, config, &roster, &addresses(signers))
            .await
            .context("the session cannot be opened")?;
        let participants = signers.par_iter().enumerate().map(|(at, signer)| {
            let problem = HomeProblem::new(community, at, partners.of[at].len())?;
            let home = Box::new(TradingHome::new(problem, community.horizon));
            Ok(Participant::new(signer.clone(), id, at as u32, home))
        });
        Ok(Self {
            scene,
            session: Session {
                id,
                participants: participants.collect::<Result<_>>()?,
                liars: Vec::new(),
            },
            homes: community.homes.len(),
            horizon: community.horizon,
            partners,
        })
    }

    async fn play(&mut self, community: &Community) -> Result<Ended> {
        let world = &self.scene.stage.world;
        let coordinator = world.contracts.coordinator.clone();
        let observer = Observer::new(&world.chain, &coordinator, self.session.id);
        let keeper = Keeper::new(world.keeper.clone(), coordinator.clone(), self.session.id);
        let mut timings = Timings::default();
        let (mut closed, mut judged): (Vec<Round>, Vec<Judged>) = (Vec::new(), Vec::new());
        let progress = Progress::start(observer.status().await?.config.max_rounds);
        loop {
            let status = observer.status().await?;
            if status.phase != Phase::Collecting {
                progress.finish();
                let cleared = self.agreed(&observer).await?;
                return Ok((status, closed, judged, cleared, timings));
            }
            rounds::play(world, &mut self.session, &mut timings).await?;
            rounds::close(&world.chain, &observer, &keeper, status.round).await?;
            let cleared = self.cleared(&observer).await?;
            let answers = observer.schedule().await?;
            let answers: Vec<&[f64]> = answers.iter().map(|row| &row.injection[..]).collect();
            judged.push(Judged {
                round: status.round,
                cost: cost(community, &self.net(&cleared.sales)),
                imbalance: imbalance(&answers),
            });
            let seen = closed.last().map_or(0, |round| round.round);
            for record in observer.history_after(seen).await? {
                closed.push(Round::new(&record));
            }
            progress.show(status.round, line(judged.last()));
        }
    }

    /// Copies and duals after the last closed round.
    async fn cleared<C: gridweave_chain::Chain>(
        &self,
        observer: &Observer<'_, C>,
    ) -> Result<Cleared> {
        let mut cleared = Cleared {
            sales: Vec::with_capacity(self.homes),
            prices: Vec::with_capacity(self.homes),
        };
        for at in 0..self.homes as u32 {
            let assignment = observer.assignment(at).await?;
            let duals = unpack_numbers("duals", &observer.duals(at).await?.duals)?;
            let rho = assignment.rho.first().map_or(1.0, |&rho| to_f64(rho));
            let targets = unpack_numbers("centres", &assignment.centres)?;
            // c = z̃ − ξ/ρ, and λ of Y(17) is −ξ.
            let pairs = targets.iter().zip(&duals);
            cleared
                .sales
                .push(pairs.map(|(c, xi)| c + xi / rho).collect());
            cleared.prices.push(duals.iter().map(|xi| -xi).collect());
        }
        Ok(cleared)
    }

    /// The trades of the ended session, as they are billed.
    async fn agreed<C: gridweave_chain::Chain>(
        &self,
        observer: &Observer<'_, C>,
    ) -> Result<Cleared> {
        let (mut sales, mut prices) = (Vec::new(), Vec::new());
        for at in 0..self.homes as u32 {
            let trades = observer.trades(at).await?;
            sales.push(unpack_numbers("sales", &trades.sales)?);
            prices.push(unpack_numbers("prices", &trades.prices)?);
        }
        Ok(Cleared { sales, prices })
    }

    /// Net sales by home and interval.
    fn net(&self, sales: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let of = |row: &Vec<f64>, t| row.iter().skip(t).step_by(self.horizon).sum();
        let rows = sales.iter();
        rows.map(|row| (0..self.horizon).map(|t| of(row, t)).collect())
            .collect()
    }

    /// Mean of all pairs' prices by interval.
    fn mean_price(&self, cleared: &Cleared) -> Vec<f64> {
        let (mut sum, mut count) = (vec![0.0; self.horizon], 0usize);
        for row in &cleared.prices {
            for prices in row.chunks(self.horizon) {
                count += 1;
                sum.iter_mut().zip(prices).for_each(|(s, p)| *s += p);
            }
        }
        sum.iter().map(|s| s / count.max(1) as f64).collect()
    }

    /// The trades of each pair, in whole watt-hours.
    fn trades(&self, cleared: &Cleared, hours: f64) -> Vec<Trade> {
        let mut trades = Vec::new();
        for (at, own) in self.partners.of.iter().enumerate() {
            for (k, partner) in own.iter().enumerate() {
                for interval in 0..self.horizon {
                    let sold = cleared.sales[at][k * self.horizon + interval];
                    let energy_wh = (1e3 * hours * sold).round().max(0.0) as u64;
                    if energy_wh > 0 {
                        trades.push(Trade {
                            interval,
                            seller: at,
                            buyer: partner.home,
                            energy_wh,
                            price: cleared.prices[at][k * self.horizon + interval] / hours,
                        });
                    }
                }
            }
        }
        trades.sort_by_key(|trade| (trade.interval, trade.seller, trade.buyer));
        trades
    }
}

/// Cost of all homes; infinite where one cannot deliver.
fn cost(community: &Community, net: &[Vec<f64>]) -> f64 {
    let settled: Result<Vec<HomeAnswer>> = settle(community, net);
    settled.map_or(f64::INFINITY, |homes| {
        homes.iter().map(|home| home.cost).sum()
    })
}

fn line(judged: Option<&Judged>) -> String {
    judged.map_or_else(String::new, |row| {
        format!(
            "round {:>3}  cost of the cleared trades {:.4}  answers out of balance by {:.2e}",
            row.round, row.cost, row.imbalance
        )
    })
}
