//! Attacks on the authority and the consistency of the register.

use cosmwasm_std::{Addr, StdResult, Uint64, coins};
use gridweave_grid::ContractError;
use gridweave_testkit::fixtures::{ROOT, branch, feeder, meter_key, prosumer};
use gridweave_testkit::{DENOM, Suite, assert_refused};
use gridweave_types::grid::{AccountInput, ExecuteMsg, MAX_ROWS, Role};

/// A feeder of three buses with one prosumer, `alice`.
fn suite() -> Suite {
    let mut suite = Suite::new();
    suite.feeder_with_buses(1, 2);
    let alice = suite.address("alice");
    let account = AccountInput {
        meter_key: Some(meter_key(1)),
        ..prosumer(&alice, 1, 2)
    };
    suite.register_accounts(vec![account]).unwrap();
    suite
}

/// One valid message of each kind that only the operator may send.
fn operator_messages(suite: &Suite) -> Vec<ExecuteMsg> {
    let (alice, mallory) = (suite.address("alice"), suite.address("mallory"));
    vec![
        ExecuteMsg::ProposeOperator {
            operator: mallory.to_string(),
        },
        ExecuteMsg::CancelProposal {},
        ExecuteMsg::AddFeeder { feeder: feeder(2) },
        ExecuteMsg::SetFeederLimits {
            feeder: 1,
            external_limit: Uint64::MAX,
            internal_limit: Uint64::MAX,
        },
        ExecuteMsg::AddBranches {
            feeder: 1,
            branches: vec![branch(4, 3)],
        },
        ExecuteMsg::RegisterAccounts {
            accounts: vec![prosumer(&mallory, 1, 3)],
        },
        ExecuteMsg::RemoveAccount {
            address: alice.to_string(),
        },
        ExecuteMsg::SetMeterKey {
            address: alice.to_string(),
            meter_key: Some(meter_key(9)),
        },
    ]
}

#[test]
fn nobody_but_the_operator_writes() -> StdResult<()> {
    let mut suite = suite();
    let successor = suite.address("successor");
    let dso = suite.address("dso");
    suite.register_accounts(vec![AccountInput {
        role: Role::Dso,
        ..prosumer(&dso, 1, ROOT)
    }])?;
    suite.propose_operator(&successor)?;
    let outsiders = [
        suite.address("mallory"),
        suite.address("alice"),
        suite.admin.clone(),
        suite.grid.clone(),
        dso,
        successor,
    ];
    for sender in outsiders {
        for msg in operator_messages(&suite) {
            let expected = ContractError::NotOperator {
                sender: sender.clone(),
                operator: suite.operator.clone(),
            };
            suite.grid_refuses(&sender, &msg, &expected);
        }
    }
    Ok(())
}

#[test]
fn roles_come_before_contents() {
    let mut suite = suite();
    let mallory = suite.address("mallory");
    let expected = ContractError::NotOperator {
        sender: mallory.clone(),
        operator: suite.operator.clone(),
    };
    let nonsense = ExecuteMsg::RegisterAccounts {
        accounts: vec![prosumer(&Addr::unchecked("nonsense"), 99, 99); MAX_ROWS + 1],
    };
    suite.grid_refuses(&mallory, &nonsense, &expected);
}

#[test]
fn only_the_admin_migrates() {
    let mut suite = suite();
    for sender in [suite.address("mallory"), suite.operator.clone()] {
        let before = suite.state(&suite.grid);
        let error = suite.migrate_grid(&sender).unwrap_err().to_string();
        assert!(error.contains("Only admin can migrate contract"), "{error}");
        assert_eq!(suite.state(&suite.grid), before);
    }
}

#[test]
fn the_hand_over_cannot_be_hijacked() -> StdResult<()> {
    let mut suite = suite();
    let (mallory, successor) = (suite.address("mallory"), suite.address("successor"));
    let operator = suite.operator.clone();
    let accept = ExecuteMsg::AcceptOperator {};

    let none = ContractError::NoProposal {
        operator: operator.clone(),
    };
    suite.grid_refuses(&mallory, &accept, &none);
    suite.propose_operator(&successor)?;
    for sender in [&mallory, &operator] {
        let expected = ContractError::NotProposed {
            sender: sender.clone(),
            proposed: successor.clone(),
        };
        suite.grid_refuses(sender, &accept, &expected);
    }
    // A proposal that was withdrawn or used up opens no door.
    suite.cancel_proposal()?;
    suite.grid_refuses(&successor, &accept, &none);
    suite.propose_operator(&successor)?;
    suite.accept_operator(&successor)?;
    let used = ContractError::NoProposal {
        operator: successor.clone(),
    };
    suite.grid_refuses(&successor, &accept, &used);
    suite.grid_refuses(&operator, &accept, &used);
    let former = ContractError::NotOperator {
        sender: operator.clone(),
        operator: successor,
    };
    let msg = ExecuteMsg::ProposeOperator {
        operator: operator.to_string(),
    };
    suite.grid_refuses(&operator, &msg, &former);
    Ok(())
}

#[test]
fn attached_funds_are_returned() {
    let mut suite = suite();
    let operator = suite.funded("operator");
    let grid = suite.grid.clone();
    let msg = ExecuteMsg::AddFeeder { feeder: feeder(2) };
    let funds = coins(5, DENOM);
    let expected = ContractError::FundsNotAccepted {
        coin: funds[0].clone(),
    };
    assert_refused(suite.execute(&operator, &grid, &msg, &funds), &expected);
    let held = suite.app.wrap().query_balance(&grid, DENOM).unwrap();
    assert!(held.amount.is_zero());
}

#[test]
fn duplicates_inside_one_batch_undo_the_whole_batch() {
    let mut suite = suite();
    let operator = suite.operator.clone();
    let (bob, carol) = (suite.address("bob"), suite.address("carol"));

    let branches = ExecuteMsg::AddBranches {
        feeder: 1,
        branches: vec![branch(4, 3), branch(5, 4), branch(4, ROOT)],
    };
    let expected = ContractError::BusExists { feeder: 1, bus: 4 };
    suite.grid_refuses(&operator, &branches, &expected);

    let accounts = ExecuteMsg::RegisterAccounts {
        accounts: vec![prosumer(&bob, 1, 2), prosumer(&bob, 1, 3)],
    };
    let expected = ContractError::AccountExists {
        address: bob.clone(),
    };
    suite.grid_refuses(&operator, &accounts, &expected);

    let keyed = |address: &Addr| AccountInput {
        meter_key: Some(meter_key(2)),
        ..prosumer(address, 1, 2)
    };
    let keys = ExecuteMsg::RegisterAccounts {
        accounts: vec![keyed(&bob), keyed(&carol)],
    };
    let expected = ContractError::MeterKeyInUse { holder: bob };
    suite.grid_refuses(&operator, &keys, &expected);
}

#[test]
fn loops_cannot_be_closed() {
    let mut suite = suite();
    let operator = suite.operator.clone();
    // 1-2-3 is there: across, back to the root, and a pair that hangs on itself.
    let attempts = [
        vec![branch(3, ROOT)],
        vec![branch(ROOT, 3)],
        vec![branch(5, 6), branch(6, 5)],
        vec![branch(7, 7)],
    ];
    for branches in attempts {
        let before = suite.state(&suite.grid);
        let msg = ExecuteMsg::AddBranches {
            feeder: 1,
            branches,
        };
        let error = suite.on_grid(&operator, &msg).unwrap_err().to_string();
        assert!(error.contains("on feeder 1"), "{error}");
        assert_eq!(suite.state(&suite.grid), before);
    }
}
