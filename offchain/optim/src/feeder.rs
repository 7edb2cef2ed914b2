//! The relaxed branch-flow model of a set of buses, M(12b)–M(12f), with devices.
//!
//! One end convention throughout, since M(1a) and M(1c) mix theirs: `P_i, Q_i` is the power that
//! *arrives at the parent* `π(i)` through the branch from bus `i`, `l_i` the squared current, and
//!
//! ```text
//! p_i + Σ_{k ∈ δ(i)} P_k = P_i + r_i·l_i            M(1a)
//! q_i + Σ_{k ∈ δ(i)} Q_k = Q_i + x_i·l_i            M(1b)
//! v_i = v_π(i) + 2(r_i·P_i + x_i·Q_i) + (r_i² + x_i²)·l_i    M(1c)
//! P_i² + Q_i² ≤ l_i·v_π(i)                          M(2)
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use gridweave_model::Instance;

use crate::devices::{Horizon, SiteVars};
use crate::program::{Program, Term};

/// Variables of one branch, each a range of `T`.
#[derive(Debug, Clone)]
pub(crate) struct BranchVars {
    /// Real power arriving at the parent.
    pub p: Range<usize>,
    /// Reactive power arriving at the parent.
    pub q: Range<usize>,
}

/// Variables and rows of a set of buses.
pub(crate) struct FeederVars {
    /// Child indices of every bus of the network.
    children: Vec<Vec<usize>>,
    /// Squared voltage by bus: the set's own and their parents'.
    pub voltages: BTreeMap<usize, Range<usize>>,
    /// Branch flows by the bus below: the set's own and their children's.
    pub flows: BTreeMap<usize, BranchVars>,
    /// Squared currents by the bus below: the set's own only.
    pub currents: BTreeMap<usize, Range<usize>>,
    /// Devices, in the order of the set.
    pub sites: Vec<SiteVars>,
    /// The root generator's output, if the set holds the root.
    pub generation: Option<Range<usize>>,
    /// Per bus of the set and interval, the equality row of M(1a).
    pub balance: Vec<Vec<usize>>,
}

impl FeederVars {
    /// Adds the buses at indices `buses` of a checked instance.
    pub fn add(program: &mut Program, instance: &Instance, buses: &[usize]) -> Self {
        let mut feeder = Self::variables(program, instance, buses);
        for (position, &bus) in buses.iter().enumerate() {
            feeder.add_limits(program, instance, bus);
            if instance.network.buses[bus].parent.is_some() {
                feeder.add_branch(program, instance, bus);
            }
            let rows = feeder.add_balance(program, instance, bus, position);
            feeder.balance.push(rows);
        }
        feeder
    }

    fn variables(program: &mut Program, instance: &Instance, buses: &[usize]) -> Self {
        let children = instance.network.children();
        let horizon = instance.horizon;
        let mut voltages = BTreeMap::new();
        let mut flows = BTreeMap::new();
        let mut currents = BTreeMap::new();
        let mut generation = None;
        let mut sites = vec![];
        for &bus in buses {
            for near in std::iter::once(bus).chain(instance.network.buses[bus].parent) {
                voltages
                    .entry(near)
                    .or_insert_with(|| program.variables(horizon));
            }
            let mut branches = children[bus].clone();
            match instance.network.buses[bus].parent {
                None => generation = Some(program.variables(horizon)),
                Some(_) => {
                    branches.push(bus);
                    currents.insert(bus, program.variables(horizon));
                }
            }
            for branch in branches {
                flows.entry(branch).or_insert_with(|| BranchVars {
                    p: program.variables(horizon),
                    q: program.variables(horizon),
                });
            }
            sites.push(SiteVars::add(
                program,
                &instance.sites[bus],
                Horizon::of(instance),
            ));
        }
        Self {
            children,
            voltages,
            flows,
            currents,
            sites,
            generation,
            balance: vec![],
        }
    }

    /// Voltage limits M(3) and, at the root, the generator's cost M(6) and sign.
    fn add_limits(&self, program: &mut Program, instance: &Instance, bus: usize) {
        let network = &instance.network;
        for v in self.voltages[&bus].clone() {
            program.within(v, network.v_min.powi(2), network.v_max.powi(2));
        }
        if network.buses[bus].parent.is_some() {
            return;
        }
        let outputs = self.generation.clone().into_iter().flatten();
        for (g, &beta) in outputs.zip(&instance.generator.beta) {
            program.cost(g, instance.generator.alpha, beta);
            program.at_most(vec![(g, -1.0)], 0.0);
        }
    }

    /// M(1c) and M(2) of the branch above `bus`.
    fn add_branch(&self, program: &mut Program, instance: &Instance, bus: usize) {
        let branch = &instance.network.buses[bus];
        let Some(parent) = branch.parent else { return };
        let (r, x) = (branch.r, branch.x);
        for t in 0..instance.horizon {
            let p = self.flows[&bus].p.start + t;
            let q = self.flows[&bus].q.start + t;
            let l = self.currents[&bus].start + t;
            let v = self.voltages[&bus].start + t;
            let v_parent = self.voltages[&parent].start + t;
            let drop = vec![
                (v, 1.0),
                (v_parent, -1.0),
                (p, -2.0 * r),
                (q, -2.0 * x),
                (l, -(r * r + x * x)),
            ];
            program.equal(drop, 0.0);
            program.branch_cone(p, q, l, v_parent);
        }
    }

    /// M(1a) and M(1b) at `bus`; returns the rows of M(1a).
    fn add_balance(
        &self,
        program: &mut Program,
        instance: &Instance,
        bus: usize,
        position: usize,
    ) -> Vec<usize> {
        let below = &self.children[bus];
        let site = &instance.sites[bus];
        let base = site.base_injection();
        let mut rows = vec![];
        for t in 0..instance.horizon {
            let controllable = &self.sites[position].injection[t];
            let mut real: Vec<Term> = controllable.iter().map(|&(i, c)| (i, -c)).collect();
            let mut reactive: Vec<Term> = vec![];
            for child in below {
                real.push((self.flows[child].p.start + t, -1.0));
                reactive.push((self.flows[child].q.start + t, -1.0));
            }
            match &self.generation {
                Some(output) if instance.network.buses[bus].parent.is_none() => {
                    real.push((output.start + t, -1.0));
                    // The root supplies whatever reactive power is asked for: M(1b) is free there.
                }
                _ => {
                    let branch = &instance.network.buses[bus];
                    let l = self.currents[&bus].start + t;
                    real.extend([(self.flows[&bus].p.start + t, 1.0), (l, branch.r)]);
                    reactive.extend([(self.flows[&bus].q.start + t, 1.0), (l, branch.x)]);
                    program.equal(reactive, -site.load_q[t]);
                }
            }
            rows.push(program.equal(real, base[t]));
        }
        rows
    }
}
