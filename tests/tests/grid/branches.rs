//! Branches: every feeder stays radial.

use std::collections::BTreeSet;

use cosmwasm_std::StdResult;
use gridweave_grid::ContractError;
use gridweave_grid::branch::MAX_IMPEDANCE;
use gridweave_testkit::fixtures::{ROOT, branch, chain, feeder};
use gridweave_testkit::{Suite, assert_event, assert_refused};
use gridweave_types::grid::{Branch, ExecuteMsg, MAX_ROWS};
use gridweave_units::Fx;
use proptest::prelude::*;

/// Asserts that `branches` on feeder 1, which has buses 1 to 3, are refused with `expected`.
#[track_caller]
fn refused(branches: Vec<Branch>, expected: &ContractError) {
    let mut suite = Suite::new();
    suite.feeder_with_buses(1, 2);
    let operator = suite.operator.clone();
    let msg = ExecuteMsg::AddBranches {
        feeder: 1,
        branches,
    };
    suite.grid_refuses(&operator, &msg, expected);
}

#[test]
fn branches_are_kept_in_order_across_batches() -> StdResult<()> {
    let mut suite = Suite::new();
    suite.add_feeder(feeder(1))?;
    let rows = [branch(9, ROOT), branch(4, 9), branch(7, ROOT), branch(2, 4)];

    suite.add_branches(1, rows[..3].to_vec())?;
    let response = suite.add_branches(1, rows[3..].to_vec())?;
    let announced = [
        ("action", "branches_added"),
        ("feeder", "1"),
        ("added", "1"),
        ("total", "4"),
    ];
    assert_event(&response, &suite.grid, &announced);
    assert_eq!(suite.branches(1, None, None)?, rows);
    Ok(())
}

#[test]
fn feeders_number_their_buses_independently() -> StdResult<()> {
    let mut suite = Suite::new();
    suite.feeder_with_buses(1, 2);
    suite.feeder_with_buses(2, 4);
    assert_eq!(suite.branches(1, None, None)?, chain(2));
    assert_eq!(suite.branches(2, None, None)?, chain(4));
    Ok(())
}

#[test]
fn a_full_batch_is_accepted() -> StdResult<()> {
    let mut suite = Suite::new();
    suite.add_feeder(feeder(1))?;
    let rows = chain(MAX_ROWS as u32);
    suite.add_branches(1, rows.clone())?;
    assert_eq!(suite.branches(1, Some(199), None)?, rows[199..]);
    Ok(())
}

#[test]
fn a_feeder_must_exist() {
    let mut suite = Suite::new();
    let expected = ContractError::FeederNotFound { feeder: 3 };
    assert_refused(suite.add_branches(3, chain(1)), &expected);
}

#[test]
fn a_bus_joins_once() {
    let exists = |bus| ContractError::BusExists { feeder: 1, bus };
    refused(vec![branch(3, ROOT)], &exists(3));
    refused(vec![branch(ROOT, 3)], &exists(ROOT));
}

#[test]
fn a_parent_comes_first() {
    let orphan = |bus, parent| ContractError::ParentNotFound {
        feeder: 1,
        bus,
        parent,
    };
    refused(vec![branch(4, 8)], &orphan(4, 8));
    refused(vec![branch(4, 5), branch(5, ROOT)], &orphan(4, 5));
    refused(vec![branch(4, 4)], &orphan(4, 4));
}

#[test]
fn impedances_stay_in_range() {
    let beyond = MAX_IMPEDANCE + Fx::DELTA;
    let cases = [
        ("r", -Fx::DELTA, Fx::ONE, -Fx::DELTA),
        ("r", beyond, Fx::ONE, beyond),
        ("x", Fx::ONE, -Fx::DELTA, -Fx::DELTA),
        ("x", Fx::ONE, Fx::MAX, Fx::MAX),
    ];
    for (quantity, r, x, value) in cases {
        let row = Branch {
            r,
            x,
            ..branch(4, ROOT)
        };
        let expected = ContractError::ImpedanceOutOfRange {
            bus: 4,
            quantity,
            value,
            max: MAX_IMPEDANCE,
        };
        refused(vec![row], &expected);
    }
}

#[test]
fn a_branch_without_impedance_is_refused() {
    let row = Branch {
        r: Fx::ZERO,
        x: Fx::ZERO,
        ..branch(4, ROOT)
    };
    refused(vec![row], &ContractError::ZeroImpedance { bus: 4 });
}

#[test]
fn a_batch_has_between_1_and_200_rows() {
    for rows in [0, MAX_ROWS + 1] {
        let batch = (0..rows as u32).map(|row| branch(row + 10, ROOT)).collect();
        let expected = ContractError::BatchSize {
            field: "branches",
            rows,
            max: MAX_ROWS,
        };
        refused(batch, &expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is sent, exactly the rows that extend the tree are kept, parents first.
    #[test]
    fn networks_are_radial_by_construction(
        rows in proptest::collection::vec((0..14u32, 0..14u32), 1..40),
    ) {
        let mut suite = Suite::new();
        suite.add_feeder(feeder(1)).unwrap();
        let mut buses = BTreeSet::from([ROOT]);
        let mut kept = Vec::new();
        for (bus, parent) in rows {
            let extends = !buses.contains(&bus) && buses.contains(&parent);
            let accepted = suite.add_branches(1, vec![branch(bus, parent)]).is_ok();
            prop_assert_eq!(accepted, extends, "bus {} below {}", bus, parent);
            if extends {
                buses.insert(bus);
                kept.push(branch(bus, parent));
            }
        }
        prop_assert_eq!(suite.branches(1, None, Some(100)).unwrap(), kept);
    }
}
