//! Comparing what one message announces with what is computed.

use super::announced::Announced;
use crate::AuditError;
use crate::event::Fields;
use crate::findings::{Findings, Place};

/// Where something is announced, and where differences go.
pub(crate) struct Review<'a> {
    pub findings: &'a mut Findings,
    place: Place,
    /// Block time (Unix seconds).
    pub now: u64,
}

impl<'a> Review<'a> {
    pub fn new(findings: &'a mut Findings, message: &Announced) -> Self {
        Self {
            now: message.time,
            ..Self::at(findings, message.height, &message.name)
        }
    }

    pub fn at(findings: &'a mut Findings, height: u64, event: &str) -> Self {
        Self {
            findings,
            place: Place {
                height,
                event: event.into(),
                ..Place::default()
            },
            now: 0,
        }
    }

    /// What follows is about this offer.
    pub fn of_offer(&mut self, offer: u64) {
        self.place.offer = Some(offer);
    }

    /// What follows is about this interval.
    pub fn of_interval(&mut self, interval: u32) {
        self.place.interval = Some(interval);
    }

    /// What follows is about this holder, solver or account.
    pub fn of_account(&mut self, account: &str) {
        self.place.account = Some(account.into());
    }

    /// The holder, solver or account in the attribute `name`, which what follows is about.
    pub fn about(&mut self, fields: &Fields, name: &'static str) -> Result<String, AuditError> {
        let account = fields.owned(name)?;
        self.of_account(&account);
        Ok(account)
    }

    pub fn differ(&mut self, what: &str, announced: impl ToString, computed: impl ToString) {
        self.findings.differ(&self.place, what, announced, computed);
    }

    pub fn same<T: PartialEq + ToString>(&mut self, what: &str, announced: T, computed: T) {
        self.findings
            .compare(&self.place, what, announced, computed);
    }

    pub fn holds(&mut self, what: &str, holds: bool, expected: impl ToString) {
        self.findings.require(&self.place, what, holds, expected);
    }
}
