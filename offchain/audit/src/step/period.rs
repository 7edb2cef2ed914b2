//! Periods and statements.

use gridweave_rules::settlement::book;
use gridweave_units::Interval;

use super::Step;
use crate::event::StatementFigures;

impl Step<'_> {
    pub(super) fn period_opened(&mut self, period: u32, announced: (u32, u32), statements: u32) {
        let place = self.in_period(None, period);
        let bounds = self.ledger.bounds(period).unwrap_or_default();
        self.findings
            .compare(&place, "first", announced.0, bounds.0);
        self.findings.compare(&place, "last", announced.1, bounds.1);
        let over = self.now >= self.ledger.timeline().final_at(Interval(bounds.1));
        self.findings.require(&place, "period", over, "too early");
        let count = self.ledger.statements(period);
        self.findings
            .compare(&place, "statements", statements, count);
        let again = self.ledger.periods.insert(period, 0).is_some();
        self.findings
            .require(&place, "period", !again, "open already");
    }

    pub(super) fn statement(
        &mut self,
        account: &str,
        period: u32,
        page: u32,
        announced: &StatementFigures,
    ) {
        self.tally.reconciled = self.tally.reconciled.saturating_add(1);
        self.findings.statements = self.findings.statements.saturating_add(1);
        let place = self.in_period(Some(account), period);
        self.findings.compare(&place, "period", period, page);
        let (open, computed, charge) = match self.ledger.statement(account, period) {
            Ok(statement) => statement,
            Err(error) => {
                self.findings.differ(&place, "statement", "accepted", error);
                return;
            }
        };
        self.findings
            .require(&place, "statement", open == 0, "open lines");
        for ((part, announced), (_, computed)) in
            announced.parts().into_iter().zip(computed.parts())
        {
            self.findings.compare(&place, part, announced, computed);
        }
        let statements = &mut self.account(account).statements;
        let again = statements.insert(period, charge.amount.0).is_some();
        self.findings
            .require(&place, "statement", !again, "final already");
        self.money(account, |purse, pool, required| {
            book(purse, pool, charge.amount, charge.dust, required)
        });
    }

    pub(super) fn reconciled_in_all(&mut self, period: u32, reconciled: u32, left: u32) {
        let place = self.in_period(None, period);
        let count = self.tally.reconciled;
        self.findings
            .compare(&place, "reconciled", reconciled, count);
        let opened = self.ledger.periods.contains_key(&period);
        self.findings
            .require(&place, "period", opened, "not opened");
        let done = self.ledger.periods.entry(period).or_default();
        *done = done.saturating_add(count);
        let done = *done;
        let rest = self.ledger.statements(period).saturating_sub(done);
        self.findings.compare(&place, "left", left, rest);
    }
}
