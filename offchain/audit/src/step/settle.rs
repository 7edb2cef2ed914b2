//! Lines settled, settled again, and the grid account's line.

use gridweave_rules::settlement::{Settlement, SettlementError, book, settle};
use gridweave_types::billing::Origin;
use gridweave_units::{Energy, Interval, Money};

use super::Step;
use crate::event::{Closing, LineFigures};
use crate::ledger::Metered;

impl Step<'_> {
    pub(super) fn opens_settlement(&mut self, interval: u32) {
        let place = self.place();
        let open = self.now >= self.ledger.timeline().settles_at(Interval(interval));
        self.findings.require(&place, "interval", open, "too early");
    }

    pub(super) fn line_settled(
        &mut self,
        account: &str,
        interval: u32,
        page: u32,
        announced: &LineFigures,
    ) {
        self.tally.settled = self.tally.settled.saturating_add(1);
        let place = self.at(account, Some(interval));
        self.findings.compare(&place, "interval", interval, page);
        let (now, timeline) = (self.now, self.ledger.timeline());
        let known = self.ledger.line(account, interval).is_some();
        self.findings
            .require(&place, "line", known, "no commitment and no reading");
        let line = self.line(account, interval);
        let again = line.settled.is_some();
        let read = line.metered.filter(|read| read.origin == Origin::Meter);
        let until = read.map(|read| timeline.disputed_until(Interval(interval), read.received));
        let held = line.disputed || until.is_some_and(|until| now < until);
        let held = held && now < timeline.final_at(Interval(interval));
        line.disputed = false;
        if line.metered.is_none() {
            line.metered = Some(Metered {
                energy: line.position.energy.0,
                origin: Origin::Estimate,
                received: now,
            });
            let held = self.account(account);
            held.silent = held.silent.saturating_add(1);
        }
        self.findings
            .require(&place, "line", !again, "settled already");
        self.findings.require(&place, "line", !held, "held");
        self.pay(account, interval, announced);
    }

    pub(super) fn line_adjusted(&mut self, account: &str, interval: u32, announced: &LineFigures) {
        let place = self.at(account, Some(interval));
        self.findings.adjustments = self.findings.adjustments.saturating_add(1);
        match self.adjustments.pop_front() {
            Some((owner, expected)) => {
                self.findings
                    .compare(&place, "account", account, owner.as_str());
                self.findings
                    .compare(&place, "interval", interval, expected);
            }
            None => self
                .findings
                .differ(&place, "line_adjusted", "a change", "none"),
        }
        let line = self.line(account, interval);
        line.adjusted = line.adjusted.saturating_add(1);
        self.pay(account, interval, announced);
    }

    /// Computes what a line is worth with the energy it has, compares, and books the change.
    fn pay(&mut self, account: &str, interval: u32, announced: &LineFigures) {
        self.findings.settlements = self.findings.settlements.saturating_add(1);
        let place = self.at(account, Some(interval));
        let (before, after, figures) = match self.worth(account, interval) {
            Ok(worth) => worth,
            Err(error) => return self.refuse(account, Some(interval), &error),
        };
        for ((part, computed), (_, announced)) in figures.parts().into_iter().zip(announced.parts())
        {
            self.findings.compare(&place, part, announced, computed);
        }
        self.line(account, interval).settled = Some(after);
        match change(&before, &after) {
            Ok((amount, dust)) => {
                self.money(account, |purse, pool, required| {
                    book(purse, pool, amount, dust, required)
                });
            }
            Err(error) => self.refuse(account, Some(interval), &error),
        }
    }

    /// A line's settlement so far, and what it is now.
    fn worth(
        &mut self,
        account: &str,
        interval: u32,
    ) -> Result<(Settlement, Settlement, LineFigures), SettlementError> {
        let reference = self.ledger.reference(interval)?;
        let factor = self.ledger.tariff(interval).imbalance;
        let line = self.line(account, interval);
        let metered = line.energy();
        let after = settle(&line.position, Energy(metered), reference, factor)?;
        let figures = LineFigures {
            energy: line.position.energy.0,
            metered,
            origin: line.origin(),
            committed: after.committed.0,
            imbalance: after.imbalance.0,
            penalty: after.penalty.0,
            dust: after.dust.0,
            amount: after.amount()?.0,
        };
        Ok((line.settled.unwrap_or_default(), after, figures))
    }

    pub(super) fn interval_closed(&mut self, interval: u32, page: u32, announced: &Closing) {
        self.tally.closed = self.tally.closed.saturating_add(1);
        self.findings.intervals = self.findings.intervals.saturating_add(1);
        let mut place = self.place();
        place.interval = Some(interval);
        self.findings.compare(&place, "interval", interval, page);
        match self.ledger.interval(interval) {
            Ok((open, computed)) => {
                self.findings
                    .require(&place, "interval_closed", open == 0, "open lines");
                for ((part, announced), (_, computed)) in
                    announced.parts().into_iter().zip(computed.parts())
                {
                    self.findings.compare(&place, part, announced, computed);
                }
            }
            Err(error) => self.findings.differ(&place, "totals", "accepted", error),
        }
    }

    pub(super) fn settled_in_all(&mut self, interval: u32, settled: u32, open: u32) {
        let mut place = self.place();
        place.interval = Some(interval);
        let (count, closed) = (self.tally.settled, self.tally.closed);
        self.findings.compare(&place, "settled", settled, count);
        match self.ledger.interval(interval) {
            Ok((left, totals)) => {
                self.findings.compare(&place, "open", open, left);
                self.findings
                    .require(&place, "interval", totals.lines > 0, "no lines");
                let expected = u32::from(left == 0 && count > 0);
                self.findings
                    .compare(&place, "interval_closed", closed, expected);
            }
            Err(error) => self.findings.differ(&place, "totals", "accepted", error),
        }
    }
}

/// What is booked when a line that was worth `before` is worth `after`: amount and dust.
fn change(before: &Settlement, after: &Settlement) -> Result<(Money, Money), SettlementError> {
    let less = |new: Money, old: Money| {
        let change = new.checked_sub(old);
        change.ok_or(SettlementError::Overflow {
            what: "settled change",
        })
    };
    let amount = less(after.amount()?, before.amount()?)?;
    Ok((amount, less(after.dust, before.dust)?))
}
