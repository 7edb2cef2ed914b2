//! One batch on its way: written down, sent, and written down again.

use gridweave_chain::{Call, Chain, ChainError, ChainEvent, TxResponse};

use super::clock::Times;
use super::{Dso, Step};
use crate::DsoError;
use crate::ledger::{Batch, BatchKind};

/// How a batch ended.
pub(super) enum Outcome {
    /// It took effect.
    Done(TxResponse),
    /// A contract refused it, and nothing has changed, in the ledger neither.
    Refused(String),
}

impl<C: Chain> Dso<C> {
    /// Sends `calls` for `batch`, which is written down already. That it took effect is written down
    /// too; that it was refused is for the caller to write down, and what is not known
    /// [`Dso::recover`] finds out.
    ///
    /// # Errors
    /// [`DsoError::Chain`] when the chain does not answer; [`DsoError::Ledger`].
    pub(super) async fn send(&self, batch: Batch, calls: Vec<Call>) -> Result<Outcome, DsoError> {
        self.reach(Step::Send)?;
        let answer = self.chain.execute_many(&self.signer, calls).await;
        self.look_again().await;
        self.reach(Step::Finish)?;
        match answer {
            Ok(response) => {
                let hash = response
                    .receipt
                    .as_ref()
                    .map(|receipt| receipt.hash.as_str());
                self.ledger.finish(batch, response.height, hash)?;
                Ok(Outcome::Done(response))
            }
            Err(ChainError::Refused { reason, .. }) => Ok(Outcome::Refused(reason)),
            Err(error) => Err(error.into()),
        }
    }

    /// Finds out what became of a batch that was under way when the process died or the chain did
    /// not answer: the transaction of the key that may still be open is settled first, then the
    /// events tell. Every method that sends something begins with this.
    ///
    /// # Errors
    /// [`DsoError::Chain`], [`DsoError::Ledger`].
    pub(super) async fn recover(&self) -> Result<(), DsoError> {
        if self.ledger.under_way()?.is_none() {
            return Ok(());
        }
        // On a real chain this waits for the fate of the key's last transaction.
        self.chain.signer(&self.signer.name).await?;
        self.follow_deposits().await?;
        if let Some(batch) = self.ledger.under_way()? {
            tracing::info!(batch = batch.id, kind = ?batch.kind, "never reached the chain");
            self.ledger.undo(batch)?;
        }
        Ok(())
    }

    /// Writes down that the only row of `batch` was refused.
    pub(super) fn refuse(&self, batch: Batch, reason: &str) -> Result<(), DsoError> {
        tracing::warn!(kind = ?batch.kind, reason, "refused for good");
        Ok(self.ledger.refuse(batch, reason)?)
    }

    /// Sends `rows` page by page. A page that a contract refuses is sent again without the rows whose
    /// time has passed meanwhile, or else halved until the row at fault is alone, which is then refused
    /// for good; the number of rows that took effect.
    pub(super) async fn send_pages<R: PageRow>(
        &self,
        rows: Vec<R>,
        kind: BatchKind,
    ) -> Result<usize, DsoError> {
        if let Some(grantees) = R::grantees(&rows) {
            self.reach(Step::Grant)?;
            let gas = self.policy.address_gas;
            self.chain.allow_gas(&self.signer, &grantees, gas).await?;
        }
        let mut pages: Vec<Vec<R>> = Vec::new();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            pages.push(rows.by_ref().take(R::PAGE).collect());
        }
        pages.reverse();
        let mut sent = 0;
        while let Some(mut page) = pages.pop() {
            let calls = R::calls(self.parts(), &page)?;
            // What earlier batches have announced must not be taken for this one's.
            self.follow_deposits().await?;
            self.reach(Step::Begin)?;
            let batch = R::begin(&self.ledger, &page)?;
            match self.send(batch, calls).await? {
                Outcome::Done(response) => {
                    sent += page.len();
                    R::after(&self.ledger, batch, &page, &response.events)?;
                }
                Outcome::Refused(reason) if page.len() == 1 => self.refuse(batch, &reason)?,
                Outcome::Refused(reason) => {
                    self.ledger.undo(batch)?;
                    let now = self.chain.time().await?;
                    let rest = R::give_up_late(&self.ledger, &self.times, now, &mut page)?;
                    tracing::debug!(rows = page.len(), rest, reason, ?kind, "sent again");
                    let second = page.split_off(if rest { page.len() } else { page.len() / 2 });
                    pages.extend([second, page].into_iter().filter(|part| !part.is_empty()));
                }
            }
        }
        Ok(sent)
    }
}

/// A row of a batch.
pub(super) trait PageRow: Sized {
    /// Most rows of a batch.
    const PAGE: usize;

    /// Addresses whose fees must be granted first.
    fn grantees(_rows: &[Self]) -> Option<Vec<String>> {
        None
    }

    /// Writes down that rows have failed whose time has passed at `now` (unix seconds), and takes them
    /// out of the page; whether there were any.
    fn give_up_late(
        _ledger: &crate::Ledger,
        _times: &Times,
        _now: u64,
        _page: &mut Vec<Self>,
    ) -> Result<bool, DsoError> {
        Ok(false)
    }

    /// The messages.
    fn calls(parts: Parts<'_>, page: &[Self]) -> Result<Vec<Call>, DsoError>;

    /// Writes the batch down.
    fn begin(ledger: &crate::Ledger, page: &[Self]) -> Result<Batch, DsoError>;

    /// Writes down what else the chain said.
    fn after(
        _ledger: &crate::Ledger,
        _batch: Batch,
        _page: &[Self],
        _events: &[ChainEvent],
    ) -> Result<(), DsoError> {
        Ok(())
    }
}

/// What messages are made with.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) assets: &'a gridweave_chain::ContractAddr,
    pub(super) denom: &'a str,
}

impl<C: Chain> Dso<C> {
    fn parts(&self) -> Parts<'_> {
        Parts {
            assets: &self.market.assets,
            denom: &self.denom,
        }
    }
}
