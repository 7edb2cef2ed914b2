//! Plain f64 references, written independently of the rules.
#![allow(dead_code)]

use gridweave_rules::distflow::Network;
use gridweave_units::Fx;
use proptest::prelude::*;

/// f64 to fixed point.
pub fn fx(value: f64) -> Fx {
    Fx::from_bits((value * 4_294_967_296.0).round() as i64)
}

/// Fixed point to f64.
pub fn float(value: Fx) -> f64 {
    value.to_bits() as f64 / 4_294_967_296.0
}

/// A feeder with injections.
#[derive(Debug, Clone)]
pub struct Feeder {
    /// `(parent, r, x)` above buses 1, 2, ….
    pub branches: Vec<(usize, f64, f64)>,
    /// Real injections.
    pub p: Vec<f64>,
    /// Reactive injections.
    pub q: Vec<f64>,
}

impl Feeder {
    /// The same tree for the rules.
    pub fn network(&self) -> Network {
        let branches: Vec<_> = self
            .branches
            .iter()
            .map(|&(parent, r, x)| (parent, fx(r), fx(x)))
            .collect();
        Network::new(&branches).expect("parents precede children")
    }

    /// Number of buses.
    pub fn len(&self) -> usize {
        self.branches.len() + 1
    }

    /// Complex-phasor power flow at root voltage `v0` (squared): `(root generation, squared
    /// voltages)`.
    pub fn power_flow(&self, v0: f64) -> (f64, Vec<f64>) {
        let n = self.len();
        let mut voltage = vec![(v0.sqrt(), 0.0); n];
        let mut current = vec![(0.0, 0.0); n];
        for _ in 0..200 {
            for i in 0..n {
                // I = conj(S / V)
                let (a, b) = voltage[i];
                let m = a * a + b * b;
                let (p, q) = (self.p[i], self.q[i]);
                current[i] = ((p * a + q * b) / m, -(q * a - p * b) / m);
            }
            for i in (1..n).rev() {
                let parent = self.branches[i - 1].0;
                let own = current[i];
                current[parent].0 += own.0;
                current[parent].1 += own.1;
            }
            for i in 1..n {
                let (parent, r, x) = self.branches[i - 1];
                let (c, d) = current[i];
                let up = voltage[parent];
                voltage[i] = (up.0 + r * c - x * d, up.1 + r * d + x * c);
            }
        }
        let root = -(voltage[0].0 * current[0].0 + voltage[0].1 * current[0].1);
        let squared = voltage.iter().map(|v| v.0 * v.0 + v.1 * v.1).collect();
        (root, squared)
    }
}

/// Random radial feeders of realistic loading: voltages stay above about 0.85.
pub fn feeders() -> impl Strategy<Value = Feeder> {
    (2usize..30)
        .prop_flat_map(|n| {
            let branch = (any::<prop::sample::Index>(), 1e-4..6e-3, 1e-4..6e-3);
            (
                prop::collection::vec(branch, n - 1),
                prop::collection::vec(-0.3..0.1f64, n),
                prop::collection::vec(-0.1..0.05f64, n),
            )
        })
        .prop_map(|(branches, p, q)| Feeder {
            branches: branches
                .iter()
                .enumerate()
                .map(|(above, (parent, r, x))| (parent.index(above + 1), *r, *x))
                .collect(),
            p,
            q,
        })
}
