//! Internal units. The interior-point method is accurate when powers are near one and loses digits
//! a factor of five away, whatever its own equilibration does; so programs are built in a unit of
//! power of their own and solutions are converted back. It is a change of the power base: costs
//! and voltages stay, impedances grow with the unit.

use gridweave_model::{Instance, Site};

use crate::schedule::SiteSchedule;

/// Mean demand of a feeder in its own unit.
const MEAN_DEMAND: f64 = 2.0;

/// A unit of power (pu) in which the feeder's mean demand is [`MEAN_DEMAND`].
pub(crate) fn feeder_unit(instance: &Instance) -> f64 {
    let hours = instance.horizon as f64 * instance.interval_hours;
    let energy: f64 = instance
        .sites
        .iter()
        .map(|site| demand(site, instance.interval_hours))
        .sum();
    at_least_something(energy / hours / MEAN_DEMAND)
}

/// Energy (pu·h) the loads of a site draw over the horizon, reactive ones included.
fn demand(site: &Site, hours: f64) -> f64 {
    let fixed = site.load_p.iter().chain(&site.load_q);
    let deferrable = site.deferrables.iter().flat_map(|load| &load.profile);
    let power: f64 = fixed.chain(deferrable).map(|p| p.abs()).sum();
    let shapable: f64 = site.shapables.iter().map(|load| load.energy).sum();
    power * hours + shapable
}

/// A unit of power (pu): the largest power any device or profile of the site can have.
pub(crate) fn site_unit(site: &Site) -> f64 {
    let batteries = site.batteries.iter();
    let generators = site.generators.iter();
    let deferrables = site.deferrables.iter();
    let largest = site
        .base_injection()
        .into_iter()
        .chain(batteries.flat_map(|b| [b.charge_max, b.discharge_max]))
        .chain(site.shapables.iter().map(|load| load.power_max))
        .chain(deferrables.flat_map(|load| load.profile.iter().copied()))
        .chain(generators.flat_map(|g| [g.power_min, g.power_max]))
        .fold(0.0_f64, |most, power| most.max(power.abs()));
    at_least_something(largest)
}

fn at_least_something(unit: f64) -> f64 {
    if unit > 0.0 { unit } else { 1.0 }
}

/// `instance` with powers and energies counted in `unit`.
pub(crate) fn in_unit(instance: &Instance, unit: f64) -> Instance {
    let mut scaled = instance.clone();
    scaled.network.base_mva *= unit;
    for bus in &mut scaled.network.buses {
        bus.r *= unit;
        bus.x *= unit;
    }
    scaled.generator.alpha *= unit * unit;
    scale(&mut scaled.generator.beta, unit);
    scaled.sites = instance
        .sites
        .iter()
        .map(|site| site_in_unit(site, unit))
        .collect();
    scaled
}

/// `site` with powers and energies counted in `unit`.
pub(crate) fn site_in_unit(site: &Site, unit: f64) -> Site {
    let mut scaled = site.clone();
    for profile in [&mut scaled.load_p, &mut scaled.load_q, &mut scaled.solar] {
        scale(profile, 1.0 / unit);
    }
    for battery in &mut scaled.batteries {
        battery.charge_max /= unit;
        battery.discharge_max /= unit;
        battery.energy /= unit;
    }
    for load in &mut scaled.shapables {
        load.energy /= unit;
        load.power_min /= unit;
        load.power_max /= unit;
    }
    for load in &mut scaled.deferrables {
        scale(&mut load.profile, 1.0 / unit);
    }
    for generator in &mut scaled.generators {
        generator.alpha *= unit * unit;
        scale(&mut generator.beta, unit);
        generator.power_min /= unit;
        generator.power_max /= unit;
    }
    scaled.user_cost.battery_wear *= unit;
    scaled.user_cost.shapable_discomfort *= unit * unit;
    scaled
}

/// A schedule counted in `unit`, back in per unit.
pub(crate) fn schedule_from_unit(mut schedule: SiteSchedule, unit: f64) -> SiteSchedule {
    for values in [
        &mut schedule.charge,
        &mut schedule.discharge,
        &mut schedule.soc,
        &mut schedule.shapable,
        &mut schedule.deferrable,
        &mut schedule.generation,
    ] {
        scale(values, unit);
    }
    schedule
}

fn scale(values: &mut [f64], factor: f64) {
    values.iter_mut().for_each(|value| *value *= factor);
}
