//! Which numbers areas share: the global variables of M(13) as blocks with members.

use std::collections::BTreeSet;

use gridweave_model::Instance;

use crate::partition::partition;

/// What a shared block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// Power arriving at the parent through the branch above bus index `bus`: `P` for every
    /// interval, then `Q` (pu).
    Flow {
        /// The bus below the branch.
        bus: usize,
    },
    /// Squared voltage magnitude of bus index `bus` for every interval (pu²).
    Voltage {
        /// The bus.
        bus: usize,
    },
}

/// A block of numbers of which several areas hold copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Numbers per copy: `2T` for a flow, `T` for a voltage.
    pub size: usize,
    /// Indices of the areas with a copy, ascending; at least two.
    pub members: Vec<usize>,
}

/// Areas (sets of buses) and the blocks that couple them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decomposition {
    /// Bus indices of each area, ascending; every bus is in exactly one. Area 0 holds the root.
    pub areas: Vec<Vec<usize>>,
    /// Shared blocks by bus, a bus's flow before its voltage.
    pub blocks: Vec<SharedBlock>,
}

impl Decomposition {
    /// Indices of the blocks `area` has a copy of, in the order of its copies.
    pub fn blocks_of(&self, area: usize) -> Vec<usize> {
        let blocks = self.blocks.iter().enumerate();
        blocks
            .filter(|(_, block)| block.members.contains(&area))
            .map(|(index, _)| index)
            .collect()
    }

    /// How many numbers `area` shares: the length of its copies.
    pub fn shared_len(&self, area: usize) -> usize {
        let blocks = self.blocks_of(area).into_iter();
        blocks.map(|index| self.blocks[index].size).sum()
    }

    fn of_areas(instance: &Instance, areas: Vec<Vec<usize>>) -> Self {
        let buses = &instance.network.buses;
        let mut area_of = vec![0; buses.len()];
        for (area, members) in areas.iter().enumerate() {
            for &bus in members {
                area_of[bus] = area;
            }
        }
        let children = instance.network.children();
        let mut blocks = vec![];
        for (bus, data) in buses.iter().enumerate() {
            let own = area_of[bus];
            let above = data.parent.map(|parent| area_of[parent]);
            let below = children[bus].iter().map(|&child| area_of[child]);
            let flow_members = above.into_iter().chain([own]).collect();
            let voltage_members = below.chain([own]).collect();
            let horizon = instance.horizon;
            push_shared(
                &mut blocks,
                BlockKind::Flow { bus },
                2 * horizon,
                flow_members,
            );
            push_shared(
                &mut blocks,
                BlockKind::Voltage { bus },
                horizon,
                voltage_members,
            );
        }
        Self { areas, blocks }
    }
}

fn push_shared(
    blocks: &mut Vec<SharedBlock>,
    kind: BlockKind,
    size: usize,
    members: BTreeSet<usize>,
) {
    if members.len() > 1 {
        blocks.push(SharedBlock {
            kind,
            size,
            members: members.into_iter().collect(),
        });
    }
}

/// One area per bus, the decomposition M(12)–M(15) of the paper.
pub fn nodal(instance: &Instance) -> Decomposition {
    let areas = (0..instance.network.buses.len()).map(|bus| vec![bus]);
    Decomposition::of_areas(instance, areas.collect())
}

/// The feeder cut at few branches into `areas` connected parts of similar bus counts (between one
/// part and one per bus).
pub fn lateral(instance: &Instance, areas: usize) -> Decomposition {
    let parents: Vec<_> = instance.network.buses.iter().map(|b| b.parent).collect();
    Decomposition::of_areas(instance, partition(&parents, areas))
}
