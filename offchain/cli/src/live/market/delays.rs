//! How long offers and energy waited for a solution that trades them, in seconds of block time.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result};
use gridweave_agents::market::book::BookCopy;
use gridweave_chain::ChainEvent;
use gridweave_chain::wasmd::WasmdChain;
use gridweave_solver::solve_exact;

use super::setting::Setting;
use crate::market::backlog::{Backlog, Recorded};
use crate::market::outcome::Waited;
use crate::market::problem::Problem;
use crate::market::wait::Wait;

/// Energy by the heights at which it could be traded and at which a solution that trades it was accepted.
/// What can be traded is what an exact solution of the open book has, solved anew after every block with
/// new offers.
///
/// # Errors
/// An event is not as documented, or a book is not solved.
pub fn of_energy(
    setting: &Setting,
    problem: &Problem,
    events: &[ChainEvent],
) -> Result<Vec<Recorded<u64>>> {
    let market = &setting.market.market;
    let mut replay = Replay {
        setting,
        problem,
        copy: BookCopy::new(market.clone(), 0),
        next: 0,
        is_final: 0,
        backlog: Backlog::default(),
    };
    let own = |event: &&ChainEvent| event.contract.as_ref() == Some(market);
    let events: Vec<_> = events.iter().filter(own).collect();
    for block in events.chunk_by(|one, other| one.height == other.height) {
        replay.block(block)?;
    }
    Ok(replay.backlog.into_recorded())
}

/// The market's book as its events tell it.
struct Replay<'a> {
    setting: &'a Setting,
    problem: &'a Problem,
    copy: BookCopy,
    /// First interval that is not final.
    next: u32,
    /// Finalized energy (Wh).
    is_final: u64,
    backlog: Backlog<u64>,
}

impl Replay<'_> {
    /// Reads the events of one block.
    fn block(&mut self, events: &[&ChainEvent]) -> Result<()> {
        let mut posted = None;
        for event in events {
            self.copy.read(event)?;
            match event.action() {
                Some("offer_posted") => posted = Some(event.height),
                Some("interval_finalized") => {
                    self.next = number::<u32>(event, "interval")?.saturating_add(1);
                    if event.attribute("void") == Some("false") {
                        self.is_final += number::<u64>(event, "energy")?;
                    }
                }
                Some("solution_accepted") => {
                    // What can be traded is known before what a solution in the same block trades.
                    if let Some(height) = posted.take() {
                        self.solve(height)?;
                    }
                    let total = self.is_final + number::<u64>(event, "energy")?;
                    self.backlog.record(total, event.height);
                }
                _ => {}
            }
        }
        match posted {
            Some(height) => self.solve(height),
            None => Ok(()),
        }
    }

    fn solve(&mut self, height: u64) -> Result<()> {
        let mut book = self.copy.book(&self.setting.terms, self.next);
        // They were set before the run.
        book.feeders.clone_from(&self.problem.full.feeders);
        let solution =
            solve_exact(&book).with_context(|| format!("the book at height {height}"))?;
        let energy = u64::try_from(solution.energy()).context("energy of a solution")?;
        self.backlog.possible(self.is_final + energy, height);
        Ok(())
    }
}

fn number<T: FromStr>(event: &ChainEvent, key: &str) -> Result<T> {
    let text = event.attribute(key).unwrap_or_default();
    let number = text.parse().ok();
    number.with_context(|| format!("event at height {}: `{key}` is '{text}'", event.height))
}

/// The same by the times of the blocks.
///
/// # Errors
/// The node does not have the blocks any more.
pub async fn timed(
    chain: &WasmdChain,
    offers: &[Wait<u64>],
    energy: &[Recorded<u64>],
) -> Result<Waited> {
    let of_offers = offers.iter().flat_map(|wait| [wait.posted, wait.recorded]);
    let of_energy = energy.iter();
    let of_energy = of_energy.flat_map(|portion| [portion.possible, portion.recorded]);
    let mut times: BTreeMap<u64, f64> = BTreeMap::new();
    for height in of_offers.chain(of_energy) {
        if let Entry::Vacant(free) = times.entry(height) {
            free.insert(chain.block_time(height).await?);
        }
    }
    let between = |from: u64, to: u64| {
        let time = |height| times.get(&height).copied().unwrap_or(0.0);
        Duration::from_secs_f64((time(to) - time(from)).max(0.0))
    };
    let offers = offers.iter();
    let offers = offers.map(|wait| between(wait.posted, wait.recorded));
    let energy = energy.iter();
    let energy = energy.map(|portion| {
        let time = between(portion.possible, portion.recorded);
        (portion.energy, time)
    });
    Ok(Waited {
        offers: offers.collect(),
        energy: energy.collect(),
    })
}
