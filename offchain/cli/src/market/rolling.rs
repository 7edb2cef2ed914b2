//! The market as time goes by: offers are posted, a solver submits, an interval is finalized.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gridweave_agents::market::keeper;
use gridweave_agents::market::solver::{Solver, Turn};
use gridweave_agents::market::trader::Trader;
use gridweave_rules::market::OfferId;

use super::outcome::{Outcome, collect};
use super::problem::{Planned, Problem};
use super::wait::Waits;
use super::world::World;
use crate::run::progress::Progress;

/// What the actors have seen.
#[derive(Debug, Default)]
pub struct Diary {
    /// Offers in [`Problem::full`] by the contract's numbers.
    pub posted: BTreeMap<u32, OfferId>,
    /// How long the solver took, turn by turn.
    pub solves: Vec<Duration>,
    /// How long offers waited for a trade.
    pub waits: Waits,
}

/// Runs `problem` until its last interval is final and shows how it gets on.
///
/// # Errors
/// A contract refuses, or a solution fails the solver's own check.
pub async fn execute(problem: &Problem, progress: Progress) -> Result<Outcome> {
    let start = Instant::now();
    let world = World::start(problem).await?;
    let mut solver = world.solver(problem).await?;
    let mut rounds: BTreeMap<u32, Vec<Planned>> = BTreeMap::new();
    for offer in &problem.offers {
        rounds.entry(offer.round).or_default().push(*offer);
    }
    let mut diary = Diary::default();
    for round in 0..problem.horizon {
        let offers = rounds.remove(&round).unwrap_or_default();
        post(&world, round, &offers, &mut diary)
            .await
            .with_context(|| format!("offers of round {round}"))?;
        if problem.rolling || round == 0 {
            solve(&world, &mut solver, round..problem.horizon, &mut diary).await?;
        }
        world.chain.advance_block(problem.seconds().into()).await?;
        keeper::finalize(&world.chain, &world.keeper, &world.market.market)
            .await
            .with_context(|| format!("finalization of interval {round}"))?;
        let open = diary.posted.len();
        progress.show(
            round + 1,
            format!("interval {round:>3} is final, {open} offers so far"),
        );
    }
    progress.finish();
    progress.note("solving with everything known from the start, for comparison");
    collect(&world, problem, diary, start).await
}

/// Everybody who offers something in this round gets what it takes and posts it.
async fn post(world: &World, round: u32, offers: &[Planned], diary: &mut Diary) -> Result<()> {
    let mut homes: BTreeMap<usize, Vec<Planned>> = BTreeMap::new();
    for offer in offers {
        homes.entry(offer.home).or_default().push(*offer);
    }
    let mut traders = Vec::with_capacity(homes.len());
    for (&home, offers) in &homes {
        let plans = offers.iter().map(|offer| offer.plan).collect();
        traders.push(Trader::new(&world.chain, home, round, plans).await?);
    }
    let withdrawals: Vec<_> = traders.iter().flat_map(Trader::withdrawals).collect();
    world.dso().issue(&withdrawals).await?;
    for (trader, offers) in traders.iter().zip(homes.values()) {
        let numbers = trader.post(&world.chain, &world.market.market).await?;
        diary.waits.begin(&numbers);
        let ids = offers.iter().map(|offer| offer.id);
        diary.posted.extend(numbers.into_iter().zip(ids));
    }
    Ok(())
}

async fn solve(
    world: &World,
    solver: &mut Solver,
    open: Range<u32>,
    diary: &mut Diary,
) -> Result<()> {
    match solver.turn(&world.chain).await? {
        Turn::Submitted(took) => {
            diary.solves.push(took);
            diary.waits.end(world, open, Instant::now()).await?;
        }
        Turn::Kept(took) => diary.solves.push(took),
        Turn::Closed => {}
    }
    Ok(())
}
