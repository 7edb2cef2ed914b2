//! The configuration of pool sessions.

use cosmwasm_std::Uint64;
use gridweave_model::prosumers::Community;
use gridweave_optim::prosumers::PoolTerms;
use gridweave_types::coordinator::{Mode, PoolConfig, PoolWeights, SessionConfig, StopRule};
use gridweave_units::Fx;

use crate::AgentError;
use crate::fixed::{pack_numbers, to_fx};

/// Wh of one kWh.
const WH: f64 = 1e3;
/// Seconds of chain time after which a round may be closed without the silent.
const ROUND_SECONDS: u32 = 60;
/// Rounds missed in a row before a home is taken out of the pool.
const MAX_MISSES: u32 = 5;
/// Rejected answers before it is.
const MAX_REJECTIONS: u32 = 2;
/// Certified gap at which a session stops, where none is asked for.
const STOP_GAP: f64 = 1e-3;

/// What a pool session is to be like.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolChoice {
    /// Feeder number in `grid`.
    pub feeder: u32,
    /// Interval that the first of the horizon is.
    pub first_interval: u64,
    /// Most rounds, the one that only confirms counted.
    pub max_rounds: u32,
    /// Certified gap at which it stops; 10⁻³ without it, 0 for never.
    pub gap: Option<f64>,
    /// Seconds of a round; a minute without it.
    pub round_seconds: Option<u32>,
    /// First price (currency per kW and interval).
    pub price: Vec<f64>,
    /// Weights and relaxation.
    pub terms: PoolTerms,
}

/// Energy (Wh) of one kW over one interval of `community`.
pub(super) fn energy_unit(community: &Community) -> Uint64 {
    Uint64::new((WH * community.interval_hours).round() as u64)
}

impl PoolChoice {
    /// The configuration of a session of `community`.
    ///
    /// # Errors
    /// [`AgentError::NotRepresentable`] for parameters without a fixed-point form.
    pub fn config(&self, community: &Community) -> Result<SessionConfig, AgentError> {
        let weights = self.terms.weights;
        let pool = PoolConfig {
            price: pack_numbers("first price", &self.price)?,
            weights: PoolWeights {
                start: weights.start,
                growth: weights.growth,
                last: weights.last,
            },
            relaxation: self.terms.relaxation,
        };
        let gap = to_fx("gap", self.gap.unwrap_or(STOP_GAP))?;
        Ok(SessionConfig {
            feeder: self.feeder,
            horizon: community.horizon as u32,
            first_interval: Uint64::new(self.first_interval),
            energy_unit: energy_unit(community),
            mode: Mode::Pool(pool),
            max_rounds: self.max_rounds,
            round_seconds: self.round_seconds.unwrap_or(ROUND_SECONDS),
            max_misses: MAX_MISSES,
            max_rejections: MAX_REJECTIONS,
            stop: StopRule {
                primal: Fx::ratio(1, 1_000),
                dual: Fx::ratio(1, 1_000),
                gap: Some(gap),
                min_rounds: 2,
            },
            monotonicity_tolerance: None,
            bond: None,
        })
    }
}
