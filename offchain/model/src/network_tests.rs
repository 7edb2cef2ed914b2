use super::*;
use proptest::prelude::*;

fn base() -> NetworkBase {
    NetworkBase {
        base_mva: 1.0,
        base_kv: 12.0,
        v_min: 0.95,
        v_max: 1.05,
    }
}

fn branch(from: u32, to: u32) -> BranchSpec {
    let (r, x) = (0.01 * f64::from(to), 0.02);
    BranchSpec { from, to, r, x }
}

fn build(root: u32, pairs: &[(u32, u32)]) -> Result<Network, NetworkError> {
    let branches: Vec<_> = pairs.iter().map(|&(a, b)| branch(a, b)).collect();
    Network::from_branches(base(), root, &branches)
}

fn message(root: u32, pairs: &[(u32, u32)]) -> String {
    build(root, pairs).unwrap_err().to_string()
}

#[test]
fn buses_come_breadth_first_whatever_the_direction() {
    let network = build(1, &[(5, 3), (2, 1), (1, 3), (4, 2)]).unwrap();
    let ids: Vec<_> = network.buses.iter().map(|b| b.id).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    let parents: Vec<_> = network.buses.iter().map(|b| b.parent).collect();
    assert_eq!(parents, [None, Some(0), Some(0), Some(1), Some(2)]);
    assert_eq!(
        network.children(),
        [vec![1, 2], vec![3], vec![4], vec![], vec![]]
    );
    assert_eq!(network.path_to_root(4), [4, 2, 0]);
    assert_eq!(network.subtree(1), [1, 3]);
    assert_eq!(network.index_of(5), Some(4));
    assert_eq!(network.index_of(9), None);
}

#[test]
fn errors_name_the_offending_branch() {
    assert_eq!(
        message(1, &[(1, 2), (2, 3), (3, 1)]),
        "branch 3-1 closes a loop (its ends are joined already), expected a radial network"
    );
    assert_eq!(
        message(1, &[(1, 2), (3, 4)]),
        "bus 3 cannot be reached from root bus 1: branch 3-4 lies in another part, expected a connected network"
    );
    assert_eq!(
        message(1, &[(1, 2), (2, 2)]),
        "branch 2-2 joins bus 2 to itself, expected two different buses"
    );
    assert_eq!(
        message(1, &[(1, 2), (2, 1)]),
        "branch 2-1 is listed twice (either direction), expected once"
    );
    assert_eq!(
        message(7, &[(1, 2)]),
        "root bus 7 is an end of no branch, expected one of the buses 1, 2"
    );
}

#[test]
fn impedances_and_limits_must_make_sense() {
    let with = |r, x| {
        let branches = [BranchSpec {
            from: 1,
            to: 2,
            r,
            x,
        }];
        Network::from_branches(base(), 1, &branches)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        with(-0.1, 0.0),
        "branch 1-2 has r = -0.1, expected a number of at least 0"
    );
    assert_eq!(
        with(f64::NAN, 0.0),
        "branch 1-2 has r = NaN, expected a number of at least 0"
    );
    assert_eq!(
        with(0.1, f64::INFINITY),
        "branch 1-2 has x = inf, expected a finite number"
    );
    let base = NetworkBase {
        v_max: 0.9,
        ..base()
    };
    let error = Network::from_branches(base, 1, &[branch(1, 2)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`v_max` is 0.9, expected a number above 0.95"
    );
}

/// A random tree over buses `1..=n` (bus `i` hangs on an earlier one), its branches shuffled and
/// some of them turned round.
fn tree() -> impl Strategy<Value = (Vec<BranchSpec>, Vec<BranchSpec>)> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..40)
        .prop_map(|links| {
            let links = links.iter().enumerate();
            let branches: Vec<_> = links
                .map(|(i, (parent, turn))| {
                    let (a, b) = (i as u32 + 2, parent.index(i + 1) as u32 + 1);
                    let mut spec = branch(b, a);
                    if *turn {
                        (spec.from, spec.to) = (a, b);
                    }
                    spec
                })
                .collect();
            branches
        })
        .prop_flat_map(|branches| (Just(branches.clone()), Just(branches).prop_shuffle()))
}

proptest! {
    #[test]
    fn parents_precede_children_and_order_is_canonical((branches, shuffled) in tree()) {
        let network = Network::from_branches(base(), 1, &branches).unwrap();
        prop_assert_eq!(network.buses.len(), branches.len() + 1);
        for (i, bus) in network.buses.iter().enumerate() {
            prop_assert_eq!(bus.parent.is_none(), i == 0);
            prop_assert!(bus.parent.is_none_or(|parent| parent < i));
            prop_assert_eq!(network.path_to_root(i).last().copied(), Some(0));
        }
        prop_assert_eq!(network.subtree(0).len(), network.buses.len());
        prop_assert_eq!(&network, &Network::from_branches(base(), 1, &shuffled).unwrap());
    }

    #[test]
    fn any_extra_branch_is_refused((branches, _) in tree(), a in 1u32..40, b in 1u32..60) {
        let buses = branches.len() as u32 + 1;
        let mut more = branches.clone();
        more.push(branch(a.min(buses), b));
        let result = Network::from_branches(base(), 1, &more);
        // Only a branch to a new bus keeps the network radial.
        prop_assert_eq!(result.is_ok(), b > buses);
    }
}
