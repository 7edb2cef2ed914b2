//! `gridweave bench`.

use anyhow::{Context, Result, bail};

use super::{print, print_json};
use crate::args::{BenchAction, BenchArgs, GasArgs};
use crate::bench::{self, Comparison, Part, Report, Scope};

/// Measures what is asked.
pub fn run(args: &BenchArgs, as_json: bool) -> Result<()> {
    let BenchAction::Gas(options) = &args.action;
    gas(options, as_json)
}

fn gas(args: &GasArgs, as_json: bool) -> Result<()> {
    // A file that cannot be read is known before the minutes of measuring.
    let expected = args.check.as_deref().map(Report::read).transpose()?;
    let scope = match args.fast || expected.is_some() {
        true => Scope::Fast,
        false => Scope::Full,
    };
    let part = match (args.market, args.crowd) {
        (true, _) => Part::Market,
        (_, true) => Part::Crowd,
        _ => Part::All,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the task runtime does not start")?;
    let mut report = runtime.block_on(bench::measure(&args.chain_args(), scope, part))?;
    let whole = (scope == Scope::Full).then(|| "artifacts/gas.json".into());
    if let Some(file) = args.out.clone().or(whole) {
        if part != Part::All && file.exists() {
            report = Report::read(&file)?.renewed(report);
        }
        report.write(&file)?;
    }
    match as_json {
        true => print_json(&report)?,
        false => print(&bench::table(&report))?,
    }
    match expected {
        Some(expected) => judge(&Comparison::new(&expected.rows, &report.rows)),
        None => Ok(()),
    }
}

fn judge(comparison: &Comparison) -> Result<()> {
    eprint!("{}", comparison.describe());
    if comparison.passes() {
        return Ok(());
    }
    bail!("gas has grown; `gridweave bench gas` writes the file anew if this is meant")
}
