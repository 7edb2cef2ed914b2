//! `gridweave crowdsourcee`: a crowdsourcee or generator in one programme.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use gridweave_agents::crowdsourcing::{Accepted, Crowdsourcee, Decision, Member, Part, Standing};
use gridweave_agents::parameters::energy_unit;
use gridweave_agents::{AgentError, purse};
use gridweave_chain::{Chain, ChainError, Signer};
use gridweave_model::Instance;
use gridweave_model::crowdsourcing::{Answer, Reserve};
use gridweave_types::crowdsourcing::TaskResponse;
use tokio::time::sleep;

use super::config::{Connection, CrowdsourceeConfig, load};
use super::{base, enter};
use crate::crowdsourcing::cast::devices;

/// Name of the key.
const NAME: &str = "crowdsourcee";

/// Takes part as the configuration in `file` says, until nothing can be asked of it any more.
///
/// # Errors
/// The configuration is wrong, the chain does not answer, or the operator does not let it take part.
pub async fn run(file: &Path) -> Result<()> {
    let config: CrowdsourceeConfig = load(file)?;
    let base = base(file);
    let problem = config.scenario.problem(&base)?;
    let member = member(&config, &problem.instance)?;
    let (connection, signer) = enter(NAME, &config.chain, &config.key, &base).await?;
    if let Some(billing) = config.bills {
        let contract = &connection.contracts.billing;
        purse::top_up(&connection.chain, contract, &signer, billing.deposit.into())
            .await
            .context("the deposit cannot be paid in")?;
    }
    let answers = config.answers;
    let acceptance = answers.and_then(|own| own.acceptance(&problem.instance));
    let decide = |task: &TaskResponse, accepted: &Accepted| {
        let Some(answers) = answers else {
            return Answer::Silent;
        };
        let decision = Decision {
            member: &member,
            acceptance: acceptance.as_ref(),
            seed: answers.seed,
            who: answers.who,
            day: answers.day,
            first: config.first_interval,
        };
        decision.answer(task, accepted)
    };
    let contract = connection.contracts.crowdsourcing()?.clone();
    let part = Part::new(
        Crowdsourcee::new(signer.clone(), contract),
        (config.kind, devices(&problem.instance, config.bus)),
        (config.first_interval, config.preferences.clone()),
        decide,
    );
    let look = Duration::from_millis(config.look_ms.max(1));
    take_part(part, &connection, &signer, look).await
}

/// Turn after turn, until nothing is left to do.
async fn take_part(
    mut part: Part<impl Fn(&TaskResponse, &Accepted) -> Answer>,
    connection: &Connection,
    signer: &Signer,
    look: Duration,
) -> Result<()> {
    let chain = &connection.chain;
    loop {
        let height = chain.height().await?;
        match part.turn(chain).await {
            Ok(Standing::Over) => {
                tracing::info!(address = signer.address, "nothing more can be asked");
                return Ok(());
            }
            Ok(Standing::Acted) => continue,
            Ok(Standing::Waits) => {}
            // A raise or the end of a task's time was faster; the next turn sees it.
            Err(AgentError::Chain(
                error @ (ChainError::Refused { .. } | ChainError::Unconfirmed { .. }),
            )) => {
                tracing::warn!(%error, "not taken");
            }
            Err(error) => return Err(error.into()),
        }
        chain.beyond(height).await?;
        sleep(look).await;
    }
}

/// What it knows of itself, as far as its answers need it.
fn member(config: &CrowdsourceeConfig, instance: &Instance) -> Result<Member> {
    let bus = config.bus;
    let site = instance.network.index_of(bus);
    let site = site.and_then(|index| instance.sites.get(index));
    let site = site.with_context(|| format!("bus is {bus}, expected one of the scenario"))?;
    let preferences = &config.preferences;
    let windows = &preferences.windows;
    let first = windows.iter().map(|window| window.first).min();
    let last = windows.iter().map(|window| window.last).max();
    let (Some(first), Some(last)) = (first, last) else {
        anyhow::bail!("preferences.windows is empty, expected at least one");
    };
    let count = |interval: u32| interval.saturating_sub(config.first_interval);
    Ok(Member {
        bus,
        feeder: 0,
        price: Vec::new(),
        floor: preferences.export.price.i64(),
        ceiling: preferences.import.price.i64(),
        beyond: Vec::new(),
        available: (count(first), count(last) + 1),
        limits: (preferences.export.energy.u64(), preferences.energy.u64()),
        reserve: Reserve::new(site, instance.interval_hours),
        charge: config.charge.clone(),
        wh: energy_unit(instance) as f64,
    })
}
