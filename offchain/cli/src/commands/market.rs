//! `gridweave run` of a market.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use gridweave_audit::EVENT_LOG;

use super::{print, print_json};
use crate::args::RunArgs;
use crate::live::market::{Live, Part, execute as execute_live};
use crate::market::input::{Changes, Input};
use crate::market::outcome::Outcome;
use crate::market::problem::Problem;
use crate::market::report::{table, write_addresses, write_trades, write_waits};
use crate::market::rolling::{Plan, execute};
use crate::market::summary::Summary;
use crate::report::write_bills;
use crate::run::progress::Progress;

/// Seconds that an interval takes on a chain unless told otherwise.
const INTERVAL: u32 = 5;

/// Runs `input` and writes its results.
pub fn run(input: Input, args: &RunArgs, as_json: bool) -> Result<()> {
    ensure!(
        !args.changes_session(),
        "'{}' is a market, which takes --battery, --window, --objective, --solvers, --reveal, --no-bills, \
         --chain and --out only",
        args.scenario
    );
    let changes = Changes {
        battery: args.market.battery,
        window: args.market.window,
        objective: args.market.objective.map(Into::into),
        reveal: args.market.reveal,
    };
    let mut problem = input.problem(&args.scenario, changes)?;
    problem.shuffled &= !args.market.in_order;
    let folder = super::run::folder(args, &problem.name)?;
    let outcome = match &args.live.chain {
        None => embedded(&problem, args)?,
        Some(_) => on_chain(&problem, args, folder.join("actors"))?,
    };
    let summary = Summary::new(&problem, &outcome);
    summary.write(&folder)?;
    write_trades(&folder, &problem, &outcome)?;
    write_addresses(&folder, &outcome)?;
    if outcome.live.is_some() {
        write_waits(&folder, &outcome)?;
    }
    if let Some(bills) = &outcome.bills {
        write_bills(&folder, bills)?;
    }
    if let Some(log) = &outcome.log {
        log.write(&folder.join(EVENT_LOG))?;
    }
    if as_json {
        return print_json(&summary);
    }
    print(&table(&summary, &folder))
}

fn embedded(problem: &Problem, args: &RunArgs) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the task runtime does not start")?;
    let progress = Progress::start(problem.horizon);
    let plan = Plan {
        solvers: &args.market.solvers,
        bills: !args.no_bills,
    };
    runtime.block_on(execute(problem, plan, progress))
}

fn on_chain(problem: &Problem, args: &RunArgs, folder: PathBuf) -> Result<Outcome> {
    let chain = args.live.chain_args().context("--chain is missing")?;
    let live = Live {
        chain: &chain,
        in_process: args.live.in_process,
        folder,
        seconds: args.live.interval_seconds.unwrap_or(INTERVAL),
        lead: args.live.lead,
        solvers: &args.market.solvers,
        part: Part {
            name: &args.scenario,
            battery: args.market.battery,
            window: args.market.window,
        },
        bills: !args.no_bills,
    };
    // Solvers keep a thread busy; the others must go on.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .context("the task runtime does not start")?;
    runtime.block_on(execute_live(problem, &live))
}
