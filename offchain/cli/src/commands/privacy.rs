//! `gridweave audit privacy`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use gridweave_audit::EventLog;
use gridweave_audit::privacy::{Attack, Crowd, Judgement, Score, judge, sightings};
use serde::Serialize;

use super::{print, print_json};
use crate::args::PrivacyArgs;

/// What an observer of a market finds out.
#[derive(Serialize)]
struct Report {
    crowd: Crowd,
    /// `null` without the truth.
    judgement: Option<Judgement>,
}

/// Tries to link the addresses of a log.
pub fn run(args: &PrivacyArgs, as_json: bool) -> Result<()> {
    let log = EventLog::read(&args.events)?;
    let seen = sightings(&log.events)?;
    ensure!(
        !seen.is_empty(),
        "{} shows no permit, expected the log of a market",
        args.events.display()
    );
    let judgement = match &args.truth {
        None => None,
        Some(path) => {
            let judgement = judge(&seen, &truth(path)?, args.seed);
            let unknown = || format!("{} knows no address of the log", path.display());
            Some(judgement.with_context(unknown)?)
        }
    };
    let crowd = Crowd::of(&seen);
    match as_json {
        true => print_json(&Report { crowd, judgement }),
        false => print(&table(seen.len(), crowd, judgement.as_ref())),
    }
}

/// Columns `address` and `person` of a CSV file.
fn truth(path: &Path) -> Result<BTreeMap<String, String>> {
    let name = path.display();
    let mut table =
        csv::Reader::from_path(path).with_context(|| format!("{name} cannot be read as CSV"))?;
    let header = table.headers().with_context(|| format!("{name}: header"))?;
    let column = |title: &str| {
        let column = header.iter().position(|known| known == title);
        column.with_context(|| format!("{name}: column `{title}` is missing"))
    };
    let columns = (column("address")?, column("person")?);
    let mut truth = BTreeMap::new();
    for (record, line) in table.records().zip(2..) {
        let record = record.with_context(|| format!("{name}, line {line}"))?;
        let cell = |at| record.get(at).unwrap_or_default().to_owned();
        truth.insert(cell(columns.0), cell(columns.1));
    }
    Ok(truth)
}

fn table(addresses: usize, crowd: Crowd, judgement: Option<&Judgement>) -> String {
    let mut text = format!(
        "addresses                   {addresses}\n\
         crowds (feeder, side, time) {}, of {} addresses at least and {} in the middle\n\
         alone in their crowd        {}\n",
        crowd.crowds, crowd.smallest, crowd.median, crowd.alone
    );
    let Some(judgement) = judgement else {
        return text + "nothing can be judged without --truth\n";
    };
    let chance = judgement.chance;
    text += &format!(
        "persons                     {}\n\
         chance                      {:.4} of links right (99 %: {:.4} to {:.4}), Rand {:.4}\n",
        judgement.persons,
        chance.mean.precision,
        chance.low.precision,
        chance.high.precision,
        chance.mean.adjusted_rand
    );
    for finding in &judgement.findings {
        text += &format!(
            "{:<28}{}\n",
            name(finding.attack),
            verdict(finding.score, finding.leaks)
        );
    }
    text
}

fn verdict(score: Option<Score>, leaks: bool) -> String {
    let Some(score) = score else {
        return "not shown by the chain".into();
    };
    let word = if leaks { "LEAKS" } else { "chance" };
    format!(
        "{word:<8}{:.4} of {} links right, Rand {:.4}",
        score.precision, score.links, score.adjusted_rand
    )
}

fn name(attack: Attack) -> &'static str {
    match attack {
        Attack::Amounts => "by amounts",
        Attack::IssueOrder => "by order of permits",
        Attack::IssueTime => "by time of permits",
        Attack::PostingOrder => "by order of offers",
        Attack::PostingTime => "by time of offers",
        Attack::Pattern => "by number of permits",
        Attack::GasPayer => "by gas payer",
        Attack::Account => "by credited accounts",
    }
}
