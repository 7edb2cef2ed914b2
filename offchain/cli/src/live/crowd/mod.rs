//! A crowdsourced day on a real chain: the operator, every crowdsourcee and generator, and a keeper are
//! processes of their own, or tasks of this one.

mod cast;
mod figures;
mod follow;
mod setting;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use gridweave_agents::crowdsourcing::{Accounts, DayPlan, EquilibriumPlanner, OnContract};
use gridweave_audit::Subject;
use gridweave_chain::Chain;
use gridweave_chain::wasmd::WasmdChain;
use gridweave_model::crowdsourcing::Crowd;
use gridweave_types::crowdsourcing::Ledger;

pub use figures::LiveFigures;

use super::actors::Actors;
use super::folder::Role;
use super::site::Site;
use crate::args::{AcceptanceArg, ChainArgs};
use crate::billing::verdict;
use crate::crowdsourcing::books::{Account, DayBooks, budgets_of};
use crate::crowdsourcing::cast::parts;
use crate::crowdsourcing::date::Date;
use crate::crowdsourcing::outcome::{Outcome, equilibrium};
use crate::crowdsourcing::predictions::predictions;
use crate::run::bills::{Billed, Bills};
use crate::run::problem::Problem;
use crate::run::progress::Progress;
use cast::Cast;
use follow::{Follower, programme};
use setting::{Setting, Times};

/// Processes that start in a second, about.
const STARTS: u32 = 4;

/// How a crowd's day is run on a real chain.
pub struct Live<'a> {
    /// The chain.
    pub chain: &'a ChainArgs,
    /// The scenario as named on the command line.
    pub scenario: &'a str,
    /// Everybody is a task of this process.
    pub in_process: bool,
    /// Number of the first feeder; the others follow.
    pub feeder: u32,
    /// Folder of keys, configurations and logs.
    pub folder: PathBuf,
    /// Chain seconds of an interval.
    pub seconds: u32,
    /// Seconds in which preferences are taken, besides those that processes take to start.
    pub lead: u32,
}

/// Runs the day of `crowd` until its programme is closed and its bills are settled.
///
/// # Errors
/// The chain cannot be reached, a contract refuses, an actor fails for good, or the day is not over in
/// time.
pub async fn execute(
    problem: &Problem,
    crowd: &Crowd,
    acceptance: AcceptanceArg,
    live: &Live<'_>,
) -> Result<Outcome> {
    let start = Instant::now();
    let (central, admm_gap) = equilibrium(problem).await?;
    let planner = EquilibriumPlanner {
        instance: &problem.instance,
        crowd,
    };
    let plan = planner.of(&central);
    let mut site = Site::reach(live.chain).await?;
    if let (Some(home), None) = (&site.network, &live.chain.deployment) {
        site.deployment = home.join(setting::file_name(problem, crowd, live.seconds));
    }
    let outcome = on_site((problem, crowd, &plan), acceptance, live, &site).await;
    site.leave()?;
    let record = outcome?;
    Ok(Outcome {
        central,
        admm_gap,
        days: vec![record.day],
        // Weeks and months end long after the day.
        periods: Vec::new(),
        names: record.names,
        bills: record.bills,
        events: record.events,
        audit: record.audit,
        chain: Some(record.figures),
        wall: start.elapsed(),
    })
}

/// What a day has left on the chain.
struct Record {
    day: DayBooks,
    names: BTreeMap<String, String>,
    bills: Bills,
    events: gridweave_audit::EventLog,
    audit: gridweave_audit::Report,
    figures: LiveFigures,
}

async fn on_site(
    (problem, crowd, plan): (&Problem, &Crowd, &DayPlan),
    acceptance: AcceptanceArg,
    live: &Live<'_>,
    site: &Site,
) -> Result<Record> {
    let setting = Setting::open(site, live, (problem, crowd)).await?;
    let parts = parts(&problem.instance, crowd, plan);
    let cast = Cast {
        folder: &live.folder,
        site,
        gas_price: &live.chain.gas_price,
        scenario: live.scenario,
        problem,
        crowd,
        plan,
        parts: &parts,
        feeder: live.feeder,
    };
    let addresses = cast.addresses()?;
    Progress::step("registering the crowd");
    cast.settle_in(&setting.contracts, &addresses).await?;
    let starts = match live.in_process {
        true => 0,
        false => parts.len() as u32 / STARTS,
    };
    let horizon = problem.instance.horizon as u32;
    let day = setting.day(&site.chain, (live.lead + starts, starts), horizon);
    let times = day.await?;
    let roles = cast.write(&addresses, times, acceptance)?;
    let from = site.chain.height().await?;
    let number = play(live, &cast, (&setting, times), &roles, &addresses).await?;
    let processes = match live.in_process {
        true => 0,
        false => roles.len(),
    };
    let figures = LiveFigures::collect(&site.chain, &setting, from, processes).await?;
    record(&cast, (&setting, times), number, addresses, figures).await
}

/// Everybody at work until the programme is closed, and its tasks and bills are settled; the programme's
/// number.
async fn play(
    live: &Live<'_>,
    cast: &Cast<'_>,
    (setting, times): (&Setting, Times),
    roles: &[Role],
    addresses: &[String],
) -> Result<u32> {
    let kind = match live.in_process {
        true => "tasks",
        false => "processes",
    };
    Progress::step(&format!("starting {} {kind}", roles.len()));
    let mut actors = Actors::start(roles, &live.folder, live.in_process)?;
    let following = async {
        let until = times.preferences_until;
        let number = programme(&cast.site.chain, setting, (times.first, until)).await?;
        let platform = platform(cast, setting, number, addresses);
        let day = (times, platform);
        let mut follower = Follower::new(cast, setting, day, addresses).await?;
        follower.follow().await
    };
    let played = tokio::select! {
        followed = following => followed,
        tended = actors.tend() => tended,
    };
    played.with_context(|| format!("see the logs in {}", live.folder.display()))?;
    actors.finish().await;
    programme(&cast.site.chain, setting, (times.first, 0)).await
}

/// The programme to read from, in the order of the plan.
fn platform<'a>(
    cast: &Cast<'a>,
    setting: &Setting,
    programme: u32,
    addresses: &[String],
) -> OnContract<'a, WasmdChain> {
    let address = |bus: u32| {
        let mut pairs = cast.parts.iter().zip(addresses);
        let found = pairs.find(|(part, _)| part.bus == bus);
        found.map_or(String::new(), |(_, address)| address.clone())
    };
    let plan = cast.plan;
    let accounts = Accounts {
        members: plan.members.iter().map(|row| address(row.bus)).collect(),
        ahead: plan
            .ahead
            .iter()
            .map(|row| (row.bus, address(row.bus)))
            .collect(),
        generators: plan.generators.iter().map(|row| address(row.bus)).collect(),
        feeders: cast.feeders(),
    };
    let (chain, operator) = (&cast.site.chain, cast.site.operator.clone());
    OnContract::new(chain, operator, setting.crowd.clone(), programme, accounts)
}

/// Reads what the day has left.
async fn record(
    cast: &Cast<'_>,
    (setting, times): (&Setting, Times),
    number: u32,
    addresses: Vec<String>,
    figures: LiveFigures,
) -> Result<Record> {
    Progress::step("auditing the day");
    let (chain, crowd) = (&cast.site.chain, &setting.crowd);
    let subject = Subject::of(chain.chain_id(), &setting.contracts);
    let (events, height) = verdict::log_of_nodes(chain, subject).await?;
    let audit = verdict::of_log(&events, &chain.at(height)).await?;
    let names = addresses.iter().cloned();
    let names = names.zip(cast.parts.iter().map(|part| part.name.clone()));
    let names: BTreeMap<String, String> = names.collect();
    let mut budgets = Vec::new();
    for feeder in cast.feeders() {
        budgets.push(budgets_of(chain, crowd, (number, feeder)).await?);
    }
    let limit = setting.terms.incentive_limit.u64();
    let day = DayBooks {
        date: Date {
            day: 0,
            programme: number,
            first: times.first,
        },
        plan: cast.plan.clone(),
        predictions: predictions(&events.events, (crowd.as_str(), number), limit)?,
        relaxation_gap: cast.relaxation_gap()?,
        tasks: platform(cast, setting, number, &addresses).tasks().await?,
        budgets,
        account: Account::read(chain, crowd, Ledger::Programme { programme: number }).await?,
    };
    let billing = &setting.contracts.billing;
    let balance = chain.balance(billing.as_str(), &setting.bills.denom);
    let billed = Billed {
        chain,
        billing,
        first: times.first,
        horizon: times.horizon,
        accounts: &names,
    };
    Ok(Record {
        bills: billed.collect(balance.await?).await?,
        day,
        names,
        events,
        audit,
        figures,
    })
}
