//! Readings, corrections, disputes and decisions.

use gridweave_types::billing::{MAX_CORRECTIONS, MAX_READINGS, Origin};
use gridweave_units::Interval;

use super::Step;
use crate::event::Readings;
use crate::ledger::Metered;
use crate::signature;

impl Step<'_> {
    pub(super) fn readings(&mut self, readings: &Readings) {
        let account = readings.account.as_str();
        let place = self.at(account, None);
        let count = readings.energies.len();
        self.findings.readings = self.findings.readings.saturating_add(count as u64);
        let fits = (1..=MAX_READINGS).contains(&count);
        self.findings.require(&place, "readings", fits, "1 to 200");
        let last = u32::try_from(count).ok();
        let last = last.and_then(|count| readings.from.checked_add(count));
        self.findings
            .require(&place, "from", last.is_some(), "out of range");
        self.check_signature(readings);
        self.check_energies(readings);
        let held = self.account(account);
        let nonce = held.nonce.saturating_add(1);
        held.nonce = readings.nonce;
        self.findings
            .compare(&place, "nonce", readings.nonce, nonce);
        match readings.lapsed_kept {
            Some((lapsed, kept)) => self.submitted(readings, lapsed, kept),
            None => self.corrected(readings),
        }
    }

    /// The meter's signature under the key that `grid` announced last.
    fn check_signature(&mut self, readings: &Readings) {
        let place = self.at(&readings.account, None);
        self.findings.signatures = self.findings.signatures.saturating_add(1);
        match self.keys.of(&readings.account) {
            None => {
                let expected = "no meter key announced by grid";
                self.findings
                    .differ(&place, "signature", "accepted", expected);
            }
            Some(key) => {
                let valid = signature::verify(self.subject, key, readings);
                let expected = "not of the account's meter";
                self.findings.require(&place, "signature", valid, expected);
            }
        }
    }

    fn check_energies(&mut self, readings: &Readings) {
        let limit = self.ledger.terms.limits.energy.u64();
        let timeline = self.ledger.timeline();
        for (interval, energy) in readings.rows() {
            let place = self.at(&readings.account, Some(interval));
            let ended = timeline.end(Interval(interval)) <= self.now;
            self.findings
                .require(&place, "reading", ended, "interval has not ended");
            let plausible = energy.unsigned_abs() <= limit;
            self.findings
                .require(&place, "reading", plausible, "beyond the limit");
        }
    }

    fn submitted(&mut self, readings: &Readings, lapsed: u32, kept: u32) {
        let account = readings.account.as_str();
        let place = self.at(account, None);
        let first_open = self.ledger.timeline().first_open(self.now).0;
        let count = u32::try_from(readings.energies.len()).unwrap_or(u32::MAX);
        let held = self.account(account);
        let next = held.next_reading;
        held.next_reading = Some(readings.from.saturating_add(count));
        held.silent = 0;
        let fits = match next {
            Some(next) => readings.from == next.max(first_open),
            None => readings.from >= first_open,
        };
        self.findings
            .require(&place, "from", fits, "a gap or an overlap");
        let passed = next.map_or(0, |next| readings.from.saturating_sub(next));
        self.findings.compare(&place, "lapsed", lapsed, passed);
        let mut outweighed = 0u32;
        for (interval, energy) in readings.rows() {
            if self.is_root(account) {
                self.ledger.root.insert(interval, energy);
            } else if self.line(account, interval).origin() == Origin::Operator {
                outweighed = outweighed.saturating_add(1);
            } else {
                self.replace(account, interval, energy, Origin::Meter);
            }
        }
        self.findings.compare(&place, "kept", kept, outweighed);
    }

    fn corrected(&mut self, readings: &Readings) {
        let account = readings.account.as_str();
        let place = self.at(account, Some(readings.from));
        let open = self.now < self.ledger.timeline().final_at(Interval(readings.from));
        self.findings.require(&place, "from", open, "final");
        for (interval, energy) in readings.rows() {
            let place = self.at(account, Some(interval));
            if self.is_root(account) {
                let known = self.ledger.root.insert(interval, energy).is_some();
                self.findings
                    .require(&place, "correction", known, "nothing to correct");
                continue;
            }
            let line = self.line(account, interval);
            let fits = line.origin() == Origin::Meter && line.superseded.len() < MAX_CORRECTIONS;
            self.findings
                .require(&place, "correction", fits, "nothing to correct");
            self.replace(account, interval, energy, Origin::Meter);
        }
    }

    /// The treasury's meter is the one at the root; no money depends on it.
    fn is_root(&self, account: &str) -> bool {
        account == self.ledger.terms.treasury.as_str()
    }

    /// Gives a line its energy; a settled line must be settled again.
    fn replace(&mut self, account: &str, interval: u32, energy: i64, origin: Origin) {
        let received = self.now;
        let line = self.line(account, interval);
        line.replace(Metered {
            energy,
            origin,
            received,
        });
        if line.settled.is_some() {
            self.adjustments.push_back((account.into(), interval));
        }
    }

    pub(super) fn disputed(&mut self, account: &str, interval: u32, announced: i64) {
        let place = self.at(account, Some(interval));
        let (now, timeline) = (self.now, self.ledger.timeline());
        let line = self.line(account, interval);
        let disputable = matches!(line.origin(), Origin::Meter | Origin::Estimate);
        let fits = disputable && !line.disputed;
        line.disputed = true;
        let (received, energy) = line.metered.map_or((0, 0), |m| (m.received, m.energy));
        let until = timeline.disputed_until(Interval(interval), received);
        let open = now < until && now < timeline.final_at(Interval(interval));
        self.findings.compare(&place, "metered", announced, energy);
        self.findings
            .require(&place, "dispute", fits, "nothing to dispute");
        self.findings.require(&place, "dispute", open, "too late");
    }

    pub(super) fn resolved(&mut self, account: &str, interval: u32, metered: i64) {
        let place = self.at(account, Some(interval));
        let open = self.now < self.ledger.timeline().final_at(Interval(interval));
        let disputed = self.line(account, interval).disputed;
        let limit = self.ledger.terms.limits.energy.u64();
        let plausible = metered.unsigned_abs() <= limit;
        self.findings
            .require(&place, "decision", disputed, "not disputed");
        self.findings.require(&place, "decision", open, "final");
        self.findings
            .require(&place, "metered", plausible, "beyond the limit");
        self.replace(account, interval, metered, Origin::Operator);
    }
}
