//! A market on a real chain: the operator's counter, the homes, solvers and keepers are processes of
//! their own, or tasks of this one.

mod cast;
mod delays;
mod figures;
mod follow;
mod homes;
mod setting;
mod windows;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use gridweave_audit::Subject;
use gridweave_chain::Chain;

pub use figures::LiveFigures;
pub use homes::Part;

use super::actors::Actors;
use super::folder::{Folder, Role};
use super::site::Site;
use crate::actor::config::KeeperBilling;
use crate::args::{ChainArgs, SolverArg};
use crate::billing::verdict;
use crate::market::fleet::chosen;
use crate::market::neighbours::{Neighbour, Neighbours, settle_in};
use crate::market::outcome::{Outcome, Record, View, collect};
use crate::market::problem::Problem;
use crate::market::rolling::Diary;
use crate::run::bills::Bills;
use crate::run::progress::Progress;
use cast::{Cast, METERS};
use follow::{Follower, Meters, Sight};
use setting::Setting;

/// Processes that start in a second, about.
const STARTS: u32 = 4;

/// How a market is run on a real chain.
pub struct Live<'a> {
    /// The chain.
    pub chain: &'a ChainArgs,
    /// Everybody is a task of this process.
    pub in_process: bool,
    /// Folder of keys, configurations and logs.
    pub folder: PathBuf,
    /// Chain seconds of an interval.
    pub seconds: u32,
    /// Seconds before the first interval becomes final, besides those that processes take to start.
    pub lead: u32,
    /// Who solves.
    pub solvers: &'a [SolverArg],
    /// What the homes are asked to trade.
    pub part: Part<'a>,
    /// Whether homes are metered and billed.
    pub bills: bool,
}

/// Runs `problem` until its last interval is final, and with bills until they are settled.
///
/// # Errors
/// The chain cannot be reached, a contract refuses, an actor fails for good, or an interval is not
/// final in time.
pub async fn execute(problem: &Problem, live: &Live<'_>) -> Result<Outcome> {
    let start = Instant::now();
    let mut site = Site::reach(live.chain).await?;
    if let (Some(home), None) = (&site.network, &live.chain.deployment) {
        site.deployment = home.join(setting::file_name(problem, live.seconds));
    }
    let outcome = on_site(problem, live, &site, start).await;
    site.leave()?;
    outcome
}

async fn on_site(
    problem: &Problem,
    live: &Live<'_>,
    site: &Site,
    start: Instant,
) -> Result<Outcome> {
    let setting = Setting::open(site, live, problem).await?;
    let kinds = chosen(live.solvers);
    let cast = Cast {
        folder: &live.folder,
        site,
        gas_price: &live.chain.gas_price,
    };
    cast.equip(problem, &setting, &kinds).await?;
    let homes = cast.neighbours(problem)?;
    let (chain, contracts) = (&site.chain, &setting.contracts);
    settle_in(chain, contracts, &site.operator, (problem, &homes)).await?;
    let actors = homes.len() as u32 + kinds.len() as u32;
    let lead = match live.in_process {
        true => live.lead,
        false => live.lead + actors / STARTS,
    };
    let base = setting.first(chain, lead).await?;
    let until = base + problem.horizon - 1;
    let bills = live.bills.then_some(KeeperBilling {
        from: base,
        until: Some(until),
    });
    let mut company = cast.write(&kinds, until, bills)?;
    let sold = (problem, &live.part);
    let roles = cast.write_homes(sold, &setting, (&homes, base))?;
    company.roles.splice(0..0, roles);
    let follower = Follower {
        site,
        setting: &setting,
        problem,
        folder: Folder(&live.folder),
        base,
    };
    let from = chain.height().await?;
    let mut sight = follower.begin().await?;
    let mut meters = meters(&follower, live, &homes).await?;
    play(live, &follower, &company.roles, (&mut sight, &mut meters)).await?;
    let mut kept = record(&follower, meters).await?;
    let diary = Diary {
        register: sight.register,
        solves: company.solves()?,
        ..Diary::default()
    };
    let to = chain.height().await?;
    let records = chain.transactions(from, to).await?;
    let processes = match live.in_process {
        true => 0,
        false => company.roles.len(),
    };
    let (figures, offers) =
        LiveFigures::collect(chain, &setting, &records, &diary.register, processes);
    kept.live = Some(figures);
    let events = figures::events(&records);
    Progress::step("solving the book of every block, to tell how long energy waited");
    let energy = delays::of_energy(&setting, problem, &events)?;
    kept.waited = delays::timed(chain, &offers, &energy).await?;
    let view = View {
        chain,
        contracts: &setting.market,
        base,
        events,
        balances: setting.balances(chain).await?,
    };
    collect(&view, problem, diary, kept, start).await
}

/// The homes' meters, where they are read.
async fn meters(
    follower: &Follower<'_>,
    live: &Live<'_>,
    homes: &[Neighbour],
) -> Result<Option<Meters>> {
    if !live.bills {
        return Ok(None);
    }
    let gas_price = &live.chain.gas_price;
    let folder = follower.folder;
    let chain = folder.connect(follower.site, METERS, gas_price).await?;
    let contracts = &follower.setting.contracts;
    let signer = chain.signer(METERS).await?;
    let day = (follower.problem, homes, follower.base);
    Ok(Some(Meters {
        homes: Neighbours::new(&chain, contracts, signer, day),
        chain,
    }))
}

/// Everybody at work until the last interval is final, everything that was given out has come back, and
/// the bills are settled.
async fn play(
    live: &Live<'_>,
    follower: &Follower<'_>,
    roles: &[Role],
    (sight, meters): (&mut Sight, &mut Option<Meters>),
) -> Result<()> {
    let kind = match live.in_process {
        true => "tasks",
        false => "processes",
    };
    Progress::step(&format!("starting {} {kind}", roles.len()));
    let mut actors = Actors::start(roles, &live.folder, live.in_process)?;
    let played = tokio::select! {
        followed = follower.follow(sight, meters) => followed,
        tended = actors.tend() => tended,
    };
    played.with_context(|| format!("see the logs in {}", live.folder.display()))?;
    actors.finish().await;
    // What came with the last blocks.
    follower.look(sight, &mut None).await
}

/// What was announced, whether it is as it must be, and what the homes pay.
async fn record(follower: &Follower<'_>, meters: Option<Meters>) -> Result<Record> {
    let (chain, contracts) = (&follower.site.chain, &follower.setting.contracts);
    let bills: Option<Bills> = match meters {
        Some(meters) => {
            let (billing, denom) = (&contracts.billing, &follower.setting.terms.denom);
            let balance = chain.balance(billing.as_str(), denom).await?;
            Some(meters.homes.bills(chain, contracts, balance).await?)
        }
        None => None,
    };
    Progress::step("auditing the day");
    let subject = Subject::of(chain.chain_id(), contracts);
    let (log, height) = verdict::log_of_nodes(chain, subject).await?;
    let audit = verdict::of_log(&log, &chain.at(height)).await?;
    Ok(Record {
        bills,
        log: Some(log),
        audit: Some(audit),
        ..Record::default()
    })
}
