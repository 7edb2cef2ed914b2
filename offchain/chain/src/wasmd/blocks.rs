//! Blocks: what happened in them.

use std::collections::BTreeMap;

use cosmrs::proto::cosmos::tx::v1beta1::{AuthInfo, TxBody, TxRaw};
use cosmrs::proto::cosmwasm::wasm::v1::MsgExecuteContract;
use cosmrs::proto::prost::Message;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::sync::Mutex;

use super::inclusion::contract_events;
use super::node::Node;
use super::submit::hash;
use super::{WasmdChain, rpc::RpcError};
use crate::keys::ADDRESS_PREFIX;
use crate::{ChainError, ChainEvent, ContractAddr};

/// Blocks whose events are remembered: actors of one process ask for the same ones.
const REMEMBERED: usize = 128;
/// Blocks asked for at the same time.
const AT_ONCE: usize = 8;

/// A transaction of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TxRecord {
    /// Height of the block.
    pub height: u64,
    /// Hash of the transaction, upper-case hex.
    pub hash: String,
    /// The chain's verdict, 0 for success.
    pub code: u32,
    /// Gas used.
    pub gas_used: u64,
    /// Gas that was paid for.
    pub gas_wanted: u64,
    /// Bytes of the signed transaction.
    pub bytes: usize,
    /// Address of the first signer, where its kind of key is known.
    pub sender: Option<String>,
    /// Address of the account that the fees were taken from, where that can be told.
    pub payer: Option<String>,
    /// The `action` attributes of its events, in order.
    pub actions: Vec<String>,
    /// What its contracts announced, in order.
    pub events: Vec<ChainEvent>,
    /// The contracts that it calls and the messages as JSON, in order.
    pub calls: Vec<(ContractAddr, Vec<u8>)>,
}

/// Events of the latest blocks.
#[derive(Default)]
pub(super) struct Blocks {
    events: Mutex<BTreeMap<u64, Vec<ChainEvent>>>,
}

impl Blocks {
    /// Events of the blocks `from..=to`, in order.
    pub(super) async fn events(
        &self,
        node: &Node,
        from: u64,
        to: u64,
    ) -> Result<Vec<ChainEvent>, ChainError> {
        // Locked while asking: who comes second finds what the first has fetched.
        let mut known = self.events.lock().await;
        let mut events = Vec::new();
        let mut blocks = stream::iter(from.max(1)..=to)
            .map(|height| block_events(node, height, known.get(&height).cloned()))
            .buffered(AT_ONCE);
        let mut fresh = Vec::new();
        while let Some((height, block)) = blocks.try_next().await? {
            events.extend(block.iter().cloned());
            fresh.push((height, block));
        }
        drop(blocks);
        known.extend(fresh);
        while known.len() > REMEMBERED {
            known.pop_first();
        }
        Ok(events)
    }
}

/// Height and events of a block, fetched unless `known`.
async fn block_events(
    node: &Node,
    height: u64,
    known: Option<Vec<ChainEvent>>,
) -> Result<(u64, Vec<ChainEvent>), ChainError> {
    if let Some(events) = known {
        return Ok((height, events));
    }
    let results = node.block_results(height).await?.txs_results;
    let results = results.unwrap_or_default().into_iter();
    let events = results
        .filter(|result| result.code.is_ok())
        .flat_map(|result| contract_events(height, &result.events));
    Ok((height, events.collect()))
}

impl WasmdChain {
    /// Every transaction of the blocks `from..=to`, in order.
    ///
    /// # Errors
    /// [`ChainError::Node`] when the node does not have one of the blocks (any more).
    pub async fn transactions(&self, from: u64, to: u64) -> Result<Vec<TxRecord>, ChainError> {
        let node = self.node();
        let mut blocks = stream::iter(from.max(1)..=to)
            .map(|height| block_transactions(node, height))
            .buffered(AT_ONCE);
        let mut transactions = Vec::new();
        while let Some(block) = blocks.try_next().await? {
            transactions.extend(block);
        }
        Ok(transactions)
    }

    /// Time in the header of block `height`, in Unix seconds.
    ///
    /// # Errors
    /// [`ChainError::Node`] when the node does not have the block.
    pub async fn block_time(&self, height: u64) -> Result<f64, ChainError> {
        let time = self.node().block(height).await?.block.header.time;
        Ok(time.unix_timestamp_nanos() as f64 / 1e9)
    }

    /// Hash of the application's state, upper-case hex, in the header of block `height`: the state
    /// that the block before it left.
    ///
    /// # Errors
    /// [`ChainError::Node`] when the node does not have the block.
    pub async fn app_hash(&self, height: u64) -> Result<String, ChainError> {
        let block = self.node().block(height).await?.block;
        Ok(block.header.app_hash.to_string())
    }
}

async fn block_transactions(node: &Node, height: u64) -> Result<Vec<TxRecord>, ChainError> {
    let (block, results) = tokio::try_join!(node.block(height), node.block_results(height))?;
    let (bodies, results) = (block.block.data, results.txs_results.unwrap_or_default());
    if bodies.len() != results.len() {
        let reason = format!("{} transactions, {} results", bodies.len(), results.len());
        let attempt = format!("give block {height}");
        return Err(node.fault(&attempt, RpcError::Unreadable(reason)));
    }
    let gas = |signed| u64::try_from(signed).unwrap_or_default();
    let transactions = bodies.iter().zip(results).map(|(body, result)| {
        let events = contract_events(height, &result.events);
        let actions = events.iter().filter_map(|event| event.attribute("action"));
        TxRecord {
            height,
            hash: hash(body),
            code: result.code.value(),
            gas_used: gas(result.gas_used),
            gas_wanted: gas(result.gas_wanted),
            bytes: body.len(),
            sender: sender(body),
            payer: payer(body),
            calls: calls(body),
            actions: actions.map(str::to_owned).collect(),
            events,
        }
    });
    Ok(transactions.collect())
}

fn auth_info(transaction: &[u8]) -> Option<AuthInfo> {
    let raw = TxRaw::decode(transaction).ok()?;
    AuthInfo::decode(raw.auth_info_bytes.as_slice()).ok()
}

/// Who pays: the granter if one is named, else the payer if one is, else who signed first.
fn payer(transaction: &[u8]) -> Option<String> {
    let fee = auth_info(transaction)?.fee?;
    let named = [fee.granter, fee.payer].into_iter();
    let mut named = named.filter(|address| !address.is_empty());
    named.next().or_else(|| sender(transaction))
}

/// Address of the key that signed first.
fn sender(transaction: &[u8]) -> Option<String> {
    let info = auth_info(transaction)?;
    let key = info.signer_infos.into_iter().next()?.public_key?;
    let key = cosmrs::crypto::PublicKey::try_from(key).ok()?;
    Some(key.account_id(ADDRESS_PREFIX).ok()?.to_string())
}

/// The contract calls of a transaction; none where it cannot be read.
fn calls(transaction: &[u8]) -> Vec<(ContractAddr, Vec<u8>)> {
    let raw = TxRaw::decode(transaction).ok();
    let body = raw.and_then(|raw| TxBody::decode(raw.body_bytes.as_slice()).ok());
    let messages = body.map(|body| body.messages).unwrap_or_default();
    let calls = messages
        .iter()
        .filter_map(|message| message.to_msg::<MsgExecuteContract>().ok());
    calls
        .map(|call| (ContractAddr::new(call.contract), call.msg))
        .collect()
}
