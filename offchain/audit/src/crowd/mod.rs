//! Following crowdsourcing: who takes part, budgets, agreements, tasks, willingness, statements, and
//! what the contract sends to `billing`.

mod agreements;
mod budgets;
mod enrolment;
mod office;
mod payments;
mod sent;
mod statements;
mod sums;
mod supplements;
mod tasks;

use std::collections::VecDeque;

use crate::AuditError;
use crate::event::LoggedEvent;
use crate::findings::Findings;
use crate::ledger::Ledger;
use crate::trading::announced::announced;
use crate::trading::review::Review;
pub(crate) use office::Office;
use sent::Sent;

/// Crowdsourcing as its events leave it.
#[derive(Debug, Clone)]
pub(crate) struct Crowd {
    contract: String,
    billing: String,
    pub office: Option<Office>,
    /// Messages that were sent to `billing`, which come next.
    to_billing: VecDeque<Sent>,
}

impl Crowd {
    /// A contract that nothing has been seen of.
    pub fn new(contract: String, billing: &str) -> Self {
        Self {
            contract,
            billing: billing.into(),
            office: None,
            to_billing: VecDeque::new(),
        }
    }

    /// Whether this is the contract.
    pub fn has(&self, contract: &str) -> bool {
        contract == self.contract
    }

    /// Follows a stretch of the contract's events; `bills` is what `billing` has so far.
    pub fn take(
        &mut self,
        events: &[&LoggedEvent],
        bills: Option<&Ledger>,
        findings: &mut Findings,
    ) -> Result<(), AuditError> {
        for message in announced(events)? {
            findings.messages = findings.messages.saturating_add(1);
            let mut review = Review::new(findings, &message);
            missing(&mut self.to_billing, &mut review);
            match &mut self.office {
                None => self.office = Some(Office::read(&message, &self.billing, &mut review)?),
                Some(office) => {
                    let sent = office.take(&message, bills, &mut review)?;
                    self.to_billing.extend(sent);
                }
            }
        }
        Ok(())
    }

    /// Looks at a stretch of events of `billing` for what the contract has sent there.
    pub fn observe(
        &mut self,
        events: &[&LoggedEvent],
        findings: &mut Findings,
    ) -> Result<(), AuditError> {
        for message in announced(events)? {
            let sender = match &*message.name {
                "topped_up" => message.response.text("sender")?,
                "commitments_recorded" => message.response.text("source")?,
                _ => continue,
            };
            if sender == self.contract {
                let mut review = Review::new(findings, &message);
                sent::compare(self.to_billing.pop_front(), &message, &mut review)?;
            }
        }
        Ok(())
    }

    /// At the end of a whole number of messages nothing is under way.
    pub fn rest(&mut self, findings: &mut Findings, height: u64) {
        let mut review = Review::at(findings, height, "end of a block");
        missing(&mut self.to_billing, &mut review);
    }
}

/// Messages that were sent and have not arrived.
fn missing(sent: &mut VecDeque<Sent>, review: &mut Review) {
    for message in sent.drain(..) {
        review.differ("message", "nothing", format!("{message:?}"));
    }
}
