//! `AddParticipants`.

use cosmwasm_std::{Addr, Deps, DepsMut, MessageInfo, Response, Storage};
use gridweave_rules::checks::first_out_of_bounds;
use gridweave_types::address::parse;
use gridweave_types::coordinator::{
    MAX_EXCHANGE_PARTICIPANTS, MAX_PAYLOAD, MAX_ROWS, Mode, ParticipantInput, SessionConfig,
};
use gridweave_types::event::ACTION;
use gridweave_types::grid::{Register, Role};
use gridweave_units::{FX_BYTES, Fx, unpack};

use super::authorize;
use crate::error::ContractError;
use crate::state::{
    ATTENDANCE, Attendance, BASELINE, BY_ACCOUNT, GRID, LOWER, PARTICIPANTS, ParticipantInfo,
    ParticipantKey, STATUS, SessionId, UPPER, load_session, load_setup,
};
use crate::{consensus, exchange};

/// Largest magnitude of a bound (per unit).
const LARGEST_BOUND: Fx = Fx::from_int(1_000);

/// Adds participants; their indices continue the count.
///
/// # Errors
/// Senders other than the operator, sessions past setup, accounts that `grid` does not place on
/// the bus, malformed arrays, baselines out of bounds.
pub fn add_participants(
    deps: DepsMut,
    info: MessageInfo,
    session: SessionId,
    participants: Vec<ParticipantInput>,
) -> Result<Response, ContractError> {
    authorize(deps.as_ref(), &info)?;
    let mut status = load_setup(deps.storage, session)?;
    let config = load_session(deps.storage, session)?.config;
    let added = participants.len();
    if added == 0 || added > MAX_ROWS {
        return Err(ContractError::parameter(
            "participants",
            added,
            "1 to 50 rows",
        ));
    }
    for input in participants {
        let account = check_account(deps.as_ref(), &config, &input)?;
        if let Some(participant) = BY_ACCOUNT.may_load(deps.storage, (session, &account))? {
            return Err(ContractError::DuplicateParticipant {
                account,
                participant,
            });
        }
        let key = (session, status.participants);
        let info = store(deps.storage, &config, key, account, &input)?;
        status.participants += 1;
        status.uncoupled += info.shared;
    }
    if matches!(config.mode, Mode::Exchange(_)) && status.participants > MAX_EXCHANGE_PARTICIPANTS {
        let count = status.participants;
        return Err(ContractError::parameter(
            "participants",
            count,
            "at most 256",
        ));
    }
    STATUS.save(deps.storage, session, &status)?;
    Ok(Response::new()
        .add_attribute(ACTION, "participants_added")
        .add_attribute("session", session.to_string())
        .add_attribute("added", added.to_string())
        .add_attribute("total", status.participants.to_string()))
}

/// The account must be a prosumer at that bus of the session's feeder.
fn check_account(
    deps: Deps,
    config: &SessionConfig,
    input: &ParticipantInput,
) -> Result<Addr, ContractError> {
    let address = parse(deps.api, "participants.account", &input.account)?;
    let grid = GRID.load(deps.storage)?;
    let account = Register::new(deps.querier, &grid).account(&address)?;
    let fits = account.role == Role::Prosumer
        && account.feeder == config.feeder
        && account.bus == input.bus;
    if fits {
        return Ok(address);
    }
    Err(ContractError::AccountMismatch {
        account: address,
        feeder: account.feeder,
        bus: account.bus,
        role: format!("{:?}", account.role),
        expected_feeder: config.feeder,
        expected_bus: input.bus,
    })
}

/// Stores a checked participant.
fn store(
    storage: &mut dyn Storage,
    config: &SessionConfig,
    key: ParticipantKey,
    account: Addr,
    input: &ParticipantInput,
) -> Result<ParticipantInfo, ContractError> {
    let size = answer_size(config, input)?;
    let lower = unpack(&input.lower, size).map_err(ContractError::packed("lower"))?;
    let upper = unpack(&input.upper, size).map_err(ContractError::packed("upper"))?;
    let baseline = unpack(&input.baseline, size).map_err(ContractError::packed("baseline"))?;
    check_bounds(&account, &lower, &upper, &baseline)?;
    let shared = match config.mode {
        Mode::Consensus(_) => size - (input.reports * config.horizon) as usize,
        Mode::Exchange(_) => 0,
    };
    let info = ParticipantInfo {
        account,
        bus: input.bus,
        size: size as u32,
        shared: shared as u32,
        baseline_cost: input.baseline_cost,
    };
    BY_ACCOUNT.save(storage, (key.0, &info.account), &key.1)?;
    PARTICIPANTS.save(storage, key, &info)?;
    ATTENDANCE.save(storage, key, &Attendance::default());
    LOWER.save(storage, key, &lower);
    UPPER.save(storage, key, &upper);
    BASELINE.save(storage, key, &baseline);
    match config.mode {
        Mode::Consensus(_) => consensus::add_participant(storage, key, &baseline, shared),
        Mode::Exchange(_) => {
            exchange::add_participant(storage, key, config, &info, input, baseline)?
        }
    }
    Ok(info)
}

/// Numbers per answer.
fn answer_size(config: &SessionConfig, input: &ParticipantInput) -> Result<usize, ContractError> {
    let horizon = config.horizon as usize;
    if let Mode::Exchange(exchange) = &config.mode {
        if input.reports != 0 {
            return Err(ContractError::parameter("reports", input.reports, "0"));
        }
        if !exchange.private_costs && !input.baseline_cost.is_zero() {
            let value = input.baseline_cost;
            return Err(ContractError::parameter("baseline_cost", value, "0"));
        }
        return Ok(horizon);
    }
    let size = input.baseline.len() / FX_BYTES;
    let reported = (input.reports as usize).saturating_mul(horizon);
    if size <= reported || size > MAX_PAYLOAD as usize {
        return Err(ContractError::parameter(
            "baseline",
            format!("{size} numbers"),
            "more numbers than the reports have, at most 8192",
        ));
    }
    Ok(size)
}

fn check_bounds(
    account: &Addr,
    lower: &[Fx],
    upper: &[Fx],
    baseline: &[Fx],
) -> Result<(), ContractError> {
    if let Some(bound) = lower
        .iter()
        .chain(upper)
        .find(|bound| bound.abs() > LARGEST_BOUND)
    {
        return Err(ContractError::parameter("bounds", bound, "-1000 to 1000"));
    }
    match first_out_of_bounds(baseline, lower, upper) {
        None => Ok(()),
        Some(position) => Err(ContractError::BaselineOutOfBounds {
            account: account.clone(),
            position,
            value: baseline[position],
            lower: lower[position],
            upper: upper[position],
        }),
    }
}
