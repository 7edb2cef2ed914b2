//! What turns by itself while days pass: the clock, meters, settlement, payment of tasks.

use anyhow::Result;
use gridweave_agents::crowdsourcing::Sweeper;
use gridweave_agents::meter::Concentrator;
use gridweave_agents::settler::Settler;
use gridweave_chain::Chain;
use gridweave_units::Interval;

use super::meters;
use super::stage::Stage;

/// The cranks of a stage.
pub struct Cranks<'a> {
    stage: &'a Stage,
    pub(super) meters: Concentrator,
    settler: Settler,
    sweeper: Sweeper,
}

impl<'a> Cranks<'a> {
    /// Cranks for `count` intervals from `first` on.
    pub async fn new(stage: &'a Stage, first: u32, count: u32) -> Result<Self> {
        let (keeper, contracts) = (stage.keeper.clone(), stage.contracts.clone());
        let end = first + count;
        Ok(Self {
            meters: meters::of_stage(stage, (first, count)).await?,
            sweeper: Sweeper::new(keeper.clone(), stage.crowd.clone(), (first, end)),
            settler: Settler::new(keeper, contracts, first).until(end),
            stage,
        })
    }

    /// The next interval begins, `first` or a later one; which.
    pub async fn next_interval(&self, first: u32) -> Result<u32> {
        let timeline = self.stage.terms.timeline();
        let now = self.stage.chain.time().await?;
        let present = timeline.clock.interval_at(now).unwrap_or_default().0;
        let next = (present + 1).max(first);
        self.stage.until(timeline.begin(Interval(next))).await?;
        Ok(next)
    }

    /// Meters report, intervals are settled, tasks paid.
    pub async fn turn(&mut self) -> Result<()> {
        self.meters.turn(&self.stage.chain).await?;
        self.settler.turn(&self.stage.chain).await?;
        self.sweeper.turn(&self.stage.chain).await?;
        Ok(())
    }
}
