//! Commitments recorded and left out.

use std::collections::BTreeSet;

use gridweave_rules::settlement as rule;
use gridweave_types::billing::SourceKind;
use gridweave_units::{Energy, Interval, Money};

use super::Step;
use crate::event::Commitments;
use crate::findings::Place;
use crate::ledger::Commitment;

/// Source and session of the response.
type Handover<'a> = (&'a str, Option<u64>);

impl Step<'_> {
    pub(super) fn recorded(
        &mut self,
        commitments: &Commitments,
        rows: &[(i64, i64)],
        handover: Handover,
    ) {
        self.handover(commitments, handover);
        let account = commitments.account.as_str();
        self.tally.recorded = self.tally.recorded.saturating_add(rows.len());
        self.findings.commitments = self.findings.commitments.saturating_add(rows.len() as u64);
        let place = self.at(account, None);
        let barred = !commitments.paid && self.is_suspended(account);
        self.findings
            .require(&place, "commitments", !barred, "account suspended");
        let intervals = commitments.intervals.iter();
        let source = commitments.source.as_str();
        let known: BTreeSet<u32> = intervals
            .copied()
            .filter(|&interval| self.has_committed(account, interval, source))
            .collect();
        let additions = self.kind_of(source) == Some(SourceKind::Additions);
        for (&interval, &(energy, price)) in commitments.intervals.iter().zip(rows) {
            let place = self.at(account, Some(interval));
            self.check_row(&place, (interval, commitments.paid), energy, price);
            // One event may have several of an interval: those with each partner.
            let again = known.contains(&interval) && !additions;
            self.findings
                .require(&place, "commitment", !again, "duplicate");
            self.add(commitments, interval, energy, price);
        }
    }

    /// What the source and its kind must be, and who takes no commitments.
    fn handover(&mut self, commitments: &Commitments, (source, session): Handover) {
        let Commitments { account, paid, .. } = commitments;
        let place = self.at(account, None);
        let known = self.kind_of(&commitments.source);
        let known = known.is_some_and(|kind| (kind == SourceKind::Sessions) == session.is_some());
        let shown = |session: Option<u64>| session.map_or("none".into(), |id| id.to_string());
        let own = commitments.source.as_str();
        self.findings.compare(&place, "source", own, source);
        let (own, whole) = (shown(commitments.session), shown(session));
        self.findings.compare(&place, "session", own, whole);
        self.findings
            .require(&place, "source", known, "no active source of its kind");
        let prepaid = session.is_some() && *paid;
        self.findings
            .require(&place, "paid", !prepaid, "false for sessions");
    }

    /// Kind of an active source.
    fn kind_of(&self, source: &str) -> Option<SourceKind> {
        let mut active = self.ledger.sources.iter().filter(|known| known.active);
        active
            .find(|known| known.contract == source)
            .map(|known| known.kind)
    }

    fn is_suspended(&mut self, account: &str) -> bool {
        let required = self.ledger.terms.collateral.u128();
        let silent = self.ledger.terms.limits.silent;
        self.account(account).suspended(required, silent)
    }

    fn check_row(&mut self, place: &Place, (interval, paid): (u32, bool), energy: i64, price: i64) {
        let limits = self.ledger.terms.limits;
        let treasury = place.account.as_deref() == Some(self.ledger.terms.treasury.as_str());
        for (what, holds, expected) in [
            ("account", !treasury, "grid_account"),
            ("interval", !self.is_late(interval, paid), "late"),
            ("interval", !self.is_ahead(interval), "ahead"),
            (
                "energy",
                energy.unsigned_abs() <= limits.energy.u64(),
                "out of range",
            ),
            (
                "price",
                price.unsigned_abs() <= limits.price.u64(),
                "out of range",
            ),
        ] {
            self.findings.require(place, what, holds, expected);
        }
    }

    fn is_late(&self, interval: u32, paid: bool) -> bool {
        let timeline = self.ledger.timeline();
        timeline.commits_until(Interval(interval), paid) <= self.now
    }

    fn is_ahead(&self, interval: u32) -> bool {
        let clock = self.ledger.timeline().clock;
        let present = clock.interval_at(self.now).unwrap_or_default();
        interval > present.0.saturating_add(self.ledger.terms.limits.ahead)
    }

    fn has_committed(&self, account: &str, interval: u32, source: &str) -> bool {
        let line = self.ledger.line(account, interval);
        line.is_some_and(|line| line.commitments.iter().any(|known| known.source == source))
    }

    fn add(&mut self, commitments: &Commitments, interval: u32, energy: i64, price: i64) {
        let Commitments {
            account,
            source,
            paid,
            session,
            ..
        } = commitments;
        let taxed = self.ledger.price(interval, price);
        let line = self.line(account, interval);
        let sum = taxed.and_then(|price| {
            line.position.with(&rule::Commitment {
                energy: Energy(energy),
                price,
                paid: *paid,
            })
        });
        line.commitments.push(Commitment {
            source: source.clone(),
            session: *session,
            paid: *paid,
            energy,
            price,
        });
        match sum {
            Ok(position) => line.position = position,
            Err(error) => self.refuse(account, Some(interval), &error),
        }
        let reach = interval.saturating_add(1);
        self.ledger.committed_until = self.ledger.committed_until.max(reach);
    }

    /// A side payment goes to an account that has a commitment of the same session, once.
    pub(super) fn paid_aside(
        &mut self,
        account: &str,
        (source, session): (&str, u64),
        amount: i64,
    ) {
        let place = self.at(account, None);
        let of_session =
            |known: &Commitment| known.source == source && known.session == Some(session);
        let held = self.account(account);
        let mut lines = held.lines.values().flat_map(|line| &line.commitments);
        let committed = lines.any(of_session);
        let key = (source.to_owned(), session);
        let first = held.side_payments.insert(key, amount).is_none();
        self.findings.require(
            &place,
            "side payment",
            committed,
            "with a plan of the session",
        );
        self.findings.require(
            &place,
            "side payment",
            first && amount != 0,
            "once, and not 0",
        );
        self.money(account, |purse, pool, required| {
            rule::book(purse, pool, Money(amount.into()), Money(0), required)
        });
    }

    /// Whether the announced reason is the right one, as far as events tell: the values of rows that
    /// were out of range are not announced.
    pub(super) fn skipped(&mut self, commitments: &Commitments, reason: &str, handover: Handover) {
        self.handover(commitments, handover);
        let count = commitments.intervals.len();
        self.tally.skipped = self.tally.skipped.saturating_add(count);
        let account = commitments.account.as_str();
        let place = self.at(account, None);
        let treasury = account == self.ledger.terms.treasury.as_str();
        let opened = self.ledger.accounts.contains_key(account);
        let suspended = opened && !commitments.paid && self.is_suspended(account);
        let expected = match (treasury, opened, suspended) {
            (true, ..) => Some("grid_account"),
            (_, false, _) => Some("unregistered"),
            (_, _, true) => Some("suspended"),
            _ => None,
        };
        if let Some(expected) = expected {
            self.findings.compare(&place, "reason", reason, expected);
            return;
        }
        for &interval in &commitments.intervals {
            let place = self.at(account, Some(interval));
            let duplicate = self.has_committed(account, interval, &commitments.source);
            let fits = match (
                self.is_late(interval, commitments.paid),
                self.is_ahead(interval),
            ) {
                (true, _) => reason == "late",
                (_, true) => reason == "ahead",
                _ if reason == "duplicate" => duplicate,
                _ => matches!(reason, "energy" | "price"),
            };
            self.findings
                .require(&place, "reason", fits, "another reason, or recorded");
        }
    }
}
