//! A pool session of prosumers on a real chain: the homes are tasks of this process, in batches, and
//! sign with keys of their own, whose fees the operator pays.

mod homes;
mod rounds;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use gridweave_agents::gas;
use gridweave_agents::observer::Observer;
use gridweave_agents::operator::Operator;
use gridweave_agents::prosumers::pool_roster;
use gridweave_chain::{Chain, Contracts};

use super::ChainFigures;
use super::folder::Folder;
use super::site::Site;
use crate::args::ChainArgs;
use crate::prosumers::outcome::{Outcome, Trading};
use crate::prosumers::pool::{Played, Pool};
use crate::prosumers::problem::Problem;
use crate::prosumers::reference::Reference;
use crate::prosumers::run::{Plan, settled};
use crate::run::progress::Progress;
use crate::run::stage::day_after;
use homes::Homes;
use rounds::Driver;

/// Seconds of a round besides those for each home.
const SECONDS: u32 = 60;

/// How a community is run on a real chain.
pub struct Live<'a> {
    /// The chain.
    pub chain: &'a ChainArgs,
    /// Feeder number.
    pub feeder: u32,
    /// Folder of the homes' keys.
    pub folder: PathBuf,
}

/// Runs one pool session of `problem`. The metered days are not lived through.
///
/// # Errors
/// The homes are to trade another way, a home is infeasible alone, the chain cannot be reached, or a
/// contract refuses.
pub async fn execute(problem: &Problem, plan: Plan, live: &Live<'_>) -> Result<Outcome> {
    ensure!(
        plan.trading == Trading::Pool,
        "--chain runs pool sessions; leave out --pairwise and --rolling, or --chain"
    );
    let start = Instant::now();
    let reference = Reference::of(&problem.community)?;
    let site = Site::reach(live.chain).await?;
    let outcome = on_site(problem, plan, live, &site, reference).await;
    site.leave()?;
    let mut outcome = outcome?;
    outcome.wall = start.elapsed();
    Ok(outcome)
}

async fn on_site(
    problem: &Problem,
    plan: Plan,
    live: &Live<'_>,
    site: &Site,
    reference: Reference,
) -> Result<Outcome> {
    let (deployment, _) = site
        .deploy(&live.chain.artifacts, &problem.bills(), None, false)
        .await?;
    let contracts = deployment.contracts()?;
    let from = site.chain.height().await?;
    let homes = Homes::connect(
        site,
        Folder(&live.folder),
        &problem.community,
        &live.chain.gas_price,
    )
    .await?;
    Progress::step("registering the homes");
    register(problem, live, (site, &contracts), &homes).await?;
    let alone: Vec<f64> = reference.alone.iter().map(|home| home.cost).collect();
    let played = play(problem, plan, live, (site, &contracts), &homes, &alone).await?;
    let ended = site.chain.height().await?;
    let mut accounts = homes.addresses();
    accounts.push(site.operator.address.clone());
    let figures = ChainFigures::collect(&site.chain, from, ended, &accounts, 0).await?;
    let mut outcome = settled(problem, reference, &played)?;
    outcome.chain = Some(figures);
    Ok(outcome)
}

/// The homes' allowances, their feeder and their accounts, as far as they are missing.
async fn register(
    problem: &Problem,
    live: &Live<'_>,
    (site, contracts): (&Site, &Contracts),
    homes: &Homes,
) -> Result<()> {
    let (chain, signer) = (&site.chain, site.operator.clone());
    chain
        .grant_fees(&signer, &homes.addresses())
        .await
        .context("fees cannot be granted")?;
    let operator = Operator::new(chain, contracts, signer);
    operator
        .register_feeder(&problem.community.wires(), live.feeder)
        .await
        .context("the feeder cannot be registered; --feeder gives it another number")?;
    let nothing = vec![0.0; homes.signers.len()];
    let roster = pool_roster(&problem.community, &nothing, &[]);
    operator
        .register_accounts(live.feeder, &roster.participants, &homes.members())
        .await
        .context("the accounts cannot be registered")
}

/// One session from its opening to its end.
async fn play(
    problem: &Problem,
    plan: Plan,
    live: &Live<'_>,
    (site, contracts): (&Site, &Contracts),
    homes: &Homes,
    alone: &[f64],
) -> Result<Played> {
    let community = &problem.community;
    let count = u32::try_from(homes.signers.len()).context("too many homes")?;
    let seconds = SECONDS + count;
    let chain = &site.chain;
    let first = day_after(chain, contracts, (plan.max_rounds(), seconds)).await?;
    let choice = plan.choice(community, (live.feeder, first.into(), seconds));
    let session = Pool {
        community,
        alone,
        agreed: &[],
        choice: &choice,
    };
    let operator = Operator::new(chain, contracts, site.operator.clone());
    let id = session.open(&operator, &homes.addresses()).await?;
    let reserve = gas::pool_reserve(community.horizon);
    let participants = session.participants(&homes.signers, id)?.into_iter();
    let driver = Driver {
        site,
        homes: &homes.chain,
        coordinator: &contracts.coordinator,
        session: id,
    };
    let progress = Progress::start(choice.max_rounds);
    let participants = participants.map(|home| home.with_gas_reserve(reserve));
    let driven = driver.drive(participants.collect(), &progress).await?;
    progress.finish();
    let observer = Observer::new(chain, &contracts.coordinator, id);
    session.read(&observer, id, driven).await
}
