//! The homes behind a market's addresses: their accounts, meters and bills.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gridweave_agents::market::accounts;
use gridweave_agents::meter::homes::HomeMeters;
use gridweave_agents::meter::{Concentrator, Domain, Meter, Source};
use gridweave_agents::operator::Member;
use gridweave_agents::terms::money;
use gridweave_agents::{ledger, purse};
use gridweave_chain::{Chain, Contracts, SecretKey, Signer};
use gridweave_units::Interval;

use super::outcome::FinalTrade;
use super::plans::home_name;
use super::problem::Problem;
use crate::run::bills::{Billed, Bills};

/// A home's account and the key of its meter.
#[derive(Debug, Clone)]
pub struct Neighbour {
    /// Address of the account.
    pub account: String,
    /// What its meter signs with.
    pub meter: SecretKey,
}

/// Registers the homes of `problem`, whose feeders are there, and pays in for them and for the grid.
///
/// # Errors
/// A contract refuses, or the operator has not got the coins.
pub async fn settle_in<C: Chain>(
    chain: &C,
    contracts: &Contracts,
    operator: &Signer,
    (problem, homes): (&Problem, &[Neighbour]),
) -> Result<()> {
    let mut members = Vec::with_capacity(homes.len());
    for (home, feeder) in homes.iter().zip(&problem.homes.feeders) {
        let member = Member {
            address: home.account.clone(),
            meter_key: Some(home.meter.public_key()?),
        };
        members.push((*feeder, member));
    }
    accounts::register(chain, &contracts.grid, operator, &members)
        .await
        .context("the homes cannot be registered")?;
    let (billing, options) = (&contracts.billing, &problem.billing);
    let addresses: Vec<_> = homes.iter().map(|home| home.account.clone()).collect();
    let deposits = (addresses.as_slice(), money(options.deposit));
    purse::top_up_all(chain, billing, operator, deposits)
        .await
        .context("the homes' deposits cannot be paid in")?;
    let grid = money(options.grid_deposit);
    purse::fund_grid(chain, billing, operator, grid).await?;
    Ok(())
}

/// What the homes' operator must have for [`settle_in`] (µ).
pub fn deposits(problem: &Problem) -> u128 {
    let homes = problem.homes.feeders.len() as u128;
    homes * money(problem.billing.deposit) + money(problem.billing.grid_deposit)
}

/// Homes with meters and bills.
pub struct Neighbours {
    /// Names of the accounts.
    names: BTreeMap<String, String>,
    meters: Concentrator,
    errors: HomeMeters,
    /// First interval of the day on the chain, and how many there are.
    first: u32,
    horizon: u32,
}

impl Neighbours {
    /// Meters `homes` from the chain's interval `first` on; `carrier` sends what they sign.
    pub fn new<C: Chain>(
        chain: &C,
        contracts: &Contracts,
        carrier: Signer,
        (problem, homes, first): (&Problem, &[Neighbour], u32),
    ) -> Self {
        let errors = HomeMeters {
            options: problem.billing.meter,
            seed: problem.seed,
        };
        let series = |home| Source::Series(errors.series(home, (first, problem.horizon)));
        let meters = homes.iter().enumerate().map(|(at, home)| Meter {
            account: home.account.clone(),
            key: home.meter.clone(),
            source: series(at),
        });
        let domain = Domain {
            chain_id: chain.chain_id().into(),
            billing: contracts.billing.clone(),
        };
        let names = homes.iter().enumerate();
        Self {
            meters: Concentrator::new(carrier, domain, meters.collect()),
            names: names
                .map(|(at, home)| (home.account.clone(), home_name(at)))
                .collect(),
            errors,
            first,
            horizon: problem.horizon,
        }
    }

    /// When the trades of `interval`, counted from the day's first, are final: what the meters will read.
    pub fn read(&mut self, problem: &Problem, interval: u32, trades: &[FinalTrade]) {
        let traded = trades
            .iter()
            .flat_map(|trade| [(trade.seller, trade.energy), (trade.buyer, trade.energy)]);
        let energies = problem.homes.energies(interval, traded);
        for (home, energy) in energies.into_iter().enumerate() {
            let reading = self.errors.reading(home, interval, energy);
            self.meters.set(home, self.first + interval, reading);
        }
    }

    /// Sends what can be sent now.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn report<C: Chain>(&mut self, chain: &C) -> Result<()> {
        self.meters.turn(chain).await?;
        Ok(())
    }

    /// When the last statement of the day can be final (Unix seconds).
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn final_at<C: Chain>(&self, chain: &C, contracts: &Contracts) -> Result<u64> {
        let terms = ledger::terms(chain, &contracts.billing).await?;
        let length = terms.period_intervals.max(1);
        let last = self.first + self.horizon.saturating_sub(1);
        let last = (last / length + 1).saturating_mul(length) - 1;
        Ok(terms.timeline().final_at(Interval(last)))
    }

    /// The bills of a day that is settled; `balance` is what `billing` has in the bank (µ).
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn bills<C: Chain>(
        self,
        chain: &C,
        contracts: &Contracts,
        balance: u128,
    ) -> Result<Bills> {
        let day = Billed {
            chain,
            billing: &contracts.billing,
            first: self.first,
            horizon: self.horizon,
            accounts: &self.names,
        };
        day.collect(balance).await
    }
}
