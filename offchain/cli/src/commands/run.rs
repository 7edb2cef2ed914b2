//! `gridweave run`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use gridweave_audit::EVENT_LOG;
use gridweave_model::SessionMode;
use tokio::runtime::Runtime;

use super::{crowd, market, print, print_json, prosumers};
use crate::args::{ModeArg, RunArgs};
use crate::live::{self, Live};
use crate::market::input::Input;
use crate::prosumers::input::Input as Community;
use crate::report::{self, Summary};
use crate::run::outcome::{Outcome, Plan, execute};
use crate::run::problem::Problem;

/// Runs a scenario and writes its results.
pub fn run(args: &RunArgs, as_json: bool) -> Result<()> {
    if let Some(input) = Input::find(&args.scenario)? {
        return market::run(input, args, as_json);
    }
    if let Some(input) = Community::find(&args.scenario)? {
        return prosumers::run(input, args, as_json);
    }
    ensure!(
        !args.prosumers.any(),
        "'{}' is no community of prosumers; leave out --pairwise, --rolling, --homes and --network",
        args.scenario
    );
    ensure!(
        !args.market.any(),
        "'{}' is no market; leave out --battery, --window, --objective, --solvers and --reveal",
        args.scenario
    );
    let problem = problem(args)?;
    if let Some(found) = problem.crowd()? {
        return crowd::run(&problem, found, args, as_json);
    }
    ensure!(
        !args.crowd.any(),
        "'{}' has no crowd; leave out --acceptance and --days",
        args.scenario
    );
    let folder = folder(args, &problem.name)?;
    let plan = Plan {
        stragglers: args.stragglers,
        liars: args.liars,
        checks: !args.no_checks,
        warm: args.warm,
        bills: !args.no_bills,
    };
    let outcome = match &args.live.chain {
        None => embedded(&problem, plan)?,
        Some(_) => on_chain(args, &problem, plan, &folder)?,
    };
    let summary = Summary::new(&problem, &outcome);
    summary.write(&folder)?;
    report::write_all(&folder, &problem, &outcome)?;
    if let Some(events) = &outcome.events {
        events.write(&folder.join(EVENT_LOG))?;
    }
    if as_json {
        return print_json(&summary);
    }
    print(&report::table(&summary, &folder))
}

/// The folder of the results of `name`, made if it is missing.
pub fn folder(args: &RunArgs, name: &str) -> Result<PathBuf> {
    let folder = args.out.clone();
    let folder = folder.unwrap_or_else(|| PathBuf::from("out").join(name));
    std::fs::create_dir_all(&folder).with_context(|| {
        format!(
            "folder {} cannot be made; choose another --out",
            folder.display()
        )
    })?;
    Ok(folder)
}

fn embedded(problem: &Problem, plan: Plan) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the task runtime does not start")?;
    runtime.block_on(execute(problem, plan))
}

fn on_chain(args: &RunArgs, problem: &Problem, plan: Plan, folder: &Path) -> Result<Outcome> {
    let Some(chain) = args.live.chain_args() else {
        bail!("--chain is missing");
    };
    let live = Live {
        chain: &chain,
        scenario: &args.scenario,
        in_process: args.live.in_process,
        feeder: args.live.feeder,
        folder: folder.join("actors"),
    };
    chain_runtime()?.block_on(live::execute(problem, plan, &live))
}

/// A runtime for tasks on a real chain: local problems keep a thread busy; the others must go on.
pub fn chain_runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .context("the task runtime does not start")
}

fn problem(args: &RunArgs) -> Result<Problem> {
    let mut problem = Problem::load(&args.scenario, args.seed)?;
    if let Some(mode) = args.mode {
        problem.choose_mode(match mode {
            ModeArg::Nodal => SessionMode::Nodal,
            ModeArg::Lateral => SessionMode::Lateral,
            ModeArg::Exchange => SessionMode::Exchange,
            ModeArg::ExchangeAdmm => SessionMode::ExchangeAdmm,
        });
    }
    ensure!(
        problem.is_billable() || !args.warm,
        "--warm starts from the plan of an exchange session; choose --mode exchange or leave it out"
    );
    problem.options.max_rounds = args.rounds.or(problem.options.max_rounds);
    problem.options.stop_gap = args.gap.or(problem.options.stop_gap);
    problem.options.memory = args.memory.or(problem.options.memory);
    problem.settle_voltage();
    Ok(problem)
}
