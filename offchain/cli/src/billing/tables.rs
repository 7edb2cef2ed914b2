//! Bills, statements and audits as text.

use gridweave_audit::{Asked, Bill, PeriodStatements, Report};

use super::money::{cash, energy, money, price};

/// A table whose columns are as wide as their widest cell; the first and the last are aligned left.
fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let header: Vec<String> = header.iter().map(ToString::to_string).collect();
    let all = || std::iter::once(&header).chain(rows);
    let width = |column: usize| {
        let cells = all().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let last = header.len().saturating_sub(1);
    let mut text = String::new();
    for row in all() {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = width(column);
            line += &match column {
                0 => format!("{cell:<width$}"),
                _ if column == last => format!("  {cell}"),
                _ => format!("  {cell:>width$}"),
            };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// Labels and values.
fn list(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(_, value)| value.chars().count()).max();
    let width = width.unwrap_or(0);
    let lines = rows.iter();
    lines
        .map(|(label, value)| format!("{label:<28}{value:>width$}\n"))
        .collect()
}

/// A bill; money in currency units, positive what the account gets.
pub fn bill(bill: &Bill) -> String {
    let optional = |value: Option<i64>| value.map_or("-".into(), |wh| energy(wh.into()));
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in &bill.lines {
        rows.push(vec![
            line.interval.to_string(),
            energy(line.committed_wh.into()),
            optional(line.metered_wh),
            optional(line.deviation_wh),
            line.price.map_or("-".into(), price),
            money(line.commitment),
            money(line.imbalance),
            money(line.penalty),
            money(line.total),
            money(line.running),
            line.why.clone(),
        ]);
    }
    let totals = &bill.totals;
    rows.push(vec![
        "total".into(),
        energy(totals.committed_wh),
        energy(totals.metered_wh),
        String::new(),
        String::new(),
        money(totals.commitment),
        money(totals.imbalance),
        money(totals.penalty),
        money(totals.total),
        money(bill.settled),
        String::new(),
    ]);
    let header = [
        "interval",
        "committed kWh",
        "metered kWh",
        "deviation",
        "price/kWh",
        "commitment",
        "imbalance",
        "penalty",
        "total",
        "running",
        "why",
    ];
    let head = format!(
        "account {}\npaid by and to {}; {} lines, {} not settled, {} estimated, {} corrected\n\n",
        bill.account,
        bill.counterparty,
        totals.lines,
        totals.open,
        totals.estimated,
        totals.corrected
    );
    head + &table(&header, &rows) + "\n" + &holdings(bill)
}

/// How the settled lines became what the account has.
fn holdings(bill: &Bill) -> String {
    list(&[
        ("paid in", cash(bill.deposited)),
        ("lines", money(bill.settled)),
        ("demand charges", money(bill.demand)),
        ("side payments", money(bill.side_payments)),
        ("paid out", format!("-{}", cash(bill.withdrawn))),
        ("= balance", cash(bill.balance)),
        ("+ collateral", cash(bill.collateral)),
        ("+ owed to the account", cash(bill.receivable)),
        ("- owed by the account", cash(bill.arrears)),
    ])
}

/// The statements of a period.
pub fn statements(period: &PeriodStatements) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in &period.statements {
        rows.push(vec![
            row.account.clone(),
            row.lines.to_string(),
            row.estimated.to_string(),
            row.adjusted.to_string(),
            energy(row.scheduled_wh.into()),
            energy(row.metered_wh.into()),
            energy(row.peak_wh.into()),
            money(row.commitment),
            money(row.imbalance),
            money(row.penalty),
            money(row.demand),
            money(row.total),
            match (row.is_final, row.open) {
                (true, _) => "final".into(),
                (false, 0) => "provisional".into(),
                (false, open) => format!("provisional, {open} lines open"),
            },
        ]);
    }
    let header = [
        "account",
        "lines",
        "estimated",
        "adjusted",
        "committed kWh",
        "metered kWh",
        "peak kWh",
        "commitment",
        "imbalance",
        "penalty",
        "demand",
        "total",
        "state",
    ];
    let state = if period.opened {
        "opened"
    } else {
        "not opened"
    };
    let head = format!(
        "period {}, intervals {} to {}, {state} for reconciliation\n\n",
        period.period, period.first, period.last
    );
    let foot = list(&[
        ("grid account", money(period.grid)),
        ("dust", money(period.dust)),
    ]);
    head + &table(&header, &rows) + "\n" + &foot
}

/// The verdict of an audit.
pub fn audit(report: &Report, asked: Option<&Asked>) -> String {
    let findings = &report.findings;
    let mut text = format!(
        "chain {}, billing {}, up to height {}\n",
        report.subject.chain_id, report.subject.billing, report.height
    );
    text += &list(&[
        ("messages", findings.messages.to_string()),
        ("accounts", report.accounts.to_string()),
        ("commitments", findings.commitments.to_string()),
        ("readings", findings.readings.to_string()),
        ("signatures", findings.signatures.to_string()),
        ("payments computed", findings.settlements.to_string()),
        ("of these, again", findings.adjustments.to_string()),
        ("intervals closed", findings.intervals.to_string()),
        ("statements", findings.statements.to_string()),
        ("deposits and withdrawals", findings.payments.to_string()),
        ("arrears", cash(report.arrears)),
        ("dust", cash(report.dust)),
        ("conservation error", money(report.conservation_error)),
    ]);
    if let Some(asked) = asked {
        text += &format!(
            "asked the chain: the books, {} accounts, {} commitments of {} sessions\n",
            asked.accounts, asked.commitments, asked.sessions
        );
        for missing in &asked.unavailable {
            text += &format!("not compared: {missing}\n");
        }
    }
    for given in &report.trusted {
        text += &format!("taken as given: {given}\n");
    }
    if let Some(first) = &findings.first {
        text += &format!("first difference: {first}\n");
    }
    text + &format!("{report}\n")
}
