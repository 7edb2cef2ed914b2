//! The market as time goes by: offers are posted, a solver submits, an interval is finalized.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gridweave_agents::market::keeper;
use gridweave_agents::market::solver::{Solver, Turn};
use gridweave_agents::market::trader::Trader;
use gridweave_rules::market::OfferId;

use super::neighbours::Neighbours;
use super::outcome::{Outcome, collect, final_trades};
use super::problem::{Planned, Problem};
use super::world::World;
use crate::run::progress::Progress;

/// What the actors have seen.
#[derive(Debug, Default)]
pub struct Diary {
    /// Offers in [`Problem::full`] by the contract's numbers.
    pub posted: BTreeMap<u32, OfferId>,
    /// How long the solver took, turn by turn.
    pub solves: Vec<Duration>,
}

/// Runs `problem` until its last interval is final, and with `bills` until they are settled.
///
/// # Errors
/// A contract refuses, or a solution fails the solver's own check.
pub async fn execute(problem: &Problem, bills: bool) -> Result<Outcome> {
    let start = Instant::now();
    let world = World::start(problem).await?;
    let mut neighbours = match bills {
        true => Some(Neighbours::move_in(&world, problem).await?),
        false => None,
    };
    let mut solver = world.solver(problem).await?;
    let mut rounds: BTreeMap<u32, Vec<Planned>> = BTreeMap::new();
    for offer in &problem.offers {
        rounds.entry(offer.round).or_default().push(*offer);
    }
    let progress = Progress::start(problem.horizon);
    let mut diary = Diary::default();
    for round in 0..problem.horizon {
        let offers = rounds.remove(&round).unwrap_or_default();
        post(&world, round, &offers, &mut diary, neighbours.as_mut())
            .await
            .with_context(|| format!("offers of round {round}"))?;
        if problem.rolling || round == 0 {
            solve(&world, &mut solver, &mut diary).await?;
        }
        world.chain.advance_block(problem.seconds().into()).await?;
        keeper::finalize(&world.chain, &world.keeper, &world.market.market)
            .await
            .with_context(|| format!("finalization of interval {round}"))?;
        if let Some(neighbours) = &mut neighbours {
            let (trades, _) = final_trades(&world, &diary, round).await?;
            neighbours.turn(&world, problem, round, &trades).await?;
        }
        let open = diary.posted.len();
        progress.show(
            round + 1,
            format!("interval {round:>3} is final, {open} offers so far"),
        );
    }
    progress.finish();
    let bills = match neighbours {
        Some(neighbours) => {
            Progress::step("settling the day");
            Some(neighbours.finish(&world, problem).await?)
        }
        None => None,
    };
    collect(&world, problem, diary, bills, start).await
}

/// Everybody who offers something in this round gets what it takes and posts it.
async fn post(
    world: &World,
    round: u32,
    offers: &[Planned],
    diary: &mut Diary,
    mut neighbours: Option<&mut Neighbours>,
) -> Result<()> {
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
    for (trader, (home, offers)) in traders.iter().zip(&homes) {
        let numbers = trader.post(&world.chain, &world.market.market).await?;
        if let Some(neighbours) = &mut neighbours {
            neighbours.posted(*home, trader.signer(), &numbers);
        }
        let ids = offers.iter().map(|offer| offer.id);
        diary.posted.extend(numbers.into_iter().zip(ids));
    }
    Ok(())
}

async fn solve(world: &World, solver: &mut Solver, diary: &mut Diary) -> Result<()> {
    match solver.turn(&world.chain).await? {
        Turn::Kept(took) | Turn::Submitted(took) => diary.solves.push(took),
        Turn::Closed => {}
    }
    Ok(())
}
