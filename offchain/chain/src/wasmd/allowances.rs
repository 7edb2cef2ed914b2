//! Fee allowances: one account pays the fees of others.

use cosmrs::Any;
use cosmrs::proto::cosmos::feegrant::v1beta1::{
    AllowedMsgAllowance, BasicAllowance, MsgGrantAllowance, QueryAllowanceRequest,
    QueryAllowanceResponse,
};

use cosmrs::proto::cosmwasm::wasm::v1::MsgExecuteContract;
use cosmrs::proto::prost::Name;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::node::Node;
use super::rpc::RpcError;
use super::{WasmdChain, messages};
use crate::{ChainError, Coin, Signer};

const ALLOWANCE: &str = "/cosmos.feegrant.v1beta1.Query/Allowance";
/// Allowances asked for at the same time.
const AT_ONCE: usize = 16;
/// Grants in one transaction.
const BATCH: usize = 100;

impl WasmdChain {
    /// Lets `grantees` pay their fees from the account of `granter`, without limit and end; tells
    /// how many could not before. An account that the chain has never seen comes into being.
    ///
    /// # Errors
    /// [`ChainError::Refused`]; batches of 50 before the refused one have taken effect, and the
    /// same call continues after them.
    pub async fn grant_fees(
        &self,
        granter: &Signer,
        grantees: &[String],
    ) -> Result<usize, ChainError> {
        let unlimited = messages::pack([BasicAllowance::default()])?;
        self.grant(granter, grantees, &unlimited).await
    }

    /// Grants `allowance`, a single one, to whoever has none. Most have none: only when the chain refuses
    /// a batch is it asked who has one.
    pub(super) async fn grant(
        &self,
        granter: &Signer,
        grantees: &[String],
        allowance: &[Any],
    ) -> Result<usize, ChainError> {
        let mut granted = 0;
        for batch in grantees.chunks(BATCH) {
            granted += match self.grant_batch(granter, batch, allowance).await {
                Err(ChainError::Refused { .. }) => {
                    let missing = self.ungranted(granter, batch).await?;
                    self.grant_batch(granter, &missing, allowance).await?
                }
                done => done?,
            };
        }
        Ok(granted)
    }

    async fn grant_batch(
        &self,
        granter: &Signer,
        grantees: &[String],
        allowance: &[Any],
    ) -> Result<usize, ChainError> {
        if !grantees.is_empty() {
            let grants = grantees.iter().map(|grantee| MsgGrantAllowance {
                granter: granter.address.clone(),
                grantee: grantee.clone(),
                allowance: allowance.first().cloned(),
            });
            self.submit(granter, messages::pack(grants)?, 0).await?;
        }
        Ok(grantees.len())
    }

    /// Those of `grantees` that have no allowance.
    async fn ungranted(
        &self,
        granter: &Signer,
        grantees: &[String],
    ) -> Result<Vec<String>, ChainError> {
        let mut answers = stream::iter(grantees.to_vec())
            .map(|grantee| async move {
                let granted = is_granted(self.node(), &granter.address, &grantee).await?;
                Ok::<_, ChainError>((!granted).then_some(grantee))
            })
            .buffered(AT_ONCE);
        let mut missing = Vec::new();
        while let Some(grantee) = answers.try_next().await? {
            missing.extend(grantee);
        }
        Ok(missing)
    }
}

async fn is_granted(node: &Node, granter: &str, grantee: &str) -> Result<bool, ChainError> {
    let request = QueryAllowanceRequest {
        granter: granter.into(),
        grantee: grantee.into(),
    };
    match node
        .ask::<QueryAllowanceResponse>(ALLOWANCE, &request)
        .await?
    {
        Ok(answer) => Ok(answer.allowance.is_some()),
        Err(denied) if denied.log.contains("not found") => Ok(false),
        Err(denied) => {
            let attempt = format!("tell the fee allowance of {grantee}");
            Err(node.fault(&attempt, RpcError::Refused(denied.log)))
        }
    }
}

/// Leave to spend `fees` on calls of contracts.
pub(super) fn on_contracts(fees: &Coin) -> Result<Vec<Any>, ChainError> {
    let basic = BasicAllowance {
        spend_limit: vec![messages::coin(fees)],
        ..BasicAllowance::default()
    };
    let basic = messages::pack([basic])?;
    messages::pack([AllowedMsgAllowance {
        allowance: basic.into_iter().next(),
        allowed_messages: vec![MsgExecuteContract::type_url()],
    }])
}
