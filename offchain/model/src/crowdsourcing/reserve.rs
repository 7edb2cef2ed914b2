//! What a crowdsourcee can deliver beyond its own plan as the day goes on.
//!
//! The own plan is [`SiteSchedule::default_of`]: batteries at rest, shapable loads drawn evenly.
//! Charging that the equilibrium asks for is in the owner's interest (it buys cheap what it may be
//! paid more for) and is followed; what is delivered comes from the battery first, then from
//! shapable loads that wait.

use std::ops::Range;

use crate::{Battery, Shapable, Site};

#[cfg(doc)]
use crate::schedule::SiteSchedule;

/// State of one site's reserve.
#[derive(Debug, Clone, PartialEq)]
pub struct Reserve {
    hours: f64,
    batteries: Vec<Store>,
    loads: Vec<Waiting>,
}

#[derive(Debug, Clone, PartialEq)]
struct Store {
    battery: Battery,
    /// Energy in it (pu·h).
    energy: f64,
}

#[derive(Debug, Clone, PartialEq)]
struct Waiting {
    window: Range<usize>,
    /// Power of the own plan (pu).
    even: f64,
    power_max: f64,
    /// Energy that is still owed to it (pu·h).
    owed: f64,
}

impl Reserve {
    /// The reserve of `site` as the day begins; `hours` is the length of an interval.
    pub fn new(site: &Site, hours: f64) -> Self {
        let store = |battery: &Battery| Store {
            energy: battery.soc_start * battery.energy,
            battery: battery.clone(),
        };
        let waiting = |load: &Shapable| Waiting {
            window: load.start..load.end,
            even: load.energy / ((load.end - load.start).max(1) as f64 * hours),
            power_max: load.power_max,
            owed: 0.0,
        };
        Self {
            hours,
            batteries: site.batteries.iter().map(store).collect(),
            loads: site.shapables.iter().map(waiting).collect(),
        }
    }

    /// Most that the devices can ever deliver beyond the own plan (pu).
    pub fn power_max(&self) -> f64 {
        let batteries = self
            .batteries
            .iter()
            .map(|store| store.battery.discharge_max);
        batteries
            .chain(self.loads.iter().map(|load| load.even))
            .sum()
    }

    /// What can be delivered in interval `t` (pu).
    pub fn available(&self, t: usize) -> f64 {
        let stored = self
            .batteries
            .iter()
            .map(|store| store.available(self.hours));
        let waiting = self.loads.iter().map(|load| load.available(t, self.hours));
        let must: f64 = self.loads.iter().map(|load| load.must(t, self.hours)).sum();
        (stored.chain(waiting).sum::<f64>() - must).max(0.0)
    }

    /// Charges the batteries with `power` (pu, drawn from the grid) for an interval, as far as they
    /// take it; returns what they took.
    pub fn charge(&mut self, power: f64) -> f64 {
        let hours = self.hours;
        let mut left = power.max(0.0);
        for store in &mut self.batteries {
            left -= store.charge(left, hours);
        }
        power.max(0.0) - left
    }

    /// Most that the batteries can draw beyond charging with `charge` (pu).
    pub fn absorbable(&self, charge: f64) -> f64 {
        let room = self.batteries.iter().map(|store| store.room(self.hours));
        (room.sum::<f64>() - charge.max(0.0)).max(0.0)
    }

    /// Delivers `power` (pu) in interval `t`, as far as it is available; returns what was delivered.
    pub fn deliver(&mut self, t: usize, power: f64) -> f64 {
        let hours = self.hours;
        let delivered = power.clamp(0.0, self.available(t));
        let must = self.loads.iter_mut().map(|load| load.draw_must(t, hours));
        let mut left = delivered + must.sum::<f64>();
        for store in &mut self.batteries {
            left -= store.discharge(left, hours);
        }
        for load in &mut self.loads {
            left -= load.wait(t, left, hours);
        }
        delivered
    }

    /// Draws what waiting loads are owed in interval `t`, evenly over what is left of their window;
    /// returns the power beyond the own plan (pu).
    pub fn catch_up(&mut self, t: usize) -> f64 {
        let hours = self.hours;
        self.loads
            .iter_mut()
            .map(|load| load.catch_up(t, hours))
            .sum()
    }
}

impl Store {
    fn available(&self, hours: f64) -> f64 {
        let battery = &self.battery;
        let above = (self.energy - battery.soc_min * battery.energy).max(0.0);
        (above * battery.eta_out / hours).min(battery.discharge_max)
    }

    fn discharge(&mut self, power: f64, hours: f64) -> f64 {
        let power = power.min(self.available(hours));
        self.energy -= power * hours / self.battery.eta_out;
        power
    }

    fn charge(&mut self, power: f64, hours: f64) -> f64 {
        let power = power.min(self.room(hours));
        self.energy += power * hours * self.battery.eta_in;
        power
    }

    /// Most power that it takes.
    fn room(&self, hours: f64) -> f64 {
        let battery = &self.battery;
        let room = (battery.soc_max * battery.energy - self.energy).max(0.0);
        battery.charge_max.min(room / (battery.eta_in * hours))
    }
}

impl Waiting {
    /// Energy that can be made up for after interval `t` of the window, beyond what is owed.
    fn room(&self, t: usize, hours: f64) -> f64 {
        let later = (self.window.end - 1 - t) as f64 * hours;
        (self.power_max - self.even).max(0.0) * later - self.owed
    }

    /// As much as can be made up for later in the window.
    fn available(&self, t: usize, hours: f64) -> f64 {
        if !self.window.contains(&t) {
            return 0.0;
        }
        (self.room(t, hours).max(0.0) / hours).min(self.even)
    }

    /// What has to be made up for in interval `t`, since there is no room for it later.
    fn must(&self, t: usize, hours: f64) -> f64 {
        if !self.window.contains(&t) {
            return 0.0;
        }
        (-self.room(t, hours)).max(0.0) / hours
    }

    fn draw_must(&mut self, t: usize, hours: f64) -> f64 {
        let power = self.must(t, hours);
        self.owed -= power * hours;
        power
    }

    fn wait(&mut self, t: usize, power: f64, hours: f64) -> f64 {
        let power = power.min(self.available(t, hours));
        self.owed += power * hours;
        power
    }

    fn catch_up(&mut self, t: usize, hours: f64) -> f64 {
        if !self.window.contains(&t) {
            return 0.0;
        }
        let left = (self.window.end - t) as f64;
        let power = (self.owed / (left * hours)).min((self.power_max - self.even).max(0.0));
        self.owed -= power * hours;
        power
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn site() -> Site {
        Site {
            batteries: vec![Battery {
                charge_max: 0.4,
                discharge_max: 0.4,
                energy: 1.6,
                eta_in: 0.95,
                eta_out: 0.95,
                soc_min: 0.1,
                soc_max: 0.95,
                soc_start: 0.5,
                soc_end_min: 0.5,
                soc_end_max: 0.5,
            }],
            shapables: vec![Shapable {
                start: 10,
                end: 16,
                energy: 1.2,
                power_min: 0.0,
                power_max: 0.5,
            }],
            ..Site::default()
        }
    }

    #[test]
    fn a_load_waits_only_for_what_it_can_make_up_for() {
        let mut reserve = Reserve::new(&site(), 1.0);
        assert!((reserve.power_max() - 0.6).abs() < 1e-12);
        assert!((reserve.available(9) - 0.4).abs() < 1e-12);
        assert!((reserve.available(14) - 0.6).abs() < 1e-12);
        // Nothing comes after the last interval of the window.
        assert!((reserve.available(15) - 0.4).abs() < 1e-12);
        assert!((reserve.deliver(14, 1.0) - 0.6).abs() < 1e-12);
        assert!((reserve.catch_up(15) - 0.2).abs() < 1e-12);
        assert_eq!(reserve.catch_up(16), 0.0);
    }

    #[test]
    fn a_battery_absorbs_what_it_does_not_charge_anyway_until_it_is_full() {
        let mut reserve = Reserve::new(&site(), 1.0);
        assert!((reserve.absorbable(0.1) - 0.3).abs() < 1e-12);
        assert_eq!(reserve.absorbable(0.5), 0.0);
        // 0.72 pu·h fit, at 0.95 each.
        assert!((reserve.charge(0.4) - 0.4).abs() < 1e-12);
        assert!((reserve.absorbable(0.0) - (0.72 / 0.95 - 0.4)).abs() < 1e-12);
        reserve.charge(0.4);
        assert!(reserve.absorbable(0.0) < 1e-12);
    }

    proptest! {
        #[test]
        fn nothing_is_owed_at_the_end_and_the_battery_keeps_its_limits(
            asked in prop::collection::vec(0.0..1.0, 24),
        ) {
            let mut reserve = Reserve::new(&site(), 1.0);
            for (t, &power) in asked.iter().enumerate() {
                let available = reserve.available(t);
                if power > 0.5 {
                    prop_assert!(reserve.deliver(t, power) <= available + 1e-12);
                } else {
                    reserve.charge(0.1 * power);
                    reserve.catch_up(t);
                }
                let energy = reserve.batteries[0].energy;
                prop_assert!((0.16 - 1e-9..=1.52 + 1e-9).contains(&energy));
            }
            prop_assert!(reserve.loads[0].owed.abs() < 1e-9, "{:?}", reserve.loads[0]);
        }
    }
}
