//! The metered day on the embedded chain: its clock jumps from interval to interval.

use anyhow::{Context, Result, bail};
use gridweave_agents::enrol::Enrolment;
use gridweave_agents::ledger;
use gridweave_agents::meter::devices::Devices;
use gridweave_agents::meter::{Concentrator, Domain, Meter, Source};
use gridweave_agents::observer::Observer;
use gridweave_agents::settler::Settler;
use gridweave_chain::Chain;
use gridweave_chain::embedded::CHAIN_ID;
use gridweave_model::{Instance, MeterOptions};
use gridweave_units::Interval;

use super::bills::{Billed, Bills};
use super::stage::{ROOT_METER, Stage, meter_key};

/// Name of the key that carries the meters' messages.
const CARRIER: &str = "meters";

/// A scheduled day that has not begun.
pub struct Day<'a> {
    /// The chain and everybody on it.
    pub stage: &'a Stage,
    /// The feeder.
    pub instance: &'a Instance,
    /// Who took part, by index.
    pub enrolments: &'a [Enrolment],
    /// How meters and devices err.
    pub meter: MeterOptions,
    /// Seed of their errors.
    pub seed: u64,
    /// Participants that lied.
    pub liars: &'a [usize],
    /// The session that scheduled it.
    pub session: u64,
    /// Its first interval.
    pub first: u32,
}

impl Day<'_> {
    /// Lives through the day, until its statements are final.
    ///
    /// # Errors
    /// The network cannot carry what the devices do, or a contract refuses.
    pub async fn live(&self) -> Result<Bills> {
        let world = &self.stage.world;
        let (chain, billing) = (&world.chain, &world.contracts.billing);
        let mut settler = Settler::new(world.keeper.clone(), world.contracts.clone(), self.first);
        settler.record(chain, self.session).await?;
        let mut meters = self.meters().await?;
        let terms = ledger::terms(chain, billing).await?;
        let timeline = terms.timeline();
        let begins = timeline.begin(Interval(self.first));
        let wait = begins.saturating_sub(chain.time().await?);
        chain.advance_block(wait).await?;
        let last = self.last_of_period(terms.period_intervals);
        let end = timeline.final_at(Interval(last));
        loop {
            chain.advance_block(terms.interval_seconds.into()).await?;
            meters.turn(chain).await?;
            if settler.turn(chain).await? {
                break;
            }
            if chain.time().await? > end + u64::from(terms.interval_seconds) {
                bail!("the day is final and not all of its statements are");
            }
        }
        let balance = chain.balance(billing.as_str(), &terms.denom).await?;
        let day = Billed {
            chain,
            billing,
            first: self.first,
            horizon: self.instance.horizon as u32,
            accounts: &self.stage.names(),
        };
        day.collect(balance).await
    }

    async fn meters(&self) -> Result<Concentrator> {
        let world = &self.stage.world;
        let coordinator = &world.contracts.coordinator;
        let observer = Observer::new(&world.chain, coordinator, self.session);
        let devices = Devices {
            instance: self.instance,
            enrolments: self.enrolments,
            liars: self.liars,
            options: self.meter,
            seed: self.seed,
        };
        let metered = devices
            .metered(&observer.promised().await?)
            .context("the network cannot carry what the devices do")?;
        let mut meters = vec![Meter {
            account: world.operator.address.clone(),
            key: meter_key(ROOT_METER)?,
            source: Source::Series(devices.root_series(self.first, &metered)),
        }];
        for (index, signer) in self.stage.signers.iter().enumerate() {
            meters.push(Meter {
                account: signer.address.clone(),
                key: meter_key(&signer.name)?,
                source: Source::Series(devices.series(index, self.first, &metered)),
            });
        }
        let domain = Domain {
            chain_id: CHAIN_ID.into(),
            billing: world.contracts.billing.clone(),
        };
        let carrier = world.chain.signer(CARRIER).await?;
        Ok(Concentrator::new(carrier, domain, meters))
    }

    /// Last interval of the last period that the day reaches into.
    fn last_of_period(&self, length: u32) -> u32 {
        let horizon = self.instance.horizon as u32;
        let last = self.first.saturating_add(horizon.saturating_sub(1));
        (last / length + 1).saturating_mul(length) - 1
    }
}
