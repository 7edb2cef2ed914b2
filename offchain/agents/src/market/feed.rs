//! A chain's events, each read once.

use gridweave_chain::{Chain, ChainEvent};

use crate::AgentError;

/// Where in a chain's events somebody is.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Height of the latest event read, and how many of that height were.
    height: u64,
    seen: usize,
}

impl Feed {
    /// Reads on from the block at `height`.
    pub fn new(height: u64) -> Self {
        Self { height, seen: 0 }
    }

    /// What was announced since the last call. A block that is being made may grow.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn news<C: Chain>(&mut self, chain: &C) -> Result<Vec<ChainEvent>, AgentError> {
        let mut events = chain.events(self.height).await?;
        let news = events.split_off(self.seen.min(events.len()));
        if let Some(last) = news.last() {
            let latest = news.iter().filter(|event| event.height == last.height);
            let earlier = match last.height == self.height {
                true => self.seen,
                false => 0,
            };
            (self.height, self.seen) = (last.height, earlier + latest.count());
        }
        Ok(news)
    }
}
