//! The chain's height, followed by one task for all who wait.
//!
//! The node announces its blocks; it is asked when it does not, and now and then.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;
use tokio::time::sleep;

use super::announcements::Announcements;
use super::log;
use super::node::Node;
use crate::ChainError;

/// Polls are this many times rarer while the node announces its blocks.
const RARER: u32 = 5;

/// The latest height, kept up to date from the first time that somebody waits.
pub(super) struct Heights {
    latest: watch::Sender<u64>,
    task: OnceLock<AbortHandle>,
    /// Told when somebody begins to wait.
    wanted: Arc<Notify>,
    poll_interval: Duration,
}

impl Heights {
    pub(super) fn new(poll_interval: Duration) -> Self {
        Self {
            latest: watch::Sender::new(0),
            task: OnceLock::new(),
            wanted: Arc::default(),
            poll_interval,
        }
    }

    /// A receiver of the heights of `node`, 0 while none is known.
    pub(super) fn subscribe(&self, node: &Arc<Node>) -> watch::Receiver<u64> {
        self.task.get_or_init(|| {
            let follower = Follower {
                node: node.clone(),
                latest: self.latest.clone(),
                announcements: Announcements::default(),
                wanted: self.wanted.clone(),
                poll_interval: self.poll_interval,
            };
            tokio::spawn(follower.run()).abort_handle()
        });
        let receiver = self.latest.subscribe();
        self.wanted.notify_one();
        receiver
    }

    /// Waits for a height beyond `height`, however long the node is away.
    pub(super) async fn beyond(&self, node: &Arc<Node>, height: u64) -> Result<u64, ChainError> {
        let mut heights = self.subscribe(node);
        let reached = heights.wait_for(|&now| now > height).await;
        reached.map(|now| *now).map_err(|_| ChainError::Stopped)
    }
}

impl Drop for Heights {
    fn drop(&mut self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

struct Follower {
    node: Arc<Node>,
    latest: watch::Sender<u64>,
    announcements: Announcements,
    wanted: Arc<Notify>,
    poll_interval: Duration,
}

impl Follower {
    async fn run(self) {
        tokio::join!(self.announcements.listen(&self.node), self.poll());
    }

    async fn poll(&self) {
        let mut lost = false;
        let mut announced = None;
        loop {
            // Actors that sleep for most of the time must not keep the node busy.
            while self.latest.receiver_count() == 0 {
                self.wanted.notified().await;
                announced = None;
            }
            let found = match announced.take() {
                Some(height) => Ok(height),
                None => self.node.height_now().await,
            };
            match found {
                Ok(height) => {
                    if std::mem::take(&mut lost) {
                        log::node_back(self.node.url(), height);
                    }
                    self.raise(height);
                }
                Err(error) => {
                    if !std::mem::replace(&mut lost, true) {
                        log::node_lost(self.node.url(), error.reason());
                    }
                }
            }
            let pause = match self.announcements.arrive() {
                true => self.poll_interval * RARER,
                false => self.poll_interval,
            };
            tokio::select! {
                height = self.announcements.next() => announced = height,
                () = sleep(pause) => {}
            }
        }
    }

    fn raise(&self, height: u64) {
        self.latest.send_if_modified(|latest| {
            let higher = height > *latest;
            *latest = height.max(*latest);
            higher
        });
    }
}
