//! The task of one key: puts its transactions in order and numbers them.

use std::sync::Arc;

use cosmrs::Any;
use tokio::sync::{mpsc, oneshot};

use super::confirm::{Fate, confirm};
use super::inclusion::Inclusion;
use super::journal::{Journal, Record};
use super::sign::Account;
use super::{Shared, accounts, log};
use crate::keys::SecretKey;
use crate::{ChainError, Signer};

/// Jobs that may wait before who has another must wait too.
const INBOX: usize = 64;

type Reply<T> = oneshot::Sender<Result<T, ChainError>>;

/// What a key can be asked to do.
pub(super) enum Job {
    /// Find out what became of the transaction of an earlier run.
    Settle(Reply<()>),
    /// Submit messages as one transaction.
    Submit(Vec<Any>, u64, Reply<Inclusion>),
}

/// A key at work. One transaction at a time: the next is numbered when the last is settled.
pub(super) struct KeyTask {
    pub(super) shared: Arc<Shared>,
    pub(super) signer: Signer,
    pub(super) key: SecretKey,
    journal: Option<Journal>,
    account: Option<Account>,
}

impl KeyTask {
    /// Starts the task of `key`. It ends after its last job when the sender is dropped.
    pub(super) fn start(shared: Arc<Shared>, signer: Signer, key: SecretKey) -> mpsc::Sender<Job> {
        let (sender, inbox) = mpsc::channel(INBOX);
        let task = Self {
            shared,
            signer,
            key,
            journal: None,
            account: None,
        };
        tokio::spawn(task.run(inbox));
        sender
    }

    async fn run(mut self, mut inbox: mpsc::Receiver<Job>) {
        while let Some(job) = inbox.recv().await {
            // A caller that no longer waits needs no answer.
            match job {
                Job::Settle(reply) => {
                    let settled = self.settle().await;
                    let _ = reply.send(settled);
                }
                Job::Submit(messages, reserve, reply) => {
                    let submitted = self.submit(&messages, reserve).await;
                    let _ = reply.send(submitted);
                }
            }
        }
    }

    /// The key's journal, opened at its first use.
    pub(super) async fn journal(&mut self) -> Result<&mut Journal, ChainError> {
        let journal = match self.journal.take() {
            Some(journal) => journal,
            None => {
                let folder = self.shared.options.journal.clone();
                Journal::open(folder, &self.signer.address).await?
            }
        };
        Ok(self.journal.insert(journal))
    }

    /// Finds out what became of the transaction that an earlier run left open, if one did.
    pub(super) async fn settle(&mut self) -> Result<(), ChainError> {
        let Some(entry) = self.journal().await?.pending().cloned() else {
            return Ok(());
        };
        let name = self.signer.name.clone();
        let record = if entry.chain_id == self.shared.chain_id.as_str() {
            log::settling(&name, &entry);
            self.forget_account();
            let fate = confirm(&self.shared, &entry, &self.signer.address, false).await?;
            log::settled(&name, &entry.hash, matches!(fate, Fate::Included(_)));
            record(entry.hash, &fate)
        } else {
            log::other_chains_entry(&name, &entry);
            Record::Dropped { hash: entry.hash }
        };
        self.journal().await?.end(record).await;
        Ok(())
    }

    /// The account as the next transaction needs it.
    pub(super) async fn account(&mut self) -> Result<Account, ChainError> {
        if let Some(account) = self.account {
            return Ok(account);
        }
        let address = &self.signer.address;
        let found = accounts::find(&self.shared.node, address).await?;
        let account = found.ok_or_else(|| ChainError::NoAccount {
            address: address.clone(),
            chain_id: self.shared.chain_id.to_string(),
        })?;
        self.account = Some(account);
        Ok(account)
    }

    /// Counts a transaction that succeeded.
    pub(super) fn advance(&mut self, account: Account) {
        self.account = Some(Account {
            sequence: account.sequence + 1,
            ..account
        });
    }

    /// Asks the chain again before the next transaction.
    pub(super) fn forget_account(&mut self) {
        self.account = None;
    }
}

/// The journal's words for `fate`.
pub(super) fn record(hash: String, fate: &Fate) -> Record {
    match fate {
        Fate::Included(inclusion) => Record::Included {
            hash,
            height: inclusion.height,
            code: inclusion.code(),
        },
        Fate::Never => Record::Dropped { hash },
    }
}
