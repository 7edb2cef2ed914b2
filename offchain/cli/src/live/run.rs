//! `gridweave run --chain`: the whole cast on a real chain.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use gridweave_agents::observer::Observer;
use gridweave_agents::operator::Operator;
use gridweave_audit::{Report, Subject};
use gridweave_chain::{Chain, Contracts};
use gridweave_optim::CentralSolution;

use super::actors::Actors;
use super::bills::Day;
use super::figures::ChainFigures;
use super::files::{Company, Script};
use super::follow::{Followed, Follower};
use super::site::Site;
use crate::args::ChainArgs;
use crate::billing::verdict;
use crate::run::end::End;
use crate::run::judge::Judge;
use crate::run::outcome::{Outcome, Plan, central};
use crate::run::problem::Problem;
use crate::run::progress::Progress;
use crate::run::session::Cast;

/// How a day is run on a real chain.
pub struct Live<'a> {
    /// The chain.
    pub chain: &'a ChainArgs,
    /// The scenario as named on the command line.
    pub scenario: &'a str,
    /// Actors are tasks of this process instead of processes of their own.
    pub in_process: bool,
    /// Feeder number.
    pub feeder: u32,
    /// Folder of keys, configurations and logs.
    pub folder: PathBuf,
}

impl Live<'_> {
    /// How many processes act; none where they are tasks of this one.
    fn processes(&self, company: &Company) -> usize {
        match self.in_process {
            true => 0,
            false => company.roles.len(),
        }
    }
}

/// Runs `problem`.
///
/// # Errors
/// The chain cannot be reached, a contract refuses, or an actor fails for good.
pub async fn execute(problem: &Problem, plan: Plan, live: &Live<'_>) -> Result<Outcome> {
    ensure!(
        !plan.warm,
        "--warm runs on the embedded chain only; leave out --chain or --warm"
    );
    let start = Instant::now();
    let central = central(&problem.instance);
    let site = Site::reach(live.chain).await?;
    let outcome = on_site(problem, plan, live, &site, central).await;
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
    central: Option<CentralSolution>,
) -> Result<Outcome> {
    let (deployment, _) = site
        .deploy(&live.chain.artifacts, &problem.bills(), None, false)
        .await?;
    let contracts = deployment.contracts()?;
    let billed = plan.bills && problem.is_billable();
    let day = match billed {
        true => Some(Day::plan(&site.chain, &contracts, problem).await?),
        false => None,
    };
    let cast = Cast::new(&problem.instance, problem.options.mode)?;
    let after = Operator::new(&site.chain, &contracts, site.operator.clone())
        .newest_session()
        .await?;
    let script = Script {
        folder: &live.folder,
        site,
        scenario: live.scenario,
        problem,
        cast: &cast,
        plan,
        after,
        feeder: live.feeder,
        treasury: day.as_ref().map_or("", |day| day.terms.treasury.as_str()),
        first: day.as_ref().map(|day| day.first),
        gas_price: &live.chain.gas_price,
    };
    let company = script.write()?;
    let judge = Judge::new(&problem.instance, &cast.roster, &company.liars)?;
    let follower = Follower {
        chain: &site.chain,
        coordinator: &contracts.coordinator,
        operator: &site.operator.address,
        after,
        judge: &judge,
        optimum: central.as_ref().map(|central| central.cost),
    };
    let from = site.chain.height().await?;
    let followed = play(live, &company, &follower, from, day.as_ref()).await?;
    let figures = ChainFigures::collect(
        &site.chain,
        from,
        followed.ended,
        &company.addresses,
        live.processes(&company),
    )
    .await?;
    let end = End {
        problem,
        judge: &judge,
        observer: Observer::new(&site.chain, &contracts.coordinator, followed.session),
    };
    let mut outcome = end
        .collect(followed.status, followed.rounds, central)
        .await?;
    outcome.chain = Some(figures);
    if let Some(day) = &day {
        outcome.bills = Some(day.bills(&company).await?);
        outcome.audit = Some(audit(site, &contracts).await?);
    }
    Ok(outcome)
}

async fn audit(site: &Site, contracts: &Contracts) -> Result<Report> {
    let subject = Subject::of(site.chain.chain_id(), contracts);
    verdict::of_nodes(&site.chain, subject).await
}

/// Starts everybody and follows the session they hold.
async fn play(
    live: &Live<'_>,
    company: &Company,
    follower: &Follower<'_>,
    from: u64,
    day: Option<&Day<'_>>,
) -> Result<Followed> {
    let roles = &company.roles;
    let kind = if live.in_process {
        "tasks"
    } else {
        "processes"
    };
    Progress::step(&format!("starting {} {kind}", roles.len()));
    let mut actors = Actors::start(roles, &live.folder, live.in_process)?;
    let following = follower.follow(from);
    tokio::pin!(following);
    let followed = tokio::select! {
        followed = &mut following => followed?,
        tended = actors.tend() => {
            tended?;
            // Everybody has seen the end; the follower is about to.
            following.await?
        }
    };
    if let Some(day) = day {
        Progress::step("living through the day");
        tokio::time::timeout(day.patience().await?, actors.tend())
            .await
            .with_context(|| format!("the day is not settled; see {}", live.folder.display()))??;
    }
    actors.finish().await;
    Ok(followed)
}
