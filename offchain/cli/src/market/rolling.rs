//! The market as time goes by: offers are posted, a solver submits, an interval is finalized.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use gridweave_agents::ledger;
use gridweave_agents::market::{keeper, ledger as market};
use gridweave_agents::settler::Settler;
use gridweave_chain::{Chain, Signer};
use gridweave_rules::market::{Layout, OfferId, unpack_trades};
use gridweave_units::Interval;

use super::fleet::{Member, chosen};
use super::neighbours::{Neighbour, Neighbours, settle_in};
use super::outcome::{Outcome, Record, Waited, collect, final_trades};
use super::plans::home_name;
use super::problem::Problem;
use super::register::Register;
use super::residents::Residents;
use super::wait::Waits;
use super::world::World;
use crate::args::SolverArg;
use crate::billing::verdict;
use crate::run::bills::Bills;
use crate::run::progress::Progress;
use crate::run::stage::meter_key;

/// Blocks of a round in which solvers have their turns, where they commit first and reveal later.
const REVEAL_BLOCKS: u32 = 3;

/// Name of the key that carries the meters' messages.
const CARRIER: &str = "meters";

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
    let waits = waits.into_iter().map(|wait| Waited {
        since_posted: wait.recorded - wait.posted,
        since_possible: wait.recorded - wait.possible,
    });
    kept.waits = waits.collect();
    collect(&view, problem, diary, kept, start).await
}

/// Who lives on the market, and with bills what becomes of them.
struct Street {
    residents: Residents,
    bills: Option<Accounts>,
}

/// The homes' meters and who settles their bills.
struct Accounts {
    neighbours: Neighbours,
    settler: Settler,
}

impl Street {
    async fn open(
        world: &World,
        problem: &Problem,
        bills: bool,
        diary: &mut Diary,
    ) -> Result<Self> {
        let (chain, contracts) = (&world.chain, &world.contracts);
        let mut signers = Vec::with_capacity(problem.homes.feeders.len());
        for home in 0..problem.homes.feeders.len() {
            signers.push(chain.signer(&home_name(home)).await?);
        }
        let accounts = match bills {
            true => {
                let homes = signers.iter().map(neighbour).collect::<Result<Vec<_>>>()?;
                settle_in(chain, contracts, &world.operator, (problem, &homes)).await?;
                let carrier = chain.signer(CARRIER).await?;
                let settler = Settler::new(world.keeper.clone(), contracts.clone(), 0);
                Some(Accounts {
                    neighbours: Neighbours::new(chain, contracts, carrier, (problem, &homes, 0)),
                    settler: settler.until(problem.horizon),
                })
            }
            false => None,
        };
        let moved = Residents::move_in(world, problem, (&signers, bills), diary);
        let mut residents = moved.await?;
        residents.turn(world, diary).await?;
        residents.serve().await?;
        Ok(Self {
            residents,
            bills: accounts,
        })
    }

    /// When interval `round` is final: claims and money go back to the operator and on to the accounts,
    /// permits of the next round are issued, meters read, what is due is settled.
    async fn end_of(
        &mut self,
        world: &World,
        problem: &Problem,
        round: u32,
        diary: &mut Diary,
    ) -> Result<()> {
        self.residents.turn(world, diary).await?;
        self.residents
            .serve()
            .await
            .with_context(|| format!("what the operator does after interval {round}"))?;
        if let Some(Accounts {
            neighbours,
            settler,
        }) = &mut self.bills
        {
            let (chain, market) = (&world.chain, &world.market.market);
            let (trades, _) = final_trades(chain, market, &diary.register, (round, 0)).await?;
            neighbours.read(problem, round, &trades);
            neighbours.report(chain).await?;
            settler.turn(chain).await?;
        }
        Ok(())
    }
}

impl Accounts {
    /// Lives on until all statements are final, and reads the bills.
    async fn finish(self, world: &World) -> Result<Bills> {
        let (chain, contracts) = (&world.chain, &world.contracts);
        let (mut neighbours, mut settler) = (self.neighbours, self.settler);
        let end = neighbours.final_at(chain, contracts).await?;
        let terms = ledger::terms(chain, &contracts.billing).await?;
        let step = u64::from(terms.interval_seconds);
        loop {
            chain.advance_block(step).await?;
            neighbours.report(chain).await?;
            if settler.turn(chain).await? {
                break;
            }
            if chain.time().await? > end + step {
                bail!("the day is final and not all of its statements are");
            }
        }
        let billing = contracts.billing.as_str();
        let balance = chain.balance(billing, &terms.denom).await?;
        neighbours.bills(chain, contracts, balance).await
    }
}

fn neighbour(signer: &Signer) -> Result<Neighbour> {
    Ok(Neighbour {
        account: signer.address.clone(),
        meter: meter_key(&signer.name)?,
    })
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
                let pairs = recorded(world, round..problem.horizon).await?;
                diary.waits.end(pairs, moment);
            }
        }
    }
    Ok(blocks - 1)
}

/// Pairs of offers in the candidate.
async fn recorded(world: &World, intervals: Range<u32>) -> Result<Vec<(OfferId, OfferId)>> {
    let mut pairs = Vec::new();
    for interval in intervals {
        let part = market::interval(&world.chain, &world.market.market, interval).await?;
        let packed = part.packed.as_deref().unwrap_or_default();
        for trade in unpack_trades(Layout::Stored, Interval(interval), packed)? {
            let trade = trade?;
            pairs.push((trade.seller, trade.buyer));
        }
    }
    Ok(pairs)
}

async fn keep(world: &World, problem: &Problem) -> Result<()> {
    let (chain, keeper, market) = (&world.chain, &world.keeper, &world.market.market);
    keeper::finalize(chain, keeper, market).await?;
    if problem.choice.reveal.is_some() {
        keeper::forfeit(chain, keeper, market).await?;
    }
    Ok(())
}
