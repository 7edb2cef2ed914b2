//! Lines 4 to 11 of algorithm 1, for one feeder and interval.

use gridweave_optim::crowdsourcing::learned::next_incentive;
use gridweave_rules::crowdsourcing::reserve;

use super::algorithm::{Line, Step};
use super::design::{self, Asked};
use super::plan::DayPlan;
use super::platform::{Book, Platform, ProgrammeTerms, Raise, Supplement, Task, TaskState, Who};
use crate::AgentError;

/// One feeder and interval.
pub(super) struct Desk<'a, X> {
    pub plan: &'a DayPlan,
    pub platform: &'a X,
    pub terms: ProgrammeTerms,
    pub feeder: usize,
    pub interval: u32,
    /// Wh, negative: a surplus.
    pub shortage: i64,
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

    fn is_surplus(&self) -> bool {
        self.shortage < 0
    }

    /// Energy that neither accepted tasks nor supplements cover (Wh, of the sign of the shortage).
    fn uncovered(&self) -> i64 {
        let tasks = self.book.tasks.iter();
        let accepted = tasks.filter(|task| task.state == TaskState::Accepted);
        let covered: i64 = accepted.map(|task| task.energy).sum();
        let covered = covered.saturating_add(self.book.supplemented);
        let left = self.shortage.saturating_sub(covered);
        if left.signum() == self.shortage.signum() {
            left
        } else {
            0
        }
    }

    /// What a crowdsourcee may be asked for now; `None` of those who do not take part.
    async fn asked(&self, member: usize) -> Result<Option<Asked>, AgentError> {
        let (surplus, platform) = (self.is_surplus(), self.platform);
        let who = Who::Member(member);
        let Some(admitted) = platform.admitted(who, self.interval, surplus).await? else {
            return Ok(None);
        };
        let (data, at) = (&self.plan.members[member], self.interval as usize);
        let accepted = platform.accepted(member).await?;
        let available = data.available(self.interval, &accepted, surplus);
        let price = data.price.get(at).copied().unwrap_or_default();
        let beyond = data.beyond.get(at).copied().unwrap_or_default();
        Ok(Some(Asked {
            member,
            price: if surplus { -price } else { price },
            floor: match surplus {
                true => -data.ceiling.min(admitted.price),
                false => data.floor.max(admitted.price),
            },
            available: available.min(admitted.energy()),
            // What the equilibrium charges is charged unasked.
            beyond: if surplus { 0 } else { beyond },
            evidence: platform.evidence(member).await?,
        }))
    }

    /// Line 4; whether anybody was asked.
    async fn ask(&mut self) -> Result<bool, AgentError> {
        let mut asked = Vec::new();
        for (member, data) in self.plan.members.iter().enumerate() {
            if data.feeder == self.feeder {
                asked.extend(self.asked(member).await?);
            }
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
            if !self.may_raise(task).await? {
                continue;
            }
            let evidence = self.platform.evidence(task.member).await?;
            let range = design::range(&self.terms, task.price, self.is_surplus());
            let left = self.terms.raises - task.round - 1;
            let next = next_incentive(&evidence, Some(task.incentive), left, range);
            if let Some(incentive) = next {
                wanted.push((incentive, task));
            }
        }
        wanted.sort_by_key(|(incentive, task)| (*incentive, task.task));
        let (mut free, mut raises) = (self.book.free, Vec::new());
        for (incentive, task) in wanted {
            let worst = reserve(incentive, task.energy);
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

    /// Whether a task's account still takes part and has its energy to give.
    async fn may_raise(&self, task: &Task) -> Result<bool, AgentError> {
        let who = Who::Member(task.member);
        let surplus = self.is_surplus();
        let admitted = self.platform.admitted(who, self.interval, surplus).await?;
        Ok(admitted.is_some_and(|admitted| task.energy.unsigned_abs() <= admitted.energy()))
    }

    /// Line 10; whether anything was supplemented.
    async fn supplement(&self) -> Result<bool, AgentError> {
        let (uncovered, surplus) = (self.uncovered(), self.is_surplus());
        let mut left = uncovered.unsigned_abs();
        if left == 0 {
            return Ok(false);
        }
        let mut supplements = Vec::new();
        for (generator, data) in self.plan.generators.iter().enumerate() {
            let energy = self.room(generator).await?.min(left);
            if energy > 0 {
                left -= energy;
                supplements.push(Supplement {
                    generator,
                    feeder: self.feeder,
                    interval: self.interval,
                    energy: uncovered.signum() * i64::try_from(energy).unwrap_or(i64::MAX),
                    price: if surplus { data.saving } else { data.price },
                });
            }
        }
        if left > 0 {
            let (feeder, interval) = (self.feeder, self.interval);
            // A surplus that nobody takes is fed into the grid above; a shortage is not met.
            match surplus {
                true => tracing::debug!(feeder, interval, left, "a surplus is left (Wh)"),
                false => {
                    tracing::warn!(feeder, interval, left, "no generator has so much room (Wh)");
                }
            }
        }
        if supplements.is_empty() {
            return Ok(false);
        }
        self.platform.supplement(&supplements).await?;
        Ok(true)
    }

    /// What a generator can still supplement (Wh), within its preferences and at its price.
    async fn room(&self, generator: usize) -> Result<u64, AgentError> {
        let (surplus, platform) = (self.is_surplus(), self.platform);
        let who = Who::Generator(generator);
        let Some(admitted) = platform.admitted(who, self.interval, surplus).await? else {
            return Ok(0);
        };
        let data = &self.plan.generators[generator];
        let content = match surplus {
            true => data.saving <= admitted.price,
            false => data.price >= admitted.price,
        };
        if !content {
            return Ok(0);
        }
        let supplied = platform.supplied(generator, self.interval).await?;
        let supplied = if surplus { -supplied } else { supplied };
        let used = u64::try_from(supplied.max(0)).unwrap_or(u64::MAX);
        let room = data.room(self.interval, surplus).saturating_sub(used);
        Ok(room.min(admitted.energy()))
    }
}
