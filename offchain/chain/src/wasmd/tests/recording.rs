//! A node that answers from recordings.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use cosmrs::proto::cosmos::tx::v1beta1::{AuthInfo, TxBody, TxRaw};
use cosmrs::proto::prost::Message;
use cosmrs::tendermint::Hash;
use cosmrs::tendermint::abci::response::Info;
use tendermint_rpc::Response;
use tendermint_rpc::endpoint::abci_query::AbciQuery;
use tendermint_rpc::endpoint::broadcast::tx_sync;
use tendermint_rpc::endpoint::{abci_info, abci_query, block, block_results, status, tx};

use super::super::rpc::{Answer, Rpc, RpcError};

/// A recorded answer, by the name of its file.
macro_rules! recorded {
    ($name:literal) => {
        Some(include_str!(concat!(
            "../../../tests/recorded/",
            $name,
            ".json"
        )))
    };
}
pub(super) use recorded;

/// No answer: the connection broke.
pub(super) const SILENCE: Option<&str> = None;

/// Height of the first block that the recordings know.
pub(super) const HEIGHT: u64 = 6_863;

type Step = Option<&'static str>;

/// Answers per call, in order; the last one for ever. A block passes whenever the height is asked.
#[derive(Default)]
pub(super) struct Recording {
    script: Mutex<HashMap<&'static str, VecDeque<Step>>>,
    asked: Mutex<HashMap<&'static str, usize>>,
    sent: Mutex<Vec<Vec<u8>>>,
    blocks: AtomicU64,
}

impl Recording {
    /// A node on which all goes well.
    pub(super) fn new() -> Arc<Self> {
        let node = Self::default();
        node.on("status", &[recorded!("status")]);
        node.on("abci_info", &[recorded!("abci_info")]);
        node.on("Account", &[recorded!("account")]);
        node.on("Simulate", &[recorded!("simulate")]);
        node.on("broadcast", &[recorded!("broadcast")]);
        node.on("tx", &[recorded!("tx_missing"), recorded!("tx")]);
        Arc::new(node)
    }

    /// Answers `call` with `steps` from now on.
    pub(super) fn on(&self, call: &'static str, steps: &[Step]) {
        let steps = steps.iter().copied().collect();
        self.script.lock().unwrap().insert(call, steps);
    }

    /// How often `call` was asked.
    pub(super) fn asked(&self, call: &str) -> usize {
        self.asked.lock().unwrap().get(call).copied().unwrap_or(0)
    }

    /// The transactions that were handed in, each as often as it was.
    pub(super) fn sent(&self) -> Vec<Vec<u8>> {
        self.sent.lock().unwrap().clone()
    }

    fn answer<R: Response>(&self, call: &'static str) -> Result<R, RpcError> {
        *self.asked.lock().unwrap().entry(call).or_default() += 1;
        let mut script = self.script.lock().unwrap();
        let steps = script.get_mut(call);
        let steps = steps.unwrap_or_else(|| panic!("nothing recorded for {call}"));
        let step = match steps.len() {
            1 => steps[0],
            _ => steps.pop_front().unwrap(),
        };
        match step {
            Some(text) => Ok(R::from_string(text)?),
            None => Err(RpcError::Unreachable("connection refused".into())),
        }
    }
}

macro_rules! now {
    ($answer:expr) => {
        Box::pin(std::future::ready($answer))
    };
}

impl Rpc for Arc<Recording> {
    fn url(&self) -> &str {
        "http://recorded"
    }

    fn announcements(&self) -> Option<String> {
        None
    }

    fn status(&self) -> Answer<'_, status::Response> {
        now!(self.answer("status"))
    }

    fn abci_info(&self) -> Answer<'_, Info> {
        let answer = self.answer::<abci_info::Response>("abci_info");
        now!(answer.map(|answer| {
            let passed = self.blocks.fetch_add(1, Ordering::Relaxed);
            let last_block_height = (HEIGHT + passed).try_into().unwrap();
            Info {
                last_block_height,
                ..answer.response
            }
        }))
    }

    fn abci_query(
        &self,
        path: &'static str,
        _data: Vec<u8>,
        _height: Option<u64>,
    ) -> Answer<'_, AbciQuery> {
        let service = path.rsplit('/').next().unwrap();
        let answer = self.answer::<abci_query::Response>(service);
        now!(answer.map(|answer| answer.response))
    }

    fn broadcast(&self, bytes: Vec<u8>) -> Answer<'_, tx_sync::Response> {
        self.sent.lock().unwrap().push(bytes);
        now!(self.answer("broadcast"))
    }

    fn tx(&self, _hash: Hash) -> Answer<'_, tx::Response> {
        now!(self.answer("tx"))
    }

    fn block(&self, _height: u64) -> Answer<'_, block::Response> {
        now!(self.answer("block"))
    }

    fn block_results(&self, _height: u64) -> Answer<'_, block_results::Response> {
        now!(self.answer("block_results"))
    }
}

/// Body and signer's part of a transaction.
pub(super) fn decoded(transaction: &[u8]) -> (TxBody, AuthInfo) {
    let raw = TxRaw::decode(transaction).unwrap();
    let body = TxBody::decode(raw.body_bytes.as_slice()).unwrap();
    let auth = AuthInfo::decode(raw.auth_info_bytes.as_slice()).unwrap();
    (body, auth)
}

/// Sequence that a transaction was signed with.
pub(super) fn sequence(transaction: &[u8]) -> u64 {
    decoded(transaction).1.signer_infos[0].sequence
}

/// Gas that a transaction pays for.
pub(super) fn gas(transaction: &[u8]) -> u64 {
    decoded(transaction).1.fee.unwrap().gas_limit
}
