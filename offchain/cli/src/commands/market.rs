//! `gridweave run` of a market.

use anyhow::{Context, Result, ensure};

use super::{print, print_json};
use crate::args::RunArgs;
use crate::market::input::{Changes, Input};
use crate::market::report::{table, write_trades};
use crate::market::rolling::execute;
use crate::market::summary::Summary;
use crate::run::progress::Progress;

/// Runs `input` and writes its results.
pub fn run(input: Input, args: &RunArgs, as_json: bool) -> Result<()> {
    ensure!(
        !args.changes_session(),
        "'{}' is a market, which takes --battery, --window, --objective, --solvers, --reveal and --out \
         only",
        args.scenario
    );
    let changes = Changes {
        battery: args.market.battery,
        window: args.market.window,
        objective: args.market.objective.map(Into::into),
        reveal: args.market.reveal,
    };
    let problem = input.problem(&args.scenario, changes)?;
    let folder = super::run::folder(args, &problem.name)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the task runtime does not start")?;
    let progress = Progress::start(problem.horizon);
    let outcome = runtime.block_on(execute(&problem, &args.market.solvers, progress))?;
    let summary = Summary::new(&problem, &outcome);
    summary.write(&folder)?;
    write_trades(&folder, &problem, &outcome)?;
    if as_json {
        return print_json(&summary);
    }
    print(&table(&summary, &folder))
}
