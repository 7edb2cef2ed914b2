//! `gridweave run` of a community.

use anyhow::{Context, Result, ensure};
use gridweave_audit::EVENT_LOG;

use super::{print, print_json};
use crate::args::{GraphArg, ProsumerArgs, RunArgs};
use crate::prosumers::figures;
use crate::prosumers::input::Input;
use crate::prosumers::outcome::Trading;
use crate::prosumers::report::{table, write_all};
use crate::prosumers::run::{Plan, execute};
use crate::prosumers::summary::Summary;

/// Hours between two plans of rolling operation, where none are given.
const EVERY: u32 = 6;

/// Runs `input` and writes its results.
pub fn run(input: Input, args: &RunArgs, as_json: bool) -> Result<()> {
    ensure!(
        !args.market.any() && !args.changes_network(),
        "'{}' is a community of prosumers, which takes --pairwise, --graph, --rolling, --every, --homes, \
         --rounds, --gap, --seed, --no-bills and --out only",
        args.scenario
    );
    let problem = input.problem(args.seed, args.prosumers.homes)?;
    let folder = super::run::folder(args, &problem.name)?;
    let plan = Plan {
        trading: trading(&args.prosumers),
        rounds: args.rounds,
        gap: args.gap,
        cold: args.prosumers.cold,
        bills: !args.no_bills,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the task runtime does not start")?;
    let outcome = runtime.block_on(execute(&problem, plan))?;
    let summary = Summary::new(&problem, &outcome);
    summary.write(&folder)?;
    write_all(&folder, &problem, &outcome)?;
    if let Some(events) = &outcome.events {
        events.write(&folder.join(EVENT_LOG))?;
    }
    for sheet in figures::sheets(&problem, &outcome) {
        sheet.write(&folder)?;
    }
    if as_json {
        return print_json(&summary);
    }
    print(&table(&summary, &folder))
}

fn trading(args: &ProsumerArgs) -> Trading {
    if args.pairwise {
        return Trading::Pairwise(args.graph.unwrap_or(GraphArg::Complete));
    }
    match args.rolling {
        true => Trading::Rolling(args.every.unwrap_or(EVERY) as usize),
        false => Trading::Pool,
    }
}
