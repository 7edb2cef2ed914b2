//! How a scenario wants its session run; whatever is absent is left to whoever opens it.

use serde::{Deserialize, Serialize};

use crate::Flaw;
use crate::check::{above, at_least, ensure, within};

/// How participants are coupled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionMode {
    /// Net injections, combination master in the contract.
    #[default]
    Exchange,
    /// Net injections, plain exchange ADMM.
    ExchangeAdmm,
    /// Consensus of one agent per bus, M(13)–M(19).
    Nodal,
    /// Consensus of a few lateral agents.
    Lateral,
}

/// The table `[session]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionOptions {
    /// Coupling mode.
    pub mode: SessionMode,
    /// Most rounds, at least 1.
    pub max_rounds: Option<u32>,
    /// Rounds that are always run.
    pub min_rounds: Option<u32>,
    /// Enforce voltage limits in the master (exchange only).
    pub voltage: Option<bool>,
    /// Answers kept per agent (exchange only), at least 2.
    pub memory: Option<u32>,
    /// Gauss–Seidel passes per linearization (exchange only), at least 1.
    pub passes: Option<u32>,
    /// Linearizations per round (exchange only), at least 1.
    pub linearizations: Option<u32>,
    /// First proximal weight of each query of a round, each above 0.
    pub rho: Option<Vec<f64>>,
    /// Factor on the weights per round, in (0, 1].
    pub rho_decay: Option<f64>,
    /// Least weight, above 0.
    pub rho_floor: Option<f64>,
    /// Over-relaxation, in (0, 2).
    pub relaxation: Option<f64>,
    /// Anderson memory (consensus only), 0 (off) to 10.
    pub anderson_memory: Option<u32>,
    /// Certified relative gap to stop at, at least 0 (exchange only).
    pub stop_gap: Option<f64>,
    /// Primal tolerance of M(19), at least 0.
    pub primal_tolerance: Option<f64>,
    /// Dual tolerance of M(19), at least 0.
    pub dual_tolerance: Option<f64>,
    /// Seconds after which a round may be closed with answers missing, at least 1.
    pub round_seconds: Option<u32>,
    /// Misses in a row after which an agent is replaced by its baseline, at least 1.
    pub max_misses: Option<u32>,
}

impl SessionOptions {
    /// Checks every range.
    ///
    /// # Errors
    /// The first [`Flaw`]; keys are this struct's field names.
    pub fn check(&self) -> Result<(), Flaw> {
        for (key, value, least) in [
            ("max_rounds", self.max_rounds, 1),
            ("memory", self.memory, 2),
            ("passes", self.passes, 1),
            ("linearizations", self.linearizations, 1),
            ("round_seconds", self.round_seconds, 1),
            ("max_misses", self.max_misses, 1),
        ] {
            let value = value.unwrap_or(least);
            ensure(value >= least, key, value, format!("at least {least}"))?;
        }
        if let Some(memory) = self.anderson_memory {
            ensure(memory <= 10, "anderson_memory", memory, "at most 10")?;
        }
        self.check_weights()?;
        for (key, value) in [
            ("stop_gap", self.stop_gap),
            ("primal_tolerance", self.primal_tolerance),
            ("dual_tolerance", self.dual_tolerance),
        ] {
            at_least(key, value.unwrap_or(0.0), 0.0)?;
        }
        Ok(())
    }

    fn check_weights(&self) -> Result<(), Flaw> {
        if let Some(rho) = &self.rho {
            ensure(!rho.is_empty(), "rho", "empty", "one weight per query")?;
            for (i, &weight) in rho.iter().enumerate() {
                above(&format!("rho[{i}]"), weight, 0.0)?;
            }
        }
        above("rho_floor", self.rho_floor.unwrap_or(1.0), 0.0)?;
        let decay = self.rho_decay.unwrap_or(1.0);
        above("rho_decay", decay, 0.0)?;
        within("rho_decay", decay, 0.0, 1.0)?;
        let relaxation = self.relaxation.unwrap_or(1.0);
        let inside = relaxation > 0.0 && relaxation < 2.0;
        ensure(
            inside,
            "relaxation",
            relaxation,
            "a number above 0, below 2",
        )
    }
}
