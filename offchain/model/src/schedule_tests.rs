use super::*;
use crate::LocalGenerator;
use proptest::prelude::*;

const HORIZON: usize = 24;

fn battery() -> impl Strategy<Value = Battery> {
    let window = (0.0..1.0, 0.0..1.0, 0.0..1.0);
    (
        (0.01..1.0, 0.1..8.0, 0.8..1.0),
        (0.0..0.3, 0.7..1.0),
        window,
    )
        .prop_map(
            |((power, energy, eta), (soc_min, soc_max), (start, a, b))| {
                let soc = |share: f64| soc_min + share * (soc_max - soc_min);
                Battery {
                    charge_max: power,
                    discharge_max: power,
                    energy,
                    eta_in: eta,
                    eta_out: eta,
                    soc_min,
                    soc_max,
                    soc_start: soc(start),
                    soc_end_min: soc(f64::min(a, b)),
                    soc_end_max: soc(f64::max(a, b)),
                }
            },
        )
}

fn shapable() -> impl Strategy<Value = Shapable> {
    (0..HORIZON - 1, 1..HORIZON, 0.0..0.5, 0.5..1.0, 0.0..1.0).prop_map(
        |(start, length, power_min, power_max, fill)| {
            let end = (start + length).min(HORIZON);
            let power: f64 = power_min + fill * (power_max - power_min);
            Shapable {
                start,
                end,
                energy: power * (end - start) as f64,
                power_min,
                power_max,
            }
        },
    )
}

fn deferrable() -> impl Strategy<Value = Deferrable> {
    let profile = prop::collection::vec(0.0..0.5, 1..5);
    (0..HORIZON, 0..HORIZON, profile).prop_map(|(earliest, delay, profile)| Deferrable {
        earliest,
        max_delay: delay.min(HORIZON - 1 - earliest),
        profile,
    })
}

fn generator() -> impl Strategy<Value = LocalGenerator> {
    (0.0..0.2, 0.2..1.0).prop_map(|(power_min, power_max)| LocalGenerator {
        alpha: 1.0,
        beta: vec![5.0; HORIZON],
        power_min,
        power_max,
    })
}

fn site() -> impl Strategy<Value = Site> {
    let few = 0..3usize;
    (
        prop::collection::vec(0.0..1.0, HORIZON),
        prop::collection::vec(0.0..1.0, HORIZON),
        prop::collection::vec(battery(), few.clone()),
        prop::collection::vec(shapable(), few.clone()),
        prop::collection::vec(deferrable(), few.clone()),
        prop::collection::vec(generator(), few),
    )
        .prop_map(
            |(load, solar, batteries, shapables, deferrables, generators)| Site {
                load_q: load.clone(),
                load_p: load,
                solar,
                batteries,
                shapables,
                deferrables,
                generators,
                ..Site::default()
            },
        )
        .prop_filter("every device passes its own check", |site| {
            site.batteries
                .iter()
                .all(|b| b.check(HORIZON as f64).is_ok())
        })
}

/// Follows a battery through the horizon and checks M(7b)–M(7f).
fn follow(battery: &Battery, charge: &[f64], discharge: &[f64]) -> Result<(), TestCaseError> {
    let mut soc = battery.soc_start;
    for (c, d) in charge.iter().zip(discharge) {
        prop_assert!((0.0..=battery.charge_max).contains(c));
        prop_assert!((0.0..=battery.discharge_max).contains(d));
        soc += (battery.eta_in * c - d / battery.eta_out) / battery.energy;
        prop_assert!(soc > battery.soc_min - 1e-9 && soc < battery.soc_max + 1e-9);
    }
    prop_assert!(soc > battery.soc_end_min - 1e-9 && soc < battery.soc_end_max + 1e-9);
    Ok(())
}

proptest! {
    #[test]
    fn the_default_schedule_satisfies_every_device(site in site()) {
        let plan = SiteSchedule::default_of(&site, HORIZON, 1.0);
        for (i, battery) in site.batteries.iter().enumerate() {
            follow(battery, &plan.charge[i], &plan.discharge[i])?;
        }
        for (load, row) in site.shapables.iter().zip(&plan.shapable) {
            prop_assert_eq!(load.check(HORIZON, 1.0), Ok(()));
            prop_assert!((row.iter().sum::<f64>() - load.energy).abs() < 1e-9);
            for (t, power) in row.iter().enumerate() {
                let inside = (load.start..load.end).contains(&t);
                let (low, high) = if inside { (load.power_min, load.power_max) } else { (0.0, 0.0) };
                prop_assert!((low..=high).contains(power));
            }
        }
        for (load, row) in site.deferrables.iter().zip(&plan.deferrable) {
            prop_assert!((0..=load.max_delay).any(|k| load.draw(k, HORIZON) == *row));
            let (drawn, profile) = (row.iter().sum::<f64>(), load.profile.iter().sum::<f64>());
            prop_assert!((drawn - profile).abs() < 1e-9);
        }
        for (unit, row) in site.generators.iter().zip(&plan.generation) {
            prop_assert!(row.iter().all(|p| (unit.power_min..=unit.power_max).contains(p)));
        }
    }

    #[test]
    fn the_baseline_lies_within_the_bounds(site in site()) {
        let net = baseline(&site, HORIZON, 1.0);
        let (lower, upper) = bounds(&site);
        for t in 0..HORIZON {
            prop_assert!(lower[t] - 1e-9 <= net[t] && net[t] <= upper[t] + 1e-9);
        }
    }

    #[test]
    fn every_start_of_a_deferrable_load_lies_within_the_bounds(load in deferrable()) {
        let zeros = vec![0.0; HORIZON];
        let site = Site {
            load_p: zeros.clone(),
            load_q: zeros.clone(),
            solar: zeros,
            deferrables: vec![load.clone()],
            ..Site::default()
        };
        let (lower, upper) = bounds(&site);
        for delay in 0..=load.max_delay {
            for (t, draw) in load.draw(delay, HORIZON).into_iter().enumerate() {
                prop_assert!(lower[t] <= -draw && -draw <= upper[t]);
            }
        }
    }
}
