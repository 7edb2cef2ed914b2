//! Commitments and side payments of sessions, against the coordinator's schedule and prices.

use std::collections::BTreeMap;

use gridweave_chain::{Chain, ContractAddr};

use super::Asked;
use super::stated::{Plan, plan};
use crate::findings::Place;
use crate::{AuditError, Auditor, Ledger};

/// A commitment of a session: account, interval, energy (Wh), price (µ/kWh).
type Row = (String, u32, i64, i64);

impl Auditor {
    pub(super) async fn ask_sessions<C: Chain>(
        &mut self,
        chain: &C,
        asked: &mut Asked,
    ) -> Result<(), AuditError> {
        for ((coordinator, session), rows) in recorded(self.ledger()?) {
            match plan(chain, &ContractAddr::new(coordinator.clone()), session).await {
                Ok(plan) => {
                    asked.sessions = asked.sessions.saturating_add(1);
                    asked.commitments = asked.commitments.saturating_add(rows.len());
                    let mut seen: BTreeMap<(&str, u32), usize> = BTreeMap::new();
                    for row in &rows {
                        let at = seen.entry((&row.0, row.1)).or_default();
                        self.compare_commitment(&plan, session, (row, *at));
                        *at += 1;
                    }
                    for ((account, interval), count) in seen {
                        self.compare_count(&plan, session, (account, interval, count));
                    }
                    self.compare_side_payments(&plan, &(coordinator, session))?;
                }
                Err(error) => asked
                    .unavailable
                    .push(format!("session {session} of {coordinator}: {error}")),
            }
        }
        Ok(())
    }

    /// Compares commitment number `at` of its interval with what the coordinator says.
    fn compare_commitment(&mut self, plan: &Plan, session: u64, (row, at): (&Row, usize)) {
        let (account, interval, energy, price) = row;
        let place = self.of_session(session, account, Some(*interval));
        let known = plan.get(account).and_then(|part| part.rows.get(interval));
        let known = known.and_then(|stated| stated.get(at));
        let (own_energy, own_price) = known.copied().unwrap_or_default();
        let findings = self.findings_mut();
        for (part, recorded, own) in [("energy", energy, own_energy), ("price", price, own_price)] {
            if own != Some(*recorded) {
                let own = own.map_or("none".into(), |own| own.to_string());
                findings.differ(&place, part, recorded, own);
            }
        }
    }

    /// Compares how many commitments of an interval were recorded.
    fn compare_count(
        &mut self,
        plan: &Plan,
        session: u64,
        (account, interval, count): (&str, u32, usize),
    ) {
        let place = self.of_session(session, account, Some(interval));
        let known = plan.get(account).and_then(|part| part.rows.get(&interval));
        let own = known.map_or(0, Vec::len);
        if own != count {
            self.findings_mut()
                .differ(&place, "commitments", count, own);
        }
    }

    fn of_session(&self, session: u64, account: &str, interval: Option<u32>) -> Place {
        Place {
            height: self.height(),
            event: format!("session {session}"),
            account: Some(account.into()),
            interval,
            ..Place::default()
        }
    }
}

impl Auditor {
    /// Side payments of accounts whose part was recorded as a whole.
    fn compare_side_payments(
        &mut self,
        plan: &Plan,
        key: &(String, u64),
    ) -> Result<(), AuditError> {
        for (account, part) in plan {
            let Some(held) = self.ledger()?.accounts.get(account) else {
                continue;
            };
            let of_session = |interval: &&u32| {
                let line = held.lines.get(interval);
                line.is_some_and(|line| {
                    let mut known = line.commitments.iter();
                    known.any(|c| c.source == key.0 && c.session == Some(key.1))
                })
            };
            let whole = part.rows.keys().filter(of_session).count() == part.rows.len();
            let own = if whole { part.side_payment } else { 0 };
            let recorded = held.side_payments.get(key).copied().unwrap_or_default();
            let place = self.of_session(key.1, account, None);
            if recorded != own {
                self.findings_mut()
                    .differ(&place, "side payment", recorded, own);
            }
        }
        Ok(())
    }
}

/// Commitments by coordinator and session.
fn recorded(ledger: &Ledger) -> BTreeMap<(String, u64), Vec<Row>> {
    let mut sessions: BTreeMap<_, Vec<Row>> = BTreeMap::new();
    for (account, held) in &ledger.accounts {
        for (&interval, line) in &held.lines {
            for commitment in &line.commitments {
                let Some(session) = commitment.session else {
                    continue;
                };
                let rows = sessions.entry((commitment.source.clone(), session));
                let row = (
                    account.clone(),
                    interval,
                    commitment.energy,
                    commitment.price,
                );
                rows.or_default().push(row);
            }
        }
    }
    sessions
}
