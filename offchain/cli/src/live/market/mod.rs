//! A market on a real chain: solvers and the keeper are processes of their own, the operator and the
//! homes are tasks of this one.

mod cast;
mod figures;
mod posting;
mod setting;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use gridweave_agents::market::ledger;
use gridweave_chain::Chain;
use gridweave_types::market::Phase;

pub use figures::LiveFigures;

use super::actors::Actors;
use super::site::Site;
use crate::args::{ChainArgs, SolverArg};
use crate::market::fleet::chosen;
use crate::market::outcome::{Outcome, Record, View, collect};
use crate::market::problem::Problem;
use crate::market::rolling::Diary;
use crate::run::progress::Progress;
use cast::{Cast, Company};
use posting::Posting;
use setting::Setting;

/// What keepers get beyond the last interval's time (seconds).
const GRACE: u64 = 60;

/// How a market is run on a real chain.
pub struct Live<'a> {
    /// The chain.
    pub chain: &'a ChainArgs,
    /// Solvers and the keeper are tasks of this process too.
    pub in_process: bool,
    /// Folder of keys, configurations and logs.
    pub folder: PathBuf,
    /// Chain seconds of an interval.
    pub seconds: u32,
    /// Seconds before the first interval becomes final.
    pub lead: u32,
    /// Who solves.
    pub solvers: &'a [SolverArg],
}

/// Runs `problem` until its last interval is final.
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
    let base = setting.first(&site.chain, live.lead).await?;
    let company = cast.write(&kinds, base + problem.horizon - 1)?;
    let from = site.chain.height().await?;
    let posting = Posting {
        site,
        setting: &setting,
        problem,
        base,
        gas_price: &live.chain.gas_price,
    };
    let mut diary = play(live, site, &posting, &company).await?;
    diary.solves = company.solves()?;
    let to = site.chain.height().await?;
    let records = site.chain.transactions(from, to).await?;
    let processes = match live.in_process {
        true => 0,
        false => company.roles.len(),
    };
    let (figures, waits) =
        LiveFigures::collect(&site.chain, &setting, &records, &diary, processes).await?;
    let view = View {
        chain: &site.chain,
        contracts: &setting.market,
        base,
        events: figures::events(&records),
        balances: setting.balances(&site.chain).await?,
    };
    let mut outcome = collect(&view, problem, diary, Record::default(), start).await?;
    (outcome.live, outcome.waits) = (Some(figures), waits);
    Ok(outcome)
}

/// Everybody at work until the last interval is final.
async fn play(
    live: &Live<'_>,
    site: &Site,
    posting: &Posting<'_>,
    company: &Company,
) -> Result<Diary> {
    let kind = match live.in_process {
        true => "tasks",
        false => "processes",
    };
    Progress::step(&format!("starting {} {kind}", company.roles.len()));
    let mut actors = Actors::start(&company.roles, &live.folder, live.in_process)?;
    let played = async {
        let diary = posting.run().await?;
        await_end(site, posting).await?;
        anyhow::Ok(diary)
    };
    tokio::pin!(played);
    let diary = tokio::select! {
        played = &mut played => played,
        tended = actors.tend() => match tended {
            // They have seen the end; the others are about to.
            Ok(()) => played.await,
            Err(error) => Err(error),
        },
    };
    let diary = diary.with_context(|| format!("see the logs in {}", live.folder.display()))?;
    // Solvers take out what they have earned.
    let rest = Duration::from_secs(GRACE);
    let ended = tokio::time::timeout(rest, actors.tend()).await;
    ended.context("solvers do not end")??;
    actors.finish().await;
    Ok(diary)
}

async fn await_end(site: &Site, posting: &Posting<'_>) -> Result<()> {
    let (chain, market) = (&site.chain, &posting.setting.market.market);
    let last = posting.base + posting.problem.horizon - 1;
    let until = posting.setting.due(last) + GRACE;
    loop {
        let height = chain.height().await?;
        let status = ledger::status(chain, market).await?;
        if status.next > last && status.phase == Phase::Open {
            return Ok(());
        }
        ensure!(
            chain.time().await? < until,
            "interval {last} is not final: the market is at {}",
            status.next
        );
        chain.beyond(height).await?;
    }
}
