//! Homes on the feeder of another scenario.

use super::community::Community;
use super::wires::KW;
use crate::check::{above, ensure};
use crate::{Flaw, Generator, Instance, Site};

/// Share of the mean price by which it rises with each unit of power at the root: a price that does not
/// rise at all leaves the root's output undecided.
const SLOPE: f64 = 0.01;

impl Community {
    /// The homes on the feeder of `host`, spread evenly over its buses but the root, one each. The
    /// feeder keeps its impedances in per unit, of `kva` instead of its own base: the smaller, the
    /// weaker it is. Devices of `host` are left out.
    ///
    /// The root's cost is `αg² + (π_E − π^FIT)·g⁺` per interval; the other part of the tariff,
    /// `π^FIT·g`, is the homes'.
    ///
    /// # Errors
    /// A [`Flaw`] where there are more homes than buses, or `kva` is no positive number.
    pub fn placed_on(&self, host: &Instance, kva: f64) -> Result<(Instance, Vec<usize>), Flaw> {
        above("kva", kva, 0.0)?;
        let buses = host.network.buses.len() - 1;
        ensure(
            self.homes.len() <= buses,
            "homes",
            self.homes.len(),
            format!(
                "at most {buses}, the buses of '{}' without its root",
                host.name
            ),
        )?;
        let count = self.homes.len();
        let places: Vec<usize> = (0..count).map(|at| 1 + at * buses / count).collect();
        let zeros = vec![0.0; self.horizon];
        let site = Site {
            load_p: zeros.clone(),
            load_q: zeros.clone(),
            solar: zeros,
            ..Site::default()
        };
        let tariff = &self.tariff;
        let rates = tariff.energy_charge.iter().zip(&tariff.feed_in_rate);
        let margin = rates.map(|(charge, fed)| (charge - fed).max(0.0));
        let beta: Vec<f64> = margin
            .map(|rate| rate * kva * self.interval_hours)
            .collect();
        let mean = beta.iter().sum::<f64>() / self.horizon as f64;
        let mut network = host.network.clone();
        network.base_mva = kva * KW;
        Ok((
            Instance {
                name: format!("{} on {}", self.name, host.name),
                horizon: self.horizon,
                interval_hours: self.interval_hours,
                generator: Generator {
                    alpha: SLOPE * mean,
                    beta,
                },
                sites: vec![site; network.buses.len()],
                network,
            },
            places,
        ))
    }
}

#[cfg(test)]
mod tests {
    use crate::Scenario;
    use crate::prosumers::ProsumerScenario;

    #[test]
    fn homes_have_a_bus_each() {
        let host = Scenario::shipped("munsing-55").unwrap().build().unwrap();
        let scenario = ProsumerScenario::shipped("prosumers-100").unwrap();
        let community = scenario.clone().with_homes(10).build().unwrap();
        let (instance, places) = community.placed_on(&host, 20.0).unwrap();
        let mut apart = places.clone();
        apart.dedup();
        assert_eq!((places.len(), apart.len()), (10, 10));
        assert!(places[0] >= 1 && places[9] < instance.network.buses.len());
        assert_eq!(instance.network.buses[5].r, host.network.buses[5].r);
        let rate = community.tariff.energy_charge[7] - community.tariff.feed_in_rate[7];
        assert!((instance.generator.beta[7] - 20.0 * rate).abs() < 1e-9);
        let many = scenario.build().unwrap();
        let flaw = many.placed_on(&host, 20.0).unwrap_err();
        assert_eq!(flaw.key, "homes");
        assert!(community.placed_on(&host, 0.0).is_err());
    }
}
