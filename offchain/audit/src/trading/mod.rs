//! Following a market: permits, claims and money in `assets`, offers, solutions and final trades in
//! `market`, and what passes between the contracts.

pub(crate) mod announced;
mod exchange;
mod expected;
mod holdings;
pub(crate) mod review;

use std::collections::VecDeque;

use crate::event::LoggedEvent;
use crate::findings::Findings;
use crate::{AuditError, MarketSubject};
use announced::{Announced, announced};
pub(crate) use exchange::Exchange;
use expected::{Expected, Recorded};
pub(crate) use holdings::Holdings;
use review::Review;

/// A market as its events leave it.
#[derive(Debug, Clone)]
pub(crate) struct Trading {
    subject: MarketSubject,
    billing: String,
    pub holdings: Option<Holdings>,
    pub exchange: Option<Exchange>,
    /// Messages that `market` has sent to `assets`, which come next.
    to_assets: VecDeque<Expected>,
    /// Messages that `assets` has sent to `billing`, which come next.
    to_billing: VecDeque<Expected>,
}

impl Trading {
    /// A market that nothing has been seen of.
    pub fn new(subject: MarketSubject, billing: &str) -> Self {
        Self {
            subject,
            billing: billing.into(),
            holdings: None,
            exchange: None,
            to_assets: VecDeque::new(),
            to_billing: VecDeque::new(),
        }
    }

    /// Whether a contract is one of the market's.
    pub fn has(&self, contract: &str) -> bool {
        contract == self.subject.assets || contract == self.subject.market
    }

    /// Follows a stretch of events of one contract, one of the market's.
    pub fn take(
        &mut self,
        events: &[&LoggedEvent],
        findings: &mut Findings,
    ) -> Result<(), AuditError> {
        let Some(first) = events.first() else {
            return Ok(());
        };
        let is_market = first.contract == self.subject.market;
        for message in announced(events)? {
            findings.messages = findings.messages.saturating_add(1);
            let mut review = Review::new(findings, &message);
            match is_market {
                true => self.take_market(&message, &mut review)?,
                false => self.take_assets(&message, &mut review)?,
            }
        }
        Ok(())
    }

    fn take_market(&mut self, message: &Announced, review: &mut Review) -> Result<(), AuditError> {
        missing(&mut self.to_assets, review);
        match &mut self.exchange {
            None => self.exchange = Some(Exchange::read(message, &self.subject, review)?),
            Some(exchange) => exchange.take(message, review, &mut self.to_assets)?,
        }
        Ok(())
    }

    fn take_assets(&mut self, message: &Announced, review: &mut Review) -> Result<(), AuditError> {
        let Some(holdings) = &mut self.holdings else {
            self.holdings = Some(Holdings::read(message, &self.billing, review)?);
            return Ok(());
        };
        if message.name == "payout_failed" {
            return holdings.failed(message, review, &mut self.to_billing);
        }
        missing(&mut self.to_billing, review);
        let of_market = ["locked", "trades_settled", "locks_released"].contains(&&*message.name);
        if of_market && message.response.text("market")? == self.subject.market {
            expected::compare(self.to_assets.pop_front(), message, review)?;
        } else {
            missing(&mut self.to_assets, review);
        }
        holdings.take(message, review, &mut self.to_billing)
    }

    /// Looks at a stretch of events of `billing` for what `assets` has sent there.
    pub fn observe(
        &mut self,
        events: &[&LoggedEvent],
        findings: &mut Findings,
    ) -> Result<(), AuditError> {
        let assets = self.subject.assets.as_str();
        for message in announced(events)? {
            let sender = match &*message.name {
                "topped_up" => message.response.text("sender")?,
                "commitments_recorded" => message.response.text("source")?,
                _ => continue,
            };
            if sender != assets {
                continue;
            }
            let mut review = Review::new(findings, &message);
            match self.to_billing.pop_front() {
                Some(Expected::Recorded(wanted)) if message.name == "commitments_recorded" => {
                    Recorded::of(&message)?.compare(&wanted, &mut review);
                }
                other => expected::compare(other, &message, &mut review)?,
            }
        }
        Ok(())
    }

    /// At the end of a whole number of messages nothing is under way.
    pub fn rest(&mut self, findings: &mut Findings, height: u64) {
        let mut review = Review::at(findings, height, "end of a block");
        missing(&mut self.to_assets, &mut review);
        missing(&mut self.to_billing, &mut review);
    }
}

/// Messages that were sent and have not arrived.
fn missing(expected: &mut VecDeque<Expected>, review: &mut Review) {
    for message in expected.drain(..) {
        review.differ("message", "nothing", message.name());
    }
}
