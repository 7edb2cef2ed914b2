//! Bank transfers, found by the hash of their transaction.

use cosmrs::proto::cosmos::bank::v1beta1::MsgSend;
use cosmrs::proto::cosmos::tx::v1beta1::{TxBody, TxRaw};
use cosmrs::proto::prost::Message;
use cosmrs::tendermint::Hash;

use super::node::Node;
use super::options::bad;
use crate::{ChainError, Route, Transfer};

/// What transaction `hash` has sent on `route`.
pub(super) async fn find(
    node: &Node,
    hash: &str,
    route: Route<'_>,
) -> Result<Option<Transfer>, ChainError> {
    let hash: Hash = hash
        .parse()
        .map_err(|_| bad("hash", hash, "64 hex digits"))?;
    let Some(found) = node.tx(hash).await? else {
        return Ok(None);
    };
    if found.tx_result.code.is_err() {
        return Ok(None);
    }
    Ok(Some(Transfer {
        height: found.height.value(),
        amount: sent(&found.tx, route),
    }))
}

/// The sum of what the messages of `transaction` send on `route`.
fn sent(transaction: &[u8], route: Route<'_>) -> u128 {
    let body = TxRaw::decode(transaction).and_then(|raw| TxBody::decode(&*raw.body_bytes));
    let messages = body.map(|body| body.messages).unwrap_or_default();
    let sends = messages
        .iter()
        .filter_map(|message| message.to_msg::<MsgSend>().ok())
        .filter(|send| send.from_address == route.from && send.to_address == route.to);
    let coins = sends.flat_map(|send| send.amount);
    coins
        .filter(|coin| coin.denom == route.denom)
        .filter_map(|coin| coin.amount.parse::<u128>().ok())
        .fold(0, u128::saturating_add)
}

#[cfg(test)]
mod tests {
    use cosmrs::Any;
    use cosmrs::proto::cosmos::base::v1beta1::Coin;

    use super::*;

    fn send(from: &str, to: &str, amount: &str, denom: &str) -> Any {
        let coin = Coin {
            denom: denom.into(),
            amount: amount.into(),
        };
        let send = MsgSend {
            from_address: from.into(),
            to_address: to.into(),
            amount: vec![coin],
        };
        Any::from_msg(&send).unwrap()
    }

    #[test]
    fn only_coins_on_the_route_count() {
        let body = TxBody {
            messages: vec![
                send("home", "operator", "40", "stake"),
                send("home", "operator", "2", "stake"),
                send("home", "operator", "1000", "other"),
                send("home", "else", "1000", "stake"),
                send("else", "operator", "1000", "stake"),
            ],
            ..Default::default()
        };
        let raw = TxRaw {
            body_bytes: body.encode_to_vec(),
            ..Default::default()
        };
        let route = Route {
            from: "home",
            to: "operator",
            denom: "stake",
        };
        assert_eq!(sent(&raw.encode_to_vec(), route), 42);
        assert_eq!(sent(b"no transaction", route), 0);
    }
}
