//! `gridweave agent`, `operator`, `keeper`, `meter`, `solver`, `dso`, `trader`, `crowd-operator` and
//! `crowdsourcee`.

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
    /// Who gives permits.
    Dso,
    /// Who posts offers.
    Trader,
    /// Who asks a crowd.
    CrowdOperator,
    /// Who is asked.
    Crowdsourcee,
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
    runtime.block_on(actor.work(file))
}

impl Actor {
    /// Does the actor's work as the configuration in `file` says.
    ///
    /// # Errors
    /// The actor's own.
    pub async fn work(self, file: &Path) -> Result<()> {
        match self {
            Self::Agent => actor::agent::run(file).await,
            Self::Operator => actor::operator::run(file).await,
            Self::Keeper => actor::keeper::run(file).await,
            Self::Meter => actor::meter::run(file).await,
            Self::Solver => actor::solver::run(file).await,
            Self::Dso => actor::dso::run(file).await,
            Self::Trader => actor::trader::run(file).await,
            Self::CrowdOperator => actor::crowd_operator::run(file).await,
            Self::Crowdsourcee => actor::crowdsourcee::run(file).await,
        }
    }
}

/// Waits for the end of stdin, which the parent holds open, and ends the process: everything that
/// matters is on the chain or in the journal.
fn end_with_parent() {
    let mut ignored = [0; 64];
    while stdin().read(&mut ignored).is_ok_and(|read| read > 0) {}
    process::exit(0);
}
