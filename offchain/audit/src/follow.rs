//! Events of a chain, page by page.

use gridweave_chain::{Chain, ChainEvent};

use crate::{AuditError, LoggedEvent};

/// Blocks of one page.
const PAGE: u64 = 256;

/// Reads the events of a chain from its first block on. It remembers where it is, so that it goes
/// on there when it is asked again.
#[derive(Debug, Clone)]
pub struct Follower {
    /// Block to begin with.
    height: u64,
    /// Events of it that have been read: a block that is being made may grow.
    seen: usize,
}

impl Default for Follower {
    fn default() -> Self {
        Self { height: 1, seen: 0 }
    }
}

impl Follower {
    /// Reads from block `height` on; it must not lie behind the contract's instantiation.
    pub fn from_height(height: u64) -> Self {
        Self { height, seen: 0 }
    }

    /// Block that was read last.
    pub fn height(&self) -> u64 {
        self.height
    }

    /// The next page of events; `None` when there are no more blocks at present.
    ///
    /// # Errors
    /// [`AuditError::Chain`].
    pub async fn next<C: Chain>(
        &mut self,
        chain: &C,
    ) -> Result<Option<Vec<LoggedEvent>>, AuditError> {
        let latest = chain.height().await?;
        if self.height > latest {
            return Ok(None);
        }
        let last = latest.min(self.height.saturating_add(PAGE - 1));
        let events = chain.events_between(self.height, last).await?;
        let fresh = events.get(self.seen..).unwrap_or_default();
        let page = with_times(chain, fresh).await?;
        let in_last = events.iter().filter(|event| event.height == last).count();
        let progress = last > self.height || in_last > self.seen;
        (self.height, self.seen) = (last, in_last);
        if last < latest {
            (self.height, self.seen) = (last + 1, 0);
            return Ok(Some(page));
        }
        Ok(progress.then_some(page))
    }
}

/// The events with the times of their blocks.
async fn with_times<C: Chain>(
    chain: &C,
    events: &[ChainEvent],
) -> Result<Vec<LoggedEvent>, AuditError> {
    let mut known = None;
    let mut logged = Vec::with_capacity(events.len());
    for event in events {
        let time = match known {
            Some((height, time)) if height == event.height => time,
            _ => chain.time_of(event.height).await?,
        };
        known = Some((event.height, time));
        let contract = event.contract.as_ref();
        logged.push(LoggedEvent {
            height: event.height,
            time,
            contract: contract.map_or_else(String::new, ToString::to_string),
            kind: event.kind.clone(),
            attributes: event.attributes.clone(),
        });
    }
    Ok(logged)
}
