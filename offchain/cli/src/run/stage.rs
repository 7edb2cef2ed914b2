//! A stage on the embedded chain: the feeder, its accounts, their meters and their money.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gridweave_agents::operator::Member;
use gridweave_agents::terms::money;
use gridweave_agents::{ledger, purse};
use gridweave_chain::{Chain, Coin, SecretKey, Signer};

use super::problem::Problem;
use super::session::Cast;
use super::world::{FEEDER, World};

/// Name of the meter at the root.
pub const ROOT_METER: &str = "root";
/// Longest time that a session gets before its day (seconds): commitments may lie only so far
/// ahead.
const LONGEST_LEAD: u64 = 900_000;

/// A stage with the accounts of a problem on it.
pub struct Stage {
    /// The chain.
    pub world: World,
    /// Keys of the participants, by index.
    pub signers: Vec<Signer>,
}

impl Stage {
    /// Sets the stage for `problem`; `billed` brings meters and money.
    pub async fn set(problem: &Problem, cast: &Cast, billed: bool) -> Result<Self> {
        let instance = &problem.instance;
        let world = World::start(&problem.bills()).await?;
        let operator = world.operator();
        operator
            .register_feeder(instance, FEEDER)
            .await
            .context("the feeder cannot be registered")?;
        let signers = world.signers(&cast.roster).await?;
        let members = members(&signers, billed)?;
        operator
            .register_accounts(FEEDER, &cast.roster.participants, &members)
            .await
            .context("the accounts cannot be registered")?;
        let stage = Self { world, signers };
        if billed {
            stage.fund(problem).await?;
        }
        Ok(stage)
    }

    /// Meters the root and pays in for everybody.
    async fn fund(&self, problem: &Problem) -> Result<()> {
        let (world, options) = (&self.world, &problem.billing);
        let (chain, billing) = (&world.chain, &world.contracts.billing);
        let (deposit, grid) = (money(options.deposit), money(options.grid_deposit));
        let coins = |amount: u128| vec![Coin::new(amount, &options.denom)];
        chain.mint(&world.operator, coins(grid)).await?;
        let operator = world.operator();
        let key = meter_key(ROOT_METER)?.public_key()?;
        operator
            .register_treasury(&problem.instance, FEEDER, key)
            .await?;
        operator.fund_grid(grid).await?;
        for signer in &self.signers {
            chain.mint(signer, coins(deposit)).await?;
            purse::top_up(chain, billing, signer, deposit).await?;
        }
        Ok(())
    }

    /// The first interval of a day that begins when a session of at most `rounds` rounds of
    /// `round_seconds` must have ended.
    pub async fn day_after(&self, rounds: u32, round_seconds: u32) -> Result<u32> {
        let world = &self.world;
        let terms = ledger::terms(&world.chain, &world.contracts.billing).await?;
        let longest = (u64::from(rounds) + 2).saturating_mul(u64::from(round_seconds) + 2);
        let now = world.chain.time().await?;
        Ok(ledger::day_after(&terms, now + longest.min(LONGEST_LEAD)))
    }

    /// Names of the participants by address.
    pub fn names(&self) -> BTreeMap<String, String> {
        let signers = self.signers.iter();
        signers
            .map(|signer| (signer.address.clone(), signer.name.clone()))
            .collect()
    }
}

fn members(signers: &[Signer], metered: bool) -> Result<Vec<Member>> {
    let signers = signers.iter();
    signers
        .map(|signer| {
            if !metered {
                return Ok(Member::unmetered(&signer.address));
            }
            Ok(Member {
                address: signer.address.clone(),
                meter_key: Some(meter_key(&signer.name)?.public_key()?),
            })
        })
        .collect()
}

/// The key of the simulated meter called `name`: derived, so that runs repeat byte for byte.
pub fn meter_key(name: &str) -> Result<SecretKey> {
    Ok(SecretKey::derived(format!("gridweave meter {name}"))?)
}
