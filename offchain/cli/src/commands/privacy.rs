//! `gridweave audit privacy`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use gridweave_audit::privacy::{Attack, Crowd, Judgement, Score, Sighting, judge, sightings};
use gridweave_audit::{EventLog, LoggedEvent};
use serde::Serialize;

use super::{print, print_json};
use crate::args::PrivacyArgs;
use crate::billing::{reach, verdict};

/// What an observer of a market finds out.
#[derive(Serialize)]
struct Report {
    crowd: Crowd,
    /// `null` without the truth.
    judgement: Option<Judgement>,
}

/// Tries to link the addresses of a market, of which a log or a chain tells.
pub fn run(args: &PrivacyArgs, as_json: bool) -> Result<()> {
    let seen = match (&args.history.events, &args.history.chain) {
        (Some(file), _) => seen(&EventLog::read(file)?)?,
        (None, Some(chain)) => on_chain(chain, args.history.deployment.as_deref())?,
        (None, None) => bail!("--events or --chain is missing"),
    };
    ensure!(
        !seen.is_empty(),
        "no permit is shown, expected the events of a market"
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

/// The addresses of the market that a log is of.
fn seen(log: &EventLog) -> Result<Vec<Sighting>> {
    let own = |event: &&LoggedEvent| match &log.subject.market {
        Some(market) => {
            let own = [&market.assets, &market.market, &log.subject.billing];
            own.contains(&&event.contract)
        }
        None => true,
    };
    let events: Vec<_> = log.events.iter().filter(own).cloned().collect();
    Ok(sightings(&events)?)
}

/// The same from a chain, which also shows who pays for whom.
fn on_chain(chain: &str, deployment: Option<&Path>) -> Result<Vec<Sighting>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the task runtime does not start")?;
    runtime.block_on(async {
        let (chain, subject) = reach(chain, deployment).await?;
        let (log, last) = verdict::log_of_nodes(&chain, subject).await?;
        let mut seen = seen(&log)?;
        let first = log.events.first().map_or(last, |event| event.height);
        let transactions = chain.transactions(first, last).await?;
        let payers = transactions.into_iter();
        let payers: BTreeMap<_, _> = payers
            .filter_map(|tx| Some((tx.sender?, tx.payer?)))
            .collect();
        for one in &mut seen {
            one.payer = payers.get(&one.address).cloned();
        }
        Ok(seen)
    })
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
