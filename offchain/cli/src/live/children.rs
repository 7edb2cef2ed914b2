//! Actors as child processes that are started again when they die.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};

use super::folder::Role;
use crate::commands::actor::Actor;

/// How often a process is started again.
const MOST_RESTARTS: u32 = 5;
/// How often the processes are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long processes get to end by themselves when the day is done.
const GRACE: Duration = Duration::from_secs(5);

struct Process {
    role: Role,
    log: PathBuf,
    child: Child,
    restarts: u32,
    done: bool,
}

/// The processes of a run. They end with it: they are killed when this is dropped, and end by
/// themselves when the program that started them dies.
pub struct Children {
    program: PathBuf,
    processes: Vec<Process>,
}

impl Children {
    /// Starts one process a role, logging into `folder`.
    ///
    /// # Errors
    /// A process cannot be started.
    pub fn start(roles: &[Role], folder: &Path) -> Result<Self> {
        let program = std::env::current_exe().context("this program does not know its own file")?;
        let mut processes = Vec::with_capacity(roles.len());
        for role in roles {
            let log = folder.join(format!("{}.log", role.name));
            processes.push(Process {
                child: spawn(&program, role, &log, false)?,
                role: role.clone(),
                log,
                restarts: 0,
                done: false,
            });
        }
        Ok(Self { program, processes })
    }

    /// Keeps the processes alive until all have ended well.
    ///
    /// # Errors
    /// One of them fails again and again.
    pub async fn tend(&mut self) -> Result<()> {
        while !self.look()? {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Starts again who died; tells whether all are done.
    fn look(&mut self) -> Result<bool> {
        for process in self.processes.iter_mut().filter(|process| !process.done) {
            let ended = process.child.try_wait().context("a process is lost")?;
            match ended {
                None => {}
                Some(status) if status.success() => process.done = true,
                Some(status) => process.restart(&self.program, status)?,
            }
        }
        Ok(self.processes.iter().all(|process| process.done))
    }

    /// Lets everybody finish, then ends who has not.
    pub async fn finish(mut self) {
        if tokio::time::timeout(GRACE, self.tend()).await.is_err() {
            tracing::warn!("some actors had to be ended");
        }
        for process in &mut self.processes {
            if let Err(error) = process.child.kill().await {
                tracing::debug!(name = process.role.name, %error, "already gone");
            }
        }
    }
}

impl Process {
    fn restart(&mut self, program: &Path, status: ExitStatus) -> Result<()> {
        let name = &self.role.name;
        if self.restarts == MOST_RESTARTS {
            bail!(
                "'{name}' failed {} times ({status}); see {}",
                MOST_RESTARTS + 1,
                self.log.display()
            );
        }
        tracing::warn!(name, %status, "died; starting it again");
        self.restarts += 1;
        self.child = spawn(program, &self.role, &self.log, true)?;
        Ok(())
    }
}

fn spawn(program: &Path, role: &Role, log: &Path, append: bool) -> Result<Child> {
    let file = match append {
        true => File::options().append(true).open(log),
        false => File::create(log),
    };
    let file = file.with_context(|| format!("log {} cannot be written", log.display()))?;
    let level = std::env::var("GRIDWEAVE_LOG").unwrap_or_else(|_| "gridweave=info".into());
    Command::new(program)
        .arg(word(role.actor))
        .arg("--config")
        .arg(&role.config)
        .arg("--with-parent")
        .env("GRIDWEAVE_LOG", level)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(file)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("'{}' cannot be started", role.name))
}

fn word(actor: Actor) -> &'static str {
    match actor {
        Actor::Agent => "agent",
        Actor::Operator => "operator",
        Actor::Keeper => "keeper",
        Actor::Meter => "meter",
        Actor::Solver => "solver",
        Actor::Dso => "dso",
        Actor::Trader => "trader",
        Actor::CrowdOperator => "crowd-operator",
        Actor::Crowdsourcee => "crowdsourcee",
    }
}
