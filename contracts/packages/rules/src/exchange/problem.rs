//! The public data of an exchange session.

use gridweave_units::Fx;

use super::cost::GenerationCost;
use crate::distflow::Network;

/// What every actor knows: network, reactive injections, limits, generation cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The feeder.
    pub network: Network,
    /// Reactive injections: `T` rows of one number per bus.
    pub reactive: Vec<Vec<Fx>>,
    /// Least squared voltage.
    pub v_min: Fx,
    /// Largest squared voltage.
    pub v_max: Fx,
    /// Root generator.
    pub cost: GenerationCost,
}

impl Problem {
    /// Number of intervals `T`.
    pub fn horizon(&self) -> usize {
        self.cost.beta.len()
    }
}
