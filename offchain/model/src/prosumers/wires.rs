//! The feeder of a community that has none of its own: what accounts and meters need, without limits
//! and without losses.

use super::community::Community;
use crate::{Bus, Generator, Instance, Network, Site};

/// MVA of one kW: a unit of power is one kW.
pub(super) const KW: f64 = 1e-3;
/// Reactance of every branch (per unit): a branch must have an impedance, this one is felt nowhere.
const REACTANCE: f64 = 1e-6;
/// Homes on one lateral.
const LATERAL: usize = 10;

impl Community {
    /// A feeder with a bus for each home, numbered from 1 in their order, in kW. What the homes sell is
    /// all that flows on it.
    pub fn wires(&self) -> Instance {
        let zeros = vec![0.0; self.horizon];
        let root = Bus {
            id: 0,
            parent: None,
            r: 0.0,
            x: 0.0,
        };
        let homes = (0..self.homes.len()).map(|at| Bus {
            // A community has far fewer homes than there are numbers.
            id: at as u32 + 1,
            parent: Some(if at % LATERAL == 0 { 0 } else { at }),
            r: 0.0,
            x: REACTANCE,
        });
        let site = Site {
            load_p: zeros.clone(),
            load_q: zeros.clone(),
            solar: zeros.clone(),
            ..Site::default()
        };
        Instance {
            name: self.name.clone(),
            horizon: self.horizon,
            interval_hours: self.interval_hours,
            network: Network {
                base_mva: KW,
                base_kv: 0.4,
                v_min: 0.9,
                v_max: 1.1,
                buses: std::iter::once(root).chain(homes).collect(),
            },
            generator: Generator {
                alpha: 0.0,
                beta: zeros,
            },
            sites: vec![site; self.homes.len() + 1],
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate;
    use crate::prosumers::ProsumerScenario;

    #[test]
    fn what_one_sells_the_others_get() {
        let scenario = ProsumerScenario::shipped("prosumers-100").unwrap();
        let wires = scenario.build().unwrap().wires();
        let mut injections = vec![vec![0.0; 24]; 101];
        injections[1][5] = 4.0;
        injections[100][5] = -3.0;
        let flow = evaluate(&wires, &injections).unwrap();
        assert!((flow.generation[5] + 1.0).abs() < 1e-9);
        assert!(flow.generation[6].abs() < 1e-12);
    }
}
