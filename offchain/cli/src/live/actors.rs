//! The cast at work: as processes, or as tasks of this one.

use std::path::Path;

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use super::children::Children;
use super::folder::Role;

/// Everybody at work.
pub enum Actors {
    /// One process each.
    Processes(Children),
    /// One task each.
    Tasks(JoinSet<Result<()>>),
}

impl Actors {
    /// Starts `roles`.
    ///
    /// # Errors
    /// A process cannot be started.
    pub fn start(roles: &[Role], folder: &Path, in_process: bool) -> Result<Self> {
        if !in_process {
            return Ok(Self::Processes(Children::start(roles, folder)?));
        }
        let mut tasks = JoinSet::new();
        for role in roles.iter().cloned() {
            tasks.spawn(async move {
                let work = role.actor.work(&role.config).await;
                work.with_context(|| format!("'{}' failed", role.name))
            });
        }
        Ok(Self::Tasks(tasks))
    }

    /// Waits until all have ended well.
    ///
    /// # Errors
    /// One of them failed for good.
    pub async fn tend(&mut self) -> Result<()> {
        match self {
            Self::Processes(children) => children.tend().await,
            Self::Tasks(tasks) => {
                while let Some(ended) = tasks.join_next().await {
                    ended.context("a task was lost")??;
                }
                Ok(())
            }
        }
    }

    /// Lets everybody finish.
    pub async fn finish(self) {
        if let Self::Processes(children) = self {
            children.finish().await;
        }
    }
}
