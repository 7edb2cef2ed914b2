//! Ranges of the parameters of a session.

use gridweave_rules::consensus::MAX_ANDERSON_MEMORY;
use gridweave_types::coordinator::{
    ConsensusConfig, ExchangeConfig, ExportRule, MAX_HORIZON, MAX_MEMORY, MAX_ROUNDS, Master, Mode,
    PoolConfig, PoolWeights, RhoSchedule, SessionConfig, VoltageConfig,
};
use gridweave_units::{Fx, unpack};

use crate::error::ContractError;

/// Largest magnitude of powers, voltages and costs coefficients that rules are accurate for.
const LARGEST: Fx = Fx::from_int(100_000);
/// Most Gauss–Seidel passes and linearizations of a round.
const MAX_EFFORT: u32 = 50;

type Checked = Result<(), ContractError>;

/// Checks every parameter.
///
/// # Errors
/// [`ContractError::InvalidParameter`] naming the field, [`ContractError::Packed`].
pub fn config(config: &SessionConfig) -> Checked {
    between("horizon", config.horizon, 1, MAX_HORIZON, "1 to 168")?;
    if config.energy_unit.is_zero() {
        let value = config.energy_unit;
        return Err(ContractError::parameter("energy_unit", value, "at least 1"));
    }
    between("max_rounds", config.max_rounds, 1, MAX_ROUNDS, "1 to 2000")?;
    at_least_one("round_seconds", config.round_seconds)?;
    at_least_one("max_misses", config.max_misses)?;
    at_least_one("max_rejections", config.max_rejections)?;
    not_negative("stop.primal", config.stop.primal)?;
    not_negative("stop.dual", config.stop.dual)?;
    not_negative("stop.gap", config.stop.gap.unwrap_or_default())?;
    let tolerance = config.monotonicity_tolerance.unwrap_or_default();
    not_negative("monotonicity_tolerance", tolerance)?;
    if let Some(bond) = &config.bond
        && (bond.amount.is_zero() || bond.denom.is_empty())
    {
        let value = format!("{}{}", bond.amount, bond.denom);
        return Err(ContractError::parameter("bond", value, "an amount above 0"));
    }
    match &config.mode {
        Mode::Consensus(consensus) => consensus_config(consensus),
        Mode::Exchange(exchange) => exchange_config(exchange, config.horizon),
        Mode::Pool(pool) => pool_config(pool, config),
    }
}

fn pool_config(pool: &PoolConfig, config: &SessionConfig) -> Checked {
    let price = unpack(&pool.price, config.horizon as usize);
    for value in price.map_err(ContractError::packed("price"))? {
        if value.abs() > LARGEST {
            return Err(ContractError::parameter(
                "price",
                value,
                "-100000 to 100000",
            ));
        }
    }
    let PoolWeights {
        start,
        growth,
        last,
    } = pool.weights;
    positive("weights.start", start)?;
    positive("weights.growth", growth)?;
    between("weights.last", last, 1, 64, "1 to 64")?;
    if growth < Fx::ratio(1, 2) || growth > Fx::from_int(2) {
        return Err(ContractError::parameter(
            "weights.growth",
            growth,
            "0.5 to 2",
        ));
    }
    if pool.relaxation < Fx::ratio(1, 10) || pool.relaxation > Fx::ratio(19, 10) {
        let value = pool.relaxation;
        return Err(ContractError::parameter("relaxation", value, "0.1 to 1.9"));
    }
    let expected = "2 to 2000: the last only confirms";
    between("max_rounds", config.max_rounds, 2, MAX_ROUNDS, expected)?;
    match config.monotonicity_tolerance {
        None => Ok(()),
        Some(value) => {
            let expected = "none in a pool";
            Err(ContractError::parameter(
                "monotonicity_tolerance",
                value,
                expected,
            ))
        }
    }
}

fn consensus_config(config: &ConsensusConfig) -> Checked {
    positive("rho", config.rho)?;
    relaxation("relaxation", config.relaxation)?;
    let most = MAX_ANDERSON_MEMORY as u32;
    between(
        "anderson_memory",
        config.anderson_memory,
        0,
        most,
        "0 to 10",
    )
}

fn exchange_config(config: &ExchangeConfig, horizon: u32) -> Checked {
    not_negative("alpha", config.alpha)?;
    let beta = unpack(&config.beta, horizon as usize).map_err(ContractError::packed("beta"))?;
    for value in beta {
        not_negative("beta", value)?;
    }
    positive("v_min", config.v_min)?;
    if config.v_max <= config.v_min || config.v_max > Fx::from_int(2) {
        return Err(ContractError::parameter(
            "v_max",
            config.v_max,
            "above v_min and at most 2",
        ));
    }
    rho_schedule(&config.rho)?;
    match &config.export {
        ExportRule::Clip { delta } => positive("export.delta", *delta)?,
        ExportRule::Multiplier { kappa } => positive("export.kappa", *kappa)?,
    }
    match &config.master {
        Master::Admm { relaxation: value } => {
            if config.rho.start.len() != 1 {
                let count = config.rho.start.len();
                return Err(ContractError::parameter("rho.start", count, "one weight"));
            }
            relaxation("master.relaxation", *value)
        }
        Master::Combination {
            passes,
            linearizations,
            memory,
            voltage,
        } => {
            let queries = config.rho.start.len() as u32;
            effort("master.passes", *passes)?;
            effort("master.linearizations", *linearizations)?;
            let expected = "one more than the queries of a round, to 40";
            between("master.memory", *memory, queries + 1, MAX_MEMORY, expected)?;
            voltage.as_ref().map_or(Ok(()), voltage_config)
        }
    }
}

fn voltage_config(config: &VoltageConfig) -> Checked {
    positive("voltage.sigma", config.sigma)?;
    positive("voltage.plan_sigma", config.plan_sigma)?;
    positive("voltage.cap", config.cap)?;
    not_negative("voltage.margin", config.margin)?;
    not_negative("voltage.plan_margin", config.plan_margin)?;
    not_negative("voltage.tolerance", config.tolerance)?;
    effort("voltage.plan_passes", config.plan_passes)?;
    effort("voltage.plan_linearizations", config.plan_linearizations)
}

fn rho_schedule(schedule: &RhoSchedule) -> Checked {
    let queries = schedule.start.len() as u32;
    between("rho.start", queries, 1, 2, "one or two weights")?;
    for &start in &schedule.start {
        positive("rho.start", start)?;
    }
    positive("rho.floor", schedule.floor)?;
    positive("rho.decay", schedule.decay)?;
    if schedule.decay > Fx::ONE {
        return Err(ContractError::parameter(
            "rho.decay",
            schedule.decay,
            "at most 1",
        ));
    }
    Ok(())
}

fn effort(field: &'static str, value: u32) -> Checked {
    between(field, value, 1, MAX_EFFORT, "1 to 50")
}

fn relaxation(field: &'static str, value: Fx) -> Checked {
    if value.is_positive() && value < Fx::from_int(2) {
        return Ok(());
    }
    Err(ContractError::parameter(field, value, "between 0 and 2"))
}

fn positive(field: &'static str, value: Fx) -> Checked {
    // Below 2⁻²⁰ quotients lose all precision; the cap of multipliers may be larger than `LARGEST`.
    if value >= Fx::from_bits(1 << 12) && value <= Fx::from_int(10_000_000) {
        return Ok(());
    }
    Err(ContractError::parameter(
        field,
        value,
        "0.000001 to 10000000",
    ))
}

fn not_negative(field: &'static str, value: Fx) -> Checked {
    if !value.is_negative() && value <= LARGEST {
        return Ok(());
    }
    Err(ContractError::parameter(field, value, "0 to 100000"))
}

fn at_least_one(field: &'static str, value: u32) -> Checked {
    between(field, value, 1, u32::MAX, "at least 1")
}

fn between(
    field: &'static str,
    value: u32,
    low: u32,
    high: u32,
    expected: &'static str,
) -> Checked {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(ContractError::parameter(field, value, expected))
}
