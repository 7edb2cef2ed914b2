//! Generators in the place of the crowd.

use gridweave_types::crowdsourcing::Kind;

use super::Office;
use super::sent::Sent;
use super::sums::Sums;
use crate::AuditError;
use crate::trading::announced::Announced;
use crate::trading::review::Review;

impl Office {
    pub(super) fn supplemented(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<Vec<Sent>, AuditError> {
        let programme: u32 = message.response.number("programme")?;
        let count: usize = message.response.number("supplements")?;
        review.same("supplements", count, message.details.len());
        let terms = self.programmes.get(&programme).copied();
        let terms = terms.ok_or_else(|| message.response.misplaced("a programme"))?;
        let mut rows = Vec::new();
        for detail in &message.details {
            let (account, interval) = (detail.owned("account")?, detail.number("interval")?);
            let (energy, price): (i64, i64) = (detail.number("energy")?, detail.number("price")?);
            review.of_account(&account);
            review.of_interval(interval);
            self.takes_part(&account, &[Kind::Generator], review);
            self.in_time(&terms, interval, review);
            self.in_limits(energy, price, review);
            let bound = i128::from(terms.supplement_price.u64());
            review.holds("price", i128::from(price) <= bound, bound);
            let booked = self.booked.entry((account.clone(), interval)).or_default();
            booked.2 = booked.2.saturating_add(energy);
            let whole = booked.1.saturating_add(booked.2);
            let key = (programme, account.clone());
            let used = self.used.entry(key.clone()).or_default();
            *used = used.saturating_add(energy.unsigned_abs());
            let fits = self.preferences.get(&key).is_some_and(|(wanted, _)| {
                wanted.available(interval)
                    && wanted.admits(whole)
                    && wanted.content_with(energy, price, 0)
                    && *used <= wanted.energy.u64()
            });
            review.holds("preferences", fits, "within them");
            let sums = Sums {
                supplemented: energy,
                ..Sums::default()
            };
            self.count((programme, interval), &account, sums);
            rows.push((account, interval, energy, price));
        }
        Ok(vec![Sent::promises(rows)])
    }
}
