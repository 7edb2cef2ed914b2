//! Lines 4 to 11 of algorithm 1, for one feeder and interval.

use gridweave_optim::crowdsourcing::learned::next_incentive;
use gridweave_rules::crowdsourcing::reserve;

use super::algorithm::{Line, Step};
use super::design::{self, Asked};
use super::plan::DayPlan;
use super::platform::{Book, Platform, ProgrammeTerms, Raise, Supplement, Task, TaskState};
use crate::AgentError;

/// One feeder and interval.
pub(super) struct Desk<'a, X> {
    pub plan: &'a DayPlan,
    pub platform: &'a X,
    pub terms: ProgrammeTerms,
    pub feeder: usize,
    pub interval: u32,
    /// Wh.
    pub shortage: u64,
    pub book: Book,
    /// Largest relative distance of a linearised program from its offers so far.
    pub gap: &'a mut f64,
}

impl<X: Platform> Desk<'_, X> {
    /// The next of lines 4 to 10; `None` when the shortage is met, or nobody is left to meet it.
    pub async fn turn(&mut self) -> Result<Option<Step>, AgentError> {
        // 4: Solve CES-ID (2) for i in C_T2; send incentives with λᵃ + λ
        if self.book.tasks.is_empty() && self.book.supplemented == 0 && self.ask().await? {
            return Ok(Some(Step::Did(Line::Incentives)));
        }
        // 5: if user i accepts incentives then
        // 6:   the transaction is final: the contract made it a commitment when it was accepted
        // 7: else
        if self.has(TaskState::Overdue) {
            self.platform.expire(self.interval).await?;
            return Ok(Some(Step::Did(Line::Otherwise)));
        }
        // 8: Increase incentives for user i up to a threshold/budget
        // 9: Update parameters (η, ζ) to CES-ID (2) for user i
        if self.raise().await? {
            return Ok(Some(Step::Did(Line::Raise)));
        }
        if self.has(TaskState::Open) {
            return Ok(Some(Step::Waits(Line::Answers)));
        }
        // 10: If user i rejects incentive again, supplement generation from i in G
        if self.supplement().await? {
            return Ok(Some(Step::Did(Line::Supplement)));
        }
        // 11: end if
        Ok(None)
    }

    fn has(&self, state: TaskState) -> bool {
        self.book.tasks.iter().any(|task| task.state == state)
    }

    /// Energy that neither accepted tasks nor supplements cover.
    fn uncovered(&self) -> u64 {
        let tasks = self.book.tasks.iter();
        let accepted = tasks.filter(|task| task.state == TaskState::Accepted);
        let covered: u64 = accepted.map(|task| task.energy).sum();
        let covered = covered.saturating_add(self.book.supplemented);
        self.shortage.saturating_sub(covered)
    }

    /// Line 4; whether anybody was asked.
    async fn ask(&mut self) -> Result<bool, AgentError> {
        let mut asked = Vec::new();
        for (member, data) in self.plan.members.iter().enumerate() {
            if data.feeder != self.feeder {
                continue;
            }
            let at = self.interval as usize;
            let accepted = self.platform.accepted(member).await?;
            asked.push(Asked {
                member,
                price: data.price.get(at).copied().unwrap_or_default(),
                floor: data.floor,
                available: data.available(self.interval, &accepted),
                beyond: data.beyond.get(at).copied().unwrap_or_default(),
                evidence: self.platform.evidence(member).await?,
            });
        }
        let wanted = (self.shortage, self.book.free);
        let (tasks, gap) = design::offers(&self.terms, self.interval, wanted, &asked)?;
        *self.gap = self.gap.max(gap);
        if tasks.is_empty() {
            return Ok(false);
        }
        self.platform.offer(&tasks).await?;
        Ok(true)
    }

    /// Lines 8 and 9; whether anything was raised. Those who cost least first, as long as the budget
    /// lasts.
    async fn raise(&self) -> Result<bool, AgentError> {
        let tasks = self.book.tasks.iter();
        let declined =
            |task: &&Task| task.state == TaskState::Declined && task.round < self.terms.raises;
        let mut wanted = Vec::new();
        for task in tasks.filter(declined) {
            let evidence = self.platform.evidence(task.member).await?;
            let range = design::range(&self.terms, task.price);
            let left = self.terms.raises - task.round - 1;
            let next = next_incentive(&evidence, Some(task.incentive), left, range);
            if let Some(incentive) = next {
                wanted.push((incentive, task));
            }
        }
        wanted.sort_by_key(|(incentive, task)| (*incentive, task.task));
        let (mut free, mut raises) = (self.book.free, Vec::new());
        for (incentive, task) in wanted {
            let energy = i64::try_from(task.energy).unwrap_or(i64::MAX);
            let worst = reserve(incentive, energy);
            if worst <= free {
                free -= worst;
                let task = task.task;
                raises.push(Raise { task, incentive });
            }
        }
        if raises.is_empty() {
            return Ok(false);
        }
        self.platform.raise(&raises).await?;
        Ok(true)
    }

    /// Line 10; whether anything was supplemented.
    async fn supplement(&self) -> Result<bool, AgentError> {
        let mut left = self.uncovered();
        if left == 0 {
            return Ok(false);
        }
        let mut supplied = self.platform.supplied(self.interval).await?;
        let mut supplements = Vec::new();
        for (generator, data) in self.plan.generators.iter().enumerate() {
            let spare = data.spare.get(self.interval as usize).copied();
            let spare = spare.unwrap_or_default();
            let used = supplied.min(spare);
            supplied -= used;
            let energy = (spare - used).min(left);
            if energy > 0 {
                left -= energy;
                supplements.push(Supplement {
                    generator,
                    feeder: self.feeder,
                    interval: self.interval,
                    energy,
                    price: data.price,
                });
            }
        }
        if left > 0 {
            let (feeder, interval) = (self.feeder, self.interval);
            tracing::warn!(
                feeder,
                interval,
                left,
                "no generator has so much to spare (Wh)"
            );
        }
        if supplements.is_empty() {
            return Ok(false);
        }
        self.platform.supplement(&supplements).await?;
        Ok(true)
    }
}
