//! One file a subcommand.

pub mod actor;
mod audit;
mod bench;
mod check;
mod completions;
mod crowd;
mod deploy;
mod figures;
mod import;
mod key;
mod localnet;
mod market;
mod privacy;
mod prosumers;
mod run;
mod scenarios;

use std::io::{ErrorKind, Write};

use anyhow::{Context, Result};
use serde::Serialize;

use actor::Actor;

use crate::args::{Args, Command, ImportFormat};

/// Runs the chosen subcommand.
pub fn dispatch(args: Args) -> Result<()> {
    match args.command {
        Command::Run(options) => run::run(&options, args.json),
        Command::Scenarios => scenarios::run(args.json),
        Command::Check { scenario } => check::run(&scenario, args.json),
        Command::Import {
            format: ImportFormat::Matpower { file, out },
        } => import::matpower(&file, out.as_deref(), args.json),
        Command::Localnet(options) => localnet::run(&options, args.json),
        Command::Deploy(options) => deploy::run(&options, args.json),
        Command::Agent(options) => actor::run(Actor::Agent, &options),
        Command::Operator(options) => actor::run(Actor::Operator, &options),
        Command::Keeper(options) => actor::run(Actor::Keeper, &options),
        Command::Meter(options) => actor::run(Actor::Meter, &options),
        Command::Solver(options) => actor::run(Actor::Solver, &options),
        Command::Dso(options) => actor::run(Actor::Dso, &options),
        Command::Trader(options) => actor::run(Actor::Trader, &options),
        Command::CrowdOperator(options) => actor::run(Actor::CrowdOperator, &options),
        Command::Crowdsourcee(options) => actor::run(Actor::Crowdsourcee, &options),
        Command::Bill(options) => audit::bill(&options, args.json),
        Command::Statement(options) => audit::statement(&options, args.json),
        Command::Audit(options) => audit::audit(&options, args.json),
        Command::Bench(options) => bench::run(&options, args.json),
        Command::Figures(options) => figures::run(&options, args.json),
        Command::Key { action } => key::run(&action, args.json),
        Command::Completions { shell } => completions::run(shell, args.json),
    }
}

/// Prints `value` as indented JSON.
fn print_json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).context("the result has no JSON form")?;
    print(&(text + "\n"))
}

/// Prints `text` on stdout. A reader that has seen enough (`| head`) is no error.
fn print(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("stdout cannot be written")
        }
        _ => Ok(()),
    }
}
