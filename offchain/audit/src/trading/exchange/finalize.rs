//! Final trades: verified with the market's own rule against the book of their moment, and never
//! changed again.

use std::collections::VecDeque;

use gridweave_rules::market::{Trade, Value, payment, reward};
use gridweave_units::Interval;

use super::super::announced::Announced;
use super::super::expected::Expected;
use super::super::review::Review;
use super::solutions::value_of;
use super::{Exchange, UnderWay};
use crate::AuditError;
use crate::event::Fields;

impl Exchange {
    pub(super) fn finalized(
        &mut self,
        message: &Announced,
        review: &mut Review,
        sent: &mut VecDeque<Expected>,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let expected = match self.open {
            true => self.next,
            false => self.next.saturating_sub(1),
        };
        review.same("from", fields.number("from")?, expected);
        for detail in &message.details {
            match detail.name()? {
                "interval_finalized" => self.fix(detail, review)?,
                "trades_finalized" => self.settle(detail, review, sent)?,
                "offers_ended" => self.sweep(detail, review, sent)?,
                _ => return Err(detail.misplaced("an event of a finalization")),
            }
        }
        review.same("next", fields.number("next")?, self.next);
        self.open = fields.truth("complete")?;
        if self.open {
            review.holds("complete", self.under_way.is_none(), "trades are missing");
            let rest = self.has_ended_offers();
            review.holds("complete", !rest, "offers that have expired are left");
        }
        Ok(())
    }

    /// Whether offers are in the book that no open interval is left for, or that were cancelled in an
    /// earlier round.
    fn has_ended_offers(&self) -> bool {
        let mut offers = self.book.offers.values();
        let mut posted = self.posted.values();
        offers.any(|offer| offer.intervals.last().0 < self.next)
            || posted.any(|own| own.closing.is_some_and(|round| round < self.next))
    }

    /// The next interval becomes final.
    fn fix(&mut self, detail: &Fields, review: &mut Review) -> Result<(), AuditError> {
        let interval: u32 = detail.number("interval")?;
        review.of_interval(interval);
        review.same("interval", interval, self.next);
        let due = self.due_at(interval) <= review.now;
        review.holds("time", due, "when the interval is due");
        review.holds("interval", self.under_way.is_none(), "trades are missing");
        let solution = self.candidate.solution;
        review.same("solution", detail.number("solution")?, solution);
        let trades: u64 = detail.number("trades")?;
        let most = self.candidate.trades;
        review.holds("trades", trades <= most, format!("at most {most}"));
        let way = UnderWay {
            interval,
            trades: usize::try_from(trades).unwrap_or(usize::MAX),
            energy: detail.number("energy")?,
            objective: detail.number("objective")?,
            void: detail.truth("void")?,
            book: self.book.clone(),
            found: Vec::new(),
        };
        let voided = self.candidate.voided.contains(&interval);
        review.same("void", way.void, voided);
        self.reward(&way, detail, review)?;
        self.leave_candidate(&way, review);
        self.next = self.next.saturating_add(1);
        self.lowered = false;
        self.under_way = Some(way);
        self.complete(review);
        Ok(())
    }

    /// The interval's trades leave the candidate; the others keep their worth.
    fn leave_candidate(&mut self, way: &UnderWay, review: &mut Review) {
        self.candidate.trades = self.candidate.trades.saturating_sub(way.trades as u64);
        if way.void {
            let nothing = (way.trades, way.energy, way.objective) == (0, 0, 0);
            review.holds("void", nothing, "no trades");
            return;
        }
        let Some(value) = self.candidate.value else {
            return;
        };
        let part = value_of(self.objective(), way.energy, way.objective, way.interval);
        let rest = part.and_then(|part| value.checked_sub(part));
        review.holds("objective", rest.is_some(), "part of the candidate's");
        self.candidate.value = rest;
    }

    fn reward(
        &mut self,
        way: &UnderWay,
        detail: &Fields,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let terms = &self.terms.reward;
        let most = terms.interval_cap.u128().min(self.pool);
        let reward = reward::reward(way.objective, terms.rate.u64(), most);
        let shares = match way.void {
            true => Vec::new(),
            false => self.candidate.shares.clone(),
        };
        let credited = reward::split(reward, shares);
        let mut shown = Vec::with_capacity(credited.len());
        for (solver, amount) in credited {
            self.pool = self.pool.saturating_sub(amount);
            shown.push(format!("{solver} {amount}"));
            let owed = self.owed.entry(solver).or_default();
            *owed = owed.saturating_add(amount);
        }
        let announced = detail.all("rewarded").join(", ");
        review.same("rewarded", announced, shown.join(", "));
        Ok(())
    }

    /// Final trades of the interval under way.
    fn settle(
        &mut self,
        detail: &Fields,
        review: &mut Review,
        sent: &mut VecDeque<Expected>,
    ) -> Result<(), AuditError> {
        let interval: u32 = detail.number("interval")?;
        review.of_interval(interval);
        let trades = detail.trades("trades", interval)?;
        let way = self
            .under_way
            .as_mut()
            .filter(|way| way.interval == interval);
        let Some(way) = way else {
            review.differ("trades", "final", "no trades of this interval under way");
            return Ok(());
        };
        review.same("from", detail.number("from")?, way.found.len());
        way.found.extend(&trades);
        let filled = self.draw(&trades, review);
        review.holds("filled", detail.list("filled")? == filled, shown(&filled));
        let settled = trades.iter().map(|trade| {
            let paid = payment(trade.energy, trade.price);
            let (seller, buyer) = (trade.seller.into(), trade.buyer.into());
            (seller, buyer, trade.energy, paid)
        });
        sent.push_back(Expected::Settled {
            interval,
            trades: settled.collect(),
        });
        self.release(&filled, sent);
        let count = review.findings.trades.saturating_add(trades.len() as u64);
        review.findings.trades = count;
        self.complete(review);
        Ok(())
    }

    /// Takes the trades' energy from their offers; those that are used up, which end.
    fn draw(&mut self, trades: &[Trade], review: &mut Review) -> Vec<u32> {
        let mut filled = Vec::new();
        for trade in trades {
            for number in [trade.seller, trade.buyer] {
                review.of_offer(number.into());
                let Some(offer) = self.book.offers.get_mut(&number) else {
                    review.differ("offer", "traded", "not open");
                    continue;
                };
                let left = offer.left;
                review.holds("energy", trade.energy <= left, format!("at most {left}"));
                offer.left = left.saturating_sub(trade.energy);
                if offer.left == 0 {
                    filled.push(number);
                    self.end_offer(number);
                }
            }
        }
        filled
    }

    /// When all trades of an interval are known, verifies them together.
    fn complete(&mut self, review: &mut Review) {
        let way = self.under_way.take_if(|way| way.found.len() >= way.trades);
        let Some(mut way) = way else {
            return;
        };
        review.of_interval(way.interval);
        review.same("trades", way.trades, way.found.len());
        let rules = self.rules(way.interval);
        match way.book.verify(rules, &way.found) {
            Err(violation) => review.differ("trades", "feasible", violation),
            Ok(verified) => {
                let same = verified.trades == way.found;
                review.holds("price", same, "the price of the rule");
                let Value { energy, .. } = verified.value;
                review.same("energy", way.energy, energy);
                let rule = self.objective();
                let total = rule.total(verified.value, Interval(way.interval));
                review.same("objective", way.objective, total.unwrap_or(i128::MIN));
            }
        }
    }

    /// Offers end: those of which no open interval is left, and those that were cancelled.
    fn sweep(
        &mut self,
        detail: &Fields,
        review: &mut Review,
        sent: &mut VecDeque<Expected>,
    ) -> Result<(), AuditError> {
        let interval: u32 = detail.number("interval")?;
        review.of_interval(interval);
        review.same("interval", interval, self.next.saturating_sub(1));
        review.holds("phase", self.under_way.is_none(), "trades are missing");
        let expired = detail.list("expired")?;
        for &number in &expired {
            review.of_offer(number.into());
            let last = self.book.offers.get(&number);
            let over = last.is_some_and(|offer| offer.intervals.last().0 <= interval);
            review.holds("offer", over, "open, or no longer there");
            let closing = self
                .posted
                .get(&number)
                .is_some_and(|own| own.closing.is_some());
            review.holds("expired", !closing, "cancelled");
            self.end_offer(number);
        }
        let cancelled = detail.list("cancelled")?;
        for number in detail.list("kept")?.into_iter().chain(cancelled.clone()) {
            review.of_offer(number.into());
            let posted = self.posted.get_mut(&number);
            let closing = posted.and_then(|own| own.closing.take());
            review.holds("offer", closing.is_some(), "one that was cancelled");
        }
        for &number in &cancelled {
            self.end_offer(number);
        }
        self.release(&[expired, cancelled].concat(), sent);
        Ok(())
    }

    fn release(&self, offers: &[u32], sent: &mut VecDeque<Expected>) {
        if !offers.is_empty() {
            let offers = offers.iter().copied().map(u64::from);
            sent.push_back(Expected::Released {
                offers: offers.collect(),
            });
        }
    }
}

fn shown(offers: &[u32]) -> String {
    format!("{offers:?}")
}
