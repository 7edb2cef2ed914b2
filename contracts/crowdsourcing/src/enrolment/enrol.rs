//! `Enrol`: an account asks to take part.

use cosmwasm_std::{DepsMut, MessageInfo, Response, to_json_string};
use gridweave_types::crowdsourcing::{Device, EnrolmentState, Kind, check_devices};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::invalid;

use super::wrong_state;
use crate::authority::register;
use crate::error::{ContractError, overflow};
use crate::state::{CONFIG, ENROLMENTS, Enrolment, NUMBERS, Status};

/// Notes the request. Who was refused or revoked may ask again.
///
/// # Errors
/// [`ContractError::InvalidParameter`], [`ContractError::NotRegistered`],
/// [`ContractError::WrongState`] while a request or enrolment stands.
pub fn enrol(
    deps: DepsMut,
    info: &MessageInfo,
    kind: Kind,
    devices: Vec<Device>,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let account = info.sender.clone();
    check_devices(&devices)?;
    register(deps.querier, &config).account(&account)?;
    if account == config.treasury {
        return Err(invalid(
            "account",
            &account,
            "not the grid account of billing",
        ));
    }
    let id = match NUMBERS.may_load(deps.storage, &account)? {
        Some(id) => {
            let before = ENROLMENTS.load(deps.storage, id)?;
            use EnrolmentState::{Enrolled, Requested};
            if matches!(before.state, Requested | Enrolled) {
                return Err(wrong_state(&before, "refused or revoked"));
            }
            id
        }
        None => {
            let mut status = Status::load(deps.storage)?;
            let next = status.accounts.checked_add(1);
            status.accounts = next.ok_or(overflow("accounts"))?;
            status.save(deps.storage);
            NUMBERS.save(deps.storage, &account, &status.accounts)?;
            status.accounts
        }
    };
    let response = Response::new()
        .add_attribute(ACTION, "enrolment_requested")
        .add_attribute("account", &account)
        .add_attribute("kind", format!("{kind:?}").to_lowercase())
        .add_attribute("devices", to_json_string(&devices)?);
    let enrolment = Enrolment {
        account,
        kind,
        devices,
        state: EnrolmentState::Requested,
    };
    ENROLMENTS.save(deps.storage, id, &enrolment)?;
    Ok(response)
}
