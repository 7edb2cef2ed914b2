//! The end of tasks: they expire, or are paid for what was delivered.

use gridweave_rules::crowdsourcing::{delivered, payment};
use gridweave_types::crowdsourcing::TaskState;
use gridweave_units::Interval;

use super::Office;
use super::budgets::Money;
use super::sent::Sent;
use super::sums::Sums;
use crate::AuditError;
use crate::event::Fields;
use crate::ledger::Ledger;
use crate::trading::announced::Announced;
use crate::trading::review::Review;

impl Office {
    pub(super) fn swept(
        &mut self,
        message: &Announced,
        bills: Option<&Ledger>,
        review: &mut Review,
    ) -> Result<Vec<Sent>, AuditError> {
        let fields = &message.response;
        let interval: u32 = fields.number("interval")?;
        let (mut expired, mut settled, mut sent) = (0u32, 0u32, Vec::new());
        for detail in &message.details {
            match detail.name()? {
                "task_expired" => {
                    let (number, task) = self.open(detail, review)?;
                    review.same("interval", task.interval, interval);
                    review.holds("time", task.until <= review.now, "its time over");
                    let sums = Sums {
                        expired: 1,
                        ..Sums::default()
                    };
                    let then = (TaskState::Expired, sums);
                    self.release(detail, (number, task), then, review)?;
                    expired = expired.saturating_add(1);
                }
                "task_settled" => {
                    sent.extend(self.settled(detail, interval, bills, review)?);
                    settled = settled.saturating_add(1);
                }
                _ => self.counted(detail, review)?,
            }
        }
        review.same("expired", fields.number("expired")?, expired);
        review.same("settled", fields.number("settled")?, settled);
        Ok(sent)
    }

    /// A settled task: what its line says, what that pays.
    fn settled(
        &mut self,
        detail: &Fields,
        interval: u32,
        bills: Option<&Ledger>,
        review: &mut Review,
    ) -> Result<Option<Sent>, AuditError> {
        let number: u64 = detail.number("task")?;
        let task = self.tasks.get(&number).cloned();
        let mut task = task.ok_or_else(|| detail.misplaced("a task that was offered"))?;
        review.of_account(&task.account);
        review.of_interval(task.interval);
        review.same("interval", task.interval, interval);
        review.holds("task", task.state == TaskState::Accepted, "accepted");
        let due = self.timeline().final_at(Interval(interval)) <= review.now;
        review.holds("time", due, "the interval final");
        let line = bills.and_then(|bills| bills.line(&task.account, interval));
        let (committed, metered) = line.map_or((task.energy, 0), |line| {
            (line.position.energy.0, line.energy())
        });
        let known = line.is_none_or(|line| line.settled.is_some());
        review.holds("line", known, "settled");
        review.same("committed", detail.number("committed")?, committed);
        review.same("metered", detail.number("metered")?, metered);
        let energy = delivered(task.energy, committed, metered);
        let paid = payment(task.incentive, energy);
        let worst = task.worst();
        review.same("delivered", detail.number("delivered")?, energy);
        review.same("paid", detail.number("paid")?, paid);
        let rest = worst.saturating_sub(paid);
        review.same("released", detail.number("released")?, rest);
        let pay = |money: &mut Money| {
            money.committed = money.committed.saturating_sub(worst);
            money.paid = money.paid.saturating_add(paid);
        };
        self.money(task.key(), pay, review);
        let sums = Sums {
            delivered: energy,
            paid,
            ..Sums::default()
        };
        self.count((task.programme, interval), &task.account, sums);
        task.state = TaskState::Settled;
        let account = task.account.clone();
        self.tasks.insert(number, task);
        let amount = paid;
        Ok((paid > 0).then_some(Sent::Incentive { account, amount }))
    }
}
