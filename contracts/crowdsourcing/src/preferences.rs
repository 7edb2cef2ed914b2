//! `SubmitPreferences`, line 1 of algorithm 1, and what preferences admit.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Storage, to_json_string};
use gridweave_types::crowdsourcing::{Preferences, check_preferences};
use gridweave_types::event::ACTION;

use crate::enrolment;
use crate::error::{ContractError, check_window, missing, overflow};
use crate::programme;
use crate::state::{AccountId, CONFIG, PREFERENCES, PROGRAMMES, Submitted};
use crate::work::Work;

/// Takes or amends the sender's preferences, until the programme's deadline.
///
/// # Errors
/// [`ContractError::NotEnrolled`], [`ContractError::NotRegistered`], [`ContractError::Missing`]
/// programmes, [`ContractError::TooLate`], [`ContractError::InvalidParameter`].
pub fn submit(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    programme: u32,
    preferences: Preferences,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let who = enrolment::ANY;
    let member = enrolment::require(deps.storage, deps.querier, &config, &info.sender, who)?;
    let mut found = programme::load(deps.storage, programme)?;
    let until = found.terms.preferences_until.u64();
    check_window("preferences", env.block.time.seconds(), 0, until)?;
    let (energy, price) = (config.limits.energy.u64(), config.limits.price.u64());
    check_preferences(&preferences, &found.terms, energy, price)?;
    let key = (programme, member.id);
    let before = PREFERENCES.may_load(deps.storage, key)?;
    let amended = match &before {
        Some(before) => before.amended.saturating_add(1),
        None => {
            found.participants = found.participants.saturating_add(1);
            PROGRAMMES.save(deps.storage, programme, &found)?;
            0
        }
    };
    let response = Response::new()
        .add_attribute(ACTION, "preferences_submitted")
        .add_attribute("programme", programme.to_string())
        .add_attribute("account", member.account)
        .add_attribute("amended", amended.to_string())
        .add_attribute("preferences", to_json_string(&preferences)?);
    let submitted = Submitted {
        preferences,
        amended,
    };
    PREFERENCES.save(deps.storage, key, &submitted)?;
    Ok(response)
}

/// Preferences of an account in a programme.
///
/// # Errors
/// [`ContractError::Missing`].
pub fn load(
    storage: &dyn Storage,
    programme: u32,
    id: AccountId,
    account: &Addr,
) -> Result<Preferences, ContractError> {
    let found = PREFERENCES.may_load(storage, (programme, id))?;
    let missing = || {
        missing(
            "preferences",
            format!("of {account} in programme {programme}"),
        )
    };
    Ok(found.ok_or_else(missing)?.preferences)
}

/// Checks an energy (Wh, injection positive) of one interval against availability and limit.
///
/// # Errors
/// [`ContractError::OutsidePreferences`].
pub fn check_energy(
    preferences: &Preferences,
    account: &Addr,
    interval: u32,
    energy: i64,
) -> Result<(), ContractError> {
    let (export, import) = (preferences.export.energy, preferences.import.energy);
    let expected = if !preferences.available(interval) {
        "0: not available then".to_string()
    } else if !preferences.admits(energy) {
        format!("-{import} to {export}")
    } else {
        return Ok(());
    };
    Err(outside(
        "energy",
        energy.to_string(),
        account,
        interval,
        expected,
    ))
}

/// Checks a price with an incentive on top (µ/kWh) against floor or ceiling.
///
/// # Errors
/// [`ContractError::OutsidePreferences`].
pub fn check_price(
    preferences: &Preferences,
    (account, interval): (&Addr, u32),
    energy: i64,
    price: i64,
    incentive: u64,
) -> Result<(), ContractError> {
    if preferences.content_with(energy, price, incentive) {
        return Ok(());
    }
    let expected = match energy < 0 {
        true => format!("at most {} less the incentive", preferences.import.price),
        false => format!("at least {} with the incentive", preferences.export.price),
    };
    let value = format!("{price} and {incentive}");
    Err(outside("price", value, account, interval, expected))
}

/// Takes an energy (Wh) off what an account gives in a programme.
///
/// # Errors
/// [`ContractError::OutsidePreferences`].
pub fn take(
    work: &mut Work,
    preferences: &Preferences,
    programme: u32,
    (id, account, interval): (AccountId, &Addr, u32),
    energy: u64,
) -> Result<(), ContractError> {
    let used = work.used(programme, id)?;
    let sum = used.checked_add(energy).ok_or(overflow("energy"))?;
    let most = preferences.energy.u64();
    if sum > most {
        let (value, expected) = (
            energy.to_string(),
            format!("at most {}", most.saturating_sub(*used)),
        );
        return Err(outside("energy", value, account, interval, expected));
    }
    *used = sum;
    Ok(())
}

/// Gives an energy (Wh) back that was not accepted.
///
/// # Errors
/// [`ContractError::Overflow`], only by a defect.
pub fn give_back(
    work: &mut Work,
    programme: u32,
    id: AccountId,
    energy: u64,
) -> Result<(), ContractError> {
    let used = work.used(programme, id)?;
    *used = used.checked_sub(energy).ok_or(overflow("energy"))?;
    Ok(())
}

/// The error of something that the account has not offered.
pub fn outside(
    field: &'static str,
    value: String,
    account: &Addr,
    interval: u32,
    expected: String,
) -> ContractError {
    ContractError::OutsidePreferences {
        field,
        value,
        account: account.clone(),
        interval,
        expected,
    }
}
