//! A stage on the embedded chain: the feeder, its accounts, their meters and their money.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gridweave_agents::enrol::Roster;
use gridweave_agents::operator::Member;
use gridweave_agents::terms::{BillingChoice, money};
use gridweave_agents::{ledger, purse};
use gridweave_chain::{Chain, Coin, Contracts, SecretKey, Signer};
use gridweave_model::Instance;

use super::world::{FEEDER, World};

/// Name of the meter at the root.
pub const ROOT_METER: &str = "root";
/// Longest time that a session gets before its day (seconds): commitments may lie only so far
/// ahead.
const LONGEST_LEAD: u64 = 900_000;

/// Who is to be put on a stage.
#[derive(Clone, Copy)]
pub struct Company<'a> {
    /// The feeder.
    pub instance: &'a Instance,
    /// Who has an account on it.
    pub roster: &'a Roster,
    /// Terms of the bills.
    pub bills: &'a BillingChoice,
}

/// A stage with the accounts of a company on it.
pub struct Stage {
    /// The chain.
    pub world: World,
    /// Keys of the participants, by index.
    pub signers: Vec<Signer>,
}

impl Stage {
    /// Sets the stage for `company`; `billed` brings meters and money.
    pub async fn set(company: Company<'_>, billed: bool) -> Result<Self> {
        let world = World::start(company.bills).await?;
        let operator = world.operator();
        operator
            .register_feeder(company.instance, FEEDER)
            .await
            .context("the feeder cannot be registered")?;
        let signers = world.signers(company.roster).await?;
        let members = members(&signers, billed)?;
        operator
            .register_accounts(FEEDER, &company.roster.participants, &members)
            .await
            .context("the accounts cannot be registered")?;
        let stage = Self { world, signers };
        if billed {
            stage.fund(company).await?;
        }
        Ok(stage)
    }

    /// Meters the root and pays in for everybody.
    async fn fund(&self, company: Company<'_>) -> Result<()> {
        let (world, options) = (&self.world, &company.bills.options);
        let (chain, billing) = (&world.chain, &world.contracts.billing);
        let (deposit, grid) = (money(options.deposit), money(options.grid_deposit));
        let coins = |amount: u128| vec![Coin::new(amount, &options.denom)];
        chain.mint(&world.operator, coins(grid)).await?;
        let operator = world.operator();
        let key = meter_key(ROOT_METER)?.public_key()?;
        operator
            .register_treasury(company.instance, FEEDER, key)
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
        let session = (rounds, round_seconds);
        day_after(&world.chain, &world.contracts, session).await
    }

    /// Names of the participants by address.
    pub fn names(&self) -> BTreeMap<String, String> {
        let signers = self.signers.iter();
        signers
            .map(|signer| (signer.address.clone(), signer.name.clone()))
            .collect()
    }
}

/// The first interval of a day on `chain` that begins when a session of at most so many rounds of so
/// many seconds must have ended.
///
/// # Errors
/// The chain does not answer.
pub async fn day_after<C: Chain>(
    chain: &C,
    contracts: &Contracts,
    (rounds, round_seconds): (u32, u32),
) -> Result<u32> {
    let terms = ledger::terms(chain, &contracts.billing).await?;
    let longest = (u64::from(rounds) + 2).saturating_mul(u64::from(round_seconds) + 2);
    let now = chain.time().await?;
    Ok(ledger::day_after(&terms, now + longest.min(LONGEST_LEAD)))
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
