//! Coins in and out.

use cosmwasm_std::{Addr, BankMsg, Coin, MessageInfo, Response, Uint128, coins};

use crate::error::ContractError;

/// Refuses coins where none belong: they would be in no book.
///
/// # Errors
/// [`ContractError::WrongFunds`].
pub fn refuse_funds(info: &MessageInfo) -> Result<(), ContractError> {
    if info.funds.is_empty() {
        return Ok(());
    }
    Err(ContractError::WrongFunds {
        received: display(&info.funds),
        expected: "no coins".into(),
    })
}

/// The amount of the one coin that came; it must be of `denom`.
///
/// # Errors
/// [`ContractError::WrongFunds`].
pub fn exact(info: &MessageInfo, denom: &str) -> Result<u128, ContractError> {
    let wrong = || ContractError::WrongFunds {
        received: display(&info.funds),
        expected: format!("one coin of {denom}"),
    };
    let [coin] = info.funds.as_slice() else {
        return Err(wrong());
    };
    let amount = Uint128::try_from(coin.amount).map_err(|_| wrong())?;
    if coin.denom != denom || amount.is_zero() {
        return Err(wrong());
    }
    Ok(amount.u128())
}

/// What came, for an error.
pub fn display(funds: &[Coin]) -> String {
    if funds.is_empty() {
        return "no coins".into();
    }
    let coins: Vec<String> = funds.iter().map(ToString::to_string).collect();
    coins.join(", ")
}

/// Adds the transfer to a response whose state has been written.
pub fn pay(response: Response, recipient: &Addr, amount: u128, denom: &str) -> Response {
    if amount == 0 {
        return response;
    }
    response.add_message(BankMsg::Send {
        to_address: recipient.to_string(),
        amount: coins(amount, denom),
    })
}
