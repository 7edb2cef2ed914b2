//! Messages of a transaction.

use cosmrs::Any;
use cosmrs::proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmrs::proto::cosmwasm::wasm::v1::MsgExecuteContract;
use cosmrs::proto::prost::Name;

use super::options::bad;
use crate::{Call, ChainError, Coin, Signer};

/// `messages` in the form that a transaction carries.
pub(super) fn pack<M: Name>(messages: impl IntoIterator<Item = M>) -> Result<Vec<Any>, ChainError> {
    let messages = messages.into_iter();
    messages
        .map(|message| Any::from_msg(&message))
        .collect::<Result<_, _>>()
        .map_err(|error| bad("message", error, "one that can be encoded"))
}

/// A call of `signer`.
pub(super) fn execute(signer: &Signer, call: Call) -> MsgExecuteContract {
    MsgExecuteContract {
        sender: signer.address.clone(),
        contract: call.contract.as_str().into(),
        msg: call.msg,
        funds: call.funds.iter().map(coin).collect(),
    }
}

pub(super) fn coin(coin: &Coin) -> ProtoCoin {
    ProtoCoin {
        denom: coin.denom.clone(),
        amount: coin.amount.to_string(),
    }
}
