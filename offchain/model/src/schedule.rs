//! Default schedules and declared bounds of a site.

use crate::{Battery, Deferrable, Shapable, Site};

/// What each device of a site does, one row of `T` powers per device in the order of [`Site`].
/// Powers are per unit and at least 0; the direction is the device's own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteSchedule {
    /// Charging power of each battery.
    pub charge: Vec<Vec<f64>>,
    /// Discharging power of each battery.
    pub discharge: Vec<Vec<f64>>,
    /// Consumption of each shapable load.
    pub shapable: Vec<Vec<f64>>,
    /// Consumption of each deferrable load.
    pub deferrable: Vec<Vec<f64>>,
    /// Output of each local generator.
    pub generation: Vec<Vec<f64>>,
}

impl SiteSchedule {
    /// A feasible schedule that needs no optimization: batteries idle (or move evenly to the
    /// nearest end of their final window), shapable loads draw evenly over their window,
    /// deferrable loads start at once, generators run at their least output.
    pub fn default_of(site: &Site, horizon: usize, interval_hours: f64) -> Self {
        let batteries = site.batteries.iter().map(|battery| {
            let (charge, discharge) = steady_power(battery, horizon as f64 * interval_hours);
            (vec![charge; horizon], vec![discharge; horizon])
        });
        let (charge, discharge) = batteries.unzip();
        Self {
            charge,
            discharge,
            shapable: map(&site.shapables, |s| even_draw(s, horizon, interval_hours)),
            deferrable: map(&site.deferrables, |d| d.draw(0, horizon)),
            generation: map(&site.generators, |g| vec![g.power_min; horizon]),
        }
    }

    /// Net injection of `site` per interval under this schedule.
    pub fn net_injection(&self, site: &Site) -> Vec<f64> {
        let mut net = site.base_injection();
        let injecting = self.discharge.iter().chain(&self.generation);
        let drawing = self.charge.iter().chain(&self.shapable);
        for row in injecting {
            net.iter_mut().zip(row).for_each(|(n, p)| *n += p);
        }
        for row in drawing.chain(&self.deferrable) {
            net.iter_mut().zip(row).for_each(|(n, p)| *n -= p);
        }
        net
    }
}

/// Net injection of the default schedule, `T` values per unit; always within [`bounds`].
pub fn baseline(site: &Site, horizon: usize, interval_hours: f64) -> Vec<f64> {
    SiteSchedule::default_of(site, horizon, interval_hours).net_injection(site)
}

/// Declared bounds of the net injection, `(lower[t], upper[t])` per unit: a box around
/// everything the devices can do, interval by interval.
pub fn bounds(site: &Site) -> (Vec<f64>, Vec<f64>) {
    let mut lower = site.base_injection();
    let mut upper = lower.clone();
    let horizon = lower.len();
    for t in 0..horizon {
        for battery in &site.batteries {
            lower[t] -= battery.charge_max;
            upper[t] += battery.discharge_max;
        }
        for load in &site.shapables {
            if (load.start..load.end).contains(&t) {
                lower[t] -= load.power_max;
                upper[t] -= load.power_min;
            }
        }
        for generator in &site.generators {
            lower[t] += generator.power_min;
            upper[t] += generator.power_max;
        }
    }
    for load in &site.deferrables {
        let (least, most) = extremes(load, horizon);
        for t in 0..horizon {
            lower[t] -= most[t];
            upper[t] -= least[t];
        }
    }
    (lower, upper)
}

/// Least and largest draw per interval over all starts.
fn extremes(load: &Deferrable, horizon: usize) -> (Vec<f64>, Vec<f64>) {
    let mut least = load.draw(0, horizon);
    let mut most = least.clone();
    for delay in 1..=load.max_delay {
        for (t, draw) in load.draw(delay, horizon).into_iter().enumerate() {
            least[t] = least[t].min(draw);
            most[t] = most[t].max(draw);
        }
    }
    (least, most)
}

/// Constant `(charge, discharge)` that ends in the final window of M(7f), zero where idling does.
fn steady_power(battery: &Battery, hours: f64) -> (f64, f64) {
    let rise = battery.soc_end_min - battery.soc_start;
    let fall = battery.soc_start - battery.soc_end_max;
    if rise > 0.0 {
        let power = rise * battery.energy / (hours * battery.eta_in);
        (power.min(battery.charge_max), 0.0)
    } else if fall > 0.0 {
        let power = fall * battery.energy * battery.eta_out / hours;
        (0.0, power.min(battery.discharge_max))
    } else {
        (0.0, 0.0)
    }
}

fn even_draw(load: &Shapable, horizon: usize, interval_hours: f64) -> Vec<f64> {
    let hours = (load.end - load.start) as f64 * interval_hours;
    let power = (load.energy / hours).clamp(load.power_min, load.power_max);
    (0..horizon)
        .map(|t| {
            if (load.start..load.end).contains(&t) {
                power
            } else {
                0.0
            }
        })
        .collect()
}

fn map<T>(devices: &[T], row: impl Fn(&T) -> Vec<f64>) -> Vec<Vec<f64>> {
    devices.iter().map(row).collect()
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
