//! The parts of configurations that are about crowds.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gridweave_model::crowdsourcing::{Acceptance, Answer, TaskKey};
use gridweave_types::crowdsourcing::{Kind, Preferences};
use serde::{Deserialize, Serialize};

use super::{AgentBilling, ChainSection, KeySection, ScenarioSection};
use crate::args::AcceptanceArg;

/// µ/kWh of a currency unit per MWh.
const PRICE: f64 = 1e3;

/// `gridweave crowd-operator`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrowdOperatorConfig {
    /// The chain.
    pub chain: ChainSection,
    /// The operator's key.
    pub key: KeySection,
    /// The day, with its crowd.
    pub scenario: ScenarioSection,
    /// The programme.
    pub programme: ProgrammeSection,
    /// Numbers of the crowd's feeders in `grid`, in the scenario's order.
    pub feeders: Vec<u32>,
    /// File that the distance of each linearised program from its offers is appended to when it is
    /// larger than before (relative, one a line).
    pub record: Option<PathBuf>,
    /// Addresses of those who may take part: `crowdsourcee-BUS` and `generator-BUS`.
    pub accounts: BTreeMap<String, String>,
}

/// When a programme takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeSection {
    /// First interval on the chain.
    pub first_interval: u32,
    /// Until when preferences are taken (Unix seconds).
    pub preferences_until: u64,
    /// How long an offer or raise stays open (s); what lets an offer and its raises fit into an
    /// interval without it.
    pub task_seconds: Option<u32>,
}

/// `gridweave crowdsourcee`: a crowdsourcee of either type, or a generator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrowdsourceeConfig {
    /// Number of its bus.
    pub bus: u32,
    /// How it takes part.
    pub kind: Kind,
    /// First interval of the programme that it takes part in.
    pub first_interval: u32,
    /// How often it looks for something to do (ms).
    #[serde(default = "default_look_ms")]
    pub look_ms: u64,
    /// What its batteries draw by its own plan when it is not asked for energy (pu of the scenario by
    /// interval); nothing without it.
    #[serde(default)]
    pub charge: Vec<f64>,
    /// The chain.
    pub chain: ChainSection,
    /// The key.
    pub key: KeySection,
    /// The devices behind its bus.
    pub scenario: ScenarioSection,
    /// The bills; nothing is paid in without it.
    pub bills: Option<AgentBilling>,
    /// How it answers tasks; not at all without it.
    pub answers: Option<AnswerSection>,
    /// What it tells the operator.
    pub preferences: Preferences,
}

fn default_look_ms() -> u64 {
    500
}

/// How a crowdsourcee of Type 2 answers. Nobody else knows: a hidden reservation price, and chance.
/// Prices in currency per MWh, of the total `λ + λᵃ`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerSection {
    /// By the prices below, or always yes.
    pub rule: AcceptanceArg,
    /// Price at which a task of no energy is accepted every other time.
    pub reservation: f64,
    /// By how much it is higher for a task of all that can be delivered.
    pub slope: f64,
    /// Scale of the logistic distribution of the price.
    pub spread: f64,
    /// Probability of no answer at all.
    pub silence: f64,
    /// Seed of chance.
    pub seed: u64,
    /// Its position in the scenario's crowd, so that everybody has chances of their own.
    pub who: u32,
    /// The day, counted from 0.
    #[serde(default)]
    pub day: u32,
}

impl AnswerSection {
    /// The answer in `interval`, counted from the day's first, to a task at `price` (µ/kWh) for the
    /// share `share` of what can be delivered.
    pub fn answer(&self, interval: u32, price: f64, share: f64) -> Answer {
        if self.rule == AcceptanceArg::All {
            return Answer::Accept;
        }
        let acceptance = Acceptance {
            reservation: self.reservation,
            slope: self.slope,
            spread: self.spread,
            silence: self.silence,
        };
        let key = TaskKey {
            who: self.who,
            day: self.day,
            interval: u16::try_from(interval).unwrap_or(u16::MAX),
        };
        acceptance.answer(self.seed, key, price / PRICE, share)
    }
}

/// Whose tasks a keeper settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrowdKeeper {
    /// First interval.
    pub from: u32,
    /// Last interval; the keeper's work on tasks ends when nothing of them is left.
    pub until: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(rule: AcceptanceArg) -> AnswerSection {
        AnswerSection {
            rule,
            reservation: 100.0,
            slope: 20.0,
            spread: 0.001,
            silence: 0.0,
            seed: 1,
            who: 3,
            day: 0,
        }
    }

    #[test]
    fn prices_are_compared_in_one_unit() {
        let person = section(AcceptanceArg::Model);
        let answers = [99_000.0, 101_000.0].map(|price| person.answer(5, price, 0.0));
        assert_eq!(answers, [Answer::Decline, Answer::Accept]);
        assert_eq!(person.answer(5, 119_000.0, 1.0), Answer::Decline);
        assert_eq!(person.answer(5, 121_000.0, 1.0), Answer::Accept);
        let willing = section(AcceptanceArg::All);
        assert_eq!(willing.answer(5, 0.0, 1.0), Answer::Accept);
    }
}
