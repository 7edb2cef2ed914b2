//! Money into `billing`: what accounts pay in for themselves, and the treasury for the grid.

use cosmwasm_std::Uint128;
use gridweave_chain::{Call, Chain, Coin, ContractAddr, Signer};
use gridweave_types::billing::{AccountResponse, ExecuteMsg};

use crate::AgentError;
use crate::ledger;

/// Accounts topped up by one transaction.
const PAGE: usize = 50;

/// What an account lacks of a deposit of `wanted` µ.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn missing<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
    account: &str,
    wanted: u128,
) -> Result<u128, AgentError> {
    let account = ledger::account_of(chain, billing, account).await?;
    let has = account.as_ref().map_or(0, held);
    Ok(wanted.saturating_sub(has))
}

/// Pays in what the signer's own account lacks of a deposit of `wanted` µ.
///
/// # Errors
/// [`AgentError::Chain`], when it is not registered or has not got the coins.
pub async fn top_up<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
    signer: &Signer,
    wanted: u128,
) -> Result<(), AgentError> {
    let missing = missing(chain, billing, &signer.address, wanted).await?;
    let message = ExecuteMsg::TopUp { account: None };
    pay(chain, billing, signer, &message, missing).await
}

/// Pays in, as `payer`, what each of `accounts` lacks of a deposit of `wanted` µ.
///
/// # Errors
/// [`AgentError::Chain`], when one is not registered or `payer` has not got the coins.
pub async fn top_up_all<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
    payer: &Signer,
    (accounts, wanted): (&[String], u128),
) -> Result<(), AgentError> {
    let denom = ledger::terms(chain, billing).await?.denom;
    let mut calls = Vec::new();
    for account in accounts {
        let missing = missing(chain, billing, account, wanted).await?;
        if missing > 0 {
            let top_up = ExecuteMsg::TopUp {
                account: Some(account.clone()),
            };
            let coins = vec![Coin::new(Uint128::new(missing), &denom)];
            calls.push(Call::new(billing, &top_up)?.with_funds(coins));
        }
    }
    for page in calls.chunks(PAGE) {
        chain.execute_many(payer, page.to_vec()).await?;
    }
    Ok(())
}

/// Pays in what the grid account lacks of `wanted` µ of cash.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn fund_grid<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
    signer: &Signer,
    wanted: u128,
) -> Result<(), AgentError> {
    let has = ledger::books(chain, billing).await?.grid.u128();
    let missing = wanted.saturating_sub(has);
    pay(chain, billing, signer, &ExecuteMsg::FundGrid {}, missing).await
}

async fn pay<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
    signer: &Signer,
    message: &ExecuteMsg,
    amount: u128,
) -> Result<(), AgentError> {
    if amount == 0 {
        return Ok(());
    }
    let denom = ledger::terms(chain, billing).await?.denom;
    let coins = vec![Coin::new(Uint128::new(amount), denom)];
    let call = Call::new(billing, message)?.with_funds(coins);
    chain.execute_many(signer, vec![call]).await?;
    Ok(())
}

/// Money of an account that is not owed.
fn held(account: &AccountResponse) -> u128 {
    let money = account.balance.u128() + account.collateral.u128();
    money.saturating_sub(account.arrears.u128())
}
