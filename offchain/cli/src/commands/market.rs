//! `gridweave run` of a market.

use anyhow::{Context, Result, ensure};
use gridweave_audit::EVENT_LOG;

use super::{print, print_json};
use crate::args::RunArgs;
use crate::market::input::{Changes, Input};
use crate::market::report::{table, write_trades};
use crate::market::rolling::execute;
use crate::market::summary::Summary;
use crate::report::write_bills;

/// Runs `input` and writes its results.
pub fn run(input: Input, args: &RunArgs, as_json: bool) -> Result<()> {
    ensure!(
        !args.changes_session(),
        "'{}' is a market, which takes --battery, --window, --objective, --no-bills and --out only",
        args.scenario
    );
    let changes = Changes {
        battery: args.market.battery,
        window: args.market.window,
        objective: args.market.objective.map(Into::into),
    };
    let problem = input.problem(&args.scenario, changes)?;
    let folder = super::run::folder(args, &problem.name)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the task runtime does not start")?;
    let outcome = runtime.block_on(execute(&problem, !args.no_bills))?;
    let summary = Summary::new(&problem, &outcome);
    summary.write(&folder)?;
    write_trades(&folder, &problem, &outcome)?;
    if let Some(bills) = &outcome.bills {
        write_bills(&folder, bills)?;
    }
    outcome.events.write(&folder.join(EVENT_LOG))?;
    if as_json {
        return print_json(&summary);
    }
    print(&table(&summary, &folder))
}
