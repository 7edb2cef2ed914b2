//! Entry points; they dispatch and nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Addr, Api, Binary, Deps, DepsMut, Env, MessageInfo, Response, to_json_binary};
use gridweave_types::event::ACTION;
use gridweave_types::grid::{ExecuteMsg, InstantiateMsg, MAX_ROWS, MigrateMsg, QueryMsg};
use gridweave_types::version;

use crate::error::ContractError;
use crate::migrate::{CONTRACT_NAME, CONTRACT_VERSION, OLDEST_VERSION};
use crate::state::OPERATOR;
use crate::{account, branch, feeder, operator, query as read};

/// Sets up the register with its operator.
///
/// # Errors
/// Any attached funds; a malformed operator address.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    refuse_funds(&info)?;
    let operator = validate_address(deps.api, "operator", &msg.operator)?;
    version::stamp(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    OPERATOR.save(deps.storage, &operator)?;
    Ok(Response::new()
        .add_attribute(ACTION, "instantiated")
        .add_attribute("operator", operator))
}

/// Runs one action; the role of the sender is checked before anything else.
///
/// # Errors
/// See [`ContractError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    operator::authorize(deps.storage, &info.sender, &msg)?;
    refuse_funds(&info)?;
    match msg {
        ExecuteMsg::ProposeOperator { operator } => operator::propose(deps, &operator),
        ExecuteMsg::CancelProposal {} => operator::cancel(deps),
        ExecuteMsg::AcceptOperator {} => operator::accept(deps, &info.sender),
        ExecuteMsg::AddFeeder { feeder } => feeder::add(deps, &feeder),
        ExecuteMsg::SetFeederLimits {
            feeder,
            external_limit,
            internal_limit,
        } => feeder::set_limits(deps, feeder, external_limit, internal_limit),
        ExecuteMsg::AddBranches { feeder, branches } => branch::add(deps, feeder, &branches),
        ExecuteMsg::RegisterAccounts { accounts } => account::register(deps, accounts),
        ExecuteMsg::RemoveAccount { address } => account::remove(deps, &address),
        ExecuteMsg::SetMeterKey { address, meter_key } => {
            account::set_meter_key(deps, &address, meter_key)
        }
    }
}

/// Answers one query; pages are clamped.
///
/// # Errors
/// Unknown feeders and accounts; malformed addresses.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let answer = match msg {
        QueryMsg::Operator {} => to_json_binary(&read::operator(deps)?),
        QueryMsg::Feeder { feeder } => to_json_binary(&read::feeder(deps, feeder)?),
        QueryMsg::Feeders { start_after, limit } => {
            to_json_binary(&read::feeders(deps, start_after, limit)?)
        }
        QueryMsg::Branches {
            feeder,
            start_after,
            limit,
        } => to_json_binary(&read::branches(deps, feeder, start_after, limit)?),
        QueryMsg::Account { address } => to_json_binary(&read::account(deps, &address)?),
        QueryMsg::Accounts { start_after, limit } => {
            to_json_binary(&read::accounts(deps, start_after.as_deref(), limit)?)
        }
        QueryMsg::FeederAccounts {
            feeder,
            start_after,
            limit,
        } => {
            let start_after = start_after.as_deref();
            to_json_binary(&read::feeder_accounts(deps, feeder, start_after, limit)?)
        }
    };
    Ok(answer?)
}

/// Moves stored state to this code's version, never backward.
///
/// # Errors
/// [`ContractError::Version`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    Ok(version::forward(
        deps.storage,
        CONTRACT_NAME,
        CONTRACT_VERSION,
        OLDEST_VERSION,
    )?)
}

/// Parses an address of a message.
pub(crate) fn validate_address(
    api: &dyn Api,
    field: &'static str,
    value: &str,
) -> Result<Addr, ContractError> {
    api.addr_validate(value)
        .map_err(|error| ContractError::InvalidAddress {
            field,
            value: value.into(),
            reason: error.to_string(),
        })
}

/// Refuses an empty or oversized batch before any row is read.
pub(crate) fn check_rows(field: &'static str, rows: usize) -> Result<(), ContractError> {
    if (1..=MAX_ROWS).contains(&rows) {
        return Ok(());
    }
    Err(ContractError::BatchSize {
        field,
        rows,
        max: MAX_ROWS,
    })
}

/// Coins sent here would be lost: the contract has no way to return them.
fn refuse_funds(info: &MessageInfo) -> Result<(), ContractError> {
    match info.funds.first() {
        None => Ok(()),
        Some(coin) => Err(ContractError::FundsNotAccepted { coin: coin.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
    use cosmwasm_std::{attr, coins};

    #[test]
    fn instantiation_announces_the_operator() -> Result<(), ContractError> {
        let mut deps = mock_dependencies();
        let operator = deps.api.addr_make("operator");
        let info = message_info(&deps.api.addr_make("creator"), &[]);
        let msg = InstantiateMsg {
            operator: operator.to_string(),
        };
        let response = instantiate(deps.as_mut(), mock_env(), info, msg)?;
        let announced = [attr(ACTION, "instantiated"), attr("operator", &operator)];
        assert_eq!(response.attributes, announced);
        assert_eq!(OPERATOR.load(&deps.storage)?, operator);
        Ok(())
    }

    #[test]
    fn instantiation_takes_no_funds() {
        let mut deps = mock_dependencies();
        let creator = deps.api.addr_make("creator");
        let info = message_info(&creator, &coins(1, "umoney"));
        let msg = InstantiateMsg {
            operator: creator.into(),
        };
        let refused = instantiate(deps.as_mut(), mock_env(), info, msg).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "funds: 1umoney attached, expected none"
        );
        assert!(
            OPERATOR
                .may_load(&deps.storage)
                .is_ok_and(|operator| operator.is_none())
        );
    }
}
