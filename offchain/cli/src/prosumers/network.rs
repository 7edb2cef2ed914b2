//! Homes on a feeder: an exchange session, in which trade respects the feeder's limits, and what the
//! trade without a feeder would have done to it.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use gridweave_model::Instance;
use gridweave_optim::prosumers::injection;
use serde::Serialize;

use super::placed::Placed;
use super::problem::{Feeder, Problem};
use super::reference::Reference;
use super::run::Plan;
use crate::run::bills::Totals;
use crate::run::problem::Problem as Host;

/// What a feeder carries, and at what voltage.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Carried {
    /// Cost of all homes and of the root (currency).
    pub cost: f64,
    /// Lowest voltage magnitude (pu).
    pub voltage_min_pu: f64,
    /// Highest.
    pub voltage_max_pu: f64,
    /// Largest distance outside the limits.
    pub violation_pu: f64,
    /// Energy lost on the feeder (kWh).
    pub lost_kwh: f64,
}

/// `summary.json` of homes on a feeder.
#[derive(Debug, Clone, Serialize)]
pub struct NetworkSummary {
    /// Scenario name.
    pub scenario: String,
    /// The scenario whose feeder it is.
    pub network: String,
    /// kVA of one per unit of its impedances.
    pub kva: f64,
    /// Homes.
    pub homes: usize,
    /// Intervals.
    pub horizon: usize,
    /// Rounds closed.
    pub rounds: usize,
    /// Certified relative gap of the plan.
    pub certified_gap: Option<f64>,
    /// The plan of the session.
    pub with_network: Carried,
    /// The optimum of trade that knows no feeder, on this feeder; `null` where it is too large to be
    /// computed or the feeder cannot carry it at all.
    pub trade_without_network: Option<Carried>,
    /// Every home alone, on this feeder.
    pub without_trade: Option<Carried>,
    /// What the metered days came to.
    #[serde(flatten)]
    pub bills: Option<Totals>,
    /// What an audit of the events found wrong with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_differences: Option<u64>,
    /// Seconds of wall time.
    pub wall_s: f64,
}

/// Runs `problem` on `feeder` and writes the results into `folder`.
///
/// # Errors
/// The feeder has too few buses or cannot carry the plan, or a contract refuses.
pub async fn run(
    problem: &Problem,
    plan: Plan,
    feeder: &Feeder,
    folder: &Path,
) -> Result<NetworkSummary> {
    let start = Instant::now();
    let network = &feeder.network;
    let host = host(problem, feeder)?;
    // Demand response is paid on purchases from the grid, which a home on a feeder has not got.
    let problem = &problem.without_requests();
    let reference = Reference::of(&problem.community)?;
    let kva = feeder
        .kva
        .unwrap_or_else(|| strength(&host.instance, &reference));
    let (instance, places) = problem.community.placed_on(&host.instance, kva)?;
    let placed = Placed {
        problem,
        instance,
        places,
        unit: kva,
    };
    let ended = placed.play(plan, &reference).await?;
    placed.write(folder, &ended)?;
    let central = reference.central.as_ref();
    let central = central.map(|central| {
        let homes = central.homes.iter();
        let rows = homes.map(|home| injection(&problem.community, home));
        rows.collect::<Vec<_>>()
    });
    let alone: Vec<Vec<f64>> = placed.alone(&reference);
    Ok(NetworkSummary {
        scenario: problem.name.clone(),
        network: network.clone(),
        kva,
        homes: problem.community.homes.len(),
        horizon: problem.community.horizon,
        rounds: ended.rounds.len(),
        certified_gap: ended.rounds.last().and_then(|round| round.certified_gap),
        with_network: placed.carried(&ended.answers, &ended.execution),
        trade_without_network: central.and_then(|rows| placed.tried(&rows)),
        without_trade: placed.tried(&alone),
        bills: ended.bills.as_ref().map(|bills| bills.totals),
        audit_differences: ended.audit_differences,
        wall_s: start.elapsed().as_secs_f64(),
    })
}

/// The scenario whose feeder it is.
///
/// # Errors
/// It cannot be read, or has too few buses for the homes.
pub fn host(problem: &Problem, feeder: &Feeder) -> Result<Host> {
    let network = &feeder.network;
    let host = Host::load(network, None).with_context(|| {
        let place = &feeder.named_by;
        format!("{place} is '{network}', expected a scenario with a feeder, by name or file")
    })?;
    problem.community.placed_on(&host.instance, 1.0)?;
    Ok(host)
}

/// The feeder is as strong for the homes as it is for its own loads: the peaks of both, alone, are the
/// same in per unit.
fn strength(host: &Instance, reference: &Reference) -> f64 {
    let total = |t: usize| host.sites.iter().map(|site| site.load_p[t]).sum::<f64>();
    let own = (0..host.horizon).map(total).fold(0.0, f64::max);
    let horizon = reference
        .alone
        .first()
        .map_or(0, |home| home.schedule.grid.len());
    let homes = |t: usize| -> f64 { reference.alone.iter().map(|h| h.schedule.grid[t]).sum() };
    let peak = (0..horizon).map(homes).fold(0.0, f64::max);
    if own > 0.0 && peak > 0.0 {
        peak / own
    } else {
        1.0
    }
}

impl NetworkSummary {
    /// The closing table.
    pub fn table(&self, folder: &Path) -> String {
        let row = |name: &str, carried: Option<Carried>| match carried {
            Some(c) => format!(
                "{name:<22}{:>10.4}  {:.4} to {:.4} pu, {:.5} pu outside the limits, {:.2} kWh lost\n",
                c.cost, c.voltage_min_pu, c.voltage_max_pu, c.violation_pu, c.lost_kwh
            ),
            None => format!("{name:<22}cannot be carried\n"),
        };
        let gap = self.certified_gap;
        format!(
            "{} on the feeder of {} ({} homes, {} intervals, {:.1} kVA per unit)\n\
             rounds                {}, certified {}\n{}{}{}results               {}\n",
            self.scenario,
            self.network,
            self.homes,
            self.horizon,
            self.kva,
            self.rounds,
            gap.map_or_else(|| "-".into(), |gap| format!("{:.3} %", 100.0 * gap)),
            row("trade on the feeder", Some(self.with_network)),
            row("trade without it", self.trade_without_network),
            row("nobody trades", self.without_trade),
            folder.display()
        )
    }
}
