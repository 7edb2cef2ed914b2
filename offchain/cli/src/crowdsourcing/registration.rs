//! What the register of the grid is told.

use gridweave_agents::enrol::Enrolment;
use gridweave_model::{Bus, Instance};

use super::cast::Part;

/// What `grid` is told of a part: only where it is.
pub fn enrolment(part: &Part) -> Enrolment {
    Enrolment {
        name: part.name.clone(),
        bus: part.bus,
        buses: Vec::new(),
        lower: Vec::new(),
        upper: Vec::new(),
        baseline: Vec::new(),
        baseline_cost: 0.0,
        reactive: Vec::new(),
        reports: 0,
        mobility: None,
    }
}

/// The network of some buses, the first of which is the root.
pub fn lateral(instance: &Instance, buses: &[usize]) -> Instance {
    let mut lateral = instance.clone();
    lateral.sites = buses
        .iter()
        .map(|&bus| instance.sites[bus].clone())
        .collect();
    let place = |bus: usize| buses.iter().position(|&known| known == bus);
    lateral.network.buses = buses
        .iter()
        .map(|&bus| Bus {
            parent: instance.network.buses[bus].parent.and_then(place),
            ..instance.network.buses[bus].clone()
        })
        .collect();
    lateral
}
