//! The market as time goes by: offers are posted, a solver submits, an interval is finalized.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gridweave_agents::market::{keeper, ledger};
use gridweave_rules::market::{Layout, OfferId, unpack_trades};
use gridweave_units::Interval;

use super::fleet::{Member, chosen};
use super::outcome::{Outcome, Record, collect};
use super::problem::Problem;
use super::register::Register;
use super::street::Street;
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
    /// Whose addresses and offers are whose.
    pub register: Register,
    /// How long the solver took, turn by turn.
    pub solves: Vec<Duration>,
    /// How long offers waited for a trade, by the clock on the wall.
    pub waits: Waits<Instant>,
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
    let mut diary = Diary::default();
    let mut street = Street::open(&world, problem, plan.bills, &mut diary).await?;
    let solvers = chosen(plan.solvers);
    let mut fleet = world.fleet(problem, &solvers).await?;
    let always =
        problem.rolling || solvers != [SolverArg::Exact] || problem.choice.reveal.is_some();
    for round in 0..problem.horizon {
        let residents = &mut street.residents;
        residents
            .turn(&world, &mut diary)
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
        street.end_of(&world, problem, round, &mut diary).await?;
        let open = diary.register.posted.len();
        progress.show(
            round + 1,
            format!("interval {round:>3} is final, {open} offers so far"),
        );
    }
    progress.finish();
    for member in &fleet {
        member.claim(&world.chain).await?;
    }
    street.residents.finish(problem, &diary)?;
    let mut kept = Record::default();
    if let Some(bills) = street.bills {
        progress.note("settling the day");
        kept.bills = Some(bills.finish(&world).await?);
    }
    progress.note("auditing the day");
    let log = world.events().await?;
    kept.audit = Some(verdict::of_log(&log, &world.chain).await?);
    kept.log = Some(log);
    let view = world.view().await?;
    progress.note("solving with everything known from the start, for comparison");
    let waits = std::mem::take(&mut diary.waits).into_waits();
    let waits = waits.into_iter().map(|wait| wait.recorded - wait.posted);
    kept.waited.offers = waits.collect();
    collect(&view, problem, diary, kept, start).await
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
                let moment = Instant::now();
                let offers = recorded(world, round..problem.horizon).await?;
                diary.waits.end(offers, moment);
            }
        }
    }
    Ok(blocks - 1)
}

/// Offers in the candidate.
async fn recorded(world: &World, intervals: Range<u32>) -> Result<Vec<OfferId>> {
    let mut offers = Vec::new();
    for interval in intervals {
        let part = ledger::interval(&world.chain, &world.market.market, interval).await?;
        let packed = part.packed.as_deref().unwrap_or_default();
        for trade in unpack_trades(Layout::Stored, Interval(interval), packed)? {
            let trade = trade?;
            offers.extend([trade.seller, trade.buyer]);
        }
    }
    Ok(offers)
}

async fn keep(world: &World, problem: &Problem) -> Result<()> {
    let (chain, keeper, market) = (&world.chain, &world.keeper, &world.market.market);
    keeper::finalize(chain, keeper, market).await?;
    if problem.choice.reveal.is_some() {
        keeper::forfeit(chain, keeper, market).await?;
    }
    Ok(())
}
