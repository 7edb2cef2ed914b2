//! Where a market runs: the deployment and its terms.

use anyhow::{Result, ensure};
use gridweave_agents::market::calendar::Calendar;
use gridweave_agents::market::{feeders, ledger};
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, Contracts, MarketContracts};
use gridweave_types::market::ConfigResponse;

use super::Live;
use crate::live::clock::compressed;
use crate::live::site::{Site, Suite};
use crate::market::problem::Problem;

/// A market on a chain.
pub struct Setting {
    /// All contracts.
    pub contracts: Contracts,
    /// The market's.
    pub market: MarketContracts,
    /// Its terms.
    pub terms: ConfigResponse,
}

/// Name of the deployment file of markets with the terms of `problem`, on a network of this machine.
pub fn file_name(problem: &Problem, seconds: u32) -> String {
    let choice = &problem.choice;
    let reveal = choice.reveal.unwrap_or(0);
    let words = format!("{:?}-{:?}", choice.objective, choice.pricing).to_lowercase();
    format!("market-{words}-{}-{reveal}-{seconds}.json", choice.clear)
}

impl Setting {
    /// Deploys what is missing, with feeders as in `problem`.
    ///
    /// # Errors
    /// A deployment that is there already has other terms; the chain refuses.
    pub async fn open(site: &Site, live: &Live<'_>, problem: &Problem) -> Result<Self> {
        let bills = compressed(problem.bills(), live.seconds);
        let suite = Suite {
            bills: &bills,
            treasury: None,
            market: Some(&problem.choice),
            crowdsourcing: None,
        };
        let (deployment, _) = site
            .deploy_suite(&live.chain.artifacts, suite, false)
            .await?;
        let contracts = deployment.contracts()?;
        let market = contracts.market()?.clone();
        let terms = ledger::terms(&site.chain, &market.market).await?;
        let this = Self {
            contracts,
            market,
            terms,
        };
        this.check(site, live, problem)?;
        this.set_limits(site, problem).await?;
        Ok(this)
    }

    /// When what happens.
    pub fn calendar(&self) -> Calendar {
        Calendar::of(&self.terms)
    }

    /// The first interval that becomes final no sooner than in `lead` seconds.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn first(&self, chain: &WasmdChain, lead: u32) -> Result<u32> {
        let status = ledger::status(chain, &self.market.market).await?;
        let wanted = chain.time().await? + u64::from(lead);
        let calendar = self.calendar();
        let mut first = status.next;
        while calendar.due(first) < wanted {
            first += 1;
        }
        Ok(first)
    }

    /// Coins of `assets` and of `market` (µ).
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn balances(&self, chain: &WasmdChain) -> Result<[u128; 2]> {
        let (assets, market) = (self.market.assets.as_str(), self.market.market.as_str());
        let denom = &self.terms.denom;
        Ok([
            chain.balance(assets, denom).await?,
            chain.balance(market, denom).await?,
        ])
    }

    /// That the deployment is what the run needs; terms are fixed when a market is made.
    fn check(&self, site: &Site, live: &Live<'_>, problem: &Problem) -> Result<()> {
        let (found, wanted) = (&self.terms, problem.choice.terms());
        let same = [
            ("objective", found.objective == wanted.objective),
            ("pricing", found.pricing == wanted.pricing),
            ("clearing", found.clearing == wanted.clearing),
            ("limits", found.limits == wanted.limits),
            ("bond", found.bond == wanted.bond),
            ("reward", found.reward == wanted.reward),
            ("reveal", found.reveal == wanted.reveal),
            ("interval_seconds", found.interval_seconds == live.seconds),
        ];
        let differ = same.iter().filter(|(_, same)| !same);
        let differ: Vec<_> = differ.map(|(name, _)| *name).collect();
        ensure!(
            differ.is_empty(),
            "the market in {} has other terms than this run needs ({}); choose another --deployment",
            site.deployment.display(),
            differ.join(", ")
        );
        Ok(())
    }

    async fn set_limits(&self, site: &Site, problem: &Problem) -> Result<()> {
        let known = ledger::feeders(&site.chain, &self.market.market).await?;
        for (&feeder, &limits) in &problem.full.feeders {
            let mut same = known.iter();
            if same.any(|row| row.feeder == feeder && row.limits == limits.into()) {
                continue;
            }
            let (chain, operator) = (&site.chain, &site.operator);
            feeders::set_limits(chain, &self.contracts, operator, (feeder, limits)).await?;
        }
        Ok(())
    }
}
