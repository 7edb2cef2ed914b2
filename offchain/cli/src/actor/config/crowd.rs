//! The parts of configurations that are about crowds.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gridweave_model::Instance;
use gridweave_model::crowdsourcing::Acceptance;
use gridweave_types::crowdsourcing::{Kind, Preferences};
use serde::{Deserialize, Serialize};

use super::{AgentBilling, ChainSection, KeySection, ScenarioSection};
use crate::args::AcceptanceArg;

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
/// Prices in currency per MWh, of the total `λ + λᵃ`, or `λ − λᵃ` to draw.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerSection {
    /// By the prices below, or always yes.
    pub rule: AcceptanceArg,
    /// Price at which a task of no energy is accepted every other time.
    pub reservation: f64,
    /// Price at which a task to draw no energy is accepted every other time.
    pub ceiling: f64,
    /// By how much the first is higher for a task of all that can be delivered, and the second lower for
    /// all that can be drawn.
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
    /// Of somebody with `acceptance` in the scenario of `instance`.
    pub fn new(instance: &Instance, acceptance: &Acceptance, rule: AcceptanceArg) -> Self {
        let unit = per_mwh(instance);
        Self {
            rule,
            reservation: acceptance.reservation / unit,
            ceiling: acceptance.ceiling / unit,
            slope: acceptance.slope / unit,
            spread: acceptance.spread / unit,
            silence: acceptance.silence,
            seed: 0,
            who: 0,
            day: 0,
        }
    }

    /// The hidden preferences in the units of `instance`; none of somebody who always accepts.
    pub fn acceptance(&self, instance: &Instance) -> Option<Acceptance> {
        let unit = per_mwh(instance);
        (self.rule == AcceptanceArg::Model).then_some(Acceptance {
            reservation: self.reservation * unit,
            ceiling: self.ceiling * unit,
            slope: self.slope * unit,
            spread: self.spread * unit,
            silence: self.silence,
        })
    }
}

/// Currency per pu and interval of a currency unit per MWh.
fn per_mwh(instance: &Instance) -> f64 {
    instance.network.base_mva * instance.interval_hours
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
    use crate::run::problem::Problem;

    #[test]
    fn prices_are_told_in_currency_per_mwh() {
        let problem = Problem::load("ces-56", None).unwrap();
        let own = Acceptance {
            reservation: 120.0,
            ceiling: 60.0,
            slope: 20.0,
            spread: 8.0,
            silence: 0.03,
        };
        let instance = &problem.instance;
        let told = AnswerSection::new(instance, &own, AcceptanceArg::Model);
        // A unit of power is a MW there, an interval an hour.
        assert_eq!((told.reservation, told.spread), (120.0, 8.0));
        assert_eq!(told.acceptance(instance), Some(own));
        let willing = AnswerSection::new(instance, &own, AcceptanceArg::All);
        assert_eq!(willing.acceptance(instance), None);
    }
}
