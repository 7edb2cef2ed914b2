//! The connection: the node, the keys, and a task for each key in use.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use cosmrs::Any;
use cosmrs::proto::prost::{Message, Name};
use cosmrs::tendermint::chain;
use tokio::sync::{mpsc, oneshot};

use super::blocks::Blocks;
use super::heights::Heights;
use super::http::Http;
use super::inclusion::Inclusion;
use super::log;
use super::node::Node;
use super::options::Options;
use super::rpc::{Rpc, RpcError};
use super::task::{Job, KeyTask};
use crate::keys::{Keyring, SecretKey};
use crate::{ChainError, Signer};

/// What the tasks of all keys use.
pub(super) struct Shared {
    pub(super) node: Arc<Node>,
    pub(super) heights: Heights,
    pub(super) blocks: Blocks,
    pub(super) chain_id: chain::Id,
    pub(super) options: Options,
}

pub(super) struct Handle {
    pub(super) shared: Arc<Shared>,
    keyring: RwLock<Keyring>,
    /// By address: two names may stand for the same key.
    tasks: Mutex<HashMap<String, mpsc::Sender<Job>>>,
}

/// A connection to a chain. Clones share it; it ends with the last of them.
#[derive(Clone)]
pub struct WasmdChain {
    pub(super) handle: Arc<Handle>,
    /// Contracts are asked as this block left them; the latest without it.
    pub(super) height: Option<u64>,
}

impl fmt::Debug for WasmdChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &self.handle.shared;
        f.debug_struct("WasmdChain")
            .field("url", &shared.node.url())
            .field("chain_id", &shared.chain_id)
            .finish_non_exhaustive()
    }
}

impl WasmdChain {
    /// Connects to the node whose RPC port is at `url` (plain HTTP), to sign with the keys of
    /// `keyring`.
    ///
    /// # Errors
    /// [`ChainError::Option`] for a URL or an option that cannot work, [`ChainError::Unreachable`]
    /// when no node answers there, [`ChainError::WrongChain`] when it is of another chain.
    pub async fn connect(
        url: &str,
        keyring: Keyring,
        options: Options,
    ) -> Result<Self, ChainError> {
        Self::over(Box::new(Http::new(url)?), keyring, options).await
    }

    pub(super) async fn over(
        rpc: Box<dyn Rpc>,
        keyring: Keyring,
        options: Options,
    ) -> Result<Self, ChainError> {
        options.check()?;
        let node = Node::new(rpc, options.patience);
        let status = node.status_now().await?;
        let chain_id = status.node_info.network;
        if let Some(expected) = &options.chain_id
            && expected != chain_id.as_str()
        {
            return Err(ChainError::WrongChain {
                url: node.url().into(),
                expected: expected.clone(),
                found: chain_id.to_string(),
            });
        }
        let height = status.sync_info.latest_block_height.value();
        log::connected(node.url(), chain_id.as_str(), height);
        let shared = Shared {
            node: Arc::new(node),
            heights: Heights::new(options.poll_interval),
            blocks: Blocks::default(),
            chain_id,
            options,
        };
        Ok(Self {
            handle: Arc::new(Handle {
                shared: Arc::new(shared),
                keyring: RwLock::new(keyring),
                tasks: Mutex::default(),
            }),
            height: None,
        })
    }

    /// The same connection, whose queries of contracts see the state that the block `height` left.
    /// Nodes keep the states of some latest blocks only.
    pub fn at(&self, height: u64) -> Self {
        Self {
            handle: self.handle.clone(),
            height: Some(height),
        }
    }

    /// Name of the chain.
    pub fn chain_id(&self) -> &str {
        self.handle.shared.chain_id.as_str()
    }

    pub(super) fn node(&self) -> &Node {
        &self.handle.shared.node
    }

    /// The signer called `name` and its key.
    pub(super) fn key(&self, name: &str) -> Option<(Signer, SecretKey)> {
        let keyring = self.handle.keyring.read();
        let keyring = keyring.unwrap_or_else(PoisonError::into_inner);
        keyring.get(name).cloned()
    }

    /// Learns another key.
    pub(super) fn learn(&self, name: &str, key: SecretKey) -> Result<Signer, ChainError> {
        let keyring = self.handle.keyring.write();
        let mut keyring = keyring.unwrap_or_else(PoisonError::into_inner);
        Ok(keyring.insert(name, key)?)
    }

    /// The task of `signer`, started at its first use.
    fn task(&self, signer: &Signer) -> Result<mpsc::Sender<Job>, ChainError> {
        let handle = &self.handle;
        let unknown = |reason: &str| ChainError::Address {
            value: signer.name.clone(),
            reason: reason.into(),
        };
        let (known, key) = self
            .key(&signer.name)
            .ok_or_else(|| unknown("no key of this name was loaded"))?;
        if known != *signer {
            return Err(unknown("the key of this name has another address"));
        }
        let mut tasks = handle.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        let task = tasks
            .entry(signer.address.clone())
            .or_insert_with(|| KeyTask::start(handle.shared.clone(), signer.clone(), key));
        Ok(task.clone())
    }

    /// Gives the task of `signer` a job and waits for its result.
    pub(super) async fn run<T>(
        &self,
        signer: &Signer,
        job: impl FnOnce(oneshot::Sender<Result<T, ChainError>>) -> Job,
    ) -> Result<T, ChainError> {
        let (reply, answer) = oneshot::channel();
        let task = self.task(signer)?;
        task.send(job(reply))
            .await
            .map_err(|_| ChainError::Stopped)?;
        answer.await.map_err(|_| ChainError::Stopped)?
    }

    /// Submits `messages` as one transaction of `signer`, with gas for `reserve` on top.
    pub(super) async fn submit(
        &self,
        signer: &Signer,
        messages: Vec<Any>,
        reserve: u64,
    ) -> Result<Inclusion, ChainError> {
        self.run(signer, |reply| Job::Submit(messages, reserve, reply))
            .await
    }

    /// The answers to the messages of `included`, each of type `A`.
    pub(super) fn answers<A: Message + Name + Default>(
        &self,
        included: &Inclusion,
    ) -> Result<Vec<A>, ChainError> {
        included.answers().map_err(|reason| {
            let attempt = format!("give readable data of {}", included.receipt.hash);
            self.node().fault(&attempt, RpcError::Unreadable(reason))
        })
    }
}
