//! Which part follows an action, and which an event beside it.

use super::Step;
use crate::event::{Action, Detail};

impl Step<'_> {
    pub(super) fn act(&mut self, action: &Action) {
        match action {
            Action::Instantiated { .. } => {
                let place = self.place();
                self.findings
                    .differ(&place, "instantiation", "again", "once");
            }
            Action::Migrated => {}
            Action::TariffSet { from, tariff } => self.tariff(*from, tariff),
            Action::SourceRegistered {
                contract,
                index,
                kind,
            } => self.register(contract, *index, *kind),
            Action::SourceRemoved { contract } => self.remove(contract),
            Action::Moved {
                movement,
                account,
                amount,
                purse,
            } => self.moved(*movement, account, *amount, purse),
            Action::GridMoved {
                funded,
                amount,
                grid,
            } => self.grid_moved(*funded, *amount, *grid),
            Action::Read(readings) => self.readings(readings),
            Action::Disputed {
                account,
                interval,
                metered,
            } => self.disputed(account, *interval, *metered),
            Action::Resolved {
                account,
                interval,
                metered,
            } => self.resolved(account, *interval, *metered),
            Action::IntervalSettled { interval, .. } => self.opens_settlement(*interval),
            Action::PeriodOpened {
                period,
                first,
                last,
                statements,
            } => self.period_opened(*period, (*first, *last), *statements),
            Action::PeriodReconciled { .. } | Action::CommitmentsRecorded { .. } => {}
        }
    }

    pub(super) fn detail(&mut self, action: &Action, detail: &Detail) {
        let place = self.place();
        match (detail, action) {
            (Detail::AccountOpened { .. }, _) => {}
            (Detail::ArrearsChanged { account, arrears }, _) => {
                self.arrears_changed(account, *arrears);
            }
            (
                Detail::Recorded { commitments, rows },
                Action::CommitmentsRecorded {
                    source, session, ..
                },
            ) => self.recorded(commitments, rows, (source, *session)),
            (
                Detail::Skipped {
                    commitments,
                    reason,
                },
                Action::CommitmentsRecorded {
                    source, session, ..
                },
            ) => self.skipped(commitments, reason, (source, *session)),
            (
                Detail::SidePayment {
                    account,
                    source,
                    session,
                    amount,
                },
                Action::CommitmentsRecorded {
                    source: own,
                    session: Some(whole),
                    ..
                },
            ) if source == own && session == whole => {
                self.paid_aside(account, (source, *session), *amount);
            }
            (
                Detail::Line {
                    adjusted: true,
                    interval,
                    account,
                    figures,
                },
                Action::Read(_) | Action::Resolved { .. },
            ) => self.line_adjusted(account, *interval, figures),
            (
                Detail::Line {
                    adjusted: false,
                    interval,
                    account,
                    figures,
                },
                Action::IntervalSettled { interval: page, .. },
            ) => self.line_settled(account, *interval, *page, figures),
            (
                Detail::IntervalClosed { interval, figures },
                Action::IntervalSettled { interval: page, .. },
            ) => self.interval_closed(*interval, *page, figures),
            (
                Detail::Statement {
                    period,
                    account,
                    figures,
                },
                Action::PeriodReconciled { period: page, .. },
            ) => self.statement(account, *period, *page, figures),
            (other, _) => self.findings.differ(&place, "event", other.name(), "none"),
        }
    }
}
