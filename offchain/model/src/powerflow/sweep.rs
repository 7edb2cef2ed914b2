//! The backward/forward sweep for one interval.

use super::complex::Complex;
use crate::Network;

/// Largest change of a voltage between two sweeps at which the flow has converged (per unit).
const TOLERANCE: f64 = 1e-12;
/// Sweeps after which the flow is given up.
const MAX_SWEEPS: usize = 200;

/// AC flow of one interval, everything per unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Real power that the upstream grid supplies at the root.
    pub root_p: f64,
    /// Reactive power that the upstream grid supplies at the root.
    pub root_q: f64,
    /// Voltage magnitude of each bus.
    pub voltages: Vec<f64>,
    /// Real power lost in all branches.
    pub losses: f64,
}

/// Solves one interval for net injections `p`, `q` (per bus, injection positive) and the squared
/// root voltage. `Err` carries the last change of a voltage, not finite when the flow diverged.
pub(super) fn solve(network: &Network, p: &[f64], q: &[f64], v_root: f64) -> Result<Flow, f64> {
    let root = Complex::new(v_root.sqrt(), 0.0);
    let mut voltage = vec![root; p.len()];
    let mut change = f64::INFINITY;
    for _ in 0..MAX_SWEEPS {
        let current = backward(network, p, q, &voltage);
        change = forward(network, &current, &mut voltage);
        if !change.is_finite() {
            break;
        }
        if change < TOLERANCE {
            // Currents of the final voltages, so that power balances to the tolerance.
            let current = backward(network, p, q, &voltage);
            return Ok(flow(network, &current, &voltage));
        }
    }
    Err(change)
}

/// Current from each bus towards its parent: the sum of what the subtree injects.
fn backward(network: &Network, p: &[f64], q: &[f64], voltage: &[Complex]) -> Vec<Complex> {
    let mut current: Vec<Complex> = (0..p.len())
        .map(|i| Complex::new(p[i], q[i]).over(voltage[i]).conj())
        .collect();
    for i in (1..current.len()).rev() {
        if let Some(parent) = network.buses[i].parent {
            current[parent] = current[parent] + current[i];
        }
    }
    current
}

/// Voltages from the root down; returns the largest change.
fn forward(network: &Network, current: &[Complex], voltage: &mut [Complex]) -> f64 {
    let mut change = 0.0_f64;
    for (i, bus) in network.buses.iter().enumerate() {
        if let Some(parent) = bus.parent {
            let next = voltage[parent] + Complex::new(bus.r, bus.x) * current[i];
            let step = (next - voltage[i]).norm();
            // `max` would swallow a NaN.
            change = if step.is_nan() {
                step
            } else {
                change.max(step)
            };
            if change.is_nan() {
                return change;
            }
            voltage[i] = next;
        }
    }
    change
}

fn flow(network: &Network, current: &[Complex], voltage: &[Complex]) -> Flow {
    let root = voltage[0] * current[0].conj();
    let lost = |(bus, i): (&crate::Bus, &Complex)| bus.r * i.norm_sqr();
    Flow {
        root_p: -root.re,
        root_q: -root.im,
        voltages: voltage.iter().map(|v| v.norm()).collect(),
        losses: network.buses.iter().zip(current).map(lost).sum(),
    }
}
