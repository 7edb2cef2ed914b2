//! The metered day on a real chain: when it begins, and what it came to.

use std::time::Duration;

use anyhow::{Result, ensure};
use gridweave_agents::ledger;
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, Contracts};
use gridweave_types::billing::ConfigResponse;
use gridweave_units::Interval;

use super::files::Company;
use crate::run::bills::{Billed, Bills};
use crate::run::problem::Problem;

/// Longest that a run waits for a day (seconds).
const LONGEST: u64 = 3_600;
/// What actors get beyond the end of the day to finish their work (seconds).
const GRACE: u64 = 60;

/// A day to come.
pub struct Day<'a> {
    chain: &'a WasmdChain,
    contracts: &'a Contracts,
    /// The contract's terms.
    pub terms: ConfigResponse,
    /// First interval.
    pub first: u32,
    horizon: u32,
}

impl<'a> Day<'a> {
    /// The first day that leaves the session of `problem` enough time.
    ///
    /// # Errors
    /// The contract's clock is so slow that nobody would wait for the day.
    pub async fn plan(
        chain: &'a WasmdChain,
        contracts: &'a Contracts,
        problem: &Problem,
    ) -> Result<Self> {
        let terms = ledger::terms(chain, &contracts.billing).await?;
        let now = chain.time().await?;
        let lead = u64::from(problem.billing.lead_seconds);
        let this = Self {
            first: ledger::day_after(&terms, now + lead),
            horizon: problem.instance.horizon as u32,
            chain,
            contracts,
            terms,
        };
        let wait = this.final_at().saturating_sub(now);
        ensure!(
            wait <= LONGEST,
            "the bills of the day would be final in {wait} s: the contract's intervals take {} s and \
             its periods {} intervals; add --no-bills, or deploy with a compressed clock \
             (`interval_seconds` in [billing])",
            this.terms.interval_seconds,
            this.terms.period_intervals
        );
        Ok(this)
    }

    /// Unix seconds from which its last period may be reconciled.
    fn final_at(&self) -> u64 {
        let length = self.terms.period_intervals.max(1);
        let last = self.first.saturating_add(self.horizon.saturating_sub(1));
        let last = (last / length + 1).saturating_mul(length) - 1;
        self.terms.timeline().final_at(Interval(last))
    }

    /// How long actors may need from now on.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn patience(&self) -> Result<Duration> {
        let left = self.final_at().saturating_sub(self.chain.time().await?);
        Ok(Duration::from_secs(left + GRACE))
    }

    /// The bills of `company`.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn bills(&self, company: &Company) -> Result<Bills> {
        let (chain, billing) = (self.chain, &self.contracts.billing);
        let balance = chain.balance(billing.as_str(), &self.terms.denom).await?;
        let day = Billed {
            chain,
            billing,
            first: self.first,
            horizon: self.horizon,
            accounts: &company.names,
        };
        day.collect(balance).await
    }
}
