//! Follows a history, block by block.

use gridweave_types::billing::{ConfigResponse, Tariff};

use crate::crowd::Crowd;
use crate::event::{Action, LoggedEvent, Message, messages};
use crate::findings::{Findings, Place};
use crate::keys::MeterKeys;
use crate::ledger::Ledger;
use crate::report::Report;
use crate::step::Step;
use crate::trading::{Exchange, Holdings, Trading};
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
    /// The market, if there is one.
    trading: Option<Trading>,
    /// Crowdsourcing, if there is any.
    crowd: Option<Crowd>,
    findings: Findings,
    /// Events handed in.
    events: usize,
    /// Height of the last one.
    height: u64,
}

impl Auditor {
    /// An auditor who has seen nothing yet.
    pub fn new(subject: Subject) -> Self {
        let (market, crowd) = (subject.market.clone(), subject.crowdsourcing.clone());
        Self {
            trading: market.map(|market| Trading::new(market, &subject.billing)),
            crowd: crowd.map(|contract| Crowd::new(contract, &subject.billing)),
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
        let mut rest = events;
        while let Some(event) = rest.first() {
            self.in_order(event)?;
            let (stretch, after) = self.stretch(rest)?;
            if event.contract == self.subject.billing {
                self.follow_billing(&stretch)?;
            } else if event.contract == self.subject.grid {
                self.keys.take(event)?;
            } else if let Some(trading) = &mut self.trading
                && trading.has(&event.contract)
            {
                trading.take(&stretch, &mut self.findings)?;
            } else if let Some(crowd) = &mut self.crowd
                && crowd.has(&event.contract)
            {
                crowd.take(&stretch, self.ledger.as_ref(), &mut self.findings)?;
            }
            rest = after;
        }
        if let Some(trading) = &mut self.trading {
            trading.rest(&mut self.findings, self.height);
        }
        if let Some(crowd) = &mut self.crowd {
            crowd.rest(&mut self.findings, self.height);
        }
        self.events = self.events.saturating_add(events.len());
        Ok(())
    }

    /// The first events of one contract, and those after them; one event of a contract whose messages
    /// do not matter.
    fn stretch<'a>(
        &mut self,
        events: &'a [LoggedEvent],
    ) -> Result<(Vec<&'a LoggedEvent>, &'a [LoggedEvent]), AuditError> {
        let Some(first) = events.first() else {
            return Ok((Vec::new(), events));
        };
        let (trades, crowd) = (self.trading.as_ref(), self.crowd.as_ref());
        let whole = first.contract == self.subject.billing
            || trades.is_some_and(|trading| trading.has(&first.contract))
            || crowd.is_some_and(|crowd| crowd.has(&first.contract));
        let same = events
            .iter()
            .take_while(|event| event.contract == first.contract);
        let stretch: Vec<&LoggedEvent> = match whole {
            true => same.collect(),
            false => vec![first],
        };
        for event in &stretch {
            self.in_order(event)?;
        }
        let after = events.get(stretch.len()..).unwrap_or_default();
        Ok((stretch, after))
    }

    /// Follows a stretch of the contract's own events.
    fn follow_billing(&mut self, stretch: &[&LoggedEvent]) -> Result<(), AuditError> {
        if let Some(trading) = &mut self.trading {
            trading.observe(stretch, &mut self.findings)?;
        }
        if let Some(crowd) = &mut self.crowd {
            crowd.observe(stretch, &mut self.findings)?;
        }
        for message in messages(stretch.iter().copied())? {
            self.take(&message)?;
        }
        Ok(())
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
            ..Place::default()
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

    /// The market's two contracts, once both have been seen.
    pub(crate) fn trading_parts(&self) -> Option<(&Holdings, &Exchange)> {
        let trading = self.trading.as_ref()?;
        Some((trading.holdings.as_ref()?, trading.exchange.as_ref()?))
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
        let mut report = Report::new(&self.subject, self.ledger()?, &self.findings, self.height);
        if let Some((holdings, _)) = self.trading_parts() {
            let error = holdings.conservation_error();
            report.conservation_error = report.conservation_error.saturating_add(error);
        }
        if let Some(office) = self.crowd.as_ref().and_then(|crowd| crowd.office.as_ref()) {
            let error = office.conservation_error();
            report.conservation_error = report.conservation_error.saturating_add(error);
        }
        Ok(report)
    }
}
