//! What each crowdsourcee is to do in the equilibrium C(1).

use gridweave_model::crowdsourcing::{Crowd, Crowdsourcee};
use gridweave_model::{Instance, baseline};

use crate::central::CentralSolution;

/// A crowdsourcee's part of the equilibrium; vectors have one entry per interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Deliveries {
    /// Net injection of its own plan, without anybody asking (pu).
    pub baseline: Vec<f64>,
    /// Net injection in the equilibrium: the setpoints of a generator or of Type 1 (pu).
    pub setpoints: Vec<f64>,
    /// What it delivers beyond its own plan, `u^eq` of C(2), at least 0 (pu).
    pub beyond: Vec<f64>,
    /// Charging power of its batteries (pu).
    pub charge: Vec<f64>,
    /// Its DLMP `λ` (currency per pu and interval).
    pub price: Vec<f64>,
}

/// Reads the part of every crowdsourcee, in the order of [`Crowd::crowdsourcees`], from the solution
/// of C(1) for `instance`.
pub fn equilibrium(
    instance: &Instance,
    crowd: &Crowd,
    solution: &CentralSolution,
) -> Vec<Deliveries> {
    let everybody = crowd.crowdsourcees.iter();
    everybody.map(|who| part(instance, who, solution)).collect()
}

fn part(instance: &Instance, who: &Crowdsourcee, solution: &CentralSolution) -> Deliveries {
    let (horizon, hours) = (instance.horizon, instance.interval_hours);
    let baseline = baseline(&instance.sites[who.bus], horizon, hours);
    let setpoints = solution.injections[who.bus].clone();
    let pairs = setpoints.iter().zip(&baseline);
    Deliveries {
        beyond: pairs.map(|(set, own)| (set - own).max(0.0)).collect(),
        charge: solution.sites[who.bus].charge.clone(),
        price: solution.dlmp[who.bus].clone(),
        baseline,
        setpoints,
    }
}
