//! `gridweave run` of a community.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use gridweave_audit::EVENT_LOG;

use super::run::chain_runtime;
use super::{print, print_json};
use crate::args::{GraphArg, ProsumerArgs, RunArgs};
use crate::live::prosumers::{self as live, Live};
use crate::prosumers::figures;
use crate::prosumers::input::Input;
use crate::prosumers::network;
use crate::prosumers::outcome::{Outcome, Trading};
use crate::prosumers::problem::{Feeder, Problem};
use crate::prosumers::report::{table, write_all};
use crate::prosumers::run::{Plan, execute};
use crate::prosumers::summary::{Summary, write_json};

/// Hours between two plans of rolling operation, where none are given.
const EVERY: u32 = 6;

/// Runs `input` and writes its results.
pub fn run(input: Input, args: &RunArgs, as_json: bool) -> Result<()> {
    let problem = problem(input, args)?;
    let folder = super::run::folder(args, &problem.name)?;
    let plan = Plan {
        trading: trading(&args.prosumers),
        rounds: args.rounds,
        gap: args.gap,
        cold: args.prosumers.cold,
        bills: !args.no_bills,
    };
    if args.live.chain_args().is_some() {
        let outcome = on_chain(&problem, plan, args, &folder)?;
        return report(&problem, &outcome, &folder, as_json);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the task runtime does not start")?;
    if let Some(feeder) = &problem.feeder {
        let summary = runtime.block_on(network::run(&problem, plan, feeder, &folder))?;
        write_json(&folder, &summary)?;
        return match as_json {
            true => print_json(&summary),
            false => print(&summary.table(&folder)),
        };
    }
    let outcome = runtime.block_on(execute(&problem, plan))?;
    report(&problem, &outcome, &folder, as_json)
}

/// What `input` and the options ask for.
fn problem(input: Input, args: &RunArgs) -> Result<Problem> {
    ensure!(
        !args.market.any() && !args.changes_network(),
        "'{}' is a community of prosumers, which takes --pairwise, --graph, --rolling, --every, --homes, \
         --network, --rounds, --gap, --seed, --no-bills, --out and the options of a real chain only",
        args.scenario
    );
    let mut problem = input.problem(args.seed, args.prosumers.homes)?;
    if let Some(network) = &args.prosumers.network {
        problem.feeder = Some(Feeder {
            network: network.clone(),
            kva: args.prosumers.network_kva,
            named_by: "--network".into(),
        });
    }
    ensure!(
        problem.feeder.is_none() || trading(&args.prosumers) == Trading::Pool,
        "'{}' puts its homes on a feeder (`network`), where they trade neither --pairwise nor --rolling",
        args.scenario
    );
    Ok(problem)
}

/// Runs one session on a real chain.
fn on_chain(problem: &Problem, plan: Plan, args: &RunArgs, folder: &Path) -> Result<Outcome> {
    ensure!(
        problem.feeder.is_none(),
        "--chain runs pool sessions, which know no feeder; leave out --network (`network` in the \
         scenario) or --chain"
    );
    let chain = args.live.chain_args().context("no chain is given")?;
    let live = Live {
        chain: &chain,
        feeder: args.live.feeder,
        folder: folder.join("actors"),
    };
    chain_runtime()?.block_on(live::execute(problem, plan, &live))
}

/// Writes and prints what came of a run.
fn report(problem: &Problem, outcome: &Outcome, folder: &Path, as_json: bool) -> Result<()> {
    let summary = Summary::new(problem, outcome);
    write_json(folder, &summary)?;
    write_all(folder, problem, outcome)?;
    if let Some(events) = &outcome.events {
        events.write(&folder.join(EVENT_LOG))?;
    }
    for sheet in figures::sheets(problem, outcome) {
        sheet.write(folder)?;
    }
    if as_json {
        return print_json(&summary);
    }
    print(&table(&summary, folder))
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
