//! Ranges of a session's parameters.

use cosmwasm_std::Uint64;
use gridweave_testkit::assert_refused;
use gridweave_testkit::coordinator::{
    Coordinator, HORIZON, bond_terms, consensus_config, exchange_config, exchange_mut, filled,
};
use gridweave_types::coordinator::{
    ExecuteMsg, ExportRule, Master, Mode, SessionConfig, VoltageConfig,
};
use gridweave_units::Fx;

const T: usize = HORIZON as usize;

fn create(config: SessionConfig) -> ExecuteMsg {
    ExecuteMsg::CreateSession { config }
}

/// Refuses `config`, names the field, and leaves no trace.
fn refuses(config: SessionConfig, expected: &str) {
    let mut chain = Coordinator::new(1);
    let before = chain.suite.state(&chain.contract);
    assert_refused(chain.operate(&create(config)), &expected);
    assert_eq!(chain.suite.state(&chain.contract), before);
}

fn consensus(change: impl FnOnce(&mut SessionConfig)) -> SessionConfig {
    let mut config = consensus_config();
    change(&mut config);
    config
}

fn exchange(change: impl FnOnce(&mut SessionConfig)) -> SessionConfig {
    let mut config = exchange_config();
    change(&mut config);
    config
}

fn voltage() -> VoltageConfig {
    VoltageConfig {
        sigma: Fx::from_int(20_000),
        margin: Fx::ZERO,
        cap: Fx::from_int(1_000_000),
        plan_sigma: Fx::from_int(200_000),
        plan_margin: Fx::ZERO,
        plan_passes: 10,
        plan_linearizations: 5,
        tolerance: Fx::ZERO,
    }
}

#[test]
fn common_parameters_are_checked() {
    refuses(
        consensus(|c| c.horizon = 0),
        "horizon is 0, expected 1 to 168",
    );
    refuses(
        consensus(|c| c.horizon = 169),
        "horizon is 169, expected 1 to 168",
    );
    refuses(
        consensus(|c| c.energy_unit = Uint64::zero()),
        "energy_unit is 0, expected at least 1",
    );
    refuses(
        consensus(|c| c.max_rounds = 0),
        "max_rounds is 0, expected 1 to 2000",
    );
    refuses(
        consensus(|c| c.round_seconds = 0),
        "round_seconds is 0, expected at least 1",
    );
    refuses(
        consensus(|c| c.max_misses = 0),
        "max_misses is 0, expected at least 1",
    );
    refuses(
        consensus(|c| c.stop.primal = -Fx::ONE),
        "stop.primal is -1, expected 0 to 100000",
    );
    let mut bond = bond_terms();
    bond.amount = Default::default();
    refuses(
        consensus(|c| c.bond = Some(bond)),
        "bond is 0umoney, expected an amount above 0",
    );
}

#[test]
fn consensus_parameters_are_checked() {
    let with = |change: fn(&mut gridweave_types::coordinator::ConsensusConfig)| {
        consensus(|config| {
            if let Mode::Consensus(mode) = &mut config.mode {
                change(mode);
            }
        })
    };
    refuses(
        with(|m| m.rho = Fx::ZERO),
        "rho is 0, expected 0.000001 to 10000000",
    );
    refuses(
        with(|m| m.relaxation = Fx::from_int(2)),
        "relaxation is 2, expected between 0 and 2",
    );
    refuses(
        with(|m| m.anderson_memory = 11),
        "anderson_memory is 11, expected 0 to 10",
    );
}

#[test]
fn exchange_parameters_are_checked() {
    let with = |change: fn(&mut gridweave_types::coordinator::ExchangeConfig)| {
        exchange(|config| change(exchange_mut(config)))
    };
    refuses(
        with(|m| m.beta = filled(2, 1)),
        "beta: packed array has 16 bytes, expected 24 (8 per number)",
    );
    refuses(
        with(|m| m.beta = filled(T, -1)),
        "beta is -1, expected 0 to 100000",
    );
    refuses(
        with(|m| m.alpha = -Fx::ONE),
        "alpha is -1, expected 0 to 100000",
    );
    refuses(
        with(|m| m.v_max = m.v_min),
        "v_max is 0.95, expected above v_min and at most 2",
    );
    refuses(
        with(|m| m.rho.start = vec![]),
        "rho.start is 0, expected one or two weights",
    );
    refuses(
        with(|m| m.rho.decay = Fx::from_int(2)),
        "rho.decay is 2, expected at most 1",
    );
    refuses(
        with(|m| m.export = ExportRule::Clip { delta: Fx::ZERO }),
        "export.delta is 0, expected 0.000001 to 10000000",
    );
    refuses(
        with(|m| {
            m.master = Master::Admm {
                relaxation: Fx::ZERO,
            }
        }),
        "master.relaxation is 0, expected between 0 and 2",
    );
}

#[test]
fn the_effort_of_the_master_is_bounded() {
    let with = |passes, linearizations, memory, voltage| {
        exchange(|config| {
            exchange_mut(config).master = Master::Combination {
                passes,
                linearizations,
                memory,
                voltage,
            };
        })
    };
    refuses(
        with(51, 1, 9, None),
        "master.passes is 51, expected 1 to 50",
    );
    refuses(
        with(5, 0, 9, None),
        "master.linearizations is 0, expected 1 to 50",
    );
    refuses(
        with(5, 1, 41, None),
        "master.memory is 41, expected one more than the queries of a round, to 40",
    );
    let lazy = VoltageConfig {
        plan_passes: 0,
        ..voltage()
    };
    refuses(
        with(5, 1, 9, Some(lazy)),
        "voltage.plan_passes is 0, expected 1 to 50",
    );
}
