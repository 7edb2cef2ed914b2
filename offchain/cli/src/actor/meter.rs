//! `gridweave meter`: signs what meters read and carries it to the chain.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use gridweave_agents::meter::devices::{Devices, Metered};
use gridweave_agents::meter::{Concentrator, Domain, Meter, Source};
use gridweave_agents::observer::Observer;
use gridweave_agents::sessions::{next_opened, next_session_of};
use gridweave_chain::{Chain, SecretKey, Signer};
use gridweave_types::coordinator::{Phase, SessionResponse};

use super::config::{Connection, DeviceSection, MeterConfig, MeterSection, load};
use super::{base, enter};
use crate::run::problem::Problem;
use crate::run::session::Cast;
use crate::run::stage::ROOT_METER;

/// Name of the key that pays.
const NAME: &str = "meters";

/// Everything that a process with meters knows.
struct Post<'a> {
    connection: Connection,
    signer: Signer,
    base: &'a Path,
    meters: &'a [MeterSection],
}

/// Reports as the configuration in `file` says.
///
/// # Errors
/// The configuration or a file of readings is wrong, or the chain does not answer.
pub async fn run(file: &Path) -> Result<()> {
    let config: MeterConfig = load(file)?;
    let base = base(file);
    let with_file = config
        .meters
        .iter()
        .filter(|m| m.readings.is_some())
        .count();
    ensure!(!config.meters.is_empty(), "[[meter]] is missing");
    ensure!(
        with_file == 0 || with_file == config.meters.len(),
        "{with_file} of {} meters have 'readings', expected all or none",
        config.meters.len()
    );
    let (connection, signer) = enter(NAME, &config.chain, &config.key, &base).await?;
    let post = Post {
        connection,
        signer,
        base: &base,
        meters: &config.meters,
    };
    if with_file > 0 {
        return post.read_files(config.session.once).await;
    }
    let devices = config.devices.as_ref();
    let devices = devices.context("[devices] is missing, which simulated meters need")?;
    let site = Simulated::new(devices, &base, &config.meters)?;
    let mut after = config.session.after;
    loop {
        after = post.live_day(&site, after).await?;
        if config.session.once {
            return Ok(());
        }
    }
}

impl Post<'_> {
    fn concentrator(
        &self,
        source: impl Fn(&MeterSection) -> Result<Source>,
    ) -> Result<Concentrator> {
        let meters = self.meters.iter().map(|meter| {
            Ok(Meter {
                account: meter.account.clone(),
                key: SecretKey::load(&meter.key.source(self.base)?)?,
                source: source(meter)?,
            })
        });
        let domain = Domain {
            chain_id: self.connection.chain.chain_id().into(),
            billing: self.connection.contracts.billing.clone(),
        };
        let meters = meters.collect::<Result<_>>()?;
        Ok(Concentrator::new(self.signer.clone(), domain, meters))
    }

    async fn read_files(&self, once: bool) -> Result<()> {
        let mut concentrator = self.concentrator(|meter| {
            let file = meter.readings.as_ref().context("'readings' is missing")?;
            Ok(Source::File(self.base.join(file)))
        })?;
        let chain = &self.connection.chain;
        loop {
            let height = chain.height().await?;
            concentrator.serve(chain).await?;
            if once {
                return Ok(());
            }
            chain.beyond(height).await?;
        }
    }

    /// Waits for a session above `after` to end and reports the day that it scheduled; its id.
    async fn live_day(&self, site: &Simulated, after: u64) -> Result<u64> {
        let (chain, coordinator) = (
            &self.connection.chain,
            &self.connection.contracts.coordinator,
        );
        let account = self.meters.iter().find(|meter| meter.name != ROOT_METER);
        let session = match account {
            Some(meter) => {
                next_session_of(chain, coordinator, after, &meter.account)
                    .await?
                    .0
            }
            None => next_opened(chain, coordinator, after).await?,
        };
        let observer = Observer::new(chain, coordinator, session);
        let mut height = 0;
        while !observer.has_ended().await? {
            height = chain.beyond(height).await?;
        }
        let status = observer.status().await?;
        if status.phase == Phase::Aborted {
            tracing::warn!(session, "aborted; there is nothing to follow");
            return Ok(session);
        }
        let first = site.first_interval(session, &status)?;
        let devices = site.devices();
        let metered = devices.metered(&observer.schedule().await?)?;
        let mut concentrator = self.concentrator(|meter| {
            Ok(Source::Series(site.series(
                &devices,
                &meter.name,
                first,
                &metered,
            )?))
        })?;
        tracing::info!(session, first, meters = self.meters.len(), "metering");
        concentrator.serve(chain).await?;
        tracing::info!(session, "everything is reported");
        Ok(session)
    }
}

/// Simulated devices.
struct Simulated {
    problem: Problem,
    cast: Cast,
    liars: Vec<usize>,
}

impl Simulated {
    fn new(section: &DeviceSection, base: &Path, meters: &[MeterSection]) -> Result<Self> {
        let problem = section.scenario.problem(base)?;
        let cast = Cast::new(&problem.instance, problem.options.mode)?;
        let liars = section.liars.iter();
        let liars = liars.map(|name| cast.require("devices.liars", name));
        let this = Self {
            liars: liars.collect::<Result<_>>()?,
            problem,
            cast,
        };
        for meter in meters.iter().filter(|meter| meter.name != ROOT_METER) {
            this.cast.require("meter.name", &meter.name)?;
        }
        Ok(this)
    }

    fn devices(&self) -> Devices<'_> {
        Devices {
            instance: &self.problem.instance,
            enrolments: &self.cast.roster.participants,
            liars: &self.liars,
            options: self.problem.billing.meter,
            seed: self.problem.seed,
        }
    }

    fn series(
        &self,
        devices: &Devices<'_>,
        name: &str,
        first: u32,
        metered: &Metered,
    ) -> Result<gridweave_agents::meter::Series> {
        if name == ROOT_METER {
            return Ok(devices.root_series(first, metered));
        }
        let index = self.cast.require("meter.name", name)?;
        Ok(devices.series(index, first, metered))
    }

    /// First interval of the session, which must be of this scenario.
    fn first_interval(&self, session: u64, status: &SessionResponse) -> Result<u32> {
        let expected = (
            self.cast.roster.participants.len(),
            self.problem.instance.horizon,
        );
        let found = (status.participants as usize, status.config.horizon as usize);
        ensure!(
            found == expected,
            "session {session} has {} participants × {} intervals, the scenario {} × {}",
            found.0,
            found.1,
            expected.0,
            expected.1
        );
        let first = status.config.first_interval.u64();
        u32::try_from(first).with_context(|| format!("session {session} begins at {first}"))
    }
}
