//! Accounts: their numbers and their coins.

use cosmrs::proto::cosmos::auth::v1beta1::{
    BaseAccount, QueryAccountRequest, QueryAccountResponse,
};
use cosmrs::proto::cosmos::bank::v1beta1::{MsgSend, QueryBalanceRequest, QueryBalanceResponse};

use super::node::Node;
use super::rpc::RpcError;
use super::sign::Account;
use super::{WasmdChain, messages};
use crate::{ChainError, Coin, Signer, TxResponse};

const ACCOUNT: &str = "/cosmos.auth.v1beta1.Query/Account";
const BALANCE: &str = "/cosmos.bank.v1beta1.Query/Balance";

/// The account at `address`; none when the chain has never seen it.
pub(super) async fn find(node: &Node, address: &str) -> Result<Option<Account>, ChainError> {
    let request = QueryAccountRequest {
        address: address.into(),
    };
    let unreadable = |reason: String| {
        let attempt = format!("tell the account of {address}");
        node.fault(&attempt, RpcError::Unreadable(reason))
    };
    let answer: QueryAccountResponse = match node.ask(ACCOUNT, &request).await? {
        Ok(answer) => answer,
        Err(denied) if denied.log.contains("not found") => return Ok(None),
        Err(denied) => return Err(unreadable(denied.log)),
    };
    let account = answer
        .account
        .ok_or_else(|| unreadable("no account".into()))?;
    let account: BaseAccount = account.to_msg().map_err(|e| unreadable(e.to_string()))?;
    Ok(Some(Account {
        number: account.account_number,
        sequence: account.sequence,
    }))
}

impl WasmdChain {
    /// Sends coins from one account to others, in one transaction.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when there are not enough; then nothing is sent.
    pub async fn send_coins(
        &self,
        from: &Signer,
        payments: &[(String, Coin)],
    ) -> Result<TxResponse, ChainError> {
        let sends = payments.iter().map(|(to, coin)| MsgSend {
            from_address: from.address.clone(),
            to_address: to.clone(),
            amount: vec![messages::coin(coin)],
        });
        let included = self.submit(from, messages::pack(sends)?, 0).await?;
        Ok(TxResponse {
            height: included.height,
            events: included.events(),
            data: vec![None; payments.len()],
            receipt: Some(included.receipt),
        })
    }

    /// What `address` has of the coin `denom`, in its smallest unit.
    ///
    /// # Errors
    /// [`ChainError::Node`] when the address is none.
    pub async fn balance(&self, address: &str, denom: &str) -> Result<u128, ChainError> {
        let request = QueryBalanceRequest {
            address: address.into(),
            denom: denom.into(),
        };
        let node = self.node();
        let answer: QueryBalanceResponse = node.demand(BALANCE, &request).await?;
        let amount = answer.balance.map(|coin| coin.amount);
        let amount = amount.as_deref().unwrap_or_default();
        amount.parse().map_err(|_| {
            let attempt = format!("tell the balance of {address}");
            node.fault(
                &attempt,
                RpcError::Unreadable(format!("'{amount}' is no amount")),
            )
        })
    }
}
