//! Exact derivatives of the sweep.

use gridweave_units::Fx;

use super::{Flow, Network};

/// Neumann iterations of the adjoint system; it contracts like the sweep itself.
const ITERATIONS: usize = 8;

/// Per bus, the derivative with respect to its real injection of `loss_weight · losses + ν·v`,
/// where `ν` (one per bus, the root's entry unused) seeds the squared voltages.
///
/// With `loss_weight = 1` and no seed the result is `∂loss/∂p_i`, so `a_i = 1 − result` is the
/// loss factor `−∂g/∂p_i` of a DLMP.
pub fn adjoint(network: &Network, flow: &Flow, loss_weight: Fx, seed: Option<&[Fx]>) -> Vec<Fx> {
    let n = network.len();
    let current: Vec<CurrentGradient> = (0..n)
        .map(|bus| CurrentGradient::new(network, flow, bus))
        .collect();
    // Multiplier of each current equation.
    let mut y: Vec<Fx> = (0..n).map(|bus| loss_weight * network.r(bus)).collect();
    let mut s_p = vec![Fx::ZERO; n];
    let mut s_q = vec![Fx::ZERO; n];
    let mut w_v = vec![Fx::ZERO; n];
    for _ in 0..ITERATIONS {
        match seed {
            Some(seed) => w_v.copy_from_slice(seed),
            None => w_v.fill(Fx::ZERO),
        }
        for bus in 1..n {
            w_v[network.parent(bus)] += y[bus] * current[bus].v;
        }
        network.accumulate_up(&mut w_v);
        for bus in 1..n {
            let (r, x) = (network.r(bus), network.x(bus));
            let parent = network.parent(bus);
            s_p[bus] = s_p[parent] + y[bus] * current[bus].p + (r + r) * w_v[bus];
            s_q[bus] = s_q[parent] + y[bus] * current[bus].q + (x + x) * w_v[bus];
            y[bus] =
                loss_weight * r - r * s_p[bus] - x * s_q[bus] + network.z_squared(bus) * w_v[bus];
        }
    }
    s_p
}

/// Derivatives of `l = (P² + Q²)/v_π`.
struct CurrentGradient {
    p: Fx,
    q: Fx,
    v: Fx,
}

impl CurrentGradient {
    fn new(network: &Network, flow: &Flow, bus: usize) -> Self {
        if bus == 0 {
            let zero = Fx::ZERO;
            return Self {
                p: zero,
                q: zero,
                v: zero,
            };
        }
        let v = flow.v_parent(network, bus);
        Self {
            p: (flow.p[bus] + flow.p[bus]) / v,
            q: (flow.q[bus] + flow.q[bus]) / v,
            v: -(flow.l[bus] / v),
        }
    }
}
