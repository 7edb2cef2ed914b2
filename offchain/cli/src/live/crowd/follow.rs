//! Follows a crowd's day on a chain. The meters are read here, since what a battery delivers follows
//! from what its owner has promised.

use anyhow::{Context, Result, ensure};
use gridweave_agents::crowdsourcing::{DayPlan, OnContract, programme_from};
use gridweave_agents::meter::{Concentrator, Domain, Meter, Series, Source};
use gridweave_chain::Chain;
use gridweave_chain::wasmd::WasmdChain;
use gridweave_model::crowdsourcing::Reserve;
use gridweave_rules::settlement::Timeline;
use gridweave_units::Interval;

use super::cast::{Cast, METERS, meter_name};
use super::setting::{Setting, Times};
use crate::crowdsourcing::readings::{note, readings};
use crate::live::folder::Folder;
use crate::run::progress::Progress;
use crate::run::stage::ROOT_METER;

/// What everybody gets beyond the time at which the day should be over (seconds).
const GRACE: u64 = 120;

/// Who follows.
pub struct Follower<'a> {
    /// The chain.
    pub chain: &'a WasmdChain,
    /// The contracts.
    pub setting: &'a Setting,
    /// When.
    pub times: Times,
    /// The programme as the operator has it.
    pub platform: OnContract<'a, WasmdChain>,
    plan: &'a DayPlan,
    timeline: Timeline,
    /// What is left behind each meter of Type 2.
    reserves: Vec<Reserve>,
    /// Signs with the key that carries the meters' messages.
    carrier: WasmdChain,
    meters: Concentrator,
    /// Intervals that are read.
    read: u32,
    progress: Progress,
}

impl<'a> Follower<'a> {
    /// Follows the programme of `platform`; `addresses` are those of the parts.
    ///
    /// # Errors
    /// The folder cannot be read, or no node answers.
    pub async fn new(
        cast: &Cast<'a>,
        setting: &'a Setting,
        (times, platform): (Times, OnContract<'a, WasmdChain>),
        addresses: &[String],
    ) -> Result<Self> {
        let folder = Folder(cast.folder);
        let carrier = folder.connect(cast.site, METERS, cast.gas_price).await?;
        let blank = Series::prompt(times.first, vec![0; times.horizon as usize]);
        let meter = |account: &str, name: &str| -> Result<Meter> {
            Ok(Meter {
                account: account.into(),
                key: folder.key(&meter_name(name))?,
                source: Source::Series(blank.clone()),
            })
        };
        let mut meters = vec![meter(setting.bills.treasury.as_str(), ROOT_METER)?];
        for (part, address) in cast.parts.iter().zip(addresses) {
            meters.push(meter(address, &part.name)?);
        }
        let domain = Domain {
            chain_id: carrier.chain_id().into(),
            billing: setting.contracts.billing.clone(),
        };
        let members = cast.plan.members.iter();
        Ok(Self {
            chain: &cast.site.chain,
            plan: cast.plan,
            timeline: setting.bills.timeline(),
            reserves: members.map(|member| member.reserve.clone()).collect(),
            meters: Concentrator::new(carrier.signer(METERS).await?, domain, meters),
            carrier,
            read: 0,
            progress: Progress::start(times.horizon),
            setting,
            times,
            platform,
        })
    }

    /// Follows block by block, for as long as it is let.
    ///
    /// # Errors
    /// The chain does not answer, or the day is not over in time.
    pub async fn follow(&mut self) -> Result<()> {
        let end = self.setting.final_at(self.times) + GRACE;
        loop {
            let height = self.chain.height().await?;
            self.look().await?;
            let now = self.chain.time().await?;
            ensure!(
                now < end,
                "the day should have been over {GRACE} s ago: {} of {} intervals have begun",
                self.read,
                self.times.horizon
            );
            self.chain.beyond(height).await?;
        }
    }

    /// Reads the meters of intervals that have begun, when nothing more can be promised for them, and
    /// reports what can be.
    async fn look(&mut self) -> Result<()> {
        let now = self.chain.time().await?;
        while self.read < self.times.horizon {
            let interval = self.times.first + self.read;
            if now < self.timeline.begin(Interval(interval)) {
                break;
            }
            let (plan, reserves) = (self.plan, &mut self.reserves);
            let found = readings(plan, &self.platform, reserves, self.read).await?;
            note(&mut self.meters, interval, found);
            let line = format!("interval {:>3} has begun", self.read);
            self.read += 1;
            self.progress.show(self.read, line);
        }
        self.meters.turn(&self.carrier).await?;
        Ok(())
    }
}

/// Number of the programme that begins with `first`, as soon as the operator has started it.
///
/// # Errors
/// The chain does not answer, or there is none by the time `until` (Unix seconds).
pub async fn programme(
    chain: &WasmdChain,
    setting: &Setting,
    (first, until): (u32, u64),
) -> Result<u32> {
    loop {
        let height = chain.height().await?;
        let found = programme_from(chain, &setting.crowd, first).await?;
        if let Some(found) = found {
            return Ok(found.programme);
        }
        let now = chain.time().await?;
        ensure!(now < until, "the operator has not started the programme");
        chain.beyond(height).await.context("no more blocks")?;
    }
}
