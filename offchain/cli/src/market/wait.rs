//! How long offers wait for a trade, by the clock on the wall.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use gridweave_agents::market::ledger;
use gridweave_rules::market::{Layout, unpack_trades};
use gridweave_units::Interval;

use super::world::World;

/// Times from posting offers to recording the first solution that trades them.
#[derive(Debug, Default)]
pub struct Waits {
    open: BTreeMap<u32, Instant>,
    over: Vec<Duration>,
}

impl Waits {
    /// Offers `numbers` have just been posted.
    pub fn begin(&mut self, numbers: &[u32]) {
        let now = Instant::now();
        self.open
            .extend(numbers.iter().map(|number| (*number, now)));
    }

    /// A solution was recorded at `moment`: what it trades in `intervals` waits no longer.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn end(
        &mut self,
        world: &World,
        intervals: impl Iterator<Item = u32>,
        moment: Instant,
    ) -> Result<()> {
        for interval in intervals {
            let part = ledger::interval(&world.chain, &world.market.market, interval).await?;
            let packed = part.packed.as_deref().unwrap_or_default();
            for trade in unpack_trades(Layout::Stored, Interval(interval), packed)? {
                let trade = trade?;
                for number in [trade.seller, trade.buyer] {
                    if let Some(posted) = self.open.remove(&number) {
                        self.over.push(moment.duration_since(posted));
                    }
                }
            }
        }
        Ok(())
    }

    /// The times of all offers that were traded.
    pub fn into_times(self) -> Vec<Duration> {
        self.over
    }
}
