//! Device models M(6)–M(9) as rows of a program, with the owners' costs C(1a), and their schedules
//! read back.

mod battery;
mod deferrable;
mod generator;
mod shapable;

use gridweave_model::{Instance, Site};

use self::battery::BatteryVars;
use self::deferrable::DeferrableVars;
use self::generator::GeneratorVars;
use self::shapable::ShapableVars;
use crate::program::{Program, Term};
use crate::schedule::SiteSchedule;

/// The time axis devices are built on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Horizon {
    /// Number of intervals `T`.
    pub intervals: usize,
    /// Hours per interval `Δt`.
    pub hours: f64,
}

impl Horizon {
    /// The time axis of `instance`.
    pub fn of(instance: &Instance) -> Self {
        Self {
            intervals: instance.horizon,
            hours: instance.interval_hours,
        }
    }
}

/// The variables of every device at one bus.
pub(crate) struct SiteVars {
    batteries: Vec<BatteryVars>,
    shapables: Vec<ShapableVars>,
    deferrables: Vec<DeferrableVars>,
    generators: Vec<GeneratorVars>,
    /// Per interval, the terms whose sum is the controllable net injection.
    pub injection: Vec<Vec<Term>>,
}

impl SiteVars {
    /// Adds the devices of `site`, whose parameters have been checked.
    pub fn add(program: &mut Program, site: &Site, horizon: Horizon) -> Self {
        let mut injection = vec![vec![]; horizon.intervals];
        let costs = site.user_cost;
        let net = &mut injection;
        let batteries = site.batteries.iter();
        let shapables = site.shapables.iter();
        let deferrables = site.deferrables.iter();
        let generators = site.generators.iter();
        Self {
            batteries: batteries
                .map(|device| BatteryVars::add(program, device, costs.battery_wear, horizon, net))
                .collect(),
            shapables: shapables
                .map(|device| {
                    ShapableVars::add(program, device, costs.shapable_discomfort, horizon, net)
                })
                .collect(),
            deferrables: deferrables
                .map(|device| DeferrableVars::add(program, device, net))
                .collect(),
            generators: generators
                .map(|device| GeneratorVars::add(program, device, net))
                .collect(),
            injection,
        }
    }

    /// Reads the schedule out of the solution `x`.
    pub fn schedule(&self, x: &[f64]) -> SiteSchedule {
        let mut schedule = SiteSchedule::idle(self.injection.len());
        for battery in &self.batteries {
            battery.read(x, &mut schedule);
        }
        for shapable in &self.shapables {
            shapable.read(x, &mut schedule);
        }
        for deferrable in &self.deferrables {
            deferrable.read(x, &mut schedule);
        }
        for generator in &self.generators {
            generator.read(x, &mut schedule);
        }
        schedule
    }

    /// Cost of the local generators, M(6), and of the use of the devices, C(1a), at `x`.
    pub fn private_cost(&self, x: &[f64]) -> f64 {
        let generators = self.generators.iter().map(|device| device.cost(x));
        let batteries = self.batteries.iter().map(|device| device.cost(x));
        let shapables = self.shapables.iter().map(|device| device.cost(x));
        generators.chain(batteries).chain(shapables).sum()
    }
}

/// Net injection of a bus per interval: uncontrollable part plus schedule, M(4)–M(5).
pub(crate) fn net_injection(base: &[f64], schedule: &SiteSchedule) -> Vec<f64> {
    base.iter()
        .zip(schedule.injection())
        .map(|(base, controllable)| base + controllable)
        .collect()
}
