//! Feeders and their limits.

use cosmwasm_std::{StdResult, Uint64};
use gridweave_grid::ContractError;
use gridweave_grid::feeder::MAX_NAME_BYTES;
use gridweave_testkit::{Suite, assert_event, assert_refused, fixtures};
use gridweave_types::grid::{ExecuteMsg, Feeder};

#[test]
fn a_feeder_is_kept_as_given() -> StdResult<()> {
    let mut suite = Suite::new();
    let feeder = fixtures::feeder(7);
    let response = suite.add_feeder(feeder.clone())?;
    let announced = [
        ("action", "feeder_added"),
        ("feeder", "7"),
        ("name", "feeder 7"),
        ("root", "1"),
        ("external_limit", "5000000"),
        ("internal_limit", "8000000"),
    ];
    assert_event(&response, &suite.grid, &announced);
    assert_eq!(suite.feeder(7)?, feeder);
    assert!(suite.branches(7, None, None)?.is_empty());
    Ok(())
}

#[test]
fn a_feeder_number_is_given_once() -> StdResult<()> {
    let mut suite = Suite::new();
    let operator = suite.operator.clone();
    suite.feeder_with_buses(1, 2);
    let again = ExecuteMsg::AddFeeder {
        feeder: Feeder {
            root: 99,
            ..fixtures::feeder(1)
        },
    };
    suite.grid_refuses(
        &operator,
        &again,
        &ContractError::FeederExists { feeder: 1 },
    );
    assert_eq!(suite.feeder(1)?.root, fixtures::ROOT);
    Ok(())
}

#[test]
fn names_have_between_1_and_64_bytes() -> StdResult<()> {
    let mut suite = Suite::new();
    let operator = suite.operator.clone();
    let named = |id, name: String| Feeder {
        name,
        ..fixtures::feeder(id)
    };
    for (name, bytes) in [
        (String::new(), 0),
        ("n".repeat(65), 65),
        ("é".repeat(33), 66),
    ] {
        let msg = ExecuteMsg::AddFeeder {
            feeder: named(1, name),
        };
        let expected = ContractError::InvalidName {
            bytes,
            max: MAX_NAME_BYTES,
        };
        suite.grid_refuses(&operator, &msg, &expected);
    }
    suite.add_feeder(named(1, "é".repeat(32)))?;
    Ok(())
}

#[test]
fn limits_change_and_nothing_else_does() -> StdResult<()> {
    let mut suite = Suite::new();
    suite.feeder_with_buses(1, 3);
    let before = suite.feeder(1)?;

    let response = suite.set_feeder_limits(1, 10, 20)?;
    let announced = [
        ("action", "feeder_limits_set"),
        ("feeder", "1"),
        ("external_limit", "10"),
        ("internal_limit", "20"),
    ];
    assert_event(&response, &suite.grid, &announced);
    let expected = Feeder {
        external_limit: Uint64::new(10),
        internal_limit: Uint64::new(20),
        ..before
    };
    assert_eq!(suite.feeder(1)?, expected);
    assert_eq!(suite.branches(1, None, None)?, fixtures::chain(3));
    Ok(())
}

#[test]
fn limits_of_an_unknown_feeder_are_refused() {
    let mut suite = Suite::new();
    let expected = ContractError::FeederNotFound { feeder: 4 };
    assert_refused(suite.set_feeder_limits(4, 1, 1), &expected);
    assert_refused(suite.feeder(4), &expected);
}
