//! Coins in and out.

mod add;
mod deposit;
mod pay_out;
mod withdraw;

use cosmwasm_std::{BankMsg, Coin, MessageInfo, Uint128, coins};

pub use add::add;
pub use deposit::deposit;
pub use pay_out::{pay_out, take_back};
pub use withdraw::withdraw;

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
fn exact(info: &MessageInfo, denom: &str) -> Result<u128, ContractError> {
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

fn display(funds: &[Coin]) -> String {
    if funds.is_empty() {
        return "no coins".into();
    }
    let coins: Vec<String> = funds.iter().map(ToString::to_string).collect();
    coins.join(", ")
}

/// A transfer of the one denom.
fn transfer(recipient: &str, amount: u128, denom: &str) -> BankMsg {
    BankMsg::Send {
        to_address: recipient.into(),
        amount: coins(amount, denom),
    }
}
