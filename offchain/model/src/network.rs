//! A radial [`Network`] from an arbitrary list of branches, and walks over its tree.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{Bus, Network};

/// Bases and limits of a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NetworkBase {
    /// Power base in MVA.
    pub base_mva: f64,
    /// Voltage base in kV.
    pub base_kv: f64,
    /// Lower limit of the voltage magnitude (per unit), M(3).
    pub v_min: f64,
    /// Upper limit of the voltage magnitude (per unit), M(3).
    pub v_max: f64,
}

/// A branch between two buses, in either direction, impedance per unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BranchSpec {
    /// One end.
    pub from: u32,
    /// The other end.
    pub to: u32,
    /// Series resistance (per unit), at least 0.
    pub r: f64,
    /// Series reactance (per unit).
    pub x: f64,
}

/// Why a list of branches is not a radial network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NetworkError {
    /// A base or limit makes no sense.
    #[error("{0}")]
    Base(#[from] crate::Flaw),
    /// Both ends are the same bus.
    #[error("branch {bus}-{bus} joins bus {bus} to itself, expected two different buses")]
    SelfLoop {
        /// The bus.
        bus: u32,
    },
    /// The pair of buses appears twice.
    #[error("branch {from}-{to} is listed twice (either direction), expected once")]
    Duplicate {
        /// One end.
        from: u32,
        /// The other end.
        to: u32,
    },
    /// The resistance or reactance is not usable.
    #[error("branch {from}-{to} has {quantity} = {value}, expected {expected}")]
    Impedance {
        /// One end.
        from: u32,
        /// The other end.
        to: u32,
        /// `r` or `x`.
        quantity: &'static str,
        /// The value found.
        value: f64,
        /// What would have been accepted.
        expected: &'static str,
    },
    /// The branch closes a loop.
    #[error(
        "branch {from}-{to} closes a loop (its ends are joined already), expected a radial network"
    )]
    Meshed {
        /// One end.
        from: u32,
        /// The other end.
        to: u32,
    },
    /// No branch touches the root.
    #[error("root bus {root} is an end of no branch, expected one of the buses {known}")]
    UnknownRoot {
        /// The root asked for.
        root: u32,
        /// The first few buses there are.
        known: String,
    },
    /// A part of the network does not hang on the root.
    #[error(
        "bus {bus} cannot be reached from root bus {root}: branch {from}-{to} lies in another part, expected a connected network"
    )]
    Disconnected {
        /// The first bus (by number) that cannot be reached.
        bus: u32,
        /// The root.
        root: u32,
        /// One end of a branch at that bus.
        from: u32,
        /// The other end.
        to: u32,
    },
}

/// Neighbours of each bus: `(bus, index of the branch)`, in ascending order of bus number.
type Adjacency = BTreeMap<u32, BTreeSet<(u32, usize)>>;

impl Network {
    /// Orders `branches` breadth first from bus `root`, siblings by bus number, so the result
    /// does not depend on the order or direction in which the branches are listed.
    ///
    /// # Errors
    /// Names the offending branch or bus, see [`NetworkError`].
    pub fn from_branches(
        base: NetworkBase,
        root: u32,
        branches: &[BranchSpec],
    ) -> Result<Self, NetworkError> {
        base.check()?;
        check_branches(branches)?;
        let adjacency = adjacency(branches);
        if !adjacency.contains_key(&root) {
            let known: Vec<_> = adjacency.keys().take(8).map(u32::to_string).collect();
            let known = known.join(", ");
            return Err(NetworkError::UnknownRoot { root, known });
        }
        let buses = breadth_first(root, &adjacency, branches);
        check_reached(root, &buses, &adjacency, branches)?;
        Ok(Self {
            base_mva: base.base_mva,
            base_kv: base.base_kv,
            v_min: base.v_min,
            v_max: base.v_max,
            buses,
        })
    }

    /// Index of the bus numbered `id`.
    pub fn index_of(&self, id: u32) -> Option<usize> {
        self.buses.iter().position(|bus| bus.id == id)
    }

    /// Child indices of each bus, ascending.
    pub fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); self.buses.len()];
        for (i, bus) in self.buses.iter().enumerate() {
            if let Some(parent) = bus.parent {
                children[parent].push(i);
            }
        }
        children
    }

    /// Indices from `bus` up to the root, both included. A branch has the index of its lower bus.
    pub fn path_to_root(&self, bus: usize) -> Vec<usize> {
        std::iter::successors(Some(bus), |&i| self.buses[i].parent).collect()
    }

    /// Indices of `bus` and everything below it, ascending.
    pub fn subtree(&self, bus: usize) -> Vec<usize> {
        let mut inside = vec![false; self.buses.len()];
        inside[bus] = true;
        for i in bus + 1..self.buses.len() {
            inside[i] = self.buses[i].parent.is_some_and(|parent| inside[parent]);
        }
        (bus..self.buses.len()).filter(|&i| inside[i]).collect()
    }
}

impl NetworkBase {
    fn check(&self) -> Result<(), crate::Flaw> {
        crate::check::above("base_mva", self.base_mva, 0.0)?;
        crate::check::above("base_kv", self.base_kv, 0.0)?;
        crate::check::above("v_min", self.v_min, 0.0)?;
        crate::check::above("v_max", self.v_max, self.v_min)
    }
}

fn check_branches(branches: &[BranchSpec]) -> Result<(), NetworkError> {
    let mut seen = BTreeSet::new();
    let mut parts = Parts::default();
    for branch in branches {
        let &BranchSpec { from, to, r, x } = branch;
        if from == to {
            return Err(NetworkError::SelfLoop { bus: from });
        }
        let impedance = |quantity, value, expected| NetworkError::Impedance {
            from,
            to,
            quantity,
            value,
            expected,
        };
        if !(r.is_finite() && r >= 0.0) {
            return Err(impedance("r", r, "a number of at least 0"));
        }
        if !x.is_finite() {
            return Err(impedance("x", x, "a finite number"));
        }
        if !seen.insert((from.min(to), from.max(to))) {
            return Err(NetworkError::Duplicate { from, to });
        }
        if !parts.join(from, to) {
            return Err(NetworkError::Meshed { from, to });
        }
    }
    Ok(())
}

/// Connected parts of the buses seen so far (union–find).
#[derive(Default)]
struct Parts {
    parent: BTreeMap<u32, u32>,
}

impl Parts {
    fn head(&mut self, bus: u32) -> u32 {
        let mut bus = bus;
        while let Some(&parent) = self.parent.get(&bus) {
            if let Some(&grand) = self.parent.get(&parent) {
                self.parent.insert(bus, grand);
            }
            bus = parent;
        }
        bus
    }

    /// Whether the two buses lay in different parts until now.
    fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.head(a), self.head(b));
        if a != b {
            self.parent.insert(a, b);
        }
        a != b
    }
}

fn adjacency(branches: &[BranchSpec]) -> Adjacency {
    let mut adjacency = Adjacency::new();
    for (i, branch) in branches.iter().enumerate() {
        for (bus, other) in [(branch.from, branch.to), (branch.to, branch.from)] {
            adjacency.entry(bus).or_default().insert((other, i));
        }
    }
    adjacency
}

fn breadth_first(root: u32, adjacency: &Adjacency, branches: &[BranchSpec]) -> Vec<Bus> {
    let mut buses = vec![Bus {
        id: root,
        parent: None,
        r: 0.0,
        x: 0.0,
    }];
    let mut queue = VecDeque::from([(0, None)]);
    while let Some((index, above)) = queue.pop_front() {
        for &(id, branch) in adjacency.get(&buses[index].id).into_iter().flatten() {
            if Some(branch) == above {
                continue;
            }
            let BranchSpec { r, x, .. } = branches[branch];
            let parent = Some(index);
            buses.push(Bus { id, parent, r, x });
            queue.push_back((buses.len() - 1, Some(branch)));
        }
    }
    buses
}

fn check_reached(
    root: u32,
    buses: &[Bus],
    adjacency: &Adjacency,
    branches: &[BranchSpec],
) -> Result<(), NetworkError> {
    let reached: BTreeSet<u32> = buses.iter().map(|bus| bus.id).collect();
    let lost = adjacency.iter().find(|(bus, _)| !reached.contains(bus));
    let Some((&bus, neighbours)) = lost else {
        return Ok(());
    };
    match neighbours.first() {
        Some(&(_, branch)) => Err(NetworkError::Disconnected {
            bus,
            root,
            from: branches[branch].from,
            to: branches[branch].to,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
