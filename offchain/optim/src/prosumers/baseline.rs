//! Baselines of demand response: what homes would buy if nobody asked them for less.

use gridweave_model::prosumers::{Community, DrBasis};

use super::home::HomeProblem;
use crate::error::OptimError;

/// What the home at position `at`, which must exist, buys without trade and without demand response
/// (kW), feed-in included: the baseline that its demand response is counted from. `None` where
/// demand response is not counted from baselines, nobody asks, the home does not take part, or its
/// baseline is given.
///
/// # Errors
/// As [`HomeProblem::new`].
pub fn baseline(community: &Community, at: usize) -> Result<Option<Vec<f64>>, OptimError> {
    let (tariff, home) = (&community.tariff, &community.homes[at]);
    let counted = tariff.dr_basis == DrBasis::Baseline && home.dr_baseline_kw.is_none();
    let asked = tariff.dr_rate.iter().any(|&rate| rate > 0.0);
    if !(counted && asked && home.demand_response) {
        return Ok(None);
    }
    // Without a baseline it takes no part.
    let alone = HomeProblem::new(community, at, 1)?.alone()?;
    let bought = alone.schedule.grid.iter();
    Ok(Some(bought.map(|power| power.max(0.0)).collect()))
}
