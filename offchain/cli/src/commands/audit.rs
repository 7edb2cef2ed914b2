//! `gridweave bill`, `gridweave statement` and `gridweave audit`.

use anyhow::{Context, Result, ensure};
use gridweave_audit::{Asked, Bill, PeriodStatements, Report};
use serde::Serialize;

use super::{print, print_json, privacy};
use crate::args::{AuditArgs, AuditSubject, BillArgs, HistoryArgs, StatementArgs};
use crate::billing::{self, History};

/// An audit as JSON.
#[derive(Serialize)]
struct Verdict<'a> {
    clean: bool,
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<&'a Asked>,
}

/// Prints one account's bill.
pub fn bill(args: &BillArgs, as_json: bool) -> Result<()> {
    let (history, _) = read(&args.history, false)?;
    let ledger = history.auditor.ledger()?;
    let bill = Bill::new(ledger, &args.account, args.interval.clone())?;
    if as_json {
        print_json(&bill)?;
    } else {
        print(&billing::bill(&bill))?;
    }
    warn(&history)
}

/// Prints the statements of a period.
pub fn statement(args: &StatementArgs, as_json: bool) -> Result<()> {
    let (history, _) = read(&args.history, false)?;
    let ledger = history.auditor.ledger()?;
    let period = args.period.or(ledger.last_period()).unwrap_or_default();
    let statements = PeriodStatements::new(ledger, period, args.account.as_deref())?;
    if as_json {
        print_json(&statements)?;
    } else {
        print(&billing::statements(&statements))?;
    }
    warn(&history)
}

/// Computes everything again and says what differs; a difference is an error.
pub fn audit(args: &AuditArgs, as_json: bool) -> Result<()> {
    if let Some(AuditSubject::Privacy(args)) = &args.subject {
        return privacy::run(args, as_json);
    }
    let (history, asked) = read(&args.history, true)?;
    let report = history.auditor.report()?;
    let clean = report.is_clean();
    if as_json {
        print_json(&Verdict {
            clean,
            report: &report,
            asked: asked.as_ref(),
        })?;
    } else {
        print(&billing::audit(&report, asked.as_ref()))?;
    }
    let error = report.conservation_error;
    ensure!(clean, "{report}, conservation error {error} µ");
    Ok(())
}

/// What is shown is computed; where the contract announced something else, that must be said.
fn warn(history: &History) -> Result<()> {
    let report = history.auditor.report()?;
    ensure!(
        report.is_clean(),
        "the history has {} differences, so this may not be what was paid; `gridweave audit` shows the first",
        report.findings.differences
    );
    Ok(())
}

fn read(args: &HistoryArgs, ask: bool) -> Result<(History, Option<Asked>)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the task runtime does not start")?;
    runtime.block_on(async {
        let mut history = History::read(args).await?;
        let asked = match ask {
            true => history.ask().await?,
            false => None,
        };
        Ok((history, asked))
    })
}
