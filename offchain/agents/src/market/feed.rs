//! A chain's events, each read once.

use gridweave_chain::{Chain, ChainError, ChainEvent};

/// Where in a chain's events somebody is.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Height of the latest block read, and how many of its events were.
    height: u64,
    seen: usize,
}

impl Feed {
    /// Reads on from the block at `height`, that one included.
    pub fn new(height: u64) -> Self {
        Self { height, seen: 0 }
    }

    /// Reads on from what there is now.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn from_now<C: Chain>(chain: &C) -> Result<Self, ChainError> {
        let height = chain.height().await?;
        let seen = chain.events_between(height, height).await?.len();
        Ok(Self { height, seen })
    }

    /// What was announced since the last call. A block that is being made may grow.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn news<C: Chain>(&mut self, chain: &C) -> Result<Vec<ChainEvent>, ChainError> {
        let top = chain.height().await?;
        let mut events = chain.events_between(self.height, top).await?;
        let in_top = events.iter().filter(|event| event.height == top).count();
        let news = events.split_off(self.seen.min(events.len()));
        (self.height, self.seen) = (top, in_top);
        Ok(news)
    }
}
