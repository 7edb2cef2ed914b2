//! The parameters of a session: one place for every default.
//!
//! Powers are in MW per unit, and the penalties `ρ` belong to that scaling.

use cosmwasm_std::Uint64;
use gridweave_model::{Instance, SessionMode, SessionOptions};
use gridweave_types::coordinator::{
    ConsensusConfig, ExchangeConfig, ExportRule, Master, Mode, RhoSchedule, SessionConfig,
    StopRule, VoltageConfig,
};
use gridweave_units::Fx;

use crate::AgentError;
use crate::fixed::{pack_numbers, to_fx};

/// Areas of a lateral session.
pub const LATERAL_AREAS: usize = 5;
/// Seconds of chain time after which a round may be closed without the silent.
const ROUND_SECONDS: u32 = 60;
/// Rounds missed in a row before a participant is replaced by its baseline.
const MAX_MISSES: u32 = 5;
/// Rejected iterates before a participant is replaced by its baseline.
const MAX_REJECTIONS: u32 = 2;
/// Slope of the price's multiplier where the feeder exports.
const KAPPA: Fx = Fx::from_int(100);
/// Distance of a baseline voltage from its limit (pu) below which limits are enforced.
const VOLTAGE_ALERT: f64 = 0.01;

/// What a session is to be like. Absent options take the defaults of the mode.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionChoice {
    /// Feeder number in `grid`.
    pub feeder: u32,
    /// Interval that the first of the horizon is.
    pub first_interval: u64,
    /// Mode and the scenario's own parameters.
    pub options: SessionOptions,
    /// Check iterates for monotonicity.
    pub checks: bool,
    /// Ended session to start from (exchange modes).
    pub warm_from: Option<u64>,
}

/// Whether executing `voltages` (magnitudes `[bus][interval]`) comes so near a limit that the
/// contract should enforce it.
pub fn needs_voltage(instance: &Instance, voltages: &[Vec<f64>]) -> bool {
    // The root may sit at either limit; it is not a constraint of the schedule.
    let cells = voltages.iter().skip(1).flatten();
    let network = &instance.network;
    let low = network.v_min + VOLTAGE_ALERT;
    cells
        .into_iter()
        .any(|&v| v < low || v > network.v_max + 1e-6)
}

/// Energy (Wh) of one per unit of power over one interval of `instance`.
pub fn energy_unit(instance: &Instance) -> u64 {
    (instance.network.base_mva * 1e6 * instance.interval_hours).round() as u64
}

/// Whether any answer of `instance` has a private cost.
pub fn has_private_costs(instance: &Instance) -> bool {
    instance.sites.iter().any(|site| site.has_private_cost())
}

impl SessionChoice {
    /// The configuration of a session that schedules `instance`.
    ///
    /// # Errors
    /// [`AgentError::NotRepresentable`] for parameters without a fixed-point form.
    pub fn config(&self, instance: &Instance) -> Result<SessionConfig, AgentError> {
        let options = &self.options;
        let default_rounds = match options.mode {
            SessionMode::Exchange => 12,
            SessionMode::ExchangeAdmm => 30,
            SessionMode::Nodal => 300,
            SessionMode::Lateral => 60,
        };
        Ok(SessionConfig {
            feeder: self.feeder,
            horizon: instance.horizon as u32,
            first_interval: Uint64::new(self.first_interval),
            energy_unit: Uint64::new(energy_unit(instance)),
            mode: match options.mode {
                SessionMode::Exchange | SessionMode::ExchangeAdmm => {
                    Mode::Exchange(self.exchange(instance)?)
                }
                SessionMode::Nodal | SessionMode::Lateral => Mode::Consensus(consensus(options)?),
            },
            max_rounds: options.max_rounds.unwrap_or(default_rounds),
            round_seconds: options.round_seconds.unwrap_or(ROUND_SECONDS),
            max_misses: options.max_misses.unwrap_or(MAX_MISSES),
            max_rejections: MAX_REJECTIONS,
            stop: stop(options)?,
            monotonicity_tolerance: self.checks.then(|| fraction(1, 100_000)),
            bond: None,
        })
    }

    fn exchange(&self, instance: &Instance) -> Result<ExchangeConfig, AgentError> {
        let network = &instance.network;
        Ok(ExchangeConfig {
            alpha: to_fx("generator alpha", instance.generator.alpha)?,
            beta: pack_numbers("generator beta", &instance.generator.beta)?,
            v_min: to_fx("v_min", network.v_min)?,
            v_max: to_fx("v_max", network.v_max)?,
            rho: rho_schedule(&self.options)?,
            master: master(&self.options)?,
            export: ExportRule::Multiplier { kappa: KAPPA },
            private_costs: has_private_costs(instance),
            warm_from: self.warm_from,
        })
    }
}

fn stop(options: &SessionOptions) -> Result<StopRule, AgentError> {
    let gap = match options.mode {
        SessionMode::Exchange => Some(or_default("stop_gap", options.stop_gap, (1, 1_000))?),
        _ => None,
    };
    Ok(StopRule {
        primal: or_default("primal_tolerance", options.primal_tolerance, (1, 1_000))?,
        dual: or_default("dual_tolerance", options.dual_tolerance, (1, 10))?,
        gap,
        min_rounds: options.min_rounds.unwrap_or(2),
    })
}

fn consensus(options: &SessionOptions) -> Result<ConsensusConfig, AgentError> {
    let (relaxation, memory) = match options.mode {
        SessionMode::Lateral => ((16, 10), 10),
        _ => ((1, 1), 0),
    };
    Ok(ConsensusConfig {
        rho: match options.rho.as_deref() {
            Some([rho, ..]) => to_fx("rho", *rho)?,
            _ => Fx::from_int(100),
        },
        relaxation: or_default("relaxation", options.relaxation, relaxation)?,
        anderson_memory: options.anderson_memory.unwrap_or(memory),
    })
}

fn enforces_voltage(options: &SessionOptions) -> bool {
    options.mode == SessionMode::Exchange && options.voltage.unwrap_or(false)
}

fn rho_schedule(options: &SessionOptions) -> Result<RhoSchedule, AgentError> {
    let (start, decay): (&[f64], _) = match options.mode {
        SessionMode::ExchangeAdmm => (&[300.0], (1, 1)),
        _ if enforces_voltage(options) => (&[400.0, 100.0], (8, 10)),
        _ => (&[300.0], (6, 10)),
    };
    let start = options.rho.as_deref().unwrap_or(start).iter();
    Ok(RhoSchedule {
        start: start
            .map(|&rho| to_fx("rho", rho))
            .collect::<Result<_, _>>()?,
        decay: or_default("rho_decay", options.rho_decay, decay)?,
        floor: or_default("rho_floor", options.rho_floor, (1, 1))?,
    })
}

fn master(options: &SessionOptions) -> Result<Master, AgentError> {
    if options.mode == SessionMode::ExchangeAdmm {
        return Ok(Master::Admm {
            relaxation: or_default("relaxation", options.relaxation, (16, 10))?,
        });
    }
    let voltage = enforces_voltage(options);
    let (passes, linearizations) = if voltage { (15, 2) } else { (5, 1) };
    Ok(Master::Combination {
        passes: options.passes.unwrap_or(passes),
        linearizations: options.linearizations.unwrap_or(linearizations),
        memory: options.memory.unwrap_or(24),
        voltage: voltage.then(voltage_config),
    })
}

fn voltage_config() -> VoltageConfig {
    VoltageConfig {
        sigma: Fx::from_int(20_000),
        margin: fraction(1, 100_000),
        cap: Fx::from_int(1_000_000),
        plan_sigma: Fx::from_int(200_000),
        plan_margin: fraction(15, 100_000),
        plan_passes: 10,
        plan_linearizations: 8,
        tolerance: fraction(2, 10_000),
    }
}

fn or_default(
    what: &'static str,
    value: Option<f64>,
    default: (i32, i32),
) -> Result<Fx, AgentError> {
    value.map_or(Ok(fraction(default.0, default.1)), |value| {
        to_fx(what, value)
    })
}

fn fraction(numerator: i32, denominator: i32) -> Fx {
    Fx::ratio(numerator, denominator)
}
