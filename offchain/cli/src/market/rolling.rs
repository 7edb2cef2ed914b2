//! The market as time goes by: offers are posted, a solver submits, an interval is finalized.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gridweave_agents::market::keeper;
use gridweave_agents::market::trader::Trader;
use gridweave_rules::market::OfferId;

use super::fleet::{Member, chosen};
use super::neighbours::Neighbours;
use super::order::Order;
use super::outcome::{Outcome, Record, collect, final_trades};
use super::problem::{Planned, Problem};
use super::wait::Waits;
use super::world::World;
use crate::args::SolverArg;
use crate::billing::verdict;
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
    /// Whose each address is, which only the operator knows.
    pub homes: BTreeMap<String, usize>,
}

/// Who takes part, and how far it goes.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// The solvers; one exact solver when none is named.
    pub solvers: &'a [SolverArg],
    /// Whether homes are metered and billed.
    pub bills: bool,
}

/// Runs `problem` until its last interval is final, and with bills until they are settled, and shows how
/// it gets on.
///
/// # Errors
/// A contract refuses, or a solution fails the solver's own check.
pub async fn execute(problem: &Problem, plan: Plan<'_>, progress: Progress) -> Result<Outcome> {
    let start = Instant::now();
    let world = World::start(problem).await?;
    let mut neighbours = match plan.bills {
        true => Some(Neighbours::move_in(&world, problem).await?),
        false => None,
    };
    let solvers = chosen(plan.solvers);
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
        post(
            &world,
            problem,
            (round, &offers),
            &mut diary,
            neighbours.as_mut(),
        )
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
        if let Some(neighbours) = &mut neighbours {
            let (trades, _) =
                final_trades(&world.chain, &world.market.market, &diary, (round, 0)).await?;
            neighbours.turn(&world, problem, round, &trades).await?;
        }
        let open = diary.posted.len();
        progress.show(
            round + 1,
            format!("interval {round:>3} is final, {open} offers so far"),
        );
    }
    progress.finish();
    for member in &fleet {
        member.claim(&world.chain).await?;
    }
    let mut kept = Record::default();
    if let Some(neighbours) = neighbours {
        progress.note("settling the day");
        kept.bills = Some(neighbours.finish(&world, problem).await?);
    }
    progress.note("auditing the day");
    let log = world.events().await?;
    kept.audit = Some(verdict::of_log(&log, &world.chain).await?);
    kept.log = Some(log);
    let view = world.view().await?;
    progress.note("solving with everything known from the start, for comparison");
    collect(&view, problem, diary, kept, start).await
}

/// Everybody who offers something in this round gets what it takes and posts it.
async fn post(
    world: &World,
    problem: &Problem,
    (round, offers): (u32, &[Planned]),
    diary: &mut Diary,
    mut neighbours: Option<&mut Neighbours>,
) -> Result<()> {
    let mut order = Order::new(problem.shuffled, round);
    let mut keys: BTreeMap<(usize, u32), Vec<Planned>> = BTreeMap::new();
    for (offer, at) in offers.iter().zip(0..) {
        let key = if problem.separate { at } else { 0 };
        keys.entry((offer.home, key)).or_default().push(*offer);
    }
    let mut traders = Vec::with_capacity(keys.len());
    for ((home, key), offers) in keys {
        let plans = offers.iter().map(|offer| offer.plan).collect();
        let period = round + problem.horizon * key;
        let trader = Trader::new(&world.chain, home, period, plans).await?;
        let address = trader.signer().address.clone();
        diary.homes.insert(address, home);
        traders.push((trader, home, offers));
    }
    let asked = traders.iter().flat_map(|(trader, ..)| trader.withdrawals());
    let mut withdrawals: Vec<_> = asked.collect();
    order.arrange(&mut withdrawals);
    world.dso().issue(&withdrawals).await?;
    order.arrange(&mut traders);
    for (trader, home, offers) in &traders {
        let numbers = trader.post(&world.chain, &world.market.market).await?;
        diary.waits.begin(&numbers);
        if let Some(neighbours) = &mut neighbours {
            neighbours.posted(*home, trader.signer(), &numbers);
        }
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
