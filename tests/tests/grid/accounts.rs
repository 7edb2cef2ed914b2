//! Accounts, roles and meter keys.

use cosmwasm_std::{Addr, Binary, StdResult};
use gridweave_grid::ContractError;
use gridweave_testkit::fixtures::{ROOT, meter_key, prosumer};
use gridweave_testkit::{Suite, assert_event, assert_refused};
use gridweave_types::grid::{Account, AccountInput, ExecuteMsg, MAX_ROWS, METER_KEY_BYTES, Role};

/// Feeder 1 has buses 1 to 4, feeder 2 has buses 1 and 2.
fn suite() -> Suite {
    let mut suite = Suite::new();
    suite.feeder_with_buses(1, 3);
    suite.feeder_with_buses(2, 1);
    suite
}

fn metered(address: &Addr, key: Binary) -> AccountInput {
    AccountInput {
        meter_key: Some(key),
        ..prosumer(address, 1, 2)
    }
}

#[track_caller]
fn refused(suite: &mut Suite, accounts: Vec<AccountInput>, expected: &ContractError) {
    let operator = suite.operator.clone();
    let msg = ExecuteMsg::RegisterAccounts { accounts };
    suite.grid_refuses(&operator, &msg, expected);
}

#[test]
fn accounts_of_every_role_are_kept_as_given() -> StdResult<()> {
    let mut suite = suite();
    let roles = [
        Role::Prosumer,
        Role::Dso,
        Role::Meter,
        Role::Solver,
        Role::Keeper,
    ];
    let inputs: Vec<_> = (0u8..)
        .zip(roles)
        .map(|(number, role)| AccountInput {
            role,
            ..metered(&suite.address(&format!("{role:?}")), meter_key(number))
        })
        .collect();
    let response = suite.register_accounts(inputs.clone())?;
    let announced = [("action", "accounts_registered"), ("added", "5")];
    assert_event(&response, &suite.grid, &announced);
    for input in inputs {
        let address = Addr::unchecked(&input.address);
        let expected = Account {
            address: address.clone(),
            feeder: input.feeder,
            bus: input.bus,
            role: input.role,
            meter_key: input.meter_key,
        };
        assert_eq!(suite.account(&address)?, expected);
    }
    Ok(())
}

#[test]
fn an_address_is_registered_once() -> StdResult<()> {
    let mut suite = suite();
    let alice = suite.address("alice");
    suite.register_accounts(vec![prosumer(&alice, 1, 2)])?;
    let expected = ContractError::AccountExists {
        address: alice.clone(),
    };
    refused(&mut suite, vec![prosumer(&alice, 2, 2)], &expected);
    Ok(())
}

#[test]
fn an_account_needs_a_known_feeder_and_bus() -> StdResult<()> {
    let mut suite = suite();
    let alice = suite.address("alice");
    let no_feeder = ContractError::FeederNotFound { feeder: 9 };
    refused(&mut suite, vec![prosumer(&alice, 9, ROOT)], &no_feeder);
    let no_bus = ContractError::BusNotFound { feeder: 2, bus: 3 };
    refused(&mut suite, vec![prosumer(&alice, 2, 3)], &no_bus);
    suite.register_accounts(vec![prosumer(&alice, 2, ROOT)])?;
    Ok(())
}

#[test]
fn meter_keys_are_compressed_and_unique() -> StdResult<()> {
    let mut suite = suite();
    let (alice, bob) = (suite.address("alice"), suite.address("bob"));
    for bytes in [0, 32, 34, 65] {
        let expected = ContractError::MeterKeyLength {
            bytes,
            expected: METER_KEY_BYTES,
        };
        refused(
            &mut suite,
            vec![metered(&alice, vec![2; bytes].into())],
            &expected,
        );
    }
    let uncompressed = Binary::from([4; METER_KEY_BYTES]);
    let expected = ContractError::MeterKeyPrefix { prefix: 4 };
    refused(&mut suite, vec![metered(&alice, uncompressed)], &expected);

    suite.register_accounts(vec![metered(&alice, meter_key(1))])?;
    let expected = ContractError::MeterKeyInUse { holder: alice };
    refused(&mut suite, vec![metered(&bob, meter_key(1))], &expected);
    suite.register_accounts(vec![metered(&bob, meter_key(2))])?;
    Ok(())
}

#[test]
fn a_removed_account_is_gone_and_its_key_free() -> StdResult<()> {
    let mut suite = suite();
    let (alice, bob) = (suite.address("alice"), suite.address("bob"));
    suite.register_accounts(vec![metered(&alice, meter_key(1))])?;

    let response = suite.remove_account(&alice)?;
    let announced = [("action", "account_removed"), ("address", alice.as_str())];
    assert_event(&response, &suite.grid, &announced);
    let gone = ContractError::AccountNotFound {
        address: alice.clone(),
    };
    assert_refused(suite.account(&alice), &gone);
    assert_refused(suite.remove_account(&alice), &gone);
    assert!(suite.feeder_accounts(1, None, None)?.is_empty());

    suite.register_accounts(vec![metered(&bob, meter_key(1)), prosumer(&alice, 2, 2)])?;
    assert_eq!(suite.feeder_accounts(2, None, None)?.len(), 1);
    Ok(())
}

#[test]
fn a_meter_key_can_be_replaced_and_removed() -> StdResult<()> {
    let mut suite = suite();
    let (alice, bob) = (suite.address("alice"), suite.address("bob"));
    suite.register_accounts(vec![metered(&alice, meter_key(1)), prosumer(&bob, 1, 3)])?;

    let response = suite.set_meter_key(&alice, Some(meter_key(2)))?;
    let shown = meter_key(2).to_base64();
    let announced = [
        ("action", "meter_key_set"),
        ("address", alice.as_str()),
        ("meter_key", shown.as_str()),
    ];
    assert_event(&response, &suite.grid, &announced);
    suite.set_meter_key(&bob, Some(meter_key(1)))?;
    suite.set_meter_key(&bob, Some(meter_key(1)))?;
    assert_eq!(suite.account(&bob)?.meter_key, Some(meter_key(1)));

    let response = suite.set_meter_key(&alice, None)?;
    let announced = [
        ("action", "meter_key_set"),
        ("address", alice.as_str()),
        ("meter_key", "none"),
    ];
    assert_event(&response, &suite.grid, &announced);
    assert_eq!(suite.account(&alice)?.meter_key, None);
    Ok(())
}

#[test]
fn a_bad_meter_key_leaves_the_old_one() -> StdResult<()> {
    let mut suite = suite();
    let operator = suite.operator.clone();
    let (alice, bob) = (suite.address("alice"), suite.address("bob"));
    suite.register_accounts(vec![
        metered(&alice, meter_key(1)),
        metered(&bob, meter_key(2)),
    ])?;
    let set = |key| ExecuteMsg::SetMeterKey {
        address: alice.to_string(),
        meter_key: Some(key),
    };
    let taken = ContractError::MeterKeyInUse { holder: bob };
    suite.grid_refuses(&operator, &set(meter_key(2)), &taken);
    let short = ContractError::MeterKeyLength {
        bytes: 5,
        expected: METER_KEY_BYTES,
    };
    suite.grid_refuses(&operator, &set(vec![2; 5].into()), &short);
    let stranger = suite.address("stranger");
    let unknown = ContractError::AccountNotFound {
        address: stranger.clone(),
    };
    assert_refused(suite.set_meter_key(&stranger, None), &unknown);
    Ok(())
}

#[test]
fn a_batch_has_between_1_and_200_rows() -> StdResult<()> {
    let mut suite = suite();
    let inputs: Vec<_> = (0..=MAX_ROWS)
        .map(|number| prosumer(&suite.address(&format!("home {number}")), 1, 2))
        .collect();
    for rows in [0, MAX_ROWS + 1] {
        let expected = ContractError::BatchSize {
            field: "accounts",
            rows,
            max: MAX_ROWS,
        };
        refused(&mut suite, inputs[..rows].to_vec(), &expected);
    }
    suite.register_accounts(inputs[..MAX_ROWS].to_vec())?;
    Ok(())
}
