//! Statements and the operator's account, each computed again.

use gridweave_types::crowdsourcing::{Ledger as Book, TaskState};

use super::Office;
use super::sums::Sums;
use crate::AuditError;
use crate::event::Fields;
use crate::trading::announced::Announced;
use crate::trading::review::Review;

/// The book that an event names: `programme N`, `week N` or `month N`.
fn book(fields: &Fields) -> Result<Book, AuditError> {
    let text = fields.text("ledger")?;
    let wrong = || fields.wrong("ledger", text, "programme, week or month and its number");
    let (kind, number) = text.split_once(' ').ok_or_else(wrong)?;
    let number: u32 = number.parse().map_err(|_| wrong())?;
    match kind {
        "programme" => Ok(Book::Programme { programme: number }),
        "week" => Ok(Book::Week { week: number }),
        "month" => Ok(Book::Month { month: number }),
        _ => Err(wrong()),
    }
}

impl Office {
    pub(super) fn reconciled(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let whole = book(&message.response)?;
        for detail in &message.details {
            review.holds("ledger", book(detail)? == whole, "that of the response");
            match detail.name()? {
                "crowd_statement" => self.statement(detail, whole, review)?,
                _ => self.close(detail, whole, review)?,
            }
        }
        let own = self.statements.keys().filter(|(book, _)| *book == whole);
        let all = own.count();
        let own = self.announced.iter().filter(|(book, _)| *book == whole);
        let done = own.count();
        let fields = &message.response;
        review.same("reconciled", fields.number("reconciled")?, done);
        review.same("left", fields.number("left")?, all.saturating_sub(done));
        Ok(())
    }

    fn statement(
        &mut self,
        detail: &Fields,
        whole: Book,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let account = detail.owned("account")?;
        review.of_account(&account);
        let key = (whole, account);
        let own = self.statements.get(&key).copied().unwrap_or_default();
        own.compare(detail, review)?;
        let first = self.announced.insert(key);
        review.holds("statement", first, "once");
        review.findings.statements = review.findings.statements.saturating_add(1);
        Ok(())
    }

    fn close(
        &mut self,
        detail: &Fields,
        whole: Book,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let own = self
            .statements
            .iter()
            .filter(|((book, _), _)| *book == whole);
        let sums = own.fold(Sums::default(), |sum, (_, own)| sum.plus(*own));
        sums.compare(detail, review)?;
        let mine = |programme, interval| self.terms.ledgers(programme, interval).contains(&whole);
        let budgets = self.budgets.iter();
        let budgets = budgets.filter(|((programme, _, interval), _)| mine(*programme, *interval));
        let budget = budgets.fold(0u128, |sum, (_, money)| sum.saturating_add(money.budget));
        review.same("budget", detail.number("budget")?, budget);
        let unspent = budget.saturating_sub(sums.paid);
        review.same("unspent", detail.number("unspent")?, unspent);
        let open = self.tasks.values().filter(|task| {
            mine(task.programme, task.interval)
                && matches!(task.state, TaskState::Open | TaskState::Accepted)
        });
        review.same("open tasks", 0, open.count());
        review.holds("ledger", self.closed.insert(whole), "reconciled once");
        if matches!(whole, Book::Programme { .. }) {
            self.unspent = self.unspent.saturating_add(unspent);
        }
        Ok(())
    }
}
