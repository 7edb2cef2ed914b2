//! Opening an exchange session: the network is copied from `grid`, the baselines are the first
//! candidate, and a first price comes from the plain exchange step (or from an earlier session).

use cosmwasm_std::Storage;
use gridweave_rules::exchange::{Participant, Problem, evaluate, z_step};
use gridweave_types::coordinator::{ExchangeConfig, MAX_EXCHANGE_NUMBERS, Master, SessionConfig};
use gridweave_types::grid::Branch;
use gridweave_units::Fx;

use super::convert::{load_problem, load_rule, rhos};
use super::finish::plan_rows;
use super::store::{
    ADMM_W, Assigned, Bounds, CANDIDATE, CANDIDATE_PLAN, Candidate, ENERGY, NETWORK, STATE,
    StoredNetwork, index_of, load_participants, save_assigned,
};
use super::support::from_box;
use super::{read, store};
use crate::error::ContractError;
use crate::state::{PARTICIPANTS, ParticipantKey, SessionId, Status, load_status};

/// Prepares round 1.
pub fn open(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    config: &SessionConfig,
    mode: &ExchangeConfig,
    root: u32,
    branches: Vec<Branch>,
) -> Result<(), ContractError> {
    let network = StoredNetwork { root, branches };
    check_size(status, config, &network)?;
    check_buses(storage, session, status, config, &network)?;
    NETWORK.save(storage, session, &network)?;
    let (problem, network) = load_problem(storage, session, status, config, mode)?;
    let loaded = load_participants(storage, session, status, &network, 1)?;
    store::save_weights(storage, session, &loaded, 1);
    save_first_candidate(storage, session, mode, &problem, &loaded.participants)?;
    match mode.warm_from {
        None => first_prices(storage, session, mode, &problem, &loaded.participants),
        Some(earlier) => warm_start(storage, session, status, config, mode, &network, earlier),
    }
}

/// Tables must fit into one stored value each.
fn check_size(
    status: &Status,
    config: &SessionConfig,
    network: &StoredNetwork,
) -> Result<(), ContractError> {
    let buses = network.branches.len() as u32 + 1;
    let rows = buses.max(status.participants);
    if rows.saturating_mul(config.horizon) <= MAX_EXCHANGE_NUMBERS {
        return Ok(());
    }
    Err(ContractError::parameter(
        "horizon",
        format!("{} for {rows} buses or participants", config.horizon),
        "buses and participants, each times the intervals, at most 16000",
    ))
}

fn check_buses(
    storage: &dyn Storage,
    session: SessionId,
    status: &Status,
    config: &SessionConfig,
    network: &StoredNetwork,
) -> Result<(), ContractError> {
    let index = index_of(&network.buses());
    for participant in 0..status.participants {
        let bus = PARTICIPANTS.load(storage, (session, participant))?.bus;
        if index(bus).is_none() {
            let feeder = config.feeder;
            return Err(ContractError::UnknownBus { bus, feeder });
        }
    }
    Ok(())
}

/// The plan of all baselines: executable before anybody has answered.
fn save_first_candidate(
    storage: &mut dyn Storage,
    session: SessionId,
    mode: &ExchangeConfig,
    problem: &Problem,
    participants: &[Participant],
) -> Result<(), ContractError> {
    let rule = load_rule(storage, session, mode, problem)?;
    let evaluation = evaluate(problem, participants, &rule, None);
    CANDIDATE.save(
        storage,
        session,
        &Candidate {
            cost: evaluation.cost,
            violation: evaluation.violation,
            round: 0,
        },
    )?;
    let plan = plan_rows(participants);
    CANDIDATE_PLAN.save(storage, session, &plan.concat());
    Ok(())
}

/// First centres from the plain exchange step at the baselines.
fn first_prices(
    storage: &mut dyn Storage,
    session: SessionId,
    mode: &ExchangeConfig,
    problem: &Problem,
    participants: &[Participant],
) -> Result<(), ContractError> {
    let plans: Vec<_> = participants.iter().map(|p| (p.bus, p.plan())).collect();
    let targets: Vec<_> = plans.iter().map(|(_, plan)| plan.clone()).collect();
    let step = z_step(problem, &plans, &targets, rhos(mode, 1)[0]);
    for (number, (copy, prices)) in (0..).zip(step.copies.iter().zip(&step.prices)) {
        first_centre(storage, (session, number), mode, copy, prices)?;
    }
    if let Master::Admm { .. } = mode.master {
        ADMM_W.save(storage, session, &targets.concat());
    }
    let bounds = Bounds {
        base: Some(step.dual_value),
        best: None,
    };
    Ok(STATE.save(storage, session, &bounds)?)
}

/// First centres from the plan and prices of an earlier session of the same accounts.
fn warm_start(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    config: &SessionConfig,
    mode: &ExchangeConfig,
    network: &StoredNetwork,
    earlier: SessionId,
) -> Result<(), ContractError> {
    let refuse = |expected: &'static str| ContractError::parameter("warm_from", earlier, expected);
    let past = load_status(storage, earlier)?;
    if !past.has_ended() || past.participants != status.participants {
        return Err(refuse("an ended session with as many participants"));
    }
    let horizon = config.horizon as usize;
    let mut targets = Vec::new();
    for number in 0..status.participants {
        let now = PARTICIPANTS.load(storage, (session, number))?;
        let then = PARTICIPANTS.load(storage, (earlier, number))?;
        if now.account != then.account || now.bus != then.bus {
            return Err(refuse("a session of the same accounts in the same order"));
        }
        let plan = read::schedule_of(storage, (earlier, number), past.participants)?;
        let prices = read::bus_prices(storage, earlier, network, now.bus)?
            .ok_or_else(|| refuse("a session that ended with prices"))?;
        if plan.len() != horizon || prices.len() != horizon {
            return Err(refuse("a session of the same horizon and feeder"));
        }
        first_centre(storage, (session, number), mode, &plan, &prices)?;
        let rho = rhos(mode, 1)[0];
        let pairs = plan.iter().zip(&prices);
        targets.extend(pairs.map(|(&z, &price)| z - price / rho));
    }
    if let Master::Admm { .. } = mode.master {
        // z = w + π/ρ holds for the earlier plan and prices.
        ADMM_W.save(storage, session, &targets);
    }
    let energy = ENERGY.load(storage, earlier)?;
    ENERGY.save(storage, session, &energy);
    Ok(STATE.save(storage, session, &Bounds::default())?)
}

/// Stores what a participant's first centre is made of.
fn first_centre(
    storage: &mut dyn Storage,
    key: ParticipantKey,
    mode: &ExchangeConfig,
    plan: &[Fx],
    prices: &[Fx],
) -> Result<(), ContractError> {
    let assigned = Assigned {
        plan: plan.to_vec(),
        prices: prices.to_vec(),
        support: from_box(storage, key, mode, prices)?,
    };
    save_assigned(storage, key, &assigned);
    Ok(())
}
