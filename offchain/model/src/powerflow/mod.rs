//! AC power flow of a radial network, and the honest judge of a schedule built on it.

mod complex;
mod sweep;

pub use sweep::Flow;

use crate::{Instance, Network};

/// Excess of a squared voltage over its limit that is not worth lowering the root for.
const VOLTAGE_SLACK: f64 = 1e-9;
/// Times the root voltage of an interval is lowered at most.
const MAX_LOWERINGS: usize = 5;

/// Why a power flow has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PowerFlowError {
    /// An array has the wrong shape.
    #[error("{what} has {found} entries, expected {expected}")]
    Shape {
        /// Which array.
        what: String,
        /// Entries found.
        found: usize,
        /// Entries expected.
        expected: usize,
    },
    /// The sweep does not settle: the load is beyond what the network can carry.
    #[error(
        "power flow of interval {interval} does not converge (last voltage change {change:e} pu), expected injections the network can carry"
    )]
    NotConverged {
        /// The interval.
        interval: usize,
        /// Last change of a voltage (per unit).
        change: f64,
    },
}

/// What a schedule does on the AC network. Powers and voltages per unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Execution {
    /// `Σ_t α·max(g,0)² + β_t·max(g,0)` of the root generator, M(6); private costs of generators
    /// at other buses are not visible in injections and not included.
    pub cost: f64,
    /// Root generation `g` per interval; negative where the feeder exports.
    pub generation: Vec<f64>,
    /// Voltage magnitude, `[bus][interval]`.
    pub voltages: Vec<Vec<f64>>,
    /// Losses per interval.
    pub losses: Vec<f64>,
    /// Lowest voltage magnitude.
    pub v_min: f64,
    /// Highest voltage magnitude.
    pub v_max: f64,
    /// Largest distance of a voltage magnitude outside its limits, 0 when all lie within, M(3).
    pub violation: f64,
}

/// Solves every interval. `p` and `q` are net injections `[bus][interval]`, `root_v` the squared
/// root voltage per interval; all per unit.
///
/// # Errors
/// [`PowerFlowError`] for a wrong shape or an interval that does not converge.
pub fn power_flow(
    network: &Network,
    p: &[Vec<f64>],
    q: &[Vec<f64>],
    root_v: &[f64],
) -> Result<Vec<Flow>, PowerFlowError> {
    let (buses, horizon) = (network.buses.len(), root_v.len());
    check_shape("p", p, buses, horizon)?;
    check_shape("q", q, buses, horizon)?;
    (0..horizon)
        .map(|t| solve(network, &column(p, t), &column(q, t), root_v[t], t))
        .collect()
}

/// Executes net real injections `[bus][interval]` on the AC network; reactive injection is minus
/// the load's. The root voltage is free within the limits: it starts at the upper one and is
/// lowered in the intervals in which some bus exceeds it.
///
/// # Errors
/// [`PowerFlowError`] for a wrong shape or an interval that does not converge.
pub fn evaluate(instance: &Instance, injections: &[Vec<f64>]) -> Result<Execution, PowerFlowError> {
    let network = &instance.network;
    let (buses, horizon) = (network.buses.len(), instance.horizon);
    check_shape("injections", injections, buses, horizon)?;
    let q: Vec<Vec<f64>> = instance
        .sites
        .iter()
        .map(|site| site.load_q.iter().map(|q| -q).collect())
        .collect();
    check_shape("load_q", &q, buses, horizon)?;
    let flows = (0..horizon)
        .map(|t| solve_free_root(network, &column(injections, t), &column(&q, t), t))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(summarize(instance, &flows))
}

fn solve(
    network: &Network,
    p: &[f64],
    q: &[f64],
    root_v: f64,
    interval: usize,
) -> Result<Flow, PowerFlowError> {
    sweep::solve(network, p, q, root_v)
        .map_err(|change| PowerFlowError::NotConverged { interval, change })
}

fn solve_free_root(
    network: &Network,
    p: &[f64],
    q: &[f64],
    interval: usize,
) -> Result<Flow, PowerFlowError> {
    let (least, most) = (network.v_min.powi(2), network.v_max.powi(2));
    let mut root_v = most;
    let mut flow = solve(network, p, q, root_v, interval)?;
    for _ in 0..MAX_LOWERINGS {
        let highest = flow.voltages.iter().copied().fold(0.0, f64::max);
        let excess = highest * highest - most;
        if excess <= VOLTAGE_SLACK || root_v <= least {
            break;
        }
        root_v = (root_v - excess).max(least);
        flow = solve(network, p, q, root_v, interval)?;
    }
    Ok(flow)
}

fn summarize(instance: &Instance, flows: &[Flow]) -> Execution {
    let Network { v_min, v_max, .. } = instance.network;
    let generation: Vec<f64> = flows.iter().map(|flow| flow.root_p).collect();
    let voltages: Vec<Vec<f64>> = (0..instance.network.buses.len())
        .map(|i| flows.iter().map(|flow| flow.voltages[i]).collect())
        .collect();
    let cells = || voltages.iter().flatten().copied();
    let low = cells().fold(f64::INFINITY, f64::min);
    let high = cells().fold(f64::NEG_INFINITY, f64::max);
    Execution {
        cost: instance.generator.cost(&generation),
        losses: flows.iter().map(|flow| flow.losses).collect(),
        v_min: low,
        v_max: high,
        violation: (v_min - low).max(high - v_max).max(0.0),
        generation,
        voltages,
    }
}

impl crate::Generator {
    /// `Σ_t α·max(g,0)² + β_t·max(g,0)`, M(6); exported surplus is worth nothing.
    pub fn cost(&self, generation: &[f64]) -> f64 {
        let used = generation.iter().map(|g| g.max(0.0));
        used.zip(&self.beta)
            .map(|(g, beta)| self.alpha * g * g + beta * g)
            .sum()
    }
}

fn column(rows: &[Vec<f64>], t: usize) -> Vec<f64> {
    rows.iter().map(|row| row[t]).collect()
}

fn check_shape(
    what: &str,
    rows: &[Vec<f64>],
    buses: usize,
    horizon: usize,
) -> Result<(), PowerFlowError> {
    let shape = |what: String, found, expected| PowerFlowError::Shape {
        what,
        found,
        expected,
    };
    if rows.len() != buses {
        return Err(shape(what.to_owned(), rows.len(), buses));
    }
    match rows.iter().position(|row| row.len() != horizon) {
        Some(i) => Err(shape(format!("{what}[{i}]"), rows[i].len(), horizon)),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "../powerflow_tests.rs"]
mod tests;
