//! `AddFinancialBalance`: the paper's `addFinancialBalance`.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use gridweave_types::address::parse;
use gridweave_types::funds::exact;

use crate::error::ContractError;
use crate::events::done;
use crate::ledger::{self, give_money};
use crate::work::Work;

/// Pays the attached coins into an address's money.
///
/// # Errors
/// [`ContractError::WrongFunds`], [`ContractError::InvalidAddress`].
pub fn add(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    holder: &str,
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage, &env)?;
    let amount = exact(&info, &work.config.denom)?;
    let holder = parse(deps.api, "holder", holder)?;
    let id = work.holder_or_new(&holder)?;
    ledger::add(&mut work.books.paid_in, amount, "coins paid in")?;
    give_money(&mut work, id, amount)?;
    let response = done("financial_added")
        .add_attribute("holder", holder)
        .add_attribute("amount", amount.to_string())
        .add_attribute("money", work.money(id)?.to_string());
    Ok(work.finish(response))
}
