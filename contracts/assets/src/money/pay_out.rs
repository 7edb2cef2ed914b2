//! `PayOut`: the operator passes returned money on, many payments at a time.

use cosmwasm_std::{
    Addr, Api, CosmosMsg, DepsMut, Env, MessageInfo, Reply, Response, SubMsg, WasmMsg, coins,
    from_json, to_json_binary,
};
use gridweave_types::address::parse;
use gridweave_types::assets::{ConfigResponse, MAX_PAYOUTS, Payee, Payout};
use gridweave_types::billing::ExecuteMsg;
use gridweave_types::funds::transfer;
use gridweave_types::parameter::invalid;

use crate::authority::require_operator;
use crate::error::{ContractError, check_rows};
use crate::events::{done, paid};
use crate::ledger::{add, sub};
use crate::work::Work;

/// Id of every reply: what failed is in the payload.
const PAYMENT: u64 = 1;

/// Pays all rows; one that cannot be received does not hold up the others.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`],
/// [`ContractError::InvalidAddress`], [`ContractError::NoBilling`],
/// [`ContractError::InsufficientReturned`].
pub fn pay_out(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    rows: &[Payout],
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage, &env)?;
    require_operator(deps.querier, &work.config, &info.sender)?;
    check_rows("number of rows", rows.len(), MAX_PAYOUTS)?;
    let mut total = 0;
    let mut messages = Vec::with_capacity(rows.len());
    for row in rows {
        add(&mut total, row.amount.u128(), "payments")?;
        let message = message(deps.api, &work.config, &env.contract.address, row)?;
        let payload = to_json_binary(row)?;
        messages.push(SubMsg::reply_on_error(message, PAYMENT).with_payload(payload));
        work.announce(paid("paid_out", row));
    }
    let held = work.books.deposited;
    if total > held {
        return Err(ContractError::InsufficientReturned { asked: total, held });
    }
    sub(&mut work.books.deposited, total, "returned money")?;
    add(&mut work.books.paid_out, total, "coins paid out")?;
    let response = done("paid_out")
        .add_attribute("rows", rows.len().to_string())
        .add_attribute("amount", total.to_string());
    Ok(work.finish(response).add_submessages(messages))
}

/// Puts a payment that failed back to the returned money.
///
/// # Errors
/// Only those of storage.
pub fn take_back(deps: DepsMut, env: Env, msg: Reply) -> Result<Response, ContractError> {
    let row: Payout = from_json(&msg.payload)?;
    let mut work = Work::begin(deps.storage, &env)?;
    let amount = row.amount.u128();
    add(&mut work.books.deposited, amount, "returned money")?;
    sub(&mut work.books.paid_out, amount, "coins paid out")?;
    work.announce(paid("payout_failed", &row));
    Ok(work.finish(done("payout_failed").add_attribute("amount", row.amount)))
}

fn message(
    api: &dyn Api,
    config: &ConfigResponse,
    contract: &Addr,
    row: &Payout,
) -> Result<CosmosMsg, ContractError> {
    let amount = row.amount.u128();
    if amount == 0 {
        return Err(invalid("rows.amount", &amount, "above 0"));
    }
    match &row.payee {
        Payee::Address(address) => {
            let payee = parse(api, "rows.payee.address", address)?;
            if payee == *contract {
                // The coins would be in no book.
                let field = "rows.payee.address";
                return Err(invalid(field, &payee, "another than this contract"));
            }
            Ok(transfer(&payee, amount, &config.denom).into())
        }
        Payee::Account(account) => {
            let account = parse(api, "rows.payee.account", account)?;
            let billing = config.billing.as_ref().ok_or(ContractError::NoBilling)?;
            let top_up = ExecuteMsg::TopUp {
                account: Some(account.to_string()),
            };
            Ok(CosmosMsg::Wasm(WasmMsg::Execute {
                contract_addr: billing.to_string(),
                msg: to_json_binary(&top_up)?,
                funds: coins(amount, &config.denom),
            }))
        }
    }
}
