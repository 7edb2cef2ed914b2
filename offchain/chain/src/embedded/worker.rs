//! The thread that owns the ledger, which cannot move between threads itself.

use std::sync::mpsc;
use std::thread;

use tokio::sync::oneshot;

use super::ledger::Ledger;
use crate::ChainError;

type Job = Box<dyn FnOnce(&mut Ledger) + Send>;

/// Sends jobs to the ledger's thread; they run one after the other in order of arrival.
#[derive(Debug, Clone)]
pub(super) struct Worker {
    jobs: mpsc::Sender<Job>,
}

impl Worker {
    /// Starts the thread. It ends when the last handle is dropped.
    pub(super) fn start() -> Result<Self, ChainError> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("embedded-chain".into())
            .spawn(move || {
                let mut ledger = Ledger::new();
                while let Ok(job) = inbox.recv() {
                    job(&mut ledger);
                }
            })
            .map_err(|error| {
                tracing::error!(%error, "the ledger's thread does not start");
                ChainError::Stopped
            })?;
        Ok(Self { jobs })
    }

    /// Runs `job` on the ledger and waits for its result.
    pub(super) async fn run<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Ledger) -> R + Send + 'static,
    ) -> Result<R, ChainError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |ledger| {
            // A caller that no longer waits needs no answer.
            let _ = reply.send(job(ledger));
        });
        self.jobs.send(job).map_err(|_| ChainError::Stopped)?;
        answer.await.map_err(|_| ChainError::Stopped)
    }
}
