//! Balanced connected partition of a tree.

/// Splits the tree given by `parents` (root first, parents before children) into `count` connected
/// parts (at least 1, at most one per bus), keeping the largest as small as possible. Returns the
/// members of each part, ascending; parts are ordered by their topmost bus, so the first holds the
/// root.
pub(crate) fn partition(parents: &[Option<usize>], count: usize) -> Vec<Vec<usize>> {
    let count = count.clamp(1, parents.len().max(1));
    let mut cuts = (1..=parents.len())
        .map(|limit| cuts_for(parents, limit))
        .find(|cuts| cuts.len() < count)
        .unwrap_or_default();
    while cuts.len() + 1 < count {
        match best_extra_cut(parents, &cuts) {
            Some(cut) => cuts.push(cut),
            None => break,
        }
    }
    parts(parents, &cuts)
}

/// The fewest branches (named by the bus below) to cut so that no part has more than `limit`
/// buses: from the leaves up, cut the heaviest children of every bus that would exceed it.
fn cuts_for(parents: &[Option<usize>], limit: usize) -> Vec<usize> {
    let mut cuts = vec![];
    let mut weights = vec![1; parents.len()];
    for bus in (0..parents.len()).rev() {
        let mut below: Vec<usize> = (bus + 1..parents.len())
            .filter(|&child| parents[child] == Some(bus) && !cuts.contains(&child))
            .collect();
        weights[bus] += below.iter().map(|&child| weights[child]).sum::<usize>();
        below.sort_by_key(|&child| weights[child]);
        while weights[bus] > limit {
            let Some(heaviest) = below.pop() else { break };
            weights[bus] -= weights[heaviest];
            cuts.push(heaviest);
        }
    }
    cuts
}

/// The further cut that splits the largest part most evenly.
fn best_extra_cut(parents: &[Option<usize>], cuts: &[usize]) -> Option<usize> {
    let largest = parts(parents, cuts).into_iter().max_by_key(Vec::len)?;
    let with_cut = |&bus: &usize| {
        let mut more = cuts.to_vec();
        more.push(bus);
        let sizes = parts(parents, &more).into_iter();
        sizes
            .filter(|part| largest.contains(&part[0]))
            .map(|part| part.len())
            .max()
    };
    largest[1..].iter().copied().min_by_key(with_cut)
}

/// The parts that cutting above each bus of `cuts` leaves.
fn parts(parents: &[Option<usize>], cuts: &[usize]) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = vec![];
    let mut part_of = vec![0; parents.len()];
    for (bus, parent) in parents.iter().enumerate() {
        match parent {
            Some(parent) if !cuts.contains(&bus) => part_of[bus] = part_of[*parent],
            _ => {
                part_of[bus] = parts.len();
                parts.push(vec![]);
            }
        }
        parts[part_of[bus]].push(bus);
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_chain_is_cut_into_equal_pieces() {
        let parents: Vec<_> = (0..9_usize).map(|bus| bus.checked_sub(1)).collect();
        let expected = vec![vec![0, 1, 2], vec![3, 4, 5], vec![6, 7, 8]];
        assert_eq!(partition(&parents, 3), expected);
    }

    #[test]
    fn a_star_gives_leaves_away() {
        let parents = [None, Some(0), Some(0), Some(0)];
        let parts = partition(&parents, 3);
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[0].len(), 2);
    }

    fn trees() -> impl Strategy<Value = Vec<Option<usize>>> {
        proptest::collection::vec(any::<proptest::sample::Index>(), 1..40).prop_map(|picks| {
            let parent = |(bus, pick): (usize, &proptest::sample::Index)| {
                (bus > 0).then(|| pick.index(bus.max(1)))
            };
            picks.iter().enumerate().map(parent).collect()
        })
    }

    proptest! {
        #[test]
        fn parts_are_connected_disjoint_and_as_many_as_asked(
            parents in trees(),
            count in 1usize..12,
        ) {
            let parts = partition(&parents, count);
            prop_assert_eq!(parts.len(), count.min(parents.len()));
            let mut members: Vec<_> = parts.iter().flatten().copied().collect();
            members.sort_unstable();
            prop_assert_eq!(members, (0..parents.len()).collect::<Vec<_>>());
            for part in &parts {
                for bus in &part[1..] {
                    prop_assert!(parents[*bus].is_some_and(|parent| part.contains(&parent)));
                }
            }
            prop_assert!(parts[0].contains(&0));
        }
    }
}
