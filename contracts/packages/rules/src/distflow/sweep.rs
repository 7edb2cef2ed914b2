//! Forward/backward sweep of the branch-flow equations, M(1).

use gridweave_units::Fx;

use super::Network;

/// Sweeps per solution: the error shrinks by the relative loss per sweep, so eight reach the
/// resolution of the numbers on any feeder with losses below a few per cent.
const SWEEPS: usize = 8;
/// Times that the root voltage is lowered when a bus exceeds the upper limit.
const ROOT_ADJUSTMENTS: usize = 3;
/// Excess over the upper limit that is left alone (2⁻³⁰).
const EXCESS: Fx = Fx::from_bits(4);
/// Voltages are not divided by below this, so that an absurd plan stays a (bad) number.
const VOLTAGE_FLOOR: Fx = Fx::from_bits(1 << 30);

/// Power flow of one interval; every vector has one entry per bus, branches under their lower bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Real power arriving at the parent's end.
    pub p: Vec<Fx>,
    /// Reactive power arriving at the parent's end.
    pub q: Vec<Fx>,
    /// Squared current.
    pub l: Vec<Fx>,
    /// Squared voltage.
    pub v: Vec<Fx>,
    /// Real power that the root generator supplies: losses minus all injections.
    pub generation: Fx,
}

impl Flow {
    /// Squared voltage at the parent's end of the branch above `bus`, floored for division.
    pub fn v_parent(&self, network: &Network, bus: usize) -> Fx {
        self.v[network.parent(bus)].max(VOLTAGE_FLOOR)
    }

    /// Largest squared voltage.
    pub fn v_max(&self) -> Fx {
        self.v.iter().copied().max().unwrap_or_default()
    }

    /// Largest distance of a squared voltage outside `lower..=upper` (0 when all are inside).
    pub fn violation(&self, lower: Fx, upper: Fx) -> Fx {
        self.v
            .iter()
            .map(|&v| (lower - v).max(v - upper))
            .max()
            .unwrap_or_default()
            .positive_part()
    }
}

/// Solves the flow for real and reactive injections `p`, `q` per bus.
///
/// The root's squared voltage is free within limits: it is `v_max`, lowered by the excess where
/// that would lift another bus above `v_max`.
pub fn solve(network: &Network, p: &[Fx], q: &[Fx], v_max: Fx) -> Flow {
    let mut root = v_max;
    let mut flow = sweep(network, p, q, root);
    for _ in 0..ROOT_ADJUSTMENTS {
        let excess = flow.v_max() - v_max;
        if excess <= EXCESS {
            break;
        }
        root -= excess;
        flow = sweep(network, p, q, root);
    }
    flow
}

fn sweep(network: &Network, p: &[Fx], q: &[Fx], root: Fx) -> Flow {
    let n = network.len();
    let mut flow = Flow {
        p: vec![Fx::ZERO; n],
        q: vec![Fx::ZERO; n],
        l: vec![Fx::ZERO; n],
        v: vec![root; n],
        generation: Fx::ZERO,
    };
    for _ in 0..SWEEPS {
        backward(network, p, q, &mut flow);
        forward(network, &mut flow);
    }
    flow.generation = (0..n)
        .map(|bus| network.r(bus) * flow.l[bus] - p[bus])
        .sum();
    flow
}

/// Branch powers from the leaves up, then the currents they imply.
fn backward(network: &Network, p: &[Fx], q: &[Fx], flow: &mut Flow) {
    for bus in 0..network.len() {
        flow.p[bus] = p[bus] - network.r(bus) * flow.l[bus];
        flow.q[bus] = q[bus] - network.x(bus) * flow.l[bus];
    }
    network.accumulate_up(&mut flow.p);
    network.accumulate_up(&mut flow.q);
    for bus in 1..network.len() {
        let power = flow.p[bus].squared() + flow.q[bus].squared();
        flow.l[bus] = power / flow.v_parent(network, bus);
    }
}

/// Voltages from the root down.
fn forward(network: &Network, flow: &mut Flow) {
    for bus in 1..network.len() {
        let drop = network.r(bus) * flow.p[bus] + network.x(bus) * flow.q[bus];
        flow.v[bus] =
            flow.v[network.parent(bus)] + drop + drop + network.z_squared(bus) * flow.l[bus];
    }
}
