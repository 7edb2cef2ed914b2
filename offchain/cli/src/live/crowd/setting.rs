//! Where and when a crowd is asked on a chain: the deployment, its terms, its clock.

use anyhow::{Result, ensure};
use gridweave_agents::crowdsourcing::terms;
use gridweave_agents::ledger;
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, ContractAddr, Contracts};
use gridweave_model::crowdsourcing::Crowd;
use gridweave_types::billing;
use gridweave_types::crowdsourcing::{ConfigResponse, InstantiateMsg, QueryMsg};
use gridweave_units::Interval;

use super::Live;
use crate::live::clock::compressed;
use crate::live::site::{Site, Suite};
use crate::run::problem::Problem;

/// Least seconds in which agreements are proposed and signed.
const AGREEMENTS: u32 = 5;

/// The contracts of a crowd.
pub struct Setting {
    /// All contracts.
    pub contracts: Contracts,
    /// The crowd's.
    pub crowd: ContractAddr,
    /// Terms of the bills.
    pub bills: billing::ConfigResponse,
    /// Terms of the crowd.
    pub terms: ConfigResponse,
}

/// When a day takes place.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// First interval.
    pub first: u32,
    /// Intervals.
    pub horizon: u32,
    /// Until when preferences are taken (Unix seconds).
    pub preferences_until: u64,
}

impl Times {
    /// Last interval.
    pub const fn last(&self) -> u32 {
        self.first + self.horizon - 1
    }
}

/// Name of the deployment file of crowds with the terms of `problem`, on a network of this machine.
pub fn file_name(problem: &Problem, crowd: &Crowd, seconds: u32) -> String {
    let InstantiateMsg {
        day_intervals,
        incentive_limit,
        ..
    } = terms::contract(&problem.instance, crowd);
    format!("crowd-{day_intervals}-{incentive_limit}-{seconds}.json")
}

impl Setting {
    /// Deploys what is missing.
    ///
    /// # Errors
    /// A deployment that is there already has other terms; the chain refuses.
    pub async fn open(
        site: &Site,
        live: &Live<'_>,
        (problem, crowd): (&Problem, &Crowd),
    ) -> Result<Self> {
        let wanted = terms::contract(&problem.instance, crowd);
        let bills = compressed(problem.bills(), live.seconds);
        let suite = Suite {
            bills: &bills,
            treasury: None,
            market: None,
            crowdsourcing: Some(wanted.clone()),
        };
        let artifacts = &live.chain.artifacts;
        let (deployment, _) = site.deploy_suite(artifacts, suite, false).await?;
        let contracts = deployment.contracts()?;
        let crowd = contracts.crowdsourcing()?.clone();
        let this = Self {
            bills: ledger::terms(&site.chain, &contracts.billing).await?,
            terms: site.chain.query(&crowd, &QueryMsg::Config {}).await?,
            contracts,
            crowd,
        };
        this.check(site, live, &wanted)?;
        Ok(this)
    }

    /// The first day before which preferences can be taken for `lead` seconds, and `parts` agreements
    /// signed.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn day(
        &self,
        chain: &WasmdChain,
        (lead, parts): (u32, u32),
        horizon: u32,
    ) -> Result<Times> {
        let timeline = self.bills.timeline();
        let agreements = u64::from(self.bills.interval_seconds.max(AGREEMENTS) + parts);
        let earliest = chain.time().await? + u64::from(lead) + agreements;
        let present = timeline.clock.interval_at(earliest).unwrap_or_default().0;
        let first = match timeline.begin(Interval(present)) >= earliest {
            true => present,
            false => present + 1,
        };
        Ok(Times {
            first,
            horizon,
            preferences_until: timeline.begin(Interval(first)) - agreements,
        })
    }

    /// When the last statement of a day can be final (Unix seconds).
    pub fn final_at(&self, times: Times) -> u64 {
        let length = self.bills.period_intervals.max(1);
        let last = (times.last() / length + 1).saturating_mul(length) - 1;
        self.bills.timeline().final_at(Interval(last))
    }

    /// That the deployment is what the run needs; terms are fixed when contracts are made.
    fn check(&self, site: &Site, live: &Live<'_>, wanted: &InstantiateMsg) -> Result<()> {
        let found = &self.terms;
        let same = [
            ("day_intervals", found.day_intervals == wanted.day_intervals),
            (
                "incentive_limit",
                found.incentive_limit == wanted.incentive_limit,
            ),
            ("interval_seconds", found.interval_seconds == live.seconds),
        ];
        let differ = same.iter().filter(|(_, same)| !same);
        let differ: Vec<_> = differ.map(|(name, _)| *name).collect();
        ensure!(
            differ.is_empty(),
            "the crowd's contract in {} has other terms than this run needs ({}); choose another \
             --deployment",
            site.deployment.display(),
            differ.join(", ")
        );
        Ok(())
    }
}
