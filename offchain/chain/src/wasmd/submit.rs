//! One transaction from its messages to its block.

use cosmrs::Any;
use cosmrs::proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse};
use cosmwasm_std::HexBinary;
use sha2::{Digest, Sha256};

use super::confirm::{Fate, confirm};
use super::inclusion::Inclusion;
use super::journal::{Entry, Record};
use super::refusal::{Check, contract_message, is_stale_sequence};
use super::sign::{Account, Draft};
use super::task::{KeyTask, record};
use super::{gas, log, options};
use crate::{ChainError, hex};

const SIMULATE: &str = "/cosmos.tx.v1beta1.Service/Simulate";

/// How one try ended, short of an error.
enum Try {
    Included(Box<Inclusion>),
    /// Another transaction of the account came first; this one was not taken.
    Stale(String),
}

impl KeyTask {
    /// Submits `messages` as one transaction that pays for `reserve` more gas than a simulation
    /// uses; returns it from its block.
    pub(super) async fn submit(
        &mut self,
        messages: &[Any],
        reserve: u64,
    ) -> Result<Inclusion, ChainError> {
        self.settle().await?;
        let mut refreshed = false;
        let mut more_gas = None;
        loop {
            match self.attempt(messages, reserve, more_gas).await? {
                Try::Stale(log) if refreshed => return Err(self.refused(&log)),
                Try::Stale(log) => {
                    log::sequence_stale(&self.signer.name, &log);
                    refreshed = true;
                }
                // It is in a block without effect, so that another is no repetition.
                Try::Included(first) if first.ran_out_of_gas() && more_gas.is_none() => {
                    let used = first.receipt.gas_used;
                    log::gas_raised(&self.signer.name, used);
                    more_gas = Some(used.saturating_mul(2));
                }
                Try::Included(inclusion) => return inclusion.verdict(&self.signer),
            }
        }
    }

    async fn attempt(
        &mut self,
        messages: &[Any],
        reserve: u64,
        gas: Option<u64>,
    ) -> Result<Try, ChainError> {
        let account = self.account().await?;
        // Only success tells the next number without asking.
        self.forget_account();
        let gas = match gas {
            Some(gas) => gas,
            None => match self.simulate(messages, account).await? {
                Ok(used) => gas::limit(used, self.shared.options.gas_factor, reserve),
                Err(log) if is_stale_sequence(&log) => return Ok(Try::Stale(log)),
                Err(log) => return Err(self.refused(&log)),
            },
        };
        let entry = self.signed(messages, account, gas).await?;
        self.journal().await?.begin(&entry).await?;
        let answer = self.shared.node.broadcast(entry.tx.to_vec()).await;
        match Check::from(answer) {
            Check::Taken => self.follow(entry, account, true).await,
            Check::Unclear(reason) => {
                log::submission_unclear(&entry, &reason);
                self.follow(entry, account, false).await
            }
            Check::Stale(log) => {
                self.drop_entry(entry).await?;
                Ok(Try::Stale(log))
            }
            Check::Refused(log) => {
                self.drop_entry(entry).await?;
                Err(self.refused(&log))
            }
        }
    }

    /// Gas that `messages` would use now; the inner error is the chain's refusal.
    async fn simulate(
        &self,
        messages: &[Any],
        account: Account,
    ) -> Result<Result<u64, String>, ChainError> {
        // Paying a fee costs gas, too: the smallest one stands for it.
        let fee = self.shared.options.gas_price.fee(1)?.min(1);
        let draft = self.draft(messages, account, 0, fee, 0)?;
        let tx_bytes = draft.unsigned(&self.key, &self.shared.chain_id)?;
        let request = SimulateRequest {
            tx_bytes,
            ..Default::default()
        };
        let answer = self.shared.node.ask(SIMULATE, &request).await?;
        Ok(answer
            .map(|answer: SimulateResponse| answer.gas_info.map_or(0, |info| info.gas_used))
            .map_err(|denied| denied.log))
    }

    async fn signed(
        &self,
        messages: &[Any],
        account: Account,
        gas: u64,
    ) -> Result<Entry, ChainError> {
        let shared = &self.shared;
        let fee = shared.options.gas_price.fee(gas)?;
        let timeout_height = shared.node.height().await? + shared.options.timeout_blocks;
        let draft = self.draft(messages, account, gas, fee, timeout_height)?;
        let tx = draft.sign(&self.key, &shared.chain_id)?;
        let entry = Entry {
            chain_id: shared.chain_id.to_string(),
            hash: hash(&tx),
            sequence: account.sequence,
            timeout_height,
            tx: HexBinary::from(tx),
        };
        log::submitted(&self.signer.name, &entry, gas, fee);
        Ok(entry)
    }

    fn draft<'a>(
        &'a self,
        messages: &'a [Any],
        account: Account,
        gas: u64,
        fee: u128,
        timeout_height: u64,
    ) -> Result<Draft<'a>, ChainError> {
        let options = &self.shared.options;
        let granter = options.fee_granter.as_deref();
        // Who pays its own fees needs no grant.
        let granter = granter.filter(|granter| *granter != self.signer.address);
        Ok(Draft {
            messages,
            account,
            gas,
            fee: (fee, options.gas_price.denom()),
            fee_granter: granter
                .map(|granter| options::address("fee_granter", granter))
                .transpose()?,
            timeout_height,
        })
    }

    /// Waits for the fate of `entry`, which the node has taken or may have.
    async fn follow(
        &mut self,
        entry: Entry,
        account: Account,
        handed_in: bool,
    ) -> Result<Try, ChainError> {
        let fate = confirm(&self.shared, &entry, &self.signer.address, handed_in).await?;
        let record = record(entry.hash.clone(), &fate);
        self.journal().await?.end(record).await;
        match fate {
            Fate::Never => Err(ChainError::TimedOut {
                hash: entry.hash,
                height: entry.timeout_height,
            }),
            Fate::Included(inclusion) => {
                log::included(&self.signer.name, &inclusion);
                if inclusion.code() == 0 {
                    self.advance(account);
                }
                Ok(Try::Included(inclusion))
            }
        }
    }

    /// Notes that the chain did not take `entry`.
    async fn drop_entry(&mut self, entry: Entry) -> Result<(), ChainError> {
        let record = Record::Dropped { hash: entry.hash };
        self.journal().await?.end(record).await;
        Ok(())
    }

    fn refused(&self, log: &str) -> ChainError {
        ChainError::Refused {
            sender: self.signer.name.clone(),
            reason: contract_message(log),
        }
    }
}

/// Hash of a transaction, upper-case hex.
pub(super) fn hash(tx: &[u8]) -> String {
    hex::encode(&Sha256::digest(tx)).to_uppercase()
}
