//! What a crowdsourcee of Type 2 answers, by its hidden reservation price.

use gridweave_model::crowdsourcing::{Acceptance, Answer, TaskKey};
use gridweave_types::crowdsourcing::TaskResponse;

use super::plan::Member;

/// µ of a currency unit, and Wh of a kWh.
const MICRO_PER_KILO: f64 = 1e9;

/// How one crowdsourcee decides on one day.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// What its devices can do.
    pub member: &'a Member,
    /// Its hidden preferences; without, it accepts everything.
    pub acceptance: Option<&'a Acceptance>,
    /// Seed of the crowd's answers.
    pub seed: u64,
    /// Its position in [`gridweave_model::crowdsourcing::Crowd::crowdsourcees`].
    pub who: u32,
    /// The day, which moods differ by.
    pub day: u32,
    /// The day's first interval.
    pub first: u32,
}

impl Decision<'_> {
    /// The answer to `task`, having `accepted` so much (Wh by interval of the day, injection
    /// positive) already.
    pub fn answer(&self, task: &TaskResponse, accepted: &[(u32, i64)]) -> Answer {
        let Some(acceptance) = self.acceptance else {
            return Answer::Accept;
        };
        let Some(interval) = task.interval.checked_sub(self.first) else {
            return Answer::Silent;
        };
        let draws = task.energy.i64() < 0;
        let available = self.member.available(interval, accepted, draws).max(1);
        let incentive = task.incentive.u64() as f64;
        let incentive = if draws { -incentive } else { incentive };
        let micro = task.price.i64() as f64 + incentive;
        let key = TaskKey {
            who: self.who,
            day: self.day,
            interval: interval as u16,
        };
        let share = task.energy.i64().unsigned_abs() as f64 / available as f64;
        let price = micro * self.member.wh / MICRO_PER_KILO;
        acceptance.answer(self.seed, key, (draws, price, share))
    }
}
