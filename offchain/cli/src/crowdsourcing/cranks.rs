//! What turns by itself while days pass: the clock, meters, settlement, payment of tasks.

use anyhow::Result;
use gridweave_agents::meter::Concentrator;
use gridweave_agents::settler::Settler;
use gridweave_chain::{Call, Chain};
use gridweave_types::crowdsourcing::{ExecuteMsg, MAX_PAGE, QueryMsg, TasksResponse};
use gridweave_units::Interval;

use super::meters;
use super::stage::Stage;

/// The cranks of a stage.
pub struct Cranks<'a> {
    stage: &'a Stage,
    pub(super) meters: Concentrator,
    settler: Settler,
    /// First interval with tasks that may be unfinished.
    swept: u32,
    /// The interval after the last.
    end: u32,
}

impl<'a> Cranks<'a> {
    /// Cranks for `count` intervals from `first` on.
    pub async fn new(stage: &'a Stage, first: u32, count: u32) -> Result<Self> {
        let (keeper, contracts) = (stage.keeper.clone(), stage.contracts.clone());
        let end = first + count;
        Ok(Self {
            meters: meters::of_stage(stage, (first, count)).await?,
            settler: Settler::new(keeper, contracts, first).until(end),
            swept: first,
            end,
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
        let timeline = self.stage.terms.timeline();
        let now = self.stage.chain.time().await?;
        while self.swept < self.end && now >= timeline.final_at(Interval(self.swept)) {
            if !self.is_finished(self.swept).await? {
                self.sweep(self.swept).await?;
                if !self.is_finished(self.swept).await? {
                    break;
                }
            }
            self.swept += 1;
        }
        Ok(())
    }

    /// Whether no task of an interval waits for anything.
    async fn is_finished(&self, interval: u32) -> Result<bool> {
        let query = QueryMsg::UnfinishedTasks {
            interval,
            start_after: None,
            limit: Some(1),
        };
        let left: TasksResponse = self.stage.chain.query(&self.stage.crowd, &query).await?;
        Ok(left.tasks.is_empty())
    }

    async fn sweep(&self, interval: u32) -> Result<()> {
        let sweep = ExecuteMsg::Sweep {
            interval,
            start_after: None,
            limit: Some(MAX_PAGE),
        };
        let call = Call::new(&self.stage.crowd, &sweep)?;
        let keeper = &self.stage.keeper;
        self.stage.chain.execute_many(keeper, vec![call]).await?;
        Ok(())
    }
}
