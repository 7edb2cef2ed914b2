//! Simulated devices: they follow the schedule, more or less, and the feeder carries what they do.

use gridweave_model::{Instance, MeterOptions, baseline, evaluate};
use rand::{Rng, RngExt};

use super::{Reporting, Series};
use crate::AgentError;
use crate::enrol::Enrolment;
use crate::faults::{Stream, generator};
use crate::observer::Scheduled;
use crate::parameters::energy_unit;

/// Uniform draws whose sum stands for a normal one; their variance is 1.
const DRAWS: usize = 12;

/// The devices of a scenario and how they err.
#[derive(Debug, Clone, Copy)]
pub struct Devices<'a> {
    /// The feeder.
    pub instance: &'a Instance,
    /// Participants by index.
    pub enrolments: &'a [Enrolment],
    /// Participants that lied, by index: their devices do what they would have done without a
    /// session.
    pub liars: &'a [usize],
    /// How far devices deviate, and how their meters report.
    pub options: MeterOptions,
    /// Seed of both.
    pub seed: u64,
}

/// What the meters of a day read.
#[derive(Debug, Clone, PartialEq)]
pub struct Metered {
    /// By participant: energy of each interval (Wh, injection positive).
    pub participants: Vec<Vec<i64>>,
    /// What entered the feeder at its root (Wh).
    pub root: Vec<i64>,
}

impl Devices<'_> {
    /// What the meters read when everybody means to follow `schedule`: each device deviates, and
    /// an AC power flow of what they do gives the reading at the root.
    ///
    /// # Errors
    /// [`AgentError::PowerFlow`] when the network cannot carry it.
    pub fn metered(&self, schedule: &[Scheduled]) -> Result<Metered, AgentError> {
        let unit = energy_unit(self.instance) as f64;
        let participants: Vec<Vec<i64>> = self
            .enrolments
            .iter()
            .enumerate()
            .map(|(index, enrolment)| {
                let planned = self.planned(index, enrolment, schedule);
                self.deviating(index as u32, &planned, unit)
            })
            .collect();
        let mut injections = vec![vec![0.0; self.instance.horizon]; self.instance.sites.len()];
        for (enrolment, readings) in self.enrolments.iter().zip(&participants) {
            for &bus in &enrolment.buses {
                injections[bus] = readings.iter().map(|&wh| wh as f64 / unit).collect();
            }
        }
        let flow = evaluate(self.instance, &injections)?;
        let root = flow.generation.iter();
        Ok(Metered {
            root: root.map(|power| (power * unit).round() as i64).collect(),
            participants,
        })
    }

    /// The series of participant `index` from interval `first` on.
    pub fn series(&self, index: usize, first: u32, metered: &Metered) -> Series {
        let reporting = Reporting {
            options: self.options,
            seed: self.seed,
            meter: index as u32,
        };
        let readings = metered.participants[index].clone();
        Series::reported(first, readings, &reporting)
    }

    /// The series of the meter at the root, which never fails.
    pub fn root_series(&self, first: u32, metered: &Metered) -> Series {
        let reporting = Reporting {
            options: MeterOptions {
                late: 0.0,
                outage: 0.0,
                ..self.options
            },
            seed: self.seed,
            meter: u32::MAX,
        };
        Series::reported(first, metered.root.clone(), &reporting)
    }

    /// What participant `index` means to do (per unit).
    fn planned(&self, index: usize, enrolment: &Enrolment, schedule: &[Scheduled]) -> Vec<f64> {
        let instance = self.instance;
        let row = schedule.iter().find(|row| row.participant == index);
        match (row, enrolment.buses.first()) {
            (Some(row), _) if !self.liars.contains(&index) => row.injection.clone(),
            (_, Some(&bus)) => baseline(
                &instance.sites[bus],
                instance.horizon,
                instance.interval_hours,
            ),
            _ => vec![0.0; instance.horizon],
        }
    }

    fn deviating(&self, meter: u32, planned: &[f64], unit: f64) -> Vec<i64> {
        let rows = planned.iter().zip(0u32..);
        rows.map(|(power, place)| {
            let place = (self.seed, meter, place);
            deviated(self.options.deviation, place, power * unit)
        })
        .collect()
    }
}

/// `energy` (Wh) as the device behind a meter does it at a place in its series, with a relative error
/// of standard deviation `deviation`; `place` is seed, meter and place.
pub(super) fn deviated(deviation: f64, place: (u64, u32, u32), energy: f64) -> i64 {
    let mut random = generator(place.0, Stream::Deviation, place.1, place.2);
    let error = deviation * normal(&mut random);
    (energy * (1.0 + error)).round() as i64
}

/// Mean 0, variance 1, between −6 and 6: a sum, so that every machine gets the same bits.
fn normal(random: &mut impl Rng) -> f64 {
    let sum: f64 = (0..DRAWS).map(|_| random.random::<f64>()).sum();
    sum - DRAWS as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use gridweave_model::Scenario;

    use super::*;
    use crate::enrol::exchange_roster;

    fn quick() -> Instance {
        Scenario::shipped("quick").unwrap().build().unwrap()
    }

    fn baselines(instance: &Instance, enrolments: &[Enrolment]) -> Vec<Scheduled> {
        let rows = enrolments.iter().enumerate();
        rows.map(|(participant, enrolment)| Scheduled {
            participant,
            side_payment: 0,
            injection: baseline(
                &instance.sites[enrolment.buses[0]],
                instance.horizon,
                instance.interval_hours,
            ),
        })
        .collect()
    }

    #[test]
    fn the_root_sees_what_is_drawn_and_lost() {
        let instance = quick();
        let enrolments = exchange_roster(&instance).unwrap().participants;
        let devices = Devices {
            instance: &instance,
            enrolments: &enrolments,
            liars: &[],
            options: MeterOptions::default(),
            seed: 1,
        };
        let metered = devices.metered(&baselines(&instance, &enrolments)).unwrap();
        for t in 0..instance.horizon {
            let injected: i64 = metered.participants.iter().map(|row| row[t]).sum();
            let losses = metered.root[t] + injected;
            assert!(
                losses > 0 && losses < metered.root[t].abs() / 10,
                "interval {t}: {losses} Wh of {} Wh",
                metered.root[t]
            );
        }
    }

    #[test]
    fn deviations_have_their_size_and_repeat() {
        let instance = quick();
        let enrolments = exchange_roster(&instance).unwrap().participants;
        let schedule = baselines(&instance, &enrolments);
        let metered = |deviation, seed| {
            let devices = Devices {
                instance: &instance,
                enrolments: &enrolments,
                liars: &[],
                options: MeterOptions {
                    deviation,
                    ..MeterOptions::default()
                },
                seed,
            };
            devices.metered(&schedule).unwrap().participants
        };
        let exact = metered(0.0, 1);
        let unit = energy_unit(&instance) as f64;
        for (row, scheduled) in exact.iter().zip(&schedule) {
            for (reading, power) in row.iter().zip(&scheduled.injection) {
                assert!((*reading as f64 - power * unit).abs() <= 0.5);
            }
        }
        let errors: Vec<f64> = metered(0.05, 1)
            .iter()
            .flatten()
            .zip(exact.iter().flatten())
            .filter(|(_, exact)| exact.abs() > 10_000)
            .map(|(read, exact)| *read as f64 / *exact as f64 - 1.0)
            .collect();
        let variance = errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64;
        let deviation = variance.sqrt();
        assert!((0.03..0.07).contains(&deviation), "{deviation}");
        assert_eq!(metered(0.05, 1), metered(0.05, 1));
        assert_ne!(metered(0.05, 1), metered(0.05, 2));
    }

    #[test]
    fn liars_do_what_they_would_have_done_anyway() {
        let instance = quick();
        let enrolments = exchange_roster(&instance).unwrap().participants;
        let mut schedule = baselines(&instance, &enrolments);
        schedule[0].injection.fill(0.01);
        let of = |liars: &[usize]| {
            let devices = Devices {
                instance: &instance,
                enrolments: &enrolments,
                liars,
                options: MeterOptions {
                    deviation: 0.0,
                    ..MeterOptions::default()
                },
                seed: 1,
            };
            devices.metered(&schedule).unwrap().participants[0].clone()
        };
        assert!(of(&[]).iter().all(|&wh| wh == 10_000));
        assert!(of(&[0]).iter().any(|&wh| wh != 10_000));
    }
}
