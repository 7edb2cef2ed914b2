//! What the history of each crowdsourcee said about its first offers, found again from the events.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gridweave_audit::LoggedEvent;
use gridweave_rules::crowdsourcing::{Evidence, level_of};

use super::day::Prediction;

/// First offers of a programme of `contract` that were answered, in the order of the answers; `limit` is
/// the contract's incentive limit (µ/kWh).
///
/// # Errors
/// An event lacks what the contract promises.
pub fn predictions(
    events: &[LoggedEvent],
    (contract, programme): (&str, u32),
    limit: u64,
) -> Result<Vec<Prediction>> {
    let mut history = History {
        programme: programme.into(),
        limit,
        ..History::default()
    };
    for event in events.iter().filter(|event| event.contract == contract) {
        history.read(event)?;
    }
    Ok(history.predictions)
}

#[derive(Default)]
struct History {
    programme: u64,
    limit: u64,
    /// Incentive of each first offer of the programme.
    offers: BTreeMap<u64, u64>,
    /// Of all programmes.
    evidence: BTreeMap<String, Evidence>,
    predictions: Vec<Prediction>,
}

impl History {
    fn read(&mut self, event: &LoggedEvent) -> Result<()> {
        match event.kind.as_str() {
            "wasm-task_offered" if number(event, "programme")? == self.programme => {
                let offer = (number(event, "task")?, number(event, "incentive")?);
                self.offers.extend([offer]);
            }
            "wasm-answer_counted" => {
                let level = number(event, "level")? as usize;
                let accepts = text(event, "accepted")? == "true";
                let account = text(event, "account")?.to_owned();
                let known = self.evidence.entry(account).or_default();
                known.observe(level, accepts);
            }
            // An answer is told before it is counted.
            "wasm" => match attribute(event, "action") {
                Some("task_accepted") => self.note(event, true)?,
                Some("task_declined") => self.note(event, false)?,
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn note(&mut self, event: &LoggedEvent, accepted: bool) -> Result<()> {
        let offer = self.offers.get(&number(event, "task")?);
        let (Some(&incentive), 0) = (offer, number(event, "round")?) else {
            return Ok(());
        };
        let known = self.evidence.get(text(event, "account")?);
        let known = known.cloned().unwrap_or_default();
        let rate = known.rate(level_of(incentive, self.limit));
        self.predictions.push(Prediction {
            expected: rate.to_bits() as f64 / (1u64 << 32) as f64,
            accepted,
        });
        Ok(())
    }
}

fn attribute<'e>(event: &'e LoggedEvent, key: &str) -> Option<&'e str> {
    let mut found = event.attributes.iter().filter(|(name, _)| name == key);
    found.next().map(|(_, value)| value.as_str())
}

fn text<'e>(event: &'e LoggedEvent, key: &str) -> Result<&'e str> {
    let value = attribute(event, key);
    value.with_context(|| format!("event '{}' has no '{key}'", event.kind))
}

fn number(event: &LoggedEvent, key: &str) -> Result<u64> {
    let value = text(event, key)?;
    let parsed = value.parse();
    parsed.with_context(|| format!("event '{}' has {key} '{value}'", event.kind))
}
