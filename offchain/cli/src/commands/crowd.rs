//! `gridweave run` of a crowdsourced day.

use anyhow::{Context, Result, ensure};
use gridweave_audit::EVENT_LOG;
use gridweave_model::crowdsourcing::Crowd;

use super::{print, print_json};
use crate::args::{AcceptanceArg, RunArgs};
use crate::crowdsourcing::outcome::execute;
use crate::crowdsourcing::summary::{Summary, table};
use crate::crowdsourcing::{figure, tables};
use crate::run::problem::Problem;

/// Runs the day of `crowd` and writes its results.
pub fn run(problem: &Problem, crowd: Crowd, args: &RunArgs, as_json: bool) -> Result<()> {
    ensure!(
        args.live.chain.is_none() && !args.changes_network(),
        "'{}' is a crowdsourced day, which takes --acceptance, --days, --rounds, --gap, --seed and --out only",
        args.scenario
    );
    let folder = super::run::folder(args, &problem.name)?;
    let acceptance = args.crowd.acceptance.unwrap_or(AcceptanceArg::Model);
    let days = args.crowd.days.unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the task runtime does not start")?;
    let outcome = runtime.block_on(execute(problem, &crowd, (days, acceptance)))?;
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
