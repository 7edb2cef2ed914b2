//! One message: what the contract must have done, against what it says it did.

mod commit;
mod dispatch;
mod money;
mod period;
mod read;
mod settle;
mod setup;

use std::collections::VecDeque;

use gridweave_rules::settlement::{Pool, Purse, SettlementError};

use crate::Subject;
use crate::event::{Action, Detail, Message};
use crate::findings::{Findings, Place};
use crate::keys::MeterKeys;
use crate::ledger::{Account, Ledger, Line};

/// A message being followed.
pub(crate) struct Step<'a> {
    pub ledger: &'a mut Ledger,
    pub findings: &'a mut Findings,
    pub keys: &'a MeterKeys,
    pub subject: &'a Subject,
    height: u64,
    /// Block time (Unix seconds).
    now: u64,
    name: &'a str,
    /// Changes of arrears that must be announced, in order.
    arrears: VecDeque<(String, u128)>,
    /// Settled lines with another energy, which must be settled again, in order.
    adjustments: VecDeque<(String, u32)>,
    tally: Tally,
}

/// Events beside the response, counted.
#[derive(Default)]
struct Tally {
    recorded: usize,
    skipped: usize,
    settled: u32,
    closed: u32,
    reconciled: u32,
}

impl<'a> Step<'a> {
    pub(crate) fn new(
        ledger: &'a mut Ledger,
        findings: &'a mut Findings,
        keys: &'a MeterKeys,
        subject: &'a Subject,
        message: &'a Message,
    ) -> Self {
        Self {
            ledger,
            findings,
            keys,
            subject,
            height: message.height,
            now: message.time,
            name: &message.name,
            arrears: VecDeque::new(),
            adjustments: VecDeque::new(),
            tally: Tally::default(),
        }
    }

    /// Follows the message.
    pub(crate) fn take(mut self, message: &Message) {
        self.findings.messages = self.findings.messages.saturating_add(1);
        for detail in &message.details {
            if let Detail::AccountOpened { account, number } = detail {
                self.open(account, *number);
            }
        }
        self.act(&message.action);
        for detail in &message.details {
            self.detail(&message.action, detail);
        }
        self.close(&message.action);
    }

    /// Compares what the response says in all with what happened.
    fn close(&mut self, action: &Action) {
        let place = self.place();
        match action {
            Action::CommitmentsRecorded {
                recorded, skipped, ..
            } => {
                let Tally {
                    recorded: sum,
                    skipped: left,
                    ..
                } = self.tally;
                self.findings.compare(&place, "recorded", *recorded, sum);
                self.findings.compare(&place, "skipped", *skipped, left);
            }
            Action::IntervalSettled {
                interval,
                settled,
                open,
            } => self.settled_in_all(*interval, *settled, *open),
            Action::PeriodReconciled {
                period,
                reconciled,
                left,
            } => self.reconciled_in_all(*period, *reconciled, *left),
            _ => {}
        }
        if let Some((account, arrears)) = self.arrears.pop_front() {
            let place = self.at(&account, None);
            self.findings
                .differ(&place, "arrears", "no change", arrears);
        }
        if let Some((account, interval)) = self.adjustments.pop_front() {
            let place = self.at(&account, Some(interval));
            self.findings
                .differ(&place, "line_adjusted", "nothing", "the difference");
        }
    }

    fn place(&self) -> Place {
        Place {
            height: self.height,
            event: self.name.into(),
            ..Place::default()
        }
    }

    fn at(&self, account: &str, interval: Option<u32>) -> Place {
        Place {
            account: Some(account.into()),
            interval,
            ..self.place()
        }
    }

    fn in_period(&self, account: Option<&str>, period: u32) -> Place {
        Place {
            account: account.map(Into::into),
            period: Some(period),
            ..self.place()
        }
    }

    /// An account that must have been opened.
    fn account(&mut self, address: &str) -> &mut Account {
        if !self.ledger.accounts.contains_key(address) {
            let place = self.at(address, None);
            self.findings
                .differ(&place, "account", "in use", "never opened");
        }
        self.ledger.accounts.entry(address.into()).or_default()
    }

    fn line(&mut self, account: &str, interval: u32) -> &mut Line {
        self.account(account).lines.entry(interval).or_default()
    }

    fn open(&mut self, address: &str, number: u32) {
        let place = self.at(address, None);
        let known = self.ledger.accounts.contains_key(address);
        self.findings
            .require(&place, "account_opened", !known, "open already");
        let next = u32::try_from(self.ledger.accounts.len()).unwrap_or(u32::MAX);
        if !known {
            self.findings.compare(&place, "number", number, next);
            self.account_entry(address).number = number;
        }
    }

    fn account_entry(&mut self, address: &str) -> &mut Account {
        self.ledger.accounts.entry(address.into()).or_default()
    }

    /// Moves money of an account by a rule of the ledger; a change of arrears must be announced.
    fn money<T>(
        &mut self,
        address: &str,
        rule: impl FnOnce(&mut Purse, &mut Pool, u128) -> Result<T, SettlementError>,
    ) -> Option<T> {
        let required = self.ledger.terms.collateral.u128();
        let mut pool = self.ledger.pool;
        let held = self.account(address);
        let before = held.purse;
        let mut purse = before;
        match rule(&mut purse, &mut pool, required) {
            Ok(outcome) => {
                held.purse = purse;
                self.ledger.pool = pool;
                if purse.arrears != before.arrears {
                    self.arrears.push_back((address.into(), purse.arrears));
                }
                Some(outcome)
            }
            Err(error) => {
                self.refuse(address, None, &error);
                None
            }
        }
    }

    /// The rule refuses what the contract has taken.
    fn refuse(&mut self, account: &str, interval: Option<u32>, error: &SettlementError) {
        let place = self.at(account, interval);
        self.findings.differ(&place, "rule", "accepted", error);
    }
}
