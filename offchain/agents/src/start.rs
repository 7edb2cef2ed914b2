//! Where consensus sessions start: the lossless flow of the default schedules.

use gridweave_model::{Instance, Site, baseline, bounds};
use gridweave_optim::BlockKind;

/// How far beyond its limits a copy of a squared voltage may stray before convergence.
const VOLTAGE_SLACK: f64 = 0.25;

/// Reactive net injection of the load, which no device changes.
pub(crate) fn reactive_injection(site: &Site, horizon: usize) -> Vec<f64> {
    let mut row: Vec<f64> = site.load_q.iter().map(|load| -load).collect();
    row.resize(horizon, 0.0);
    row
}

/// The lossless flow of the default schedules: where every area starts.
pub(crate) struct Start {
    /// Net injection per bus.
    pub injections: Vec<Vec<f64>>,
    /// Real power from each bus and below, toward the root.
    p: Vec<Vec<f64>>,
    /// Reactive power likewise.
    q: Vec<Vec<f64>>,
    /// Squared voltages with the root at its upper limit.
    v: Vec<Vec<f64>>,
    /// Largest conceivable flow of any branch.
    flow_limit: f64,
}

impl Start {
    /// The start of `instance`.
    pub fn new(instance: &Instance) -> Self {
        let horizon = instance.horizon;
        let sites = &instance.sites;
        let injections: Vec<Vec<f64>> = sites
            .iter()
            .map(|site| baseline(site, horizon, instance.interval_hours))
            .collect();
        let reactive = sites.iter().map(|site| reactive_injection(site, horizon));
        let p = subtree_sums(instance, injections.clone());
        let q = subtree_sums(instance, reactive.collect());
        let v = voltages(instance, &p, &q);
        Self {
            flow_limit: flow_limit(instance),
            injections,
            p,
            q,
            v,
        }
    }

    /// Bounds of every number of a copy of `kind`.
    pub fn bounds(&self, instance: &Instance, kind: BlockKind) -> (f64, f64) {
        let network = &instance.network;
        match kind {
            BlockKind::Flow { .. } => (-self.flow_limit, self.flow_limit),
            BlockKind::Voltage { .. } => (
                network.v_min.powi(2) - VOLTAGE_SLACK,
                network.v_max.powi(2) + VOLTAGE_SLACK,
            ),
        }
    }

    /// The copy of `kind` that every area starts with.
    pub fn copy(&self, kind: BlockKind) -> Vec<f64> {
        match kind {
            BlockKind::Flow { bus } => [self.p[bus].as_slice(), &self.q[bus]].concat(),
            BlockKind::Voltage { bus } => self.v[bus].clone(),
        }
    }
}

/// Twice the sum of everything that can be injected or drawn, plus one: no flow of a converging
/// session comes near it.
fn flow_limit(instance: &Instance) -> f64 {
    let sites = instance.sites.iter();
    let largest: f64 = sites
        .map(|site| {
            let (lower, upper) = bounds(site);
            let rows = lower.iter().chain(&upper).chain(&site.load_q);
            rows.fold(0.0, |most: f64, value| most.max(value.abs()))
        })
        .sum();
    2.0 * largest + 1.0
}

fn subtree_sums(instance: &Instance, mut rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for (index, bus) in instance.network.buses.iter().enumerate().rev() {
        if let Some(parent) = bus.parent {
            let row = std::mem::take(&mut rows[index]);
            for (sum, value) in rows[parent].iter_mut().zip(&row) {
                *sum += value;
            }
            rows[index] = row;
        }
    }
    rows
}

fn voltages(instance: &Instance, p: &[Vec<f64>], q: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let network = &instance.network;
    let mut v: Vec<Vec<f64>> = Vec::with_capacity(network.buses.len());
    for (index, bus) in network.buses.iter().enumerate() {
        let row = match bus.parent {
            None => vec![network.v_max.powi(2); instance.horizon],
            Some(parent) => (0..instance.horizon)
                .map(|t| v[parent][t] + 2.0 * (bus.r * p[index][t] + bus.x * q[index][t]))
                .collect(),
        };
        v.push(row);
    }
    v
}
