//! Budgets: what comes in, what is promised and paid, what is taken out.

use gridweave_types::crowdsourcing::{MAX_LENGTH, MAX_RAISES, MAX_TASK_SECONDS, Terms};
use gridweave_units::Interval;

use super::Office;
use crate::AuditError;
use crate::trading::announced::Announced;
use crate::trading::review::Review;

/// Money of a budget (µ).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Money {
    pub budget: u128,
    /// Worst case of open tasks.
    pub reserved: u128,
    /// Worst case of accepted tasks that are not settled.
    pub committed: u128,
    pub paid: u128,
}

impl Money {
    /// Whether no more is promised and paid than there is.
    pub fn is_covered(&self) -> bool {
        let promised = self.reserved.saturating_add(self.committed);
        promised.saturating_add(self.paid) <= self.budget
    }
}

impl Office {
    pub(super) fn funded(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let programme: u32 = fields.number("programme")?;
        if message.name == "programme_created" {
            let next = self.programmes.len().saturating_add(1);
            review.same("programme", programme as usize, next);
            let terms: Terms = fields.json("terms")?;
            let begin = self.timeline().begin(Interval(terms.first));
            let known = terms.preferences_until.u64() <= begin;
            review.holds("terms", known && review.now < begin, "a future programme");
            let limits = &self.terms;
            let within = (1..=MAX_LENGTH).contains(&terms.length)
                && terms.cap <= limits.incentive_limit
                && terms.raises <= MAX_RAISES
                && (1..=MAX_TASK_SECONDS).contains(&terms.task_seconds)
                && terms.supplement_price <= limits.limits.price;
            review.holds("terms", within, "within the contract's limits");
            self.programmes.insert(programme, terms);
        }
        let terms = self.programmes.get(&programme).copied();
        let terms = terms.ok_or_else(|| fields.misplaced("a programme"))?;
        let mut sum = 0u128;
        for detail in &message.details {
            review.same("programme", detail.number("programme")?, programme);
            let (feeder, from): (u32, u32) = (detail.number("feeder")?, detail.number("from")?);
            for (interval, amount) in (from..).zip(detail.wide_words("amounts")?) {
                review.of_interval(interval);
                let begin = self.timeline().begin(Interval(interval));
                let fits = terms.contains(interval) && review.now < begin;
                review.holds("interval", fits, "one of the programme to come");
                let key = (programme, feeder, interval);
                let budget = &mut self.budgets.entry(key).or_default().budget;
                *budget = budget.saturating_add(amount);
                sum = sum.saturating_add(amount);
            }
        }
        review.same("amount", fields.number("amount")?, sum);
        self.deposited = self.deposited.saturating_add(sum);
        Ok(())
    }

    /// Changes a budget, which must cover what is promised then.
    pub(super) fn money(
        &mut self,
        key: (u32, u32, u32),
        change: impl FnOnce(&mut Money),
        review: &mut Review,
    ) {
        let money = self.budgets.entry(key).or_default();
        change(money);
        let covered = money.is_covered();
        review.holds("budget", covered, format!("covered: {money:?}"));
    }

    pub(super) fn taken_out(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let amount: u128 = message.response.number("amount")?;
        let held = self.unspent;
        review.holds("amount", 0 < amount && amount <= held, held);
        self.unspent = held.saturating_sub(amount);
        self.withdrawn = self.withdrawn.saturating_add(amount);
        review.same("unspent", message.response.number("unspent")?, self.unspent);
        Ok(())
    }
}
