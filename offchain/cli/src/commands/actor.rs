//! `gridweave agent`, `operator`, `keeper`, `meter` and `solver`.

use std::io::{Read, stdin};
use std::path::Path;
use std::process;
use std::thread;

use anyhow::{Context, Result};

use crate::actor;
use crate::args::ActorArgs;

/// Which actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A participant.
    Agent,
    /// Who opens sessions.
    Operator,
    /// Who closes overdue rounds.
    Keeper,
    /// Who reports readings.
    Meter,
    /// Who solves a market.
    Solver,
}

/// Runs an actor until its work is done.
pub fn run(actor: Actor, args: &ActorArgs) -> Result<()> {
    if args.with_parent {
        thread::spawn(end_with_parent);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the task runtime does not start")?;
    let file: &Path = &args.config;
    match actor {
        Actor::Agent => runtime.block_on(actor::agent::run(file)),
        Actor::Operator => runtime.block_on(actor::operator::run(file)),
        Actor::Keeper => runtime.block_on(actor::keeper::run(file)),
        Actor::Meter => runtime.block_on(actor::meter::run(file)),
        Actor::Solver => runtime.block_on(actor::solver::run(file)),
    }
}

/// Waits for the end of stdin, which the parent holds open, and ends the process: everything that
/// matters is on the chain or in the journal.
fn end_with_parent() {
    let mut ignored = [0; 64];
    while stdin().read(&mut ignored).is_ok_and(|read| read > 0) {}
    process::exit(0);
}
