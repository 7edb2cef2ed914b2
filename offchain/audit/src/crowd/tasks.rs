//! Tasks from the offer to the answer.

use gridweave_rules::crowdsourcing::reserve;
use gridweave_types::crowdsourcing::{Kind, TaskState};
use gridweave_units::Interval;

use super::Office;
use super::budgets::Money;
use super::sent::Sent;
use super::sums::Sums;
use crate::AuditError;
use crate::event::Fields;
use crate::trading::announced::Announced;
use crate::trading::review::Review;

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Task {
    pub programme: u32,
    pub account: String,
    pub feeder: u32,
    pub interval: u32,
    pub energy: i64,
    pub price: i64,
    pub incentive: u64,
    pub round: u32,
    pub until: u64,
    pub state: TaskState,
}

impl Task {
    fn read(detail: &Fields) -> Result<Self, AuditError> {
        Ok(Self {
            programme: detail.number("programme")?,
            account: detail.owned("account")?,
            feeder: detail.number("feeder")?,
            interval: detail.number("interval")?,
            energy: detail.number("energy")?,
            price: detail.number("price")?,
            incentive: detail.number("incentive")?,
            round: detail.number("round")?,
            until: detail.number("until")?,
            state: TaskState::Open,
        })
    }

    pub(super) fn worst(&self) -> u128 {
        reserve(self.incentive, self.energy)
    }

    pub(super) const fn key(&self) -> (u32, u32, u32) {
        (self.programme, self.feeder, self.interval)
    }
}

impl Office {
    pub(super) fn offered(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let count: usize = message.response.number("tasks")?;
        review.same("tasks", count, message.details.len());
        for detail in &message.details {
            let (number, task): (u64, Task) = (detail.number("task")?, Task::read(detail)?);
            review.of_account(&task.account);
            review.of_interval(task.interval);
            review.same("reserved", detail.number("reserved")?, task.worst());
            self.takes_part(&task.account, &[Kind::Type2], review);
            let terms = self.programmes.get(&task.programme).copied();
            let terms = terms.ok_or_else(|| detail.misplaced("a programme"))?;
            self.in_time(&terms, task.interval, review);
            self.in_limits(task.energy, task.price, review);
            let within = task.incentive <= terms.cap.u64() && task.round <= terms.raises;
            review.holds("incentive", within, "within cap and number of raises");
            let begin = self.timeline().begin(Interval(task.interval));
            let until = review.now.saturating_add(terms.task_seconds.into());
            review.same("until", task.until, until.min(begin));
            let before = match detail.name()? {
                "task_offered" => {
                    self.check_new(number, &task, review);
                    None
                }
                _ => self.check_raise(number, &task, review),
            };
            let held = match before {
                Some(before) if before.state == TaskState::Open => before.worst(),
                _ => {
                    self.take_energy(&task, review);
                    0
                }
            };
            let more = task.worst().saturating_sub(held);
            let reserve = |money: &mut Money| money.reserved = money.reserved.saturating_add(more);
            self.money(task.key(), reserve, review);
            self.tasks.insert(number, task);
        }
        Ok(())
    }

    fn check_new(&mut self, number: u64, task: &Task, review: &mut Review) {
        let next = self.tasks.len().saturating_add(1) as u64;
        review.same("task", number, next);
        let place = (task.account.clone(), task.interval);
        review.holds(
            "task",
            self.places.insert(place),
            "one for account and interval",
        );
        review.same("round", task.round, 0);
        let sums = Sums {
            offered: 1,
            ..Sums::default()
        };
        self.count((task.programme, task.interval), &task.account, sums);
    }

    /// What a raised task was.
    fn check_raise(&self, number: u64, task: &Task, review: &mut Review) -> Option<Task> {
        let Some(before) = self.tasks.get(&number) else {
            review.differ("task", number, "none to raise");
            return None;
        };
        let expected = Task {
            incentive: task.incentive,
            round: before.round.saturating_add(1),
            until: task.until,
            state: TaskState::Open,
            ..before.clone()
        };
        review.holds("task", *task == expected, "what it was");
        review.holds("incentive", task.incentive > before.incentive, "higher");
        let standing = match before.state {
            TaskState::Open => review.now < before.until,
            state => state == TaskState::Declined,
        };
        review.holds("task", standing, "open in time, or declined");
        Some(before.clone())
    }

    /// A task's energy within its account's preferences.
    fn take_energy(&mut self, task: &Task, review: &mut Review) {
        let key = (task.programme, task.account.clone());
        let used = self.used.entry(key.clone()).or_default();
        *used = used.saturating_add(task.energy.unsigned_abs());
        let fits = self.preferences.get(&key).is_some_and(|(wanted, _)| {
            wanted.available(task.interval)
                && wanted.admits(task.energy)
                && wanted.content_with(task.energy, task.price, task.incentive)
                && *used <= wanted.energy.u64()
        });
        review.holds("preferences", fits, "within them");
    }

    fn give_energy_back(&mut self, task: &Task) {
        let key = (task.programme, task.account.clone());
        let used = self.used.entry(key).or_default();
        *used = used.saturating_sub(task.energy.unsigned_abs());
    }

    /// A task of the message or detail, which must be open.
    pub(super) fn open(
        &self,
        fields: &Fields,
        review: &mut Review,
    ) -> Result<(u64, Task), AuditError> {
        let number = fields.number("task")?;
        let task = self.tasks.get(&number).cloned();
        let task = task.ok_or_else(|| fields.misplaced("a task that was offered"))?;
        review.of_interval(task.interval);
        review.of_account(&task.account);
        review.same("account", fields.text("account")?, &task.account);
        review.holds("task", task.state == TaskState::Open, "open");
        review.same("round", fields.number("round")?, task.round);
        Ok((number, task))
    }

    pub(super) fn accepted(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<Vec<Sent>, AuditError> {
        let fields = &message.response;
        let (number, mut task) = self.open(fields, review)?;
        review.holds("time", review.now < task.until, "in time");
        self.takes_part(&task.account, &[Kind::Type2], review);
        let worst = task.worst();
        review.same("committed", fields.number("committed")?, worst);
        let promise = |money: &mut Money| {
            money.reserved = money.reserved.saturating_sub(worst);
            money.committed = money.committed.saturating_add(worst);
        };
        self.money(task.key(), promise, review);
        let sums = Sums {
            accepted: 1,
            energy: task.energy.unsigned_abs(),
            ..Sums::default()
        };
        self.count((task.programme, task.interval), &task.account, sums);
        self.answer(&task, true);
        for detail in &message.details {
            self.counted(detail, review)?;
        }
        let row = (task.account.clone(), task.interval, task.energy, task.price);
        task.state = TaskState::Accepted;
        self.tasks.insert(number, task);
        Ok(vec![Sent::promises(vec![row])])
    }

    pub(super) fn declined(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let (number, task) = self.open(&message.response, review)?;
        review.holds("time", review.now < task.until, "in time");
        let sums = Sums {
            declined: 1,
            ..Sums::default()
        };
        self.release(
            &message.response,
            (number, task),
            (TaskState::Declined, sums),
            review,
        )?;
        for detail in &message.details {
            self.counted(detail, review)?;
        }
        Ok(())
    }

    pub(super) fn release(
        &mut self,
        fields: &Fields,
        (number, mut task): (u64, Task),
        (state, sums): (TaskState, Sums),
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let worst = task.worst();
        review.same("released", fields.number("released")?, worst);
        let free = |money: &mut Money| money.reserved = money.reserved.saturating_sub(worst);
        self.money(task.key(), free, review);
        self.give_energy_back(&task);
        self.count((task.programme, task.interval), &task.account, sums);
        self.answer(&task, false);
        task.state = state;
        self.tasks.insert(number, task);
        Ok(())
    }
}
