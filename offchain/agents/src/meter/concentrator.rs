//! Signs what meters read and carries it to the `billing` contract.

use std::path::PathBuf;

use cosmwasm_std::{Binary, Uint64};
use gridweave_chain::{Call, Chain, ChainError, ContractAddr, SecretKey, Signer};
use gridweave_rules::settlement::Timeline;
use gridweave_types::billing::{
    AccountResponse, ExecuteMsg, MAX_READINGS, SignedReadings, SigningDomain, pack_readings,
    reading_message,
};

use super::{Series, file};
use crate::AgentError;
use crate::ledger::{account_of, timeline};

/// Messages of one transaction.
const PAGE: usize = 20;

/// Where the readings of a meter come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Known in advance.
    Series(Series),
    /// A CSV file, see [`mod@file`], that may grow.
    File(PathBuf),
}

/// A meter of one account.
#[derive(Debug, Clone)]
pub struct Meter {
    /// Address of the account.
    pub account: String,
    /// The key that `grid` has for it.
    pub key: SecretKey,
    /// What it reads.
    pub source: Source,
}

/// Where signatures count.
#[derive(Debug, Clone)]
pub struct Domain {
    /// Chain id.
    pub chain_id: String,
    /// The `billing` contract.
    pub billing: ContractAddr,
}

/// What a turn came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Readings that the contract has taken.
    pub sent: usize,
    /// Meters that have readings left.
    pub waiting: usize,
}

/// Some meters and the key that pays for their messages.
#[derive(Debug, Clone)]
pub struct Concentrator {
    signer: Signer,
    domain: Domain,
    meters: Vec<Meter>,
    /// By meter: the next interval, as last seen; only a hint that spares queries.
    seen: Vec<Option<u32>>,
}

/// A message that can be sent.
struct Report {
    meter: usize,
    count: usize,
    call: Call,
}

impl Concentrator {
    /// Meters whose messages `signer` sends.
    pub fn new(signer: Signer, domain: Domain, meters: Vec<Meter>) -> Self {
        Self {
            signer,
            domain,
            seen: vec![None; meters.len()],
            meters,
        }
    }

    /// Notes what meter number `meter` reads in `interval`, where its series is known in advance.
    pub fn set(&mut self, meter: usize, interval: u32, reading: i64) {
        if let Some(Meter {
            source: Source::Series(series),
            ..
        }) = self.meters.get_mut(meter)
        {
            series.set(interval, reading);
        }
    }

    /// Sends everything that can be sent now.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the chain does not answer, [`AgentError::Readings`] for a file
    /// that is not what it must be, [`AgentError::Key`]. What the contract refuses is logged and
    /// tried again in the next turn.
    pub async fn turn<C: Chain>(&mut self, chain: &C) -> Result<Progress, AgentError> {
        let timeline = timeline(chain, &self.domain.billing).await?;
        let now = chain.time().await?;
        let mut progress = Progress::default();
        let mut reports = Vec::new();
        for meter in 0..self.meters.len() {
            let (report, done) = self.report(chain, meter, (&timeline, now)).await?;
            progress.waiting += usize::from(!done);
            reports.extend(report);
        }
        let mut reports = reports.into_iter().peekable();
        while reports.peek().is_some() {
            let page: Vec<Report> = reports.by_ref().take(PAGE).collect();
            progress.sent += self.send(chain, page).await?;
        }
        Ok(progress)
    }

    /// Takes turns until every meter has reported everything, or it is too late to.
    ///
    /// # Errors
    /// As [`Concentrator::turn`].
    pub async fn serve<C: Chain>(&mut self, chain: &C) -> Result<(), AgentError> {
        loop {
            let height = chain.height().await?;
            let progress = self.turn(chain).await?;
            if progress.sent > 0 {
                tracing::info!(readings = progress.sent, "reported");
                continue;
            }
            if progress.waiting == 0 {
                return Ok(());
            }
            chain.beyond(height).await?;
        }
    }

    /// What meter number `meter` has to say now, and whether it is done for good.
    async fn report<C: Chain>(
        &mut self,
        chain: &C,
        meter: usize,
        (timeline, now): (&Timeline, u64),
    ) -> Result<(Option<Report>, bool), AgentError> {
        let series = match &self.meters[meter].source {
            Source::Series(series) => series.clone(),
            Source::File(path) => file::load(path)?,
        };
        let Some(present) = timeline.clock.interval_at(now) else {
            return Ok((None, false));
        };
        let first_open = timeline.first_open(now).0;
        let start = |next: Option<u32>| next.unwrap_or(series.first).max(first_open);
        if let Some(next) = self.seen[meter] {
            let from = start(Some(next));
            let quiet = series.ready(from, present.0, 1).is_empty();
            if from >= series.end() || quiet {
                return Ok((None, from >= series.end()));
            }
        }
        let account = account_of(chain, &self.domain.billing, &self.meters[meter].account).await?;
        let from = start(account.as_ref().and_then(|account| account.next_reading));
        self.seen[meter] = Some(from);
        let readings = series.ready(from, present.0, MAX_READINGS);
        if readings.is_empty() {
            return Ok((None, from >= series.end()));
        }
        let nonce = account.map_or(0, |account: AccountResponse| account.nonce.u64()) + 1;
        let signed = self.sign(&self.meters[meter], nonce, from, &readings)?;
        let report = Report {
            meter,
            count: readings.len(),
            call: Call::new(&self.domain.billing, &ExecuteMsg::SubmitReadings(signed))?,
        };
        Ok((Some(report), false))
    }

    fn sign(
        &self,
        meter: &Meter,
        nonce: u64,
        from: u32,
        readings: &[i64],
    ) -> Result<SignedReadings, AgentError> {
        let readings = pack_readings(readings);
        let domain = SigningDomain {
            chain_id: &self.domain.chain_id,
            contract: self.domain.billing.as_str(),
        };
        let account = &meter.account;
        let message = reading_message(domain, account, false, nonce, from, &readings);
        Ok(SignedReadings {
            account: account.clone(),
            from,
            readings,
            nonce: Uint64::new(nonce),
            signature: Binary::new(meter.key.sign(&message)?),
        })
    }

    /// Sends a page in one transaction; if that is refused, one by one, so that no meter holds up
    /// another. The number of readings taken.
    async fn send<C: Chain>(&mut self, chain: &C, page: Vec<Report>) -> Result<usize, AgentError> {
        if page.len() > 1 {
            let calls = page.iter().map(|report| report.call.clone()).collect();
            if self.execute(chain, calls).await? {
                self.forget(&page);
                return Ok(page.iter().map(|report| report.count).sum());
            }
        }
        let mut sent = 0;
        for report in &page {
            if self.execute(chain, vec![report.call.clone()]).await? {
                sent += report.count;
            }
        }
        self.forget(&page);
        Ok(sent)
    }

    /// What happened is for the contract to tell.
    fn forget(&mut self, page: &[Report]) {
        for report in page {
            self.seen[report.meter] = None;
        }
    }

    async fn execute<C: Chain>(&self, chain: &C, calls: Vec<Call>) -> Result<bool, AgentError> {
        match chain.execute_many(&self.signer, calls).await {
            Ok(_) => Ok(true),
            Err(error @ (ChainError::Refused { .. } | ChainError::Unconfirmed { .. })) => {
                tracing::warn!(%error, "readings not taken");
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }
}
