//! The homes behind a market's addresses: their accounts, meters and bills.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use gridweave_agents::market::accounts;
use gridweave_agents::market::claims::Holders;
use gridweave_agents::market::credits::Credits;
use gridweave_agents::meter::homes::HomeMeters;
use gridweave_agents::meter::{Concentrator, Domain, Meter, Source};
use gridweave_agents::operator::Member;
use gridweave_agents::settler::Settler;
use gridweave_agents::terms::money;
use gridweave_agents::{ledger, purse};
use gridweave_chain::embedded::CHAIN_ID;
use gridweave_chain::{Chain, Coin, Signer};
use gridweave_rules::market::OfferId;
use gridweave_units::Interval;

use super::outcome::FinalTrade;
use super::problem::Problem;
use super::world::World;
use crate::run::bills::{Billed, Bills};
use crate::run::stage::meter_key;

/// Name of the key that carries the meters' messages.
const CARRIER: &str = "meters";

/// Homes with accounts, and whoever acts for them when trades are final.
pub struct Neighbours {
    /// By home: the key of its account.
    signers: Vec<Signer>,
    holders: Holders,
    credits: Credits,
    meters: Concentrator,
    errors: HomeMeters,
    settler: Settler,
}

impl Neighbours {
    /// Registers the homes of `problem`, meters them and pays in for them and for the grid, whose
    /// feeders are there.
    ///
    /// # Errors
    /// A contract refuses.
    pub async fn move_in(world: &World, problem: &Problem) -> Result<Self> {
        let (chain, contracts) = (&world.chain, &world.contracts);
        let mut signers = Vec::with_capacity(problem.homes.feeders.len());
        let mut members = Vec::with_capacity(signers.capacity());
        for (home, feeder) in problem.homes.feeders.iter().enumerate() {
            let signer = chain.signer(&format!("home-{home}")).await?;
            let key = meter_key(&signer.name)?.public_key()?;
            let member = Member {
                address: signer.address.clone(),
                meter_key: Some(key),
            };
            members.push((*feeder, member));
            signers.push(signer);
        }
        accounts::register(chain, &contracts.grid, &world.operator, &members)
            .await
            .context("the homes cannot be registered")?;
        let options = &problem.billing;
        let deposit = money(options.deposit);
        for signer in &signers {
            let coins = vec![Coin::new(deposit, &options.denom)];
            chain.mint(signer, coins).await?;
            purse::top_up(chain, &contracts.billing, signer, deposit).await?;
        }
        let grid = money(options.grid_deposit);
        purse::fund_grid(chain, &contracts.billing, &world.operator, grid).await?;
        let errors = HomeMeters {
            options: options.meter,
            seed: problem.seed,
        };
        let settler = Settler::new(world.keeper.clone(), contracts.clone(), 0);
        Ok(Self {
            holders: Holders::new(0),
            credits: Credits::new(0),
            meters: meters(world, problem, &signers, errors).await?,
            errors,
            settler: settler.until(problem.horizon),
            signers,
        })
    }

    /// Notes that `home` has posted offers under the key `holder`.
    pub fn posted(&mut self, home: usize, holder: &Signer, offers: &[OfferId]) {
        for offer in offers {
            self.holders.add(*offer, holder);
        }
        if let Some(account) = self.signers.get(home) {
            self.credits.add(&holder.address, &account.address);
        }
    }

    /// When `interval` is final: claims and money go back to the operator and on to the accounts,
    /// meters read, what is due is settled.
    ///
    /// # Errors
    /// A contract refuses.
    pub async fn turn(
        &mut self,
        world: &World,
        problem: &Problem,
        interval: u32,
        trades: &[FinalTrade],
    ) -> Result<()> {
        let (chain, contracts) = (&world.chain, &world.contracts);
        self.holders.turn(chain, contracts).await?;
        self.credits
            .turn(chain, contracts, &world.operator)
            .await
            .with_context(|| format!("deposits of interval {interval} cannot be credited"))?;
        let traded = trades
            .iter()
            .flat_map(|trade| [(trade.seller, trade.energy), (trade.buyer, trade.energy)]);
        let energies = problem.homes.energies(interval, traded);
        for (home, energy) in energies.into_iter().enumerate() {
            let reading = self.errors.reading(home, interval, energy);
            self.meters.set(home, interval, reading);
        }
        self.meters.turn(chain).await?;
        self.settler.turn(chain).await?;
        Ok(())
    }

    /// Lives on until all statements are final, and reads the bills.
    ///
    /// # Errors
    /// A contract refuses, or a statement stays open.
    pub async fn finish(mut self, world: &World, problem: &Problem) -> Result<Bills> {
        let (chain, billing) = (&world.chain, &world.contracts.billing);
        let terms = ledger::terms(chain, billing).await?;
        let length = terms.period_intervals.max(1);
        let last = (problem.horizon.saturating_sub(1) / length + 1).saturating_mul(length) - 1;
        let end = ledger::timeline_of(&terms).final_at(Interval(last));
        let step = u64::from(terms.interval_seconds);
        loop {
            chain.advance_block(step).await?;
            self.meters.turn(chain).await?;
            if self.settler.turn(chain).await? {
                break;
            }
            if chain.time().await? > end + step {
                bail!("the day is final and not all of its statements are");
            }
        }
        let names = self.signers.into_iter();
        let names: BTreeMap<String, String> =
            names.map(|signer| (signer.address, signer.name)).collect();
        let day = Billed {
            chain,
            billing,
            first: 0,
            horizon: problem.horizon,
            accounts: &names,
        };
        let balance = chain.balance(billing.as_str(), &terms.denom).await?;
        day.collect(balance).await
    }
}

async fn meters(
    world: &World,
    problem: &Problem,
    signers: &[Signer],
    errors: HomeMeters,
) -> Result<Concentrator> {
    let mut meters = Vec::with_capacity(signers.len());
    for (home, signer) in signers.iter().enumerate() {
        meters.push(Meter {
            account: signer.address.clone(),
            key: meter_key(&signer.name)?,
            source: Source::Series(errors.series(home, problem.horizon)),
        });
    }
    let domain = Domain {
        chain_id: CHAIN_ID.into(),
        billing: world.contracts.billing.clone(),
    };
    let carrier = world.chain.signer(CARRIER).await?;
    Ok(Concentrator::new(carrier, domain, meters))
}
