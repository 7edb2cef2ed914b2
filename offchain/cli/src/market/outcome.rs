//! What a market run came to, read from the chain.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gridweave_agents::market::ledger;
use gridweave_audit::{EventLog, Report};
use gridweave_chain::{Chain, ChainEvent, ContractAddr, MarketContracts};
use gridweave_optim::market::{Book, CompactProblem, pairwise_columns};
use gridweave_rules::market::{Layout, Objective, OfferId, unpack_trades};
use gridweave_solver::{Solution, solve_exact};
use gridweave_types::market::IntervalResponse;
use gridweave_units::Interval;

use super::problem::Problem;
use super::register::Register;
use super::rolling::Diary;
use crate::live::market::LiveFigures;
use crate::run::bills::Bills;

/// A final trade; offers as numbered in [`Problem::full`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FinalTrade {
    /// The interval.
    pub interval: u32,
    /// The selling offer.
    pub seller: OfferId,
    /// The buying offer.
    pub buyer: OfferId,
    /// Energy (Wh).
    pub energy: u64,
    /// Price (µ/kWh).
    pub price: u64,
}

/// How long everything that was traded had waited for a recorded solution that trades it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waited {
    /// Each offer from when it was posted.
    pub offers: Vec<Duration>,
    /// Energy (Wh) from when it could be traded: when an exact solution of the book so far had as much.
    /// On a real chain only.
    pub energy: Vec<(u64, Duration)>,
}

/// Everything a run leaves behind.
pub struct Outcome {
    /// Offers posted.
    pub offers: usize,
    /// Final trades in order.
    pub trades: Vec<FinalTrade>,
    /// Finalized energy by interval (Wh).
    pub energy: Vec<u64>,
    /// Optimum for energy when everything is known from the start.
    pub full_energy: Solution,
    /// The same for the market's objective, where that is welfare.
    pub full_welfare: Option<Solution>,
    /// Accepted solutions.
    pub accepted: usize,
    /// Least certified ratio of an accepted solution (ppm).
    pub certified_ppm: Option<u32>,
    /// Rejected solutions by reason.
    pub rejected: BTreeMap<String, usize>,
    /// How long the solver took, turn by turn.
    pub solves: Vec<Duration>,
    /// Whose each address is, which only the operator knows.
    pub homes: BTreeMap<String, usize>,
    /// How long offers and energy waited for a recorded solution.
    pub waited: Waited,
    /// Columns of the full-information program in both forms.
    pub columns: (usize, u64),
    /// µ and Wh that do not add up, in `assets`, `market` and `billing`.
    pub conservation_error: u128,
    /// The bills, if there are any.
    pub bills: Option<Bills>,
    /// Everything that was announced, where this run alone was on the chain.
    pub log: Option<EventLog>,
    /// The audit of it.
    pub audit: Option<Report>,
    /// Time from start to end.
    pub wall: Duration,
    /// What it took, on a real chain.
    pub live: Option<LiveFigures>,
}

/// An ended market.
pub struct View<'a, C> {
    /// Its chain.
    pub chain: &'a C,
    /// Its contracts.
    pub contracts: &'a MarketContracts,
    /// The interval of the chain that the problem's first one is.
    pub base: u32,
    /// What was announced during the run.
    pub events: Vec<ChainEvent>,
    /// Coins of `assets` and of `market` (µ).
    pub balances: [u128; 2],
}

/// What else is kept of it.
#[derive(Default)]
pub struct Record {
    /// The bills, if there are any.
    pub bills: Option<Bills>,
    /// Everything that was announced.
    pub log: Option<EventLog>,
    /// The audit of it.
    pub audit: Option<Report>,
    /// How long offers waited.
    pub waited: Waited,
    /// What it took, on a real chain.
    pub live: Option<LiveFigures>,
}

/// Reads the ended market.
///
/// # Errors
/// The chain does not answer, or the full-information optimum is not found.
pub async fn collect<C: Chain>(
    view: &View<'_, C>,
    problem: &Problem,
    diary: Diary,
    kept: Record,
    start: Instant,
) -> Result<Outcome> {
    let (trades, energy, mut error) = finals(view, problem, &diary.register).await?;
    error += money_error(view).await?;
    error += kept
        .bills
        .as_ref()
        .map_or(0, |bills| bills.totals.conservation_error);
    let own = |event: &&ChainEvent| event.contract.as_ref() == Some(&view.contracts.market);
    let events: Vec<_> = view.events.iter().filter(own).collect();
    let of = |action: &'static str| {
        let events = events.iter();
        events.filter(move |event| event.action() == Some(action))
    };
    let mut rejected = BTreeMap::new();
    for event in of("solution_rejected") {
        let text = |key| event.attribute(key).unwrap_or("unknown");
        let (reason, detail) = (text("reason"), text("detail"));
        let (solver, round) = (text("solver"), text("round"));
        tracing::warn!(reason, detail, solver, round, "a solution was rejected");
        *rejected.entry(reason.to_owned()).or_default() += 1;
    }
    let ratios = of("solution_accepted").filter_map(|event| event.attribute("ratio_ppm"));
    let certified_ppm = ratios.filter_map(|ratio| ratio.parse().ok()).min();
    let (full_energy, full_welfare) = full_information(&problem.full)?;
    Ok(Outcome {
        offers: diary.register.posted.len(),
        trades,
        energy,
        accepted: of("solution_accepted").count(),
        certified_ppm,
        rejected,
        solves: diary.solves,
        homes: diary.register.homes,
        waited: kept.waited,
        columns: (
            CompactProblem::new(&problem.full).columns(),
            pairwise_columns(&problem.full),
        ),
        full_energy,
        full_welfare,
        conservation_error: error,
        bills: kept.bills,
        log: kept.log,
        audit: kept.audit,
        wall: start.elapsed(),
        live: kept.live,
    })
}

/// Optima when everything is known: of energy, and of welfare where the book is about it.
fn full_information(book: &Book) -> Result<(Solution, Option<Solution>)> {
    let optimum = |objective| {
        let book = Book {
            objective,
            ..book.clone()
        };
        solve_exact(&book).context("the full-information optimum is not found")
    };
    let welfare = match book.objective {
        Objective::Welfare => Some(optimum(Objective::Welfare)?),
        Objective::Energy | Objective::ExpiringFirst => None,
    };
    Ok((optimum(Objective::Energy)?, welfare))
}

/// Final trades, energy by interval, and the Wh by which sold, bought and traded energy differ.
async fn finals<C: Chain>(
    view: &View<'_, C>,
    problem: &Problem,
    register: &Register,
) -> Result<(Vec<FinalTrade>, Vec<u64>, u128)> {
    let (mut finals, mut energies, mut error) = (Vec::new(), Vec::new(), 0);
    for interval in 0..problem.horizon {
        let place = (interval, view.base);
        let (trades, part) =
            final_trades(view.chain, &view.contracts.market, register, place).await?;
        let traded = trades.iter().map(|trade| trade.energy).sum::<u64>();
        finals.extend(trades);
        let sold: u64 = part.flows.iter().map(|flow| flow.sold.u64()).sum();
        let bought: u64 = part.flows.iter().map(|flow| flow.bought.u64()).sum();
        for other in [sold, bought, part.energy.u64()] {
            error += u128::from(traded.abs_diff(other));
        }
        energies.push(traded);
    }
    Ok((finals, energies, error))
}

/// The final trades of an interval, counted from the chain's interval `base`, and what else the market
/// says of it.
///
/// # Errors
/// The chain does not answer, or an offer is nobody's.
pub async fn final_trades<C: Chain>(
    chain: &C,
    market: &ContractAddr,
    register: &Register,
    (interval, base): (u32, u32),
) -> Result<(Vec<FinalTrade>, IntervalResponse)> {
    let part = ledger::interval(chain, market, base + interval).await?;
    let id = |number| {
        let id = register.posted.get(&number).copied();
        id.with_context(|| format!("offer {number} was posted by nobody"))
    };
    let packed = part.packed.as_deref().unwrap_or_default();
    let mut trades = Vec::new();
    for trade in unpack_trades(Layout::Stored, Interval(interval), packed)? {
        let trade = trade?;
        trades.push(FinalTrade {
            interval,
            seller: id(trade.seller)?,
            buyer: id(trade.buyer)?,
            energy: trade.energy,
            price: trade.price,
        });
    }
    Ok((trades, part))
}

/// µ by which the books of `assets` and `market` differ from their bank balances.
async fn money_error<C: Chain>(view: &View<'_, C>) -> Result<u128> {
    let (chain, contracts) = (view.chain, view.contracts);
    let [assets, market] = view.balances;
    let books = ledger::asset_books(chain, &contracts.assets).await?;
    let held = [books.free, books.locked, books.deposited];
    let held: u128 = held.into_iter().map(|sum| sum.u128()).sum();
    let paid = books.paid_in.u128().saturating_sub(books.paid_out.u128());
    let books = ledger::books(chain, &contracts.market).await?;
    let bonds: u128 = [books.bonds, books.pool, books.owed]
        .into_iter()
        .map(|sum| sum.u128())
        .sum();
    Ok(held.abs_diff(paid) + held.abs_diff(assets) + bonds.abs_diff(market))
}
