//! Tariffs and schedule contracts.

use gridweave_types::billing::{MAX_SOURCES, SourceKind, Tariff};
use gridweave_units::Interval;

use super::Step;
use crate::ledger::Source;

impl Step<'_> {
    pub(super) fn tariff(&mut self, from: u32, tariff: &Tariff) {
        let place = self.place();
        let begun = self.ledger.timeline().clock.interval_at(self.now);
        let after_present = begun.map_or(0, |Interval(now)| now.saturating_add(1));
        let earliest = self.ledger.committed_until.max(after_present);
        self.findings.require(
            &place,
            "from",
            from >= earliest,
            format!("{earliest} or later"),
        );
        match tariff.rule() {
            Some(rule) => {
                self.ledger.tariffs.insert(from, rule);
            }
            None => self
                .findings
                .differ(&place, "tariff", "accepted", "out of range"),
        }
    }

    pub(super) fn register(&mut self, contract: &str, index: usize, kind: SourceKind) {
        let place = self.place();
        let sources = &mut self.ledger.sources;
        let known = sources
            .iter()
            .position(|source| source.contract == contract);
        let computed = known.unwrap_or(sources.len());
        let active = sources.get(computed).is_some_and(|source| source.active);
        let source = Source {
            contract: contract.into(),
            kind,
            active: true,
        };
        match sources.get_mut(computed) {
            Some(old) => *old = source,
            None => sources.push(source),
        }
        let fits = computed < MAX_SOURCES as usize;
        self.findings.compare(&place, "index", index, computed);
        self.findings
            .require(&place, "source", !active, "registered already");
        self.findings
            .require(&place, "source", fits, "too many sources");
    }

    pub(super) fn remove(&mut self, contract: &str) {
        let place = self.place();
        let mut sources = self.ledger.sources.iter_mut();
        let found = sources.find(|source| source.active && source.contract == contract);
        match found {
            Some(source) => source.active = false,
            None => self
                .findings
                .differ(&place, "source", contract, "no active source"),
        }
    }
}
