//! The market as time goes by: offers are posted, a solver submits, an interval is finalized.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gridweave_agents::market::keeper;
use gridweave_agents::market::trader::Trader;
use gridweave_chain::Chain;
use gridweave_rules::market::OfferId;

use super::fleet::{Member, chosen};
use super::outcome::{Outcome, View, collect};
use super::problem::{Planned, Problem};
use super::wait::Waits;
use super::world::World;
use crate::args::SolverArg;
use crate::run::progress::Progress;

/// Blocks of a round in which solvers have their turns, where they commit first and reveal later.
const REVEAL_BLOCKS: u32 = 3;

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

/// Runs `problem` with `solvers` until its last interval is final and shows how it gets on.
///
/// # Errors
/// A contract refuses, or a solution fails the solver's own check.
pub async fn execute(
    problem: &Problem,
    solvers: &[SolverArg],
    progress: Progress,
) -> Result<Outcome> {
    let start = Instant::now();
    let world = World::start(problem).await?;
    let solvers = chosen(solvers);
    let mut fleet = world.fleet(problem, &solvers).await?;
    let always =
        problem.rolling || solvers != [SolverArg::Exact] || problem.choice.reveal.is_some();
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
        let mut spent = 0;
        if always || round == 0 {
            spent = solve(&world, problem, (&mut fleet, round), &mut diary).await?;
        }
        let rest = problem.seconds().saturating_sub(spent);
        world.chain.advance_block(rest.into()).await?;
        keep(&world, problem)
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
    for member in &fleet {
        member.claim(&world.chain).await?;
    }
    let (chain, contracts) = (&world.chain, &world.market);
    let denom = &world.denom;
    let view = View {
        chain,
        contracts,
        base: 0,
        events: chain.events(0).await?,
        balances: [
            chain.balance(contracts.assets.as_str(), denom).await?,
            chain.balance(contracts.market.as_str(), denom).await?,
        ],
    };
    collect(&view, problem, diary, start).await
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

/// Everybody's turns of a round; how many seconds went by with them.
async fn solve(
    world: &World,
    problem: &Problem,
    (fleet, round): (&mut [Member], u32),
    diary: &mut Diary,
) -> Result<u32> {
    let blocks = match problem.choice.reveal {
        Some(_) => REVEAL_BLOCKS.min(problem.seconds()),
        None => 1,
    };
    for block in 0..blocks {
        if block > 0 {
            world.chain.advance_block(1).await?;
        }
        for member in fleet.iter_mut() {
            let worked = member.turn(&world.chain).await?;
            diary.solves.extend(worked.took);
            if worked.accepted {
                let open = round..problem.horizon;
                diary.waits.end(world, open, Instant::now()).await?;
            }
        }
    }
    Ok(blocks - 1)
}

async fn keep(world: &World, problem: &Problem) -> Result<()> {
    let (chain, keeper, market) = (&world.chain, &world.keeper, &world.market.market);
    keeper::finalize(chain, keeper, market).await?;
    if problem.choice.reveal.is_some() {
        keeper::forfeit(chain, keeper, market).await?;
    }
    Ok(())
}
