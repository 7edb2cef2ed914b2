//! A small feeder with every kind of device, and checks of a schedule against its site.

#![allow(dead_code, reason = "each test binary uses its own part")]

use gridweave_model::{
    Battery, Bus, Deferrable, Generator, Instance, LocalGenerator, Network, Shapable, Site,
};
use gridweave_optim::{SiteAnswer, SiteSchedule};

/// Intervals of the small feeder.
pub const HORIZON: usize = 6;

/// Five buses: root 1, trunk 2, and below it the laterals 3 and 4–5. Bus 3 has a battery, bus 4
/// solar and a shapable load, bus 5 a deferrable load and a generator.
pub fn small() -> Instance {
    let shape = [0.6, 0.5, 0.8, 1.0, 1.4, 1.1];
    let sun = [0.0, 0.5, 1.0, 0.8, 0.1, 0.0];
    let mut sites: Vec<Site> = [0.0, 0.1, 0.3, 0.2, 0.25]
        .iter()
        .map(|peak| site(shape.map(|s| peak * s)))
        .collect();
    sites[2].batteries.push(battery());
    sites[3].solar = sun.map(|s| 0.35 * s).to_vec();
    sites[3].shapables.push(shapable());
    sites[4].deferrables.push(deferrable());
    sites[4].generators.push(generator());
    Instance {
        name: "small".into(),
        horizon: HORIZON,
        interval_hours: 1.0,
        network: network(),
        generator: Generator {
            alpha: 5.0,
            beta: vec![30.0, 28.0, 45.0, 60.0, 70.0, 50.0],
        },
        sites,
    }
}

fn network() -> Network {
    let branch = |id, parent, r, x| Bus { id, parent, r, x };
    Network {
        base_mva: 1.0,
        base_kv: 12.0,
        v_min: 0.95,
        v_max: 1.05,
        buses: vec![
            branch(1, None, 0.0, 0.0),
            branch(2, Some(0), 0.004, 0.008),
            branch(3, Some(1), 0.012, 0.009),
            branch(4, Some(1), 0.01, 0.012),
            branch(5, Some(3), 0.02, 0.015),
        ],
    }
}

/// A site that draws `load` with a power factor of about 0.9 and has no devices.
pub fn site(load: [f64; HORIZON]) -> Site {
    Site {
        load_p: load.to_vec(),
        load_q: load.map(|p| 0.48 * p).to_vec(),
        solar: vec![0.0; HORIZON],
        ..Site::default()
    }
}

/// A battery that must end as full as it starts.
pub fn battery() -> Battery {
    Battery {
        charge_max: 0.15,
        discharge_max: 0.2,
        energy: 0.5,
        eta_in: 0.95,
        eta_out: 0.9,
        soc_min: 0.1,
        soc_max: 0.9,
        soc_start: 0.5,
        soc_end_min: 0.5,
        soc_end_max: 0.5,
    }
}

/// A load of 0.4 pu·h to be spread over intervals 1 to 4.
pub fn shapable() -> Shapable {
    Shapable {
        start: 1,
        end: 5,
        energy: 0.4,
        power_min: 0.02,
        power_max: 0.2,
    }
}

/// A load of two intervals that starts in interval 1, 2, 3 or 4.
pub fn deferrable() -> Deferrable {
    Deferrable {
        earliest: 1,
        max_delay: 3,
        profile: vec![0.1, 0.06],
    }
}

/// A generator that is worth running in dear intervals only.
pub fn generator() -> LocalGenerator {
    LocalGenerator {
        alpha: 40.0,
        beta: vec![55.0; HORIZON],
        power_min: 0.0,
        power_max: 0.1,
    }
}

/// Largest violation of M(4)–M(9) by `answer` at `site`, which has at most one device of a kind.
pub fn violation(site: &Site, answer: &SiteAnswer) -> f64 {
    let schedule = &answer.schedule;
    let net = site.base_injection().into_iter().zip(schedule.injection());
    let balance = net
        .zip(&answer.injection)
        .map(|((base, controllable), total)| (base + controllable - total).abs());
    balance
        .chain(battery_violations(site, schedule))
        .chain(load_violations(site, schedule))
        .fold(0.0, f64::max)
}

fn outside(value: f64, lower: f64, upper: f64) -> f64 {
    (lower - value).max(value - upper).max(0.0)
}

fn battery_violations(site: &Site, schedule: &SiteSchedule) -> Vec<f64> {
    let mut found = vec![];
    let Some(battery) = site.batteries.first() else {
        return found;
    };
    let mut before = battery.soc_start * battery.energy;
    for t in 0..HORIZON {
        let (charge, discharge) = (schedule.charge[t], schedule.discharge[t]);
        let stored = schedule.soc[t];
        let expected = before + charge * battery.eta_in - discharge / battery.eta_out;
        found.push((stored - expected).abs());
        found.push(outside(charge, 0.0, battery.charge_max));
        found.push(outside(discharge, 0.0, battery.discharge_max));
        let soc = stored / battery.energy;
        found.push(outside(soc, battery.soc_min, battery.soc_max));
        before = stored;
    }
    let end = before / battery.energy;
    found.push(outside(end, battery.soc_end_min, battery.soc_end_max));
    found
}

fn load_violations(site: &Site, schedule: &SiteSchedule) -> Vec<f64> {
    let mut found = vec![];
    if let Some(load) = site.shapables.first() {
        for (t, &power) in schedule.shapable.iter().enumerate() {
            let allowed = (load.start..load.end).contains(&t);
            let (least, most) = if allowed {
                (load.power_min, load.power_max)
            } else {
                (0.0, 0.0)
            };
            found.push(outside(power, least, most));
        }
        found.push((schedule.shapable.iter().sum::<f64>() - load.energy).abs());
    }
    if let Some(load) = site.deferrables.first() {
        let fractions = &schedule.deferrable_starts[0];
        found.push((fractions.iter().sum::<f64>() - 1.0).abs());
        found.extend(fractions.iter().map(|&w| outside(w, 0.0, 1.0)));
        for t in 0..HORIZON {
            let delays = fractions.iter().enumerate();
            let drawn: f64 = delays.map(|(k, w)| w * load.draw(k, HORIZON)[t]).sum();
            found.push((schedule.deferrable[t] - drawn).abs());
        }
    }
    if let Some(generator) = site.generators.first() {
        let output = schedule.generation.iter();
        found.extend(output.map(|&g| outside(g, generator.power_min, generator.power_max)));
    }
    found
}

/// Largest absolute difference of two vectors.
pub fn distance(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let pairs = a.iter().zip(b);
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Inner product.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
