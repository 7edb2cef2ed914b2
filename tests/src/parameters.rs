//! Valid session parameters to start from.

use cosmwasm_std::{Uint64, Uint128};
use gridweave_types::coordinator::{
    BondTerms, ConsensusConfig, ExchangeConfig, ExportRule, Master, Mode, PoolConfig, PoolWeights,
    RhoSchedule, SessionConfig, StopRule,
};
use gridweave_units::{Fx, pack};

use crate::DENOM;
use crate::coordinator::{FEEDER, HORIZON, ROUND_SECONDS};

/// Consensus parameters: ρ = 1, plain, at most 100 rounds.
pub fn consensus_config() -> SessionConfig {
    SessionConfig {
        feeder: FEEDER,
        horizon: HORIZON,
        first_interval: Uint64::zero(),
        energy_unit: Uint64::new(1_000_000),
        mode: Mode::Consensus(ConsensusConfig {
            rho: Fx::ONE,
            relaxation: Fx::ONE,
            anderson_memory: 0,
        }),
        max_rounds: 100,
        round_seconds: ROUND_SECONDS,
        max_misses: 3,
        max_rejections: 2,
        stop: StopRule {
            primal: Fx::ratio(1, 10_000),
            dual: Fx::ratio(1, 10_000),
            gap: None,
            min_rounds: 1,
        },
        monotonicity_tolerance: Some(Fx::ratio(1, 100_000)),
        bond: None,
    }
}

/// Exchange parameters: combination master, at most 8 rounds, stop at a certified gap of 0.01 %.
pub fn exchange_config() -> SessionConfig {
    let beta = [30, 60, 45].map(Fx::from_int);
    SessionConfig {
        mode: Mode::Exchange(ExchangeConfig {
            alpha: Fx::from_int(5),
            beta: pack(&beta).into(),
            v_min: Fx::ratio(95, 100),
            v_max: Fx::ratio(105, 100),
            rho: RhoSchedule {
                start: vec![Fx::from_int(300)],
                decay: Fx::ratio(6, 10),
                floor: Fx::ONE,
            },
            master: Master::Combination {
                passes: 5,
                linearizations: 1,
                memory: 24,
                voltage: None,
            },
            export: ExportRule::Multiplier {
                kappa: Fx::from_int(100),
            },
            private_costs: false,
            warm_from: None,
        }),
        max_rounds: 8,
        stop: StopRule {
            primal: Fx::ZERO,
            dual: Fx::ZERO,
            gap: Some(Fx::ratio(1, 10_000)),
            min_rounds: 1,
        },
        ..consensus_config()
    }
}

/// Pool parameters: first price 0.3, 0.1 and 0.2, weights from 0.1 growing by 1.3, over-relaxation
/// 1.5, at most 40 rounds, stop at a certified gap of 0.1 %. One of power is a kilowatt.
pub fn pool_config() -> SessionConfig {
    let price = [3, 1, 2].map(|tenths| Fx::ratio(tenths, 10));
    SessionConfig {
        energy_unit: Uint64::new(1_000),
        mode: Mode::Pool(PoolConfig {
            price: pack(&price).into(),
            weights: PoolWeights {
                start: Fx::ratio(1, 10),
                growth: Fx::ratio(13, 10),
                last: 12,
            },
            relaxation: Fx::ratio(3, 2),
        }),
        max_rounds: 40,
        stop: StopRule {
            gap: Some(Fx::ratio(1, 1_000)),
            ..exchange_config().stop
        },
        monotonicity_tolerance: None,
        ..exchange_config()
    }
}

/// The exchange parameters inside a configuration.
///
/// # Panics
/// When it is a consensus configuration.
pub fn exchange_mut(config: &mut SessionConfig) -> &mut ExchangeConfig {
    match &mut config.mode {
        Mode::Exchange(exchange) => exchange,
        other => panic!("an exchange configuration, not {other:?}"),
    }
}

/// A bond of 1,000 with 10 a miss and 100 a rejection.
pub fn bond_terms() -> BondTerms {
    BondTerms {
        denom: DENOM.into(),
        amount: Uint128::new(1_000),
        per_miss: Uint128::new(10),
        per_rejection: Uint128::new(100),
    }
}
