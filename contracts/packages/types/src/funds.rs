//! Coins that come with a message, and coins that leave.

use cosmwasm_std::{Addr, BankMsg, Coin, MessageInfo, Response, Uint128, coins};

/// Other coins came than the action takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("funds: received {received}, expected {expected}")]
pub struct WrongFunds {
    /// What came.
    pub received: String,
    /// What was expected.
    pub expected: String,
}

impl WrongFunds {
    /// The error of the coins of a message, where `expected` was expected.
    pub fn of(info: &MessageInfo, expected: impl Into<String>) -> Self {
        Self {
            received: display(&info.funds),
            expected: expected.into(),
        }
    }
}

/// Refuses coins where none belong: they would be in no book.
///
/// # Errors
/// [`WrongFunds`].
pub fn refuse(info: &MessageInfo) -> Result<(), WrongFunds> {
    match info.funds.is_empty() {
        true => Ok(()),
        false => Err(WrongFunds::of(info, "no coins")),
    }
}

/// The amount of the one coin that came; it must be of `denom`.
///
/// # Errors
/// [`WrongFunds`].
pub fn exact(info: &MessageInfo, denom: &str) -> Result<u128, WrongFunds> {
    let wrong = || WrongFunds::of(info, format!("one coin of {denom}"));
    let [coin] = info.funds.as_slice() else {
        return Err(wrong());
    };
    let amount = Uint128::try_from(coin.amount).map_err(|_| wrong())?;
    if coin.denom != denom || amount.is_zero() {
        return Err(wrong());
    }
    Ok(amount.u128())
}

/// Coins in words.
pub fn display(funds: &[Coin]) -> String {
    if funds.is_empty() {
        return "no coins".into();
    }
    let coins: Vec<String> = funds.iter().map(ToString::to_string).collect();
    coins.join(", ")
}

/// A transfer.
pub fn transfer(recipient: &Addr, amount: u128, denom: &str) -> BankMsg {
    BankMsg::Send {
        to_address: recipient.to_string(),
        amount: coins(amount, denom),
    }
}

/// Adds a transfer to a response whose state has been written; none of nothing.
pub fn pay(response: Response, recipient: &Addr, amount: u128, denom: &str) -> Response {
    match amount {
        0 => response,
        _ => response.add_message(transfer(recipient, amount, denom)),
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::message_info;
    use cosmwasm_std::{Uint256, coin};

    use super::*;

    fn with(funds: &[Coin]) -> MessageInfo {
        message_info(&Addr::unchecked("sender"), funds)
    }

    fn refusal<T: std::fmt::Debug>(outcome: Result<T, WrongFunds>) -> String {
        outcome.unwrap_err().to_string()
    }

    #[test]
    fn coins_where_none_belong_are_refused_with_what_came() {
        assert_eq!(refuse(&with(&[])), Ok(()));
        assert_eq!(
            refusal(refuse(&with(&[coin(5, "a"), coin(6, "b")]))),
            "funds: received 5a, 6b, expected no coins"
        );
    }

    #[test]
    fn one_coin_of_the_denom_is_its_amount() {
        assert_eq!(exact(&with(&[coin(7, "u")]), "u"), Ok(7));
    }

    #[test]
    fn anything_else_is_refused() {
        let too_much = Coin::new(Uint256::MAX, "u");
        let both = [coin(1, "u"), coin(1, "v")];
        for funds in [
            &[][..],
            &[coin(7, "v")],
            &[coin(0, "u")],
            &both,
            &[too_much],
        ] {
            let expected = format!("funds: received {}, expected one coin of u", display(funds));
            assert_eq!(refusal(exact(&with(funds), "u")), expected);
        }
    }

    #[test]
    fn nothing_is_not_paid() {
        let payee = Addr::unchecked("payee");
        assert!(pay(Response::new(), &payee, 0, "u").messages.is_empty());
        assert_eq!(pay(Response::new(), &payee, 1, "u").messages.len(), 1);
    }
}
