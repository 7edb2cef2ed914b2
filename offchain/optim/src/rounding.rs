//! Real start times for deferrable loads, M(9c).
//!
//! The relaxed solution spreads a load over several starts. Starts are chosen so that the *sum* of
//! all deferrable loads stays close to the relaxed one in every interval, which is what a convex
//! cost of the feeder's total sees: loads are rounded one after the other, largest first, each
//! taking the start that leaves the smallest sum of squared errors, and then revisited until none
//! wants to move. With the starts fixed the program M(10) is convex again and is solved once more,
//! so that batteries, shapable loads and generators adapt.

use gridweave_model::{Deferrable, Instance};

use crate::central::{CentralSolution, solve_central};
use crate::check::{check_frame, check_site};
use crate::devices::net_injection;
use crate::error::{OptimError, check_len};
use crate::schedule::{SiteSchedule, add_scaled};

/// Revisits of every load; in practice two or three suffice.
const MAX_PASSES: usize = 20;

/// A schedule with integer start times.
#[derive(Debug, Clone, PartialEq)]
pub struct Rounded {
    /// Per bus and deferrable load, the interval in which it starts.
    pub starts: Vec<Vec<usize>>,
    /// Net injection `[bus][t]` (pu) with these starts and every other device as it was given.
    pub kept: Vec<Vec<f64>>,
    /// Net injection `[bus][t]` (pu) with these starts and every other device optimised again.
    pub injections: Vec<Vec<f64>>,
    /// Device schedules per bus behind [`injections`](Self::injections).
    pub sites: Vec<SiteSchedule>,
    /// Cost of M(10) with the starts fixed (currency); not below that of the relaxed optimum.
    pub cost: f64,
}

/// Rounds the start fractions of `sites`, the schedules behind the relaxed `injections[bus][t]`.
///
/// # Errors
/// Schedules that do not fit the instance, or any error of [`solve_central`], for instance when
/// the rounded starts violate a voltage limit.
pub fn round_deferrables(
    instance: &Instance,
    injections: &[Vec<f64>],
    sites: &[SiteSchedule],
) -> Result<Rounded, OptimError> {
    check_frame(instance)?;
    let buses = instance.network.buses.len();
    check_len("injections", injections.len(), buses)?;
    check_len("schedules", sites.len(), buses)?;
    let mut loads = choices(instance, sites)?;
    choose(&mut loads, instance.horizon);
    let mut starts = vec![vec![]; buses];
    let mut kept = injections.to_vec();
    loads.sort_by_key(|load| (load.bus, load.index));
    for load in &loads {
        starts[load.bus].push(load.earliest + load.chosen);
        check_len("injection of a bus", kept[load.bus].len(), instance.horizon)?;
        add_scaled(&mut kept[load.bus], 1.0, &load.relaxed);
        add_scaled(&mut kept[load.bus], -1.0, &load.columns[load.chosen]);
    }
    let fixed = fix_starts(instance, &starts)?;
    let mut solution = solve_central(&fixed)?;
    for load in &loads {
        report(&mut solution, load);
    }
    Ok(Rounded {
        starts,
        kept,
        injections: instance
            .sites
            .iter()
            .zip(&solution.sites)
            .map(|(site, schedule)| net_injection(&site.base_injection(), schedule))
            .collect(),
        sites: solution.sites,
        cost: solution.cost,
    })
}

/// The same instance with every deferrable load started in the interval `starts[bus][load]` and
/// made part of the uncontrollable load.
///
/// # Errors
/// Starts that do not fit the loads in number, or lie outside a load's window.
pub fn fix_starts(instance: &Instance, starts: &[Vec<usize>]) -> Result<Instance, OptimError> {
    check_len("starts", starts.len(), instance.sites.len())?;
    let mut fixed = instance.clone();
    for (bus, (site, starts)) in fixed.sites.iter_mut().zip(starts).enumerate() {
        let id = instance.network.buses[bus].id;
        let loads = std::mem::take(&mut site.deferrables);
        check_len(format!("starts of bus {id}"), starts.len(), loads.len())?;
        for (load, &start) in loads.iter().zip(starts) {
            let latest = load.earliest + load.max_delay;
            if start < load.earliest || start > latest {
                return Err(OptimError::BadValue {
                    what: format!("start of a deferrable load of bus {id}"),
                    value: start as f64,
                    expected: format!("an interval in {} ..= {latest}", load.earliest),
                });
            }
            let power = load.draw(start - load.earliest, instance.horizon);
            add_scaled(&mut site.load_p, 1.0, &power);
        }
    }
    Ok(fixed)
}

/// A load whose start is to be chosen.
struct Choice {
    bus: usize,
    index: usize,
    earliest: usize,
    /// Load over the horizon for each delay.
    columns: Vec<Vec<f64>>,
    relaxed: Vec<f64>,
    /// The delay chosen.
    chosen: usize,
}

impl Choice {
    fn new(
        (bus, index): (usize, usize),
        load: &Deferrable,
        fractions: &[f64],
        horizon: usize,
    ) -> Result<Self, OptimError> {
        check_len("start fractions", fractions.len(), load.max_delay + 1)?;
        let columns: Vec<_> = (0..=load.max_delay)
            .map(|delay| load.draw(delay, horizon))
            .collect();
        let mut relaxed = vec![0.0; horizon];
        for (column, &fraction) in columns.iter().zip(fractions) {
            add_scaled(&mut relaxed, fraction, column);
        }
        Ok(Self {
            bus,
            index,
            earliest: load.earliest,
            columns,
            relaxed,
            chosen: 0,
        })
    }

    fn energy(&self) -> f64 {
        self.relaxed.iter().map(|power| power.abs()).sum()
    }

    /// The delay whose load, added to `error`, leaves the smallest sum of squares.
    fn best(&self, error: &[f64]) -> usize {
        let squares = |column: &Vec<f64>| -> f64 {
            let sums = error.iter().zip(column).map(|(e, power)| e + power);
            sums.map(|sum| sum * sum).sum()
        };
        let costs: Vec<f64> = self.columns.iter().map(squares).collect();
        (0..costs.len()).fold(0, |best, k| if costs[k] < costs[best] { k } else { best })
    }
}

fn choices(instance: &Instance, sites: &[SiteSchedule]) -> Result<Vec<Choice>, OptimError> {
    let mut loads = vec![];
    for (bus, (site, schedule)) in instance.sites.iter().zip(sites).enumerate() {
        check_site(instance, bus)?;
        let fractions = &schedule.deferrable_starts;
        let id = instance.network.buses[bus].id;
        let what = format!("deferrable schedules of bus {id}");
        check_len(what, fractions.len(), site.deferrables.len())?;
        for (index, (load, fractions)) in site.deferrables.iter().zip(fractions).enumerate() {
            let horizon = instance.horizon;
            loads.push(Choice::new((bus, index), load, fractions, horizon)?);
        }
    }
    Ok(loads)
}

/// Chooses every start so that the error of the sum stays small.
fn choose(loads: &mut [Choice], horizon: usize) {
    loads.sort_by(|a, b| b.energy().total_cmp(&a.energy()));
    let mut error = vec![0.0; horizon];
    for load in loads.iter_mut() {
        add_scaled(&mut error, -1.0, &load.relaxed);
        load.chosen = load.best(&error);
        add_scaled(&mut error, 1.0, &load.columns[load.chosen]);
    }
    for _ in 0..MAX_PASSES {
        let mut moved = false;
        for load in loads.iter_mut() {
            add_scaled(&mut error, -1.0, &load.columns[load.chosen]);
            let best = load.best(&error);
            moved |= best != load.chosen;
            load.chosen = best;
            add_scaled(&mut error, 1.0, &load.columns[best]);
        }
        if !moved {
            break;
        }
    }
}

/// Writes a rounded load into the schedule of the program that held it fixed.
fn report(solution: &mut CentralSolution, load: &Choice) {
    let schedule = &mut solution.sites[load.bus];
    add_scaled(&mut schedule.deferrable, 1.0, &load.columns[load.chosen]);
    let mut fractions = vec![0.0; load.columns.len()];
    fractions[load.chosen] = 1.0;
    schedule.deferrable_starts.push(fractions);
}
