//! Follows a history, block by block.

use gridweave_types::billing::{ConfigResponse, Tariff};

use crate::event::{Action, LoggedEvent, Message, messages};
use crate::findings::{Findings, Place};
use crate::keys::MeterKeys;
use crate::ledger::Ledger;
use crate::report::Report;
use crate::step::Step;
use crate::{AuditError, Subject};

/// Knows a contract by its events alone.
///
/// Events are handed in with [`Auditor::follow`], as many at a time as one likes, as long as no
/// message is torn apart; so an audit may stop and go on where it stopped.
#[derive(Debug, Clone)]
pub struct Auditor {
    subject: Subject,
    keys: MeterKeys,
    ledger: Option<Ledger>,
    findings: Findings,
    /// Events handed in.
    events: usize,
    /// Height of the last one.
    height: u64,
}

impl Auditor {
    /// An auditor who has seen nothing yet.
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            keys: MeterKeys::default(),
            ledger: None,
            findings: Findings::default(),
            events: 0,
            height: 0,
        }
    }

    /// The whole of a history.
    ///
    /// # Errors
    /// As [`Auditor::follow`].
    pub fn of(subject: Subject, events: &[LoggedEvent]) -> Result<Self, AuditError> {
        let mut auditor = Self::new(subject);
        auditor.follow(events)?;
        Ok(auditor)
    }

    /// Follows the next events, in order. Those of other contracts may be among them.
    ///
    /// # Errors
    /// [`AuditError`] at the first event that cannot be read; the audit cannot go on then.
    pub fn follow(&mut self, events: &[LoggedEvent]) -> Result<(), AuditError> {
        let mut own = 0;
        while let Some(event) = events.get(own) {
            self.in_order(event)?;
            if event.contract == self.subject.billing {
                own = self.follow_billing(events, own)?;
                continue;
            }
            if event.contract == self.subject.grid {
                self.keys.take(event)?;
            }
            own += 1;
        }
        self.events = self.events.saturating_add(events.len());
        Ok(())
    }

    /// Follows a stretch of the contract's own events from `start` on; where it ends.
    fn follow_billing(
        &mut self,
        events: &[LoggedEvent],
        start: usize,
    ) -> Result<usize, AuditError> {
        let rest = events.get(start..).unwrap_or_default();
        let stretch: Vec<&LoggedEvent> = rest
            .iter()
            .take_while(|event| event.contract == self.subject.billing)
            .collect();
        for event in &stretch {
            self.in_order(event)?;
        }
        for message in messages(stretch.iter().copied())? {
            self.take(&message)?;
        }
        Ok(start + stretch.len())
    }

    fn in_order(&mut self, event: &LoggedEvent) -> Result<(), AuditError> {
        if event.height < self.height {
            return Err(AuditError::Event {
                height: event.height,
                event: event.kind.clone(),
                expected: format!("height {} or above", self.height),
            });
        }
        self.height = event.height;
        Ok(())
    }

    fn take(&mut self, message: &Message) -> Result<(), AuditError> {
        if let Some(ledger) = &mut self.ledger {
            let findings = &mut self.findings;
            Step::new(ledger, findings, &self.keys, &self.subject, message).take(message);
            return Ok(());
        }
        match &message.action {
            Action::Instantiated { config, tariff } => self.begin(message, config, tariff),
            _ => Err(AuditError::Event {
                height: message.height,
                event: message.name.clone(),
                expected: "the instantiation first".into(),
            }),
        }
    }

    fn begin(
        &mut self,
        message: &Message,
        config: &ConfigResponse,
        tariff: &Tariff,
    ) -> Result<(), AuditError> {
        let refuse = |expected: &str| AuditError::Event {
            height: message.height,
            event: message.name.clone(),
            expected: expected.into(),
        };
        if config.interval_seconds == 0 || config.period_intervals == 0 {
            return Err(refuse("intervals and periods of at least 1"));
        }
        let rule = tariff.rule();
        let rule = rule.ok_or_else(|| refuse("a tariff within its range"))?;
        let place = Place {
            height: message.height,
            event: message.name.clone(),
            account: None,
            interval: None,
            period: None,
        };
        self.findings.messages = self.findings.messages.saturating_add(1);
        let (announced, expected) = (config.grid.as_str(), self.subject.grid.as_str());
        self.findings.compare(&place, "grid", announced, expected);
        if let Some(detail) = message.details.first() {
            self.findings.differ(&place, "event", detail.name(), "none");
        }
        self.ledger = Some(Ledger::new(config.clone(), rule));
        Ok(())
    }

    /// What the events add up to.
    ///
    /// # Errors
    /// [`AuditError::NotInstantiated`].
    pub fn ledger(&self) -> Result<&Ledger, AuditError> {
        let missing = || AuditError::NotInstantiated {
            contract: self.subject.billing.clone(),
            events: self.events,
        };
        self.ledger.as_ref().ok_or_else(missing)
    }

    /// What is audited.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Height of the last event.
    pub fn height(&self) -> u64 {
        self.height
    }

    pub(crate) fn findings_mut(&mut self) -> &mut Findings {
        &mut self.findings
    }

    /// Counts and differences so far.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The verdict.
    ///
    /// # Errors
    /// [`AuditError::NotInstantiated`].
    pub fn report(&self) -> Result<Report, AuditError> {
        let ledger = self.ledger()?;
        Ok(Report::new(
            &self.subject,
            ledger,
            &self.findings,
            self.height,
        ))
    }
}
