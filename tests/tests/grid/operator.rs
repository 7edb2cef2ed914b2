//! The operator's office and its hand-over in two steps.

use cosmwasm_std::StdResult;
use gridweave_grid::ContractError;
use gridweave_testkit::{Suite, assert_event, assert_refused, fixtures};
use gridweave_types::grid::ExecuteMsg;

#[test]
fn the_register_starts_with_its_operator_and_no_proposal() -> StdResult<()> {
    let suite = Suite::new();
    let answer = suite.operator()?;
    assert_eq!(answer.operator, suite.operator);
    assert_eq!(answer.proposed, None);
    Ok(())
}

#[test]
fn the_office_changes_hands_only_on_acceptance() -> StdResult<()> {
    let mut suite = Suite::new();
    let (old, new) = (suite.operator.clone(), suite.address("successor"));

    let response = suite.propose_operator(&new)?;
    let announced = [("action", "operator_proposed"), ("operator", new.as_str())];
    assert_event(&response, &suite.grid, &announced);
    assert_eq!(suite.operator()?.operator, old);
    assert_eq!(suite.operator()?.proposed, Some(new.clone()));

    let response = suite.accept_operator(&new)?;
    let announced = [
        ("action", "operator_accepted"),
        ("operator", new.as_str()),
        ("previous", old.as_str()),
    ];
    assert_event(&response, &suite.grid, &announced);
    assert_eq!(suite.operator()?.operator, new);
    assert_eq!(suite.operator()?.proposed, None);

    let expected = ContractError::NotOperator {
        sender: old,
        operator: new.clone(),
    };
    assert_refused(suite.add_feeder(fixtures::feeder(1)), &expected);
    suite.operator = new;
    suite.add_feeder(fixtures::feeder(1))?;
    Ok(())
}

#[test]
fn a_proposal_can_be_withdrawn_once() -> StdResult<()> {
    let mut suite = Suite::new();
    let (operator, new) = (suite.operator.clone(), suite.address("successor"));
    suite.propose_operator(&new)?;

    let response = suite.cancel_proposal()?;
    let announced = [("action", "proposal_cancelled"), ("operator", new.as_str())];
    assert_event(&response, &suite.grid, &announced);
    assert_eq!(suite.operator()?.proposed, None);

    let none = ContractError::NoProposal {
        operator: operator.clone(),
    };
    suite.grid_refuses(&new, &ExecuteMsg::AcceptOperator {}, &none);
    suite.grid_refuses(&operator, &ExecuteMsg::CancelProposal {}, &none);
    Ok(())
}

#[test]
fn a_later_proposal_replaces_the_earlier_one() -> StdResult<()> {
    let mut suite = Suite::new();
    let (first, second) = (suite.address("first"), suite.address("second"));
    suite.propose_operator(&first)?;
    suite.propose_operator(&second)?;

    let expected = ContractError::NotProposed {
        sender: first.clone(),
        proposed: second.clone(),
    };
    suite.grid_refuses(&first, &ExecuteMsg::AcceptOperator {}, &expected);
    suite.accept_operator(&second)?;
    assert_eq!(suite.operator()?.operator, second);
    Ok(())
}

#[test]
fn the_operator_in_office_cannot_be_proposed() {
    let mut suite = Suite::new();
    let operator = suite.operator.clone();
    let expected = ContractError::AlreadyOperator {
        operator: operator.clone(),
    };
    assert_refused(suite.propose_operator(&operator), &expected);
}
