//! `gridweave run`.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use gridweave_model::SessionMode;

use super::{print, print_json};
use crate::args::{ModeArg, RunArgs};
use crate::report::{self, Summary};
use crate::run::outcome::{Plan, execute};
use crate::run::problem::Problem;

/// Runs a scenario and writes its results.
pub fn run(args: &RunArgs, as_json: bool) -> Result<()> {
    let problem = problem(args)?;
    let folder = args
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("out").join(&problem.name));
    std::fs::create_dir_all(&folder).with_context(|| {
        format!(
            "folder {} cannot be made; choose another --out",
            folder.display()
        )
    })?;
    let plan = Plan {
        stragglers: args.stragglers,
        liars: args.liars,
        checks: !args.no_checks,
        warm: args.warm,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the task runtime does not start")?;
    let outcome = runtime.block_on(execute(&problem, plan))?;
    let summary = Summary::new(&problem, &outcome);
    summary.write(&folder)?;
    report::write_all(&folder, &problem, &outcome)?;
    if as_json {
        return print_json(&summary);
    }
    print(&report::table(&summary, &folder))
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
    let exchange = matches!(
        problem.options.mode,
        SessionMode::Exchange | SessionMode::ExchangeAdmm
    );
    ensure!(
        exchange || !args.warm,
        "--warm starts from the plan of an exchange session; choose --mode exchange or leave it out"
    );
    problem.options.max_rounds = args.rounds.or(problem.options.max_rounds);
    problem.options.stop_gap = args.gap.or(problem.options.stop_gap);
    problem.options.memory = args.memory.or(problem.options.memory);
    problem.settle_voltage();
    Ok(problem)
}
