//! Malformed and extreme input to the register.

use cosmwasm_std::{StdResult, Uint64};
use gridweave_grid::ContractError;
use gridweave_grid::branch::MAX_IMPEDANCE;
use gridweave_testkit::fixtures::{branch, feeder, prosumer};
use gridweave_testkit::{Suite, assert_refused};
use gridweave_types::grid::{
    Account, AccountInput, AccountsResponse, Branch, ExecuteMsg, Feeder, InstantiateMsg, QueryMsg,
};
use gridweave_units::Fx;
use serde_json::json;

/// A feeder of three buses.
fn suite() -> Suite {
    let mut suite = Suite::new();
    suite.feeder_with_buses(1, 2);
    suite
}

#[test]
fn malformed_addresses_are_refused_everywhere() {
    let mut suite = suite();
    let operator = suite.operator.clone();
    let alice = suite.address("alice").to_string();
    let malformed = [
        String::new(),
        "x".into(),
        "cosmwasm1".into(),
        alice.to_uppercase(),
        format!("{alice} "),
        alice.replacen("cosmwasm", "osmo", 1),
        alice[..alice.len() - 1].into(),
        "a".repeat(10_000),
    ];
    for text in malformed {
        let address = || text.clone();
        let messages = [
            ExecuteMsg::ProposeOperator {
                operator: address(),
            },
            ExecuteMsg::RegisterAccounts {
                accounts: vec![AccountInput {
                    address: address(),
                    ..prosumer(&operator, 1, 2)
                }],
            },
            ExecuteMsg::RemoveAccount { address: address() },
            ExecuteMsg::SetMeterKey {
                address: address(),
                meter_key: None,
            },
        ];
        for msg in messages {
            assert_malformed(suite.on_grid(&operator, &msg), &text);
        }
        let start_after = Some(address());
        let account = QueryMsg::Account { address: address() };
        assert_malformed(suite.ask_grid::<Account>(&account), &text);
        let accounts = QueryMsg::Accounts {
            start_after: start_after.clone(),
            limit: None,
        };
        assert_malformed(suite.ask_grid::<AccountsResponse>(&accounts), &text);
        let of_feeder = QueryMsg::FeederAccounts {
            feeder: 1,
            start_after,
            limit: None,
        };
        assert_malformed(suite.ask_grid::<AccountsResponse>(&of_feeder), &text);
    }
}

#[track_caller]
fn assert_malformed<T: std::fmt::Debug>(result: StdResult<T>, text: &str) {
    let error = result.unwrap_err().to_string();
    let expected = format!(": '{text}' is not a valid address (");
    assert!(error.contains(&expected), "{error}");
}

#[test]
fn a_malformed_operator_is_never_installed() {
    use cw_multi_test::{App, ContractWrapper, Executor};
    use gridweave_grid::contract::{execute, instantiate, query};

    let mut app = App::default();
    let creator = app.api().addr_make("creator");
    let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let msg = InstantiateMsg {
        operator: "nobody".into(),
    };
    let result = app.instantiate_contract(code, creator, &msg, &[], "grid", None);
    assert_malformed(result, "nobody");
}

#[test]
fn numbers_at_the_limits_of_their_types_are_safe() -> StdResult<()> {
    let mut suite = Suite::new();
    let extreme = Feeder {
        id: u32::MAX,
        root: u32::MAX,
        external_limit: Uint64::MAX,
        internal_limit: Uint64::MAX,
        ..feeder(0)
    };
    suite.add_feeder(extreme.clone())?;
    assert_eq!(suite.feeder(u32::MAX)?, extreme);
    for value in [Fx::MIN, Fx::MAX] {
        let row = Branch {
            r: value,
            ..branch(0, u32::MAX)
        };
        let expected = ContractError::ImpedanceOutOfRange {
            bus: 0,
            quantity: "r",
            value,
            max: MAX_IMPEDANCE,
        };
        assert_refused(suite.add_branches(u32::MAX, vec![row]), &expected);
    }
    suite.add_branches(u32::MAX, vec![branch(0, u32::MAX)])?;
    Ok(())
}

#[test]
fn messages_with_unknown_parts_are_refused() {
    let mut suite = suite();
    let (operator, grid) = (suite.operator.clone(), suite.grid.clone());
    let before = suite.state(&grid);
    let strange = [
        json!({"accept_operator": {"force": true}}),
        json!({"set_operator": {"operator": "mallory"}}),
        json!({"set_feeder_limits": {"feeder": 1, "external_limit": 5, "internal_limit": "5"}}),
        json!({"set_feeder_limits": {"feeder": -1, "external_limit": "5", "internal_limit": "5"}}),
        json!({"add_branches": {"feeder": 1, "branches": [
            {"bus": 4, "parent": 3, "r": "NaN", "x": "1"}]}}),
    ];
    for msg in strange {
        let refused = suite.execute(&operator, &grid, &msg, &[]);
        assert!(refused.is_err(), "accepted {msg}");
    }
    assert_eq!(suite.state(&grid), before);
}
