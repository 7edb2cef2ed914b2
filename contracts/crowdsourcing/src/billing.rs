//! The `billing` contract as this one uses it: commitments, lines, credits.

use cosmwasm_std::{Addr, Coin, QuerierWrapper, StdResult, WasmMsg, to_json_binary};
use gridweave_types::billing::{
    AccountResponse, CommitmentInput, ExecuteMsg, LineResponse, LinesResponse, QueryMsg,
};
use gridweave_types::crowdsourcing::ConfigResponse;

use crate::error::ContractError;

/// Checks that `billing` takes commitments of an account; it would leave them out silently, and
/// something would count as accepted here that nobody has promised.
///
/// # Errors
/// [`ContractError::Suspended`].
pub fn require_solvent(
    querier: QuerierWrapper,
    config: &ConfigResponse,
    account: &Addr,
) -> Result<(), ContractError> {
    let question = QueryMsg::Account {
        account: account.to_string(),
    };
    let answer: StdResult<AccountResponse> = querier.query_wasm_smart(&config.billing, &question);
    // An account that has never been used has paid no collateral yet.
    let suspended = answer.map_or(!config.collateral.is_zero(), |known| known.suspended);
    match suspended {
        true => Err(ContractError::Suspended {
            account: account.clone(),
        }),
        false => Ok(()),
    }
}

/// A promise of an account: interval, energy (Wh, injection positive), price (µ/kWh).
pub fn commitment(account: &Addr, interval: u32, energy: i64, price: i64) -> CommitmentInput {
    CommitmentInput {
        account: account.to_string(),
        interval,
        energy: energy.into(),
        price: price.into(),
    }
}

/// The message that records promises, all or none.
///
/// # Errors
/// Only those of serialization.
pub fn record(config: &ConfigResponse, commitments: Vec<CommitmentInput>) -> StdResult<WasmMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: config.billing.to_string(),
        msg: to_json_binary(&ExecuteMsg::RecordCommitments {
            commitments,
            paid: false,
        })?,
        funds: Vec::new(),
    })
}

/// The message that pays money (µ, above 0) into an account.
///
/// # Errors
/// Only those of serialization.
pub fn credit(config: &ConfigResponse, account: &Addr, amount: u128) -> StdResult<WasmMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: config.billing.to_string(),
        msg: to_json_binary(&ExecuteMsg::TopUp {
            account: Some(account.to_string()),
        })?,
        funds: vec![Coin::new(amount, config.denom.clone())],
    })
}

/// An account's line in an interval, if it has one.
///
/// # Errors
/// When `billing` does not answer.
pub fn line(
    querier: QuerierWrapper,
    config: &ConfigResponse,
    account: &Addr,
    interval: u32,
) -> StdResult<Option<LineResponse>> {
    let question = QueryMsg::AccountLines {
        account: account.to_string(),
        from: interval,
        limit: Some(1),
    };
    let answer: LinesResponse = querier.query_wasm_smart(&config.billing, &question)?;
    let mut lines = answer.lines.into_iter();
    Ok(lines.find(|line| line.interval == interval))
}
