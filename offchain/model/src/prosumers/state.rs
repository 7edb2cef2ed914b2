//! Where homes stand in the middle of a horizon, and the problem of what is left of it.

use super::community::{Community, Prosumer, Shiftable};
use super::schedule::HomeSchedule;

/// What a home carries over from the intervals before `from`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Carried {
    /// Stored energy (kWh).
    stored: f64,
    /// Indoor temperature in interval `from` (°C).
    temperature: f64,
    /// Preferred energy of the window under way that was not run yet (kWh).
    owed: f64,
    /// Highest purchase so far (kW).
    peak: f64,
}

impl Carried {
    /// What `done`, the first `from` intervals of a schedule, leaves; `next_temperature` is that of
    /// interval `from`.
    fn after(done: &HomeSchedule, home: &Prosumer, community: &Community, from: usize) -> Self {
        let hours = community.interval_hours;
        let owed = |load: &Shiftable| {
            let windows = &load.shift_windows;
            let under_way = windows.iter().position(|w| w.start < from && from < w.end);
            under_way.map_or(0.0, |at| {
                let window = &windows[at];
                let run: f64 = done.shiftable[window.start..from].iter().sum();
                let left: f64 = load.shift_preferred_kw[from..window.end].iter().sum();
                hours * (load.window_total(at, hours) - run - left).max(-left)
            })
        };
        Self {
            stored: from.checked_sub(1).map_or(0.0, |last| done.stored[last]),
            temperature: next_temperature(done, home, community, from),
            owed: home.shiftable.as_ref().map_or(0.0, owed),
            peak: done.peak().max(home.grid_peak_kw),
        }
    }
}

/// Y(2) for interval `from`.
fn next_temperature(
    done: &HomeSchedule,
    home: &Prosumer,
    community: &Community,
    from: usize,
) -> f64 {
    let (Some(hvac), Some(last)) = (&home.hvac, from.checked_sub(1)) else {
        return home.hvac.map_or(0.0, |hvac| hvac.temp_start_c);
    };
    let decay = hvac.decay(community.interval_hours);
    let outdoor = community.outdoor_temp_c[from];
    let drift = (outdoor - done.temperature[last]) * decay;
    let next = outdoor - drift + hvac.gamma_c_per_kw * done.hvac[last];
    // A schedule meets the comfort range but for the solver's tolerance.
    next.clamp(hvac.temp_min_c, hvac.temp_max_c)
}

impl Community {
    /// The problem of the intervals from `from` on, after `done`: schedules of the homes, of which
    /// the first `from` intervals are over. What they stored, their temperature, the shiftable energy
    /// that is left of the window under way and their highest purchase become its start.
    ///
    /// `from` must lie within the horizon, and `done` have `from` intervals or more of every home.
    pub fn rest(&self, from: usize, done: &[HomeSchedule]) -> Community {
        let tariff = &self.tariff;
        let pairs = self.homes.iter().zip(done);
        Community {
            name: self.name.clone(),
            horizon: self.horizon - from,
            interval_hours: self.interval_hours,
            tariff: super::Tariff {
                energy_charge: tariff.energy_charge[from..].to_vec(),
                demand_charge: tariff.demand_charge,
                feed_in_rate: tariff.feed_in_rate[from..].to_vec(),
                dr_rate: tariff.dr_rate[from..].to_vec(),
                dr_basis: tariff.dr_basis,
            },
            outdoor_temp_c: self.outdoor_temp_c[from..].to_vec(),
            homes: pairs
                .map(|(home, done)| {
                    let carried = Carried::after(done, home, self, from);
                    home.rest(from, carried)
                })
                .collect(),
        }
    }
}

impl Prosumer {
    fn rest(&self, from: usize, carried: Carried) -> Prosumer {
        let mut home = self.clone();
        home.base_kw.drain(..from);
        home.grid_peak_kw = carried.peak;
        let profiles = [&mut home.renewable_kw, &mut home.dr_baseline_kw];
        for profile in profiles.into_iter().flatten() {
            profile.drain(..from);
        }
        if let Some(hvac) = &mut home.hvac {
            hvac.temp_start_c = carried.temperature;
        }
        if let Some(load) = &mut home.shiftable {
            load.cut(from, carried.owed);
        }
        if let Some(storage) = &mut home.storage
            && from > 0
        {
            let soc = carried.stored / storage.energy_kwh;
            storage.soc_start = soc.clamp(storage.soc_min, storage.soc_max);
        }
        home
    }
}

impl Shiftable {
    /// Leaves the intervals from `from` on, in the first of which `owed` kWh are left over.
    fn cut(&mut self, from: usize, owed: f64) {
        self.shift_preferred_kw.drain(..from);
        let windows = self.shift_windows.iter().filter(|w| w.end > from);
        let windows = windows.map(|w| w.start.saturating_sub(from)..w.end - from);
        let first_begun = self.shift_windows.iter().find(|w| w.end > from);
        let begun = first_begun.is_some_and(|w| w.start < from);
        let untouched = first_begun == self.shift_windows.first();
        if begun || !untouched {
            self.shift_owed_kwh = owed;
        }
        self.shift_windows = windows.collect();
    }
}

impl HomeSchedule {
    /// Appends the first `count` intervals of `next`, which follows this schedule.
    pub fn extend(&mut self, next: &HomeSchedule, count: usize) {
        let parts: [(&mut Vec<f64>, &Vec<f64>); 11] = [
            (&mut self.grid, &next.grid),
            (&mut self.demand_response, &next.demand_response),
            (&mut self.hvac, &next.hvac),
            (&mut self.temperature, &next.temperature),
            (&mut self.shiftable, &next.shiftable),
            (&mut self.renewable, &next.renewable),
            (&mut self.feed_in, &next.feed_in),
            (&mut self.charge, &next.charge),
            (&mut self.discharge, &next.discharge),
            (&mut self.stored, &next.stored),
            (&mut self.trade, &next.trade),
        ];
        for (own, next) in parts {
            own.extend(next.iter().take(count));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prosumers::ProsumerScenario;

    /// Everything stands still, loads run where they are preferred, the grid supplies.
    fn idle(community: &Community, home: &Prosumer) -> HomeSchedule {
        let zeros = vec![0.0; community.horizon];
        let shiftable = home.shiftable.as_ref().unwrap();
        let load = shiftable.shift_preferred_kw.clone();
        let pairs = home.base_kw.iter().zip(&load);
        HomeSchedule {
            grid: pairs.map(|(base, load)| base + load).collect(),
            shiftable: load,
            temperature: vec![22.0; community.horizon],
            stored: vec![2.0; community.horizon],
            demand_response: zeros.clone(),
            hvac: zeros.clone(),
            renewable: zeros.clone(),
            feed_in: zeros.clone(),
            charge: zeros.clone(),
            discharge: zeros.clone(),
            trade: zeros,
        }
    }

    fn community() -> Community {
        let scenario = ProsumerScenario::shipped("prosumers-10").unwrap();
        scenario.build().unwrap()
    }

    #[test]
    fn the_rest_of_nothing_done_is_the_whole() {
        let community = community();
        let done = vec![HomeSchedule::default(); community.homes.len()];
        assert_eq!(community.rest(0, &done), community);
    }

    #[test]
    fn a_rest_begins_where_the_past_ended() {
        let community = community();
        let homes = community.homes.iter();
        let mut done: Vec<HomeSchedule> = homes.map(|home| idle(&community, home)).collect();
        // Half a kilowatt of hour 3 is put off, and hour 5 needs 14 kW from the grid.
        done[0].shiftable[3] -= 0.5;
        done[0].grid[5] = 14.0;
        let rest = community.rest(30, &done);
        rest.check().unwrap();
        assert_eq!(rest.horizon, 138);
        let home = &rest.homes[0];
        assert_eq!(home.grid_peak_kw, 14.0);
        assert_eq!(home.base_kw[..], community.homes[0].base_kw[30..]);
        // The second day is under way and nothing of it was put off.
        let load = home.shiftable.as_ref().unwrap();
        assert_eq!(load.shift_windows[..2], [0..18, 18..42]);
        assert!(load.shift_owed_kwh.abs() < 1e-9);
        let rest = community.rest(20, &done);
        let load = rest.homes[0].shiftable.as_ref().unwrap();
        assert!((load.shift_owed_kwh - 0.5).abs() < 1e-9);
        let whole = community.homes[0].shiftable.as_ref().unwrap();
        let run: f64 = done[0].shiftable[..20].iter().sum();
        let total = load.window_total(0, 1.0) + run;
        assert!((total - whole.window_total(0, 1.0)).abs() < 1e-9);
        let stored = |home: &Prosumer| home.storage.map(|s| s.soc_start * s.energy_kwh);
        let with_storage = rest.homes.iter().find_map(stored).unwrap();
        assert!((with_storage - 2.0).abs() < 1e-9);
    }

    #[test]
    fn schedules_are_put_together() {
        let community = community();
        let whole = idle(&community, &community.homes[0]);
        let mut joined = HomeSchedule::default();
        joined.extend(&whole, 50);
        assert_eq!(joined.grid[..], whole.grid[..50]);
        assert_eq!(joined.stored.len(), 50);
    }
}
