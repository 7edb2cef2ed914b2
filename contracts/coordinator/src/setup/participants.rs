//! `AddParticipants`.

use cosmwasm_std::{Addr, Deps, DepsMut, MessageInfo, Response, Storage};
use gridweave_rules::checks::first_out_of_bounds;
use gridweave_types::address::parse;
use gridweave_types::coordinator::{
    MAX_EXCHANGE_PARTICIPANTS, MAX_PAYLOAD, MAX_POOL_PARTICIPANTS, MAX_ROWS, Mode,
    ParticipantInput, SessionConfig,
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
use crate::{consensus, exchange, pool};

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
    check_number(&config.mode, status.participants)?;
    STATUS.save(deps.storage, session, &status)?;
    Ok(Response::new()
        .add_attribute(ACTION, "participants_added")
        .add_attribute("session", session.to_string())
        .add_attribute("added", added.to_string())
        .add_attribute("total", status.participants.to_string()))
}

/// Modes that compute with all participants at once take so many.
fn check_number(mode: &Mode, participants: u32) -> Result<(), ContractError> {
    let (most, expected) = match mode {
        Mode::Consensus(_) => return Ok(()),
        Mode::Exchange(_) => (MAX_EXCHANGE_PARTICIPANTS, "at most 256"),
        Mode::Pool(_) => (MAX_POOL_PARTICIPANTS, "at most 16384"),
    };
    if participants <= most {
        return Ok(());
    }
    Err(ContractError::parameter(
        "participants",
        participants,
        expected,
    ))
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
    let baseline = baseline(config, input, size)?;
    check_bounds(&account, &lower, &upper, &baseline)?;
    let shared = match config.mode {
        Mode::Consensus(_) => size - (input.reports * config.horizon) as usize,
        Mode::Exchange(_) | Mode::Pool(_) => 0,
    };
    let mobility = mobility(config, input)?;
    let info = ParticipantInfo {
        account,
        bus: input.bus,
        size: size as u32,
        shared: shared as u32,
        baseline_cost: input.baseline_cost,
        mobility,
    };
    BY_ACCOUNT.save(storage, (key.0, &info.account), &key.1)?;
    PARTICIPANTS.save(storage, key, &info)?;
    ATTENDANCE.save(storage, key, &Attendance::default());
    LOWER.save(storage, key, &lower);
    UPPER.save(storage, key, &upper);
    match config.mode {
        Mode::Pool(_) => pool::add_participant(storage, key.0, &info)?,
        Mode::Consensus(_) => {
            BASELINE.save(storage, key, &baseline);
            consensus::add_participant(storage, key, &baseline, shared);
        }
        Mode::Exchange(_) => {
            BASELINE.save(storage, key, &baseline);
            exchange::add_participant(storage, key, config, &info, input, baseline)?
        }
    }
    Ok(info)
}

/// The default answer; in a pool it is not to trade, and is not sent.
fn baseline(
    config: &SessionConfig,
    input: &ParticipantInput,
    size: usize,
) -> Result<Vec<Fx>, ContractError> {
    let sent = if let Mode::Pool(_) = config.mode {
        0
    } else {
        size
    };
    let mut baseline = unpack(&input.baseline, sent).map_err(ContractError::packed("baseline"))?;
    baseline.resize(size, Fx::ZERO);
    Ok(baseline)
}

/// The mobility, which pools ask for and no other mode.
fn mobility(config: &SessionConfig, input: &ParticipantInput) -> Result<Option<Fx>, ContractError> {
    match (&config.mode, input.mobility) {
        (Mode::Pool(_), _) => pool::mobility_of(input).map(Some),
        (_, None) => Ok(None),
        (_, Some(value)) => Err(ContractError::parameter(
            "mobility",
            value,
            "none but in a pool",
        )),
    }
}

/// Numbers per answer.
fn answer_size(config: &SessionConfig, input: &ParticipantInput) -> Result<usize, ContractError> {
    let horizon = config.horizon as usize;
    if !matches!(config.mode, Mode::Consensus(_)) && input.reports != 0 {
        return Err(ContractError::parameter("reports", input.reports, "0"));
    }
    if let Mode::Pool(_) = config.mode {
        unpack(&input.reactive, 0).map_err(ContractError::packed("reactive"))?;
        return Ok(horizon);
    }
    if let Mode::Exchange(exchange) = &config.mode {
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
