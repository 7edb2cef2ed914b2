//! Offers: posted and cancelled. They leave the book by their end alone.

use std::collections::VecDeque;

use gridweave_rules::market::{Offer, Side as RuleSide, escrow};
use gridweave_types::assets::Side;

use super::super::announced::Announced;
use super::super::expected::Expected;
use super::super::review::Review;
use super::{Exchange, Posted};
use crate::AuditError;

impl Exchange {
    pub(super) fn offer_posted(
        &mut self,
        message: &Announced,
        review: &mut Review,
        sent: &mut VecDeque<Expected>,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let (number, owner) = (fields.number::<u32>("offer")?, fields.owned("owner")?);
        let class = fields.permit("intervals")?;
        let (energy, price) = (fields.number("energy")?, fields.number("price")?);
        review.of_offer(number.into());
        review.of_account(&owner);
        review.same("offer", number, self.last_offer.saturating_add(1));
        let money = match class.side {
            Side::Sell => 0,
            Side::Buy => escrow(energy, price),
        };
        review.same("money", fields.number("money")?, money);
        self.check_room(&owner, review);
        let limits = &self.terms.limits;
        let (most, dearest) = (limits.offer_energy.u64(), limits.offer_price.u64());
        review.holds(
            "energy",
            (1..=most).contains(&energy),
            format!("1 to {most}"),
        );
        review.holds("price", price <= dearest, format!("at most {dearest}"));
        let first = self.first_open(review.now).max(self.next);
        let last = self.next.saturating_add(limits.horizon);
        let within = (first..=last).contains(&class.intervals.last().0);
        review.holds("intervals", within, format!("one from {first} to {last}"));
        let known = self.book.limits.contains_key(&class.feeder);
        review.holds("feeder", known, "a feeder with limits");
        self.last_offer = self.last_offer.max(number);
        let offer = Offer {
            side: match class.side {
                Side::Sell => RuleSide::Sell,
                Side::Buy => RuleSide::Buy,
            },
            feeder: class.feeder,
            intervals: class.intervals,
            price,
            left: energy,
        };
        self.book.offers.insert(number, offer);
        let posted = Posted {
            owner: owner.clone(),
            closing: None,
        };
        self.posted.insert(number, posted);
        *self.counts.entry(owner.clone()).or_default() += 1;
        review.findings.offers = review.findings.offers.saturating_add(1);
        sent.push_back(Expected::Locked {
            offer: number.into(),
            holder: owner,
            class,
            energy,
            money,
        });
        Ok(())
    }

    fn check_room(&self, owner: &str, review: &mut Review) {
        let limits = &self.terms.limits;
        let all = self.posted.len() < limits.book as usize;
        review.holds("offers", all, format!("at most {} in all", limits.book));
        let own = self.counts.get(owner).copied().unwrap_or_default();
        let room = own < limits.address_offers;
        let most = limits.address_offers;
        review.holds("offers", room, format!("at most {most} of an address"));
    }

    pub(super) fn offer_cancelled(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let number: u32 = fields.number("offer")?;
        review.of_offer(number.into());
        let round = self.book.offers.get(&number);
        let round = round.map_or(0, |offer| offer.intervals.last().0.min(self.next));
        review.same("round", fields.number("round")?, round);
        let Some(posted) = self.posted.get_mut(&number) else {
            review.differ("offer", "cancelled", "not open");
            return Ok(());
        };
        review.same("owner", fields.text("owner")?, &*posted.owner);
        review.holds("offer", posted.closing.is_none(), "cancelled already");
        posted.closing = Some(round);
        Ok(())
    }

    /// Takes an offer off the book.
    pub(super) fn end_offer(&mut self, number: u32) {
        self.book.offers.remove(&number);
        let Some(posted) = self.posted.remove(&number) else {
            return;
        };
        if let Some(own) = self.counts.get_mut(&posted.owner) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                self.counts.remove(&posted.owner);
            }
        }
    }
}
