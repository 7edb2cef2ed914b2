//! `gridweave check` of a community.

use anyhow::Result;
use gridweave_model::prosumers::Prosumer;
use gridweave_optim::prosumers::HomeProblem;
use rayon::prelude::*;
use serde::Serialize;

use super::network::host;
use super::problem::Problem;

/// What a community holds.
#[derive(Serialize)]
pub struct Description {
    community: String,
    description: String,
    seed: u64,
    horizon: usize,
    interval_hours: f64,
    homes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    with_solar: usize,
    with_storage: usize,
    with_hvac: usize,
    with_shiftable: usize,
    load_kwh: f64,
    solar_kwh: f64,
    cost_alone: f64,
}

/// Describes `problem`, whose homes must be feasible.
///
/// # Errors
/// A home has no schedule without trade, or the homes' feeder is not there; the message says why.
pub fn describe(problem: &Problem) -> Result<Description> {
    let community = &problem.community;
    if let Some(feeder) = &problem.feeder {
        host(problem, feeder)?;
    }
    let count =
        |has: fn(&Prosumer) -> bool| community.homes.iter().filter(|home| has(home)).count();
    let energy = |of: fn(&Prosumer) -> f64| {
        community.interval_hours * community.homes.iter().map(of).sum::<f64>()
    };
    let costs: Vec<f64> = (0..community.homes.len())
        .into_par_iter()
        .map(|at| Ok(HomeProblem::new(community, at, 1)?.alone()?.cost))
        .collect::<Result<_>>()?;
    Ok(Description {
        community: problem.name.clone(),
        description: problem.description.clone(),
        seed: problem.seed,
        horizon: community.horizon,
        interval_hours: community.interval_hours,
        homes: community.homes.len(),
        network: problem.feeder.as_ref().map(|f| f.network.clone()),
        with_solar: count(|home| home.renewable_kw.is_some()),
        with_storage: count(|home| home.storage.is_some()),
        with_hvac: count(|home| home.hvac.is_some()),
        with_shiftable: count(|home| home.shiftable.is_some()),
        load_kwh: energy(|home| {
            let moved = home
                .shiftable
                .iter()
                .flat_map(|load| &load.shift_preferred_kw);
            home.base_kw.iter().chain(moved).sum()
        }),
        solar_kwh: energy(|home| home.renewable_kw.iter().flatten().sum()),
        cost_alone: costs.iter().sum(),
    })
}

impl Description {
    /// In words.
    pub fn table(&self) -> String {
        format!(
            "{} is well-formed (seed {}), and every home is feasible alone\n\
             intervals           {} of {} h\n\
             homes               {}{}\n\
             with devices        {} solar, {} storage, {} HVAC, {} shiftable load\n\
             energy              load {:.1} kWh besides HVAC, solar {:.1} kWh\n\
             cost without trade  {:.4}\n",
            self.community,
            self.seed,
            self.horizon,
            self.interval_hours,
            self.homes,
            match &self.network {
                Some(network) => format!(" on the feeder of {network}"),
                None => String::new(),
            },
            self.with_solar,
            self.with_storage,
            self.with_hvac,
            self.with_shiftable,
            self.load_kwh,
            self.solar_kwh,
            self.cost_alone,
        )
    }
}
