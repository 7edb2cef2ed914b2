//! A chain of wasmd nodes, through the RPC port of one of them.
//!
//! Each key has a task of its own that orders and numbers its transactions. A transaction goes
//! through simulation (its gas), signing, the key's journal, the node and confirmation; its hash is
//! on disk before the node hears of it, and the same bytes are handed in again where the node may
//! have lost them, so that nothing is submitted twice.
//!
//! Refusals found by the simulation cost nothing. Calls that only read wait for a silent node as
//! long as [`Options::patience`] says; [`Chain::beyond`] waits for ever.

mod accounts;
mod allowances;
mod announcements;
mod blocks;
mod confirm;
mod deploy;
mod gas;
mod handle;
mod heights;
mod http;
mod inclusion;
mod journal;
mod log;
mod messages;
mod node;
mod options;
mod refusal;
mod rpc;
mod sign;
mod submit;
mod task;
#[cfg(test)]
mod tests;
mod transfers;

use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgExecuteContractResponse, QuerySmartContractStateRequest, QuerySmartContractStateResponse,
};

pub use blocks::TxRecord;
pub use deploy::{ContractInfo, StateVersion, StoredCode};
pub use gas::GasPrice;
pub use handle::WasmdChain;
pub use options::Options;

use crate::{
    Call, Chain, ChainError, ChainEvent, Coin, ContractAddr, Route, SecretKey, Signer, Transfer,
    TxResponse,
};
use handle::Shared;
use task::Job;

const SMART_QUERY: &str = "/cosmwasm.wasm.v1.Query/SmartContractState";

impl Chain for WasmdChain {
    fn chain_id(&self) -> &str {
        self.handle.shared.chain_id.as_str()
    }

    /// The signer called `name`. When an earlier run of the process left a transaction of this key
    /// open, its fate is settled first: what is read from the chain afterwards shows it.
    async fn signer(&self, name: &str) -> Result<Signer, ChainError> {
        let (signer, _) = self.key(name).ok_or_else(|| ChainError::Address {
            value: name.into(),
            reason: "no key of this name was loaded".into(),
        })?;
        self.run(&signer, Job::Settle).await?;
        Ok(signer)
    }

    /// The signer of `key`, named by its address.
    async fn adopt(&self, key: &SecretKey) -> Result<Signer, ChainError> {
        let name = key.address()?;
        self.learn(&name, key.clone())?;
        self.signer(&name).await
    }

    async fn execute_many(
        &self,
        signer: &Signer,
        calls: Vec<Call>,
    ) -> Result<TxResponse, ChainError> {
        let reserve = calls
            .iter()
            .fold(0, |sum: u64, call| sum.saturating_add(call.gas_reserve));
        let calls = calls
            .into_iter()
            .map(|call| messages::execute(signer, call));
        let included = self.submit(signer, messages::pack(calls)?, reserve).await?;
        let answers = self
            .answers::<MsgExecuteContractResponse>(&included)?
            .into_iter();
        Ok(TxResponse {
            height: included.height,
            events: included.events(),
            data: answers
                .map(|answer| Some(answer.data).filter(|data| !data.is_empty()))
                .collect(),
            receipt: Some(included.receipt),
        })
    }

    async fn query_json(
        &self,
        contract: &ContractAddr,
        msg: Vec<u8>,
    ) -> Result<Vec<u8>, ChainError> {
        let request = QuerySmartContractStateRequest {
            address: contract.as_str().into(),
            query_data: msg,
        };
        let answer = self
            .node()
            .ask_at(SMART_QUERY, &request, self.height)
            .await?;
        answer
            .map(|answer: QuerySmartContractStateResponse| answer.data)
            .map_err(|denied| ChainError::Query {
                contract: contract.clone(),
                reason: refusal::contract_message(&denied.log),
            })
    }

    async fn events(&self, from_height: u64) -> Result<Vec<ChainEvent>, ChainError> {
        let shared = &self.handle.shared;
        let latest = shared.node.height().await?;
        shared
            .blocks
            .events(&shared.node, from_height, latest)
            .await
    }

    async fn events_between(
        &self,
        from_height: u64,
        to_height: u64,
    ) -> Result<Vec<ChainEvent>, ChainError> {
        let shared = &self.handle.shared;
        let latest = shared.node.height().await?;
        shared
            .blocks
            .events(&shared.node, from_height, to_height.min(latest))
            .await
    }

    async fn time_of(&self, height: u64) -> Result<u64, ChainError> {
        let time = self.node().block(height).await?.block.header.time;
        Ok(u64::try_from(time.unix_timestamp()).unwrap_or_default())
    }

    async fn height(&self) -> Result<u64, ChainError> {
        self.node().height().await
    }

    async fn beyond(&self, height: u64) -> Result<u64, ChainError> {
        let shared = &self.handle.shared;
        shared.heights.beyond(&shared.node, height).await
    }

    async fn time(&self) -> Result<u64, ChainError> {
        self.node().time().await
    }

    async fn allow_gas(
        &self,
        granter: &Signer,
        grantees: &[String],
        gas: u64,
    ) -> Result<usize, ChainError> {
        let price = &self.handle.shared.options.gas_price;
        let fees = Coin::new(price.fee(gas)?, price.denom());
        self.grant(granter, grantees, &allowances::on_contracts(&fees)?)
            .await
    }

    async fn transfer(&self, hash: &str, route: Route<'_>) -> Result<Option<Transfer>, ChainError> {
        transfers::find(self.node(), hash, route).await
    }
}
