//! Device schedules behind the final net injections.

use anyhow::{Context, Result};
use gridweave_model::{Instance, evaluate};
use gridweave_optim::{CentralSolution, SiteProblem, SiteSchedule, round_deferrables};
use rayon::prelude::*;

use super::judge::{PROJECTION_RHO, Verdict};

/// The device schedule of every bus behind the executed net injections. Plans are convex
/// combinations of answers, so the nearest feasible schedule differs only by solver accuracy.
pub fn split(instance: &Instance, verdict: &Verdict) -> Result<Vec<SiteSchedule>> {
    verdict
        .injections
        .par_iter()
        .enumerate()
        .map(|(bus, row)| match verdict.devices.get(&bus) {
            Some(known) => Ok(known.clone()),
            None => nearest(instance, bus, row),
        })
        .collect()
}

fn nearest(instance: &Instance, bus: usize, injection: &[f64]) -> Result<SiteSchedule> {
    if !instance.sites[bus].is_controllable() {
        return Ok(SiteSchedule::idle(instance.horizon));
    }
    let answer = SiteProblem::new(instance, bus)?
        .respond(injection, PROJECTION_RHO)
        .with_context(|| {
            let id = instance.network.buses[bus].id;
            format!("the schedule of bus {id} cannot be split among its devices")
        })?;
    Ok(answer.schedule)
}

/// What it costs that deferrable loads start at whole intervals, as fractions of the cost before.
#[derive(Debug, Clone, Copy)]
pub struct RoundingCost {
    /// All other devices as scheduled; AC cost against the executed cost.
    pub kept: f64,
    /// All other devices optimised again; central cost against the central optimum.
    pub reoptimised: f64,
}

/// Rounds the deferrable loads of `devices`; `None` when there are none.
pub fn rounding_cost(
    instance: &Instance,
    verdict: &Verdict,
    devices: &[SiteSchedule],
    central: &CentralSolution,
) -> Result<Option<RoundingCost>> {
    if instance
        .sites
        .iter()
        .all(|site| site.deferrables.is_empty())
    {
        return Ok(None);
    }
    let rounded = round_deferrables(instance, &verdict.injections, devices)
        .context("deferrable loads cannot be rounded to whole starts")?;
    let kept = evaluate(instance, &rounded.kept)?;
    Ok(Some(RoundingCost {
        kept: (kept.cost - verdict.execution.cost) / verdict.cost,
        reoptimised: rounded.cost / central.cost - 1.0,
    }))
}
