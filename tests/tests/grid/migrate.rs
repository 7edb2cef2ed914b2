//! Migration moves forward only.

use cosmwasm_std::StdResult;
use gridweave_grid::migrate::{CONTRACT_NAME, CONTRACT_VERSION, OLDEST_VERSION};
use gridweave_testkit::{Suite, assert_event, assert_refused};
use gridweave_types::version::VersionError;

/// A register with some content whose state claims to be `contract` at `version`.
fn stamped(contract: &str, version: &str) -> StdResult<Suite> {
    let mut suite = Suite::new();
    suite.feeder_with_buses(1, 3);
    let grid = suite.grid.clone();
    let mut storage = suite.app.contract_storage_mut(&grid);
    cw2::set_contract_version(storage.as_mut(), contract, version)?;
    drop(storage);
    Ok(suite)
}

#[track_caller]
fn refused(mut suite: Suite, expected: &VersionError) {
    let admin = suite.admin.clone();
    let before = suite.state(&suite.grid);
    assert_refused(suite.migrate_grid(&admin), expected);
    assert_eq!(suite.state(&suite.grid), before);
}

#[test]
fn fresh_state_is_stamped() -> StdResult<()> {
    let suite = Suite::new();
    let storage = suite.app.contract_storage(&suite.grid);
    let stored = cw2::get_contract_version(storage.as_ref())?;
    assert_eq!(stored.contract, CONTRACT_NAME);
    assert_eq!(stored.version, CONTRACT_VERSION);
    Ok(())
}

#[test]
fn an_older_version_moves_forward_and_keeps_its_state() -> StdResult<()> {
    let mut suite = stamped(CONTRACT_NAME, OLDEST_VERSION)?;
    let (admin, feeder) = (suite.admin.clone(), suite.feeder(1)?);
    let branches = suite.branches(1, None, None)?;

    let response = suite.migrate_grid(&admin)?;
    let announced = [
        ("action", "migrated"),
        ("from", OLDEST_VERSION),
        ("to", CONTRACT_VERSION),
    ];
    assert_event(&response, &suite.grid, &announced);
    assert_eq!(suite.feeder(1)?, feeder);
    assert_eq!(suite.branches(1, None, None)?, branches);
    let storage = suite.app.contract_storage(&suite.grid);
    let stored = cw2::get_contract_version(storage.as_ref())?;
    assert_eq!(stored.version, CONTRACT_VERSION);
    Ok(())
}

#[test]
fn the_same_version_changes_nothing() -> StdResult<()> {
    let mut suite = stamped(CONTRACT_NAME, CONTRACT_VERSION)?;
    let (admin, before) = (suite.admin.clone(), suite.state(&suite.grid));
    suite.migrate_grid(&admin)?;
    assert_eq!(suite.state(&suite.grid), before);
    Ok(())
}

#[test]
fn a_newer_version_is_refused() -> StdResult<()> {
    // 10 is newer than any single digit, which a comparison of texts gets wrong.
    for version in ["10.0.0", "0.10.0", "0.2.1"] {
        let expected = VersionError::Downgrade {
            from: version.into(),
            to: CONTRACT_VERSION.into(),
        };
        refused(stamped(CONTRACT_NAME, version)?, &expected);
    }
    Ok(())
}

#[test]
fn state_of_before_the_oldest_version_is_refused() -> StdResult<()> {
    let expected = VersionError::TooOld {
        from: "0.0.9".into(),
        oldest: OLDEST_VERSION.into(),
    };
    refused(stamped(CONTRACT_NAME, "0.0.9")?, &expected);
    Ok(())
}

#[test]
fn another_contract_is_refused() -> StdResult<()> {
    let expected = VersionError::WrongContract {
        found: "crates.io:cw20-base".into(),
        expected: CONTRACT_NAME.into(),
    };
    refused(stamped("crates.io:cw20-base", "0.0.1")?, &expected);
    Ok(())
}

#[test]
fn a_version_that_is_not_one_is_refused() -> StdResult<()> {
    for version in ["", "1", "v0.0.1", "0.0.x"] {
        let expected = VersionError::InvalidVersion {
            version: version.into(),
        };
        refused(stamped(CONTRACT_NAME, version)?, &expected);
    }
    Ok(())
}

#[test]
fn state_without_a_version_is_refused() {
    let mut suite = Suite::new();
    let (admin, grid) = (suite.admin.clone(), suite.grid.clone());
    suite
        .app
        .contract_storage_mut(&grid)
        .remove(cw2::CONTRACT.as_slice());
    let error = suite.migrate_grid(&admin).unwrap_err().to_string();
    assert!(error.contains("not found"), "{error}");
}
