//! Turns the cranks of `billing`, which are anybody's: ended sessions become commitments, intervals
//! are settled, periods reconciled.
//!
//! What is to be done is read from the chain; all that is remembered is what needs no further look.

use std::collections::{BTreeMap, BTreeSet};

use gridweave_chain::{Chain, ChainError, Contracts, Signer, TxResponse};
use gridweave_rules::settlement::Timeline;
use gridweave_types::billing::{ConfigResponse, ExecuteMsg, QueryMsg, SessionProgress};
use gridweave_types::coordinator::{Mode, Phase, SessionResponse};
use gridweave_units::Interval;

use crate::AgentError;
use crate::ledger;
use crate::observer::Observer;

/// Whoever turns the cranks.
#[derive(Debug, Clone)]
pub struct Settler {
    signer: Signer,
    contracts: Contracts,
    /// First period that is not finished.
    period: Option<u32>,
    /// First interval to look at.
    from: u32,
    /// Intervals that are settled and final.
    closed: BTreeSet<u32>,
    /// Intervals with lines that are held: when they may be tried again (unix seconds).
    held: BTreeMap<u32, u64>,
    /// Sessions that are recorded or never will be.
    recorded: BTreeSet<u64>,
    /// The interval after the last one that is to be finished.
    committed_until: u32,
}

/// Terms and time of a turn.
struct Moment {
    terms: ConfigResponse,
    timeline: Timeline,
    now: u64,
}

impl Settler {
    /// One that signs as `signer` and looks at the periods from that of interval `from` on.
    pub fn new(signer: Signer, contracts: Contracts, from: u32) -> Self {
        Self {
            signer,
            contracts,
            period: None,
            from,
            closed: BTreeSet::new(),
            held: BTreeMap::new(),
            recorded: BTreeSet::new(),
            committed_until: 0,
        }
    }

    /// The same, for which the periods up to that of the interval before `end` are to be finished too,
    /// whether a session reaches so far or not: those of a market.
    #[must_use]
    pub fn until(mut self, end: u32) -> Self {
        self.committed_until = self.committed_until.max(end);
        self
    }

    /// Records `session`, which has ended, page by page; nothing if that is done or cannot be.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the chain does not answer.
    pub async fn record<C: Chain>(&mut self, chain: &C, session: u64) -> Result<(), AgentError> {
        if self.recorded.contains(&session) {
            return Ok(());
        }
        let coordinator = &self.contracts.coordinator;
        let observer = Observer::new(chain, coordinator, session);
        let status = observer.status().await?;
        if is_recordable(&observer, &status).await? {
            let end = status.config.first_interval.u64() + u64::from(status.config.horizon);
            let end = u32::try_from(end).unwrap_or(u32::MAX);
            self.committed_until = self.committed_until.max(end);
            while !self.is_complete(chain, session).await? {
                let page = ExecuteMsg::RecordSession {
                    coordinator: coordinator.as_str().into(),
                    session,
                    limit: None,
                };
                let Some(done) = self.send(chain, &page).await? else {
                    // Somebody else was faster, or the next turn has more luck.
                    return Ok(());
                };
                let skipped = done.attribute("skipped").unwrap_or_default();
                tracing::info!(session, skipped, "recorded a page");
            }
        }
        self.recorded.insert(session);
        Ok(())
    }

    /// Whether `session` needs no more recording.
    pub fn has_recorded(&self, session: u64) -> bool {
        self.recorded.contains(&session)
    }

    async fn is_complete<C: Chain>(&self, chain: &C, session: u64) -> Result<bool, AgentError> {
        let query = QueryMsg::Session {
            coordinator: self.contracts.coordinator.as_str().into(),
            session,
        };
        let progress: SessionProgress = chain.query(&self.contracts.billing, &query).await?;
        Ok(progress.complete)
    }

    /// Settles and reconciles what can be; tells whether every period that a recorded session or
    /// [`Settler::until`] reaches into is finished.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the chain does not answer.
    pub async fn turn<C: Chain>(&mut self, chain: &C) -> Result<bool, AgentError> {
        let terms = ledger::terms(chain, &self.contracts.billing).await?;
        let moment = Moment {
            timeline: terms.timeline(),
            now: chain.time().await?,
            terms,
        };
        let length = moment.terms.period_intervals.max(1);
        let present = moment.timeline.clock.interval_at(moment.now);
        let present = present.unwrap_or_default().0;
        let mut unfinished = None;
        let first = self.period.unwrap_or(self.from / length);
        for period in first..=present / length {
            let finished = self.work_on(chain, &moment, period).await?;
            if !finished {
                unfinished.get_or_insert(period);
            }
        }
        let next = unfinished.unwrap_or(present / length + 1);
        self.period = Some(next);
        self.closed = self.closed.split_off(&next.saturating_mul(length));
        Ok(next.saturating_mul(length) >= self.committed_until)
    }

    /// Whether `period` needs no more work.
    async fn work_on<C: Chain>(
        &mut self,
        chain: &C,
        moment: &Moment,
        period: u32,
    ) -> Result<bool, AgentError> {
        let billing = &self.contracts.billing;
        let status = ledger::period(chain, billing, period).await?;
        let opens = status.opens_at.u64();
        if moment.now >= opens && (status.statements == 0 || is_reconciled(&status)) {
            return Ok(true);
        }
        let mut settled = true;
        for interval in status.first..=status.last {
            settled &= self.settle(chain, moment, interval).await?;
        }
        if !settled || moment.now < opens {
            return Ok(false);
        }
        if !status.open {
            let open = ExecuteMsg::OpenPeriod { period };
            self.send(chain, &open).await?;
        }
        let pages = |start_after| ExecuteMsg::Reconcile {
            period,
            start_after,
            limit: None,
        };
        self.page(chain, "period_reconciled", pages).await?;
        let status = ledger::period(chain, &self.contracts.billing, period).await?;
        Ok(is_reconciled(&status))
    }

    /// Settles what can be of `interval`; tells whether nothing of it can change any more.
    async fn settle<C: Chain>(
        &mut self,
        chain: &C,
        moment: &Moment,
        interval: u32,
    ) -> Result<bool, AgentError> {
        let (timeline, now) = (&moment.timeline, moment.now);
        if self.closed.contains(&interval) {
            return Ok(true);
        }
        if now < timeline.settles_at(Interval(interval)) {
            return Ok(false);
        }
        let is_final = now >= timeline.final_at(Interval(interval));
        let waits = self.held.get(&interval).is_some_and(|&then| now < then);
        if waits && !is_final {
            return Ok(false);
        }
        let billing = &self.contracts.billing;
        let mut totals = ledger::interval(chain, billing, interval).await?;
        if totals.open > 0 {
            let pages = |start_after| ExecuteMsg::Settle {
                interval,
                start_after,
                limit: None,
            };
            self.page(chain, "interval_settled", pages).await?;
            totals = ledger::interval(chain, &self.contracts.billing, interval).await?;
        }
        let again = now + u64::from(moment.terms.windows.dispute).max(1);
        match totals.open {
            0 => self.held.remove(&interval),
            _ => self.held.insert(interval, again),
        };
        if totals.open == 0 && is_final {
            self.closed.insert(interval);
        }
        Ok(totals.open == 0 && is_final)
    }

    /// Sends the pages of an action until its event names no next one.
    async fn page<C: Chain>(
        &self,
        chain: &C,
        action: &str,
        message: impl Fn(Option<String>) -> ExecuteMsg,
    ) -> Result<(), AgentError> {
        let mut start_after = None;
        loop {
            let sent = self.send(chain, &message(start_after.take())).await?;
            let events = sent.iter().flat_map(|response| &response.events);
            let mut own = events.filter(|event| event.action() == Some(action));
            match own.find_map(|event| event.attribute("next")) {
                Some(next) => start_after = Some(next.to_owned()),
                None => return Ok(()),
            }
        }
    }

    /// Sends a message; nothing comes of it when somebody else was faster.
    async fn send<C: Chain>(
        &self,
        chain: &C,
        msg: &ExecuteMsg,
    ) -> Result<Option<TxResponse>, AgentError> {
        let billing = &self.contracts.billing;
        match chain.execute(&self.signer, billing, msg).await {
            Ok(response) => Ok(Some(response)),
            Err(error @ (ChainError::Refused { .. } | ChainError::Unconfirmed { .. })) => {
                tracing::debug!(%error, "not taken");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Consensus sessions are, where participants trade in pairs.
async fn is_recordable<C: Chain>(
    observer: &Observer<'_, C>,
    status: &SessionResponse,
) -> Result<bool, AgentError> {
    if !matches!(status.phase, Phase::Converged | Phase::Exhausted) {
        return Ok(false);
    }
    if !matches!(status.config.mode, Mode::Consensus(_)) {
        return Ok(true);
    }
    match observer.trades(0).await {
        Ok(_) => Ok(true),
        Err(AgentError::Chain(ChainError::Query { .. })) => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_reconciled(period: &gridweave_types::billing::PeriodResponse) -> bool {
    period.open && period.reconciled == period.statements
}
