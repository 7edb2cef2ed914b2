//! From messages and storage to the rules' types.

use cosmwasm_std::Storage;
use gridweave_rules::exchange::{
    ExportRule as Rule, GenerationCost, MasterParams, Problem, VoltageParams, VoltageState,
};
use gridweave_rules::rho::rho_at;
use gridweave_types::coordinator::{
    ExchangeConfig, ExportRule, Master, SessionConfig, VoltageConfig,
};
use gridweave_units::{Fx, unpack};

use super::store::{ENERGY, MULTIPLIERS, NETWORK, REACTIVE, StoredNetwork, index_of};
use crate::error::ContractError;
use crate::state::{PARTICIPANTS, SessionId, Status, missing};

/// The public problem of a session.
pub fn load_problem(
    storage: &dyn Storage,
    session: SessionId,
    status: &Status,
    config: &SessionConfig,
    mode: &ExchangeConfig,
) -> Result<(Problem, StoredNetwork), ContractError> {
    let stored = NETWORK.load(storage, session)?;
    let horizon = config.horizon as usize;
    let buses = stored.buses();
    let index = index_of(&buses);
    let mut reactive = vec![vec![Fx::ZERO; buses.len()]; horizon];
    for participant in 0..status.participants {
        let key = (session, participant);
        let info = PARTICIPANTS.load(storage, key)?;
        let bus = index(info.bus).ok_or_else(|| missing("participant's bus"))?;
        for (row, value) in reactive.iter_mut().zip(REACTIVE.load(storage, key)?) {
            row[bus] += value;
        }
    }
    let problem = Problem {
        network: stored.to_network()?,
        reactive,
        v_min: mode.v_min.squared(),
        v_max: mode.v_max.squared(),
        cost: GenerationCost {
            alpha: mode.alpha,
            beta: unpack(&mode.beta, horizon).map_err(ContractError::packed("beta"))?,
        },
    };
    Ok((problem, stored))
}

/// The price rule; a multiplier starts at `β` and follows the last energy price.
pub fn load_rule(
    storage: &dyn Storage,
    session: SessionId,
    mode: &ExchangeConfig,
    problem: &Problem,
) -> Result<Rule, ContractError> {
    Ok(match &mode.export {
        ExportRule::Clip { delta } => Rule::Clip { delta: *delta },
        ExportRule::Multiplier { kappa } => Rule::Multiplier {
            kappa: *kappa,
            previous: ENERGY
                .may_load(storage, session)?
                .unwrap_or_else(|| problem.cost.beta.clone()),
        },
    })
}

/// Weights of the queries of a round.
pub fn rhos(mode: &ExchangeConfig, round: u32) -> Vec<Fx> {
    let schedule = &mode.rho;
    schedule
        .start
        .iter()
        .map(|&start| rho_at(start, schedule.decay, schedule.floor, round))
        .collect()
}

/// Parameters of the query master and, with voltage limits, of the executed plan.
pub struct Masters {
    /// The query master.
    pub query: MasterParams,
    /// The executed plan's master.
    pub plan: Option<MasterParams>,
}

/// The masters of a session with the combination master.
pub fn masters(master: &Master) -> Option<Masters> {
    let Master::Combination {
        passes,
        linearizations,
        voltage,
        ..
    } = master
    else {
        return None;
    };
    Some(Masters {
        query: MasterParams {
            passes: *passes,
            linearizations: *linearizations,
            voltage: voltage.as_ref().map(|v| VoltageParams {
                sigma: v.sigma,
                margin: v.margin,
                cap: v.cap,
            }),
            update_multipliers: false,
        },
        plan: voltage.as_ref().map(plan_master),
    })
}

fn plan_master(voltage: &VoltageConfig) -> MasterParams {
    MasterParams {
        passes: voltage.plan_passes,
        linearizations: voltage.plan_linearizations,
        voltage: Some(VoltageParams {
            sigma: voltage.plan_sigma,
            margin: voltage.plan_margin,
            cap: voltage.cap,
        }),
        update_multipliers: true,
    }
}

/// Violation at which a plan counts as feasible; anything goes where voltage is not enforced.
pub fn tolerance(master: &Master) -> Fx {
    match master {
        Master::Combination {
            voltage: Some(voltage),
            ..
        } => voltage.tolerance,
        _ => Fx::MAX,
    }
}

/// The voltage multipliers after the last closed round.
pub fn load_multipliers(
    storage: &dyn Storage,
    session: SessionId,
    problem: &Problem,
) -> Result<VoltageState, ContractError> {
    let mut state = VoltageState::new(problem);
    let stored = MULTIPLIERS.load(storage, session)?;
    let rows = stored.chunks(problem.network.len());
    for (row, values) in state.multipliers.iter_mut().zip(rows) {
        row.copy_from_slice(values);
    }
    Ok(state)
}

/// Stores the voltage multipliers.
pub fn save_multipliers(storage: &mut dyn Storage, session: SessionId, state: &VoltageState) {
    MULTIPLIERS.save(storage, session, &state.multipliers.concat());
}
