//! The tree of a feeder.

use gridweave_units::Fx;

/// A radial network in topological order: index 0 is the root, parents precede children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    parent: Vec<usize>,
    r: Vec<Fx>,
    x: Vec<Fx>,
    z_squared: Vec<Fx>,
}

/// A branch list that is not a tree in topological order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// A bus whose parent does not precede it.
    #[error("bus at index {bus} has parent index {parent}, expected a smaller index")]
    ParentAfterBus {
        /// Index of the bus.
        bus: usize,
        /// Index of its parent.
        parent: usize,
    },
    /// A branch with a negative impedance.
    #[error("branch above index {bus} has r = {r}, x = {x}, expected non-negative values")]
    NegativeImpedance {
        /// Index of the bus below the branch.
        bus: usize,
        /// Resistance.
        r: Fx,
        /// Reactance.
        x: Fx,
    },
}

impl Network {
    /// Builds the tree from the branches above buses 1, 2, …: `(parent index, r, x)`.
    ///
    /// # Errors
    /// [`NetworkError`] for a parent that does not precede its bus or a negative impedance.
    pub fn new(branches: &[(usize, Fx, Fx)]) -> Result<Self, NetworkError> {
        let mut network = Self {
            parent: vec![0],
            r: vec![Fx::ZERO],
            x: vec![Fx::ZERO],
            z_squared: vec![Fx::ZERO],
        };
        for (above, &(parent, r, x)) in branches.iter().enumerate() {
            let bus = above + 1;
            if parent >= bus {
                return Err(NetworkError::ParentAfterBus { bus, parent });
            }
            if r.is_negative() || x.is_negative() {
                return Err(NetworkError::NegativeImpedance { bus, r, x });
            }
            network.parent.push(parent);
            network.r.push(r);
            network.x.push(x);
            network.z_squared.push(r.squared() + x.squared());
        }
        Ok(network)
    }

    /// Number of buses `n`.
    pub fn len(&self) -> usize {
        self.parent.len()
    }

    /// Whether the root is the only bus.
    pub fn is_empty(&self) -> bool {
        self.len() == 1
    }

    /// Parent of a bus; the root is its own parent.
    pub fn parent(&self, bus: usize) -> usize {
        self.parent[bus]
    }

    /// Resistance of the branch above a bus.
    pub fn r(&self, bus: usize) -> Fx {
        self.r[bus]
    }

    /// Reactance of the branch above a bus.
    pub fn x(&self, bus: usize) -> Fx {
        self.x[bus]
    }

    /// `r² + x²` of the branch above a bus.
    pub fn z_squared(&self, bus: usize) -> Fx {
        self.z_squared[bus]
    }

    /// Branches (named by their lower bus) from a bus up to the root.
    pub fn path(&self, bus: usize) -> Vec<usize> {
        let mut path = Vec::new();
        let mut at = bus;
        while at != 0 {
            path.push(at);
            at = self.parent[at];
        }
        path
    }

    /// Adds each bus's value to its parent's, leaves first: subtree sums in place.
    pub fn accumulate_up(&self, values: &mut [Fx]) {
        for bus in (1..self.len()).rev() {
            let value = values[bus];
            values[self.parent[bus]] += value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_the_root() {
        let z = Fx::ONE;
        let network = Network::new(&[(0, z, z), (1, z, z), (1, z, z)]).unwrap();
        assert_eq!(network.path(3), [3, 1]);
        assert!(network.path(0).is_empty());
        let mut ones = vec![Fx::ONE; 4];
        network.accumulate_up(&mut ones);
        assert_eq!(ones, [4, 3, 1, 1].map(Fx::from_int));
    }

    #[test]
    fn branches_must_form_a_tree() {
        let z = Fx::ONE;
        assert_eq!(
            Network::new(&[(1, z, z)]),
            Err(NetworkError::ParentAfterBus { bus: 1, parent: 1 })
        );
        assert!(Network::new(&[(0, -z, z)]).is_err());
    }
}
