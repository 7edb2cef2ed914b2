//! `gridweave run` of a crowdsourced day.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use gridweave_audit::EVENT_LOG;
use gridweave_model::crowdsourcing::Crowd;

use super::{print, print_json};
use crate::args::{AcceptanceArg, RunArgs};
use crate::crowdsourcing::outcome::{Outcome, execute};
use crate::crowdsourcing::summary::{Summary, table};
use crate::crowdsourcing::{figure, tables};
use crate::live::crowd::{Live, execute as execute_live};
use crate::run::problem::Problem;

/// Seconds that an interval takes on a chain unless told otherwise.
const INTERVAL: u32 = 15;

/// Runs the day of `crowd` and writes its results.
pub fn run(problem: &Problem, crowd: Crowd, args: &RunArgs, as_json: bool) -> Result<()> {
    ensure!(
        !args.changes_network() && !args.no_bills,
        "'{}' is a crowdsourced day, which takes --acceptance, --days, --rounds, --gap, --seed, --chain and \
         --out only",
        args.scenario
    );
    let folder = super::run::folder(args, &problem.name)?;
    let outcome = match &args.live.chain {
        None => embedded(problem, &crowd, args)?,
        Some(_) => on_chain(problem, &crowd, args, folder.join("actors"))?,
    };
    let summary = Summary::new(problem, &crowd, &outcome);
    summary.write(&folder)?;
    tables::write_all(&folder, &outcome)?;
    for sheet in figure::sheets(problem, &crowd, &outcome) {
        sheet.write(&folder)?;
    }
    outcome.events.write(&folder.join(EVENT_LOG))?;
    if as_json {
        return print_json(&summary);
    }
    print(&table(&summary, &folder))
}

fn acceptance(args: &RunArgs) -> AcceptanceArg {
    args.crowd.acceptance.unwrap_or(AcceptanceArg::Model)
}

fn embedded(problem: &Problem, crowd: &Crowd, args: &RunArgs) -> Result<Outcome> {
    let span = (args.crowd.days.unwrap_or(1), acceptance(args));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the task runtime does not start")?;
    runtime.block_on(execute(problem, crowd, span))
}

fn on_chain(problem: &Problem, crowd: &Crowd, args: &RunArgs, folder: PathBuf) -> Result<Outcome> {
    ensure!(
        args.crowd.days.is_none_or(|days| days == 1),
        "--chain runs one day; leave out --days or --chain"
    );
    let chain = args.live.chain_args().context("--chain is missing")?;
    let live = Live {
        chain: &chain,
        scenario: &args.scenario,
        in_process: args.live.in_process,
        feeder: args.live.feeder,
        folder,
        seconds: args.live.interval_seconds.unwrap_or(INTERVAL),
        lead: args.live.lead,
    };
    let run = execute_live(problem, crowd, acceptance(args), &live);
    super::run::chain_runtime()?.block_on(run)
}
