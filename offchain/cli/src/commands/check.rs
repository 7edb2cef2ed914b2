//! `gridweave check`.

use anyhow::Result;
use gridweave_model::market::MarketObjective;
use gridweave_model::{Instance, SessionMode, Site};
use serde::Serialize;

use super::{print, print_json};
use crate::market;
use crate::market::input::{Changes, Input};
use crate::prosumers::describe::describe as describe_homes;
use crate::prosumers::input::Input as Community;
use crate::run::problem::Problem;

/// What a scenario holds.
#[derive(Serialize)]
struct Description {
    scenario: String,
    description: String,
    seed: u64,
    mode: SessionMode,
    horizon: usize,
    interval_hours: f64,
    buses: usize,
    sites_with_devices: usize,
    batteries: usize,
    shapables: usize,
    deferrables: usize,
    generators: usize,
    load_energy: f64,
    solar_energy: f64,
}

/// What a market holds.
#[derive(Serialize)]
struct MarketDescription {
    market: String,
    objective: MarketObjective,
    window: Option<u32>,
    feeders: usize,
    intervals: u32,
    interval_minutes: u32,
    offers: usize,
}

/// Loads and builds `scenario` and describes it.
pub fn run(scenario: &str, as_json: bool) -> Result<()> {
    if let Some(input) = Input::find(scenario)? {
        return market(&input.problem(scenario, Changes::default())?, as_json);
    }
    if let Some(input) = Community::find(scenario)? {
        let description = describe_homes(&input.problem(None, None)?)?;
        return match as_json {
            true => print_json(&description),
            false => print(&description.table()),
        };
    }
    let description = describe(&Problem::load(scenario, None)?);
    if as_json {
        return print_json(&description);
    }
    print(&table(&description))
}

fn market(problem: &market::problem::Problem, as_json: bool) -> Result<()> {
    let description = MarketDescription {
        market: problem.name.clone(),
        objective: problem.choice.objective,
        window: problem.window,
        feeders: problem.full.feeders.len(),
        intervals: problem.horizon,
        interval_minutes: problem.minutes,
        offers: problem.offers.len(),
    };
    if as_json {
        return print_json(&description);
    }
    print(&format!(
        "{} is a well-formed market\n\
         feeders             {}\n\
         intervals           {} of {} min\n\
         offers              {}\n",
        description.market,
        description.feeders,
        description.intervals,
        description.interval_minutes,
        description.offers,
    ))
}

fn describe(problem: &Problem) -> Description {
    let instance = &problem.instance;
    let count = |devices: fn(&Site) -> usize| instance.sites.iter().map(devices).sum();
    let controllable = instance.sites.iter().filter(|site| site.is_controllable());
    Description {
        scenario: problem.name.clone(),
        description: problem.description.clone(),
        seed: problem.seed,
        mode: problem.options.mode,
        horizon: instance.horizon,
        interval_hours: instance.interval_hours,
        buses: instance.network.buses.len(),
        sites_with_devices: controllable.count(),
        batteries: count(|site| site.batteries.len()),
        shapables: count(|site| site.shapables.len()),
        deferrables: count(|site| site.deferrables.len()),
        generators: count(|site| site.generators.len()),
        load_energy: energy(instance, |site| &site.load_p),
        solar_energy: energy(instance, |site| &site.solar),
    }
}

/// Energy of one kind over the horizon and all buses (pu·h).
fn energy(instance: &Instance, row: fn(&Site) -> &Vec<f64>) -> f64 {
    let power: f64 = instance
        .sites
        .iter()
        .map(|site| row(site).iter().sum::<f64>())
        .sum();
    power * instance.interval_hours
}

fn table(d: &Description) -> String {
    format!(
        "{} is well-formed (seed {})\n\
         intervals           {} of {} h\n\
         buses               {}, {} with devices\n\
         devices             {} batteries, {} shapable, {} deferrable, {} generators besides \
         the root's\n\
         energy              load {:.3} pu·h, solar {:.3} pu·h\n",
        d.scenario,
        d.seed,
        d.horizon,
        d.interval_hours,
        d.buses,
        d.sites_with_devices,
        d.batteries,
        d.shapables,
        d.deferrables,
        d.generators,
        d.load_energy,
        d.solar_energy,
    )
}
