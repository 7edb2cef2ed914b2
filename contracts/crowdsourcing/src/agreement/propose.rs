//! `ProposeAgreement`.

use cosmwasm_std::{Addr, DepsMut, Empty, Env, MessageInfo, Response, Storage};
use gridweave_types::address::parse;
use gridweave_types::crowdsourcing::{
    AgreementProposal, AgreementState, ConfigResponse, Term, Terms,
};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::{invalid, within};

use super::commit::{Schedule, check_limits, commit, unpack};
use crate::authority::require_operator;
use crate::enrolment::{self, Member};
use crate::error::{ContractError, check_interval, overflow};
use crate::events;
use crate::preferences;
use crate::programme::{check_running, load};
use crate::state::{ACCOUNT_AGREEMENTS, AGREEMENTS, Agreement, PREFERENCES, USED};
use crate::work::Work;

/// Proposes an agreement, or makes it when the account's preferences have signed it ahead.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::Missing`], [`ContractError::NotEnrolled`],
/// [`ContractError::NotRegistered`], [`ContractError::InvalidParameter`],
/// [`ContractError::TooEarly`], [`ContractError::TooLate`], [`ContractError::OutsidePreferences`];
/// [`ContractError::Suspended`] and [`ContractError::AlreadyAgreed`] when it is made at once.
pub fn propose(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    programme: u32,
    proposal: AgreementProposal,
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage)?;
    require_operator(deps.querier, &work.config, &info.sender)?;
    let terms = load(work.storage, programme)?.terms;
    check_running(&work.config, &terms, terms.first, env, "agreements")?;
    let account = parse(deps.api, "proposal.account", &proposal.account)?;
    let who = enrolment::AHEAD;
    let member = enrolment::require(work.storage, deps.querier, &work.config, &account, who)?;
    let last = last_interval(&work.config, &terms, proposal.term)?;
    check(&work.config, &proposal)?;
    let setpoints = unpack(&terms, &proposal.setpoints)?;
    let limits = (proposal.export.u64(), proposal.import.u64());
    check_limits(&member, &terms, &setpoints, limits)?;
    let signed = signed_ahead(
        work.storage,
        programme,
        &member,
        &terms,
        &proposal,
        &setpoints,
    )?;
    let mut agreement = Agreement {
        account: member.id,
        programme,
        rate: proposal.rate.i64(),
        term: proposal.term,
        first: terms.first,
        last,
        export: limits.0,
        import: limits.1,
        setpoints: proposal.setpoints,
        state: AgreementState::Proposed,
    };
    let number = store(&mut work, &member.account, &agreement)?;
    let mut response = Response::new();
    if signed {
        agreement.state = AgreementState::Accepted;
        AGREEMENTS.save(work.storage, number, &agreement)?;
        let schedule = Schedule {
            agreement: number,
            rate: agreement.rate,
            programme,
            terms: &terms,
            packed: &agreement.setpoints,
        };
        let message = commit(&mut work, deps.querier, &member, &schedule)?;
        response = response.add_messages(message);
    }
    let response = response
        .add_attribute(ACTION, "agreement_proposed")
        .add_attribute("agreement", number.to_string())
        .add_attribute("programme", programme.to_string())
        .add_attribute("account", member.account)
        .add_attribute("signed_ahead", signed.to_string());
    Ok(work.finish(response))
}

fn store(work: &mut Work, account: &Addr, agreement: &Agreement) -> Result<u64, ContractError> {
    let next = work.status.agreements.checked_add(1);
    let number = next.ok_or(overflow("agreements"))?;
    work.status.agreements = number;
    AGREEMENTS.save(work.storage, number, agreement)?;
    let key = (agreement.account, number);
    ACCOUNT_AGREEMENTS.save(work.storage, key, &Empty {})?;
    work.announce(events::agreement_proposed(number, account, agreement));
    Ok(number)
}

fn check(config: &ConfigResponse, proposal: &AgreementProposal) -> Result<(), ContractError> {
    let most = config.limits.energy.u64();
    within("proposal.export", proposal.export.u64(), 0, most)?;
    within("proposal.import", proposal.import.u64(), 0, most)?;
    let (rate, price) = (proposal.rate.i64(), config.limits.price.u64());
    if rate.unsigned_abs() > price {
        let expected = format!("at most {price} either way");
        return Err(invalid("proposal.rate", &rate, expected));
    }
    Ok(())
}

/// Last interval of the term, which the first programme must lie in.
fn last_interval(config: &ConfigResponse, terms: &Terms, term: Term) -> Result<u32, ContractError> {
    let length = config.day_intervals.saturating_mul(term.days());
    let last = terms.first.saturating_add(length.saturating_sub(1));
    check_interval(terms.last(), terms.first, last)?;
    Ok(last)
}

/// Whether the preferences sign an agreement for a day: setpoints within windows, limits and energy,
/// rate not below the floor or above the ceiling.
fn signed_ahead(
    storage: &dyn Storage,
    programme: u32,
    member: &Member,
    terms: &Terms,
    proposal: &AgreementProposal,
    setpoints: &[i64],
) -> Result<bool, ContractError> {
    let key = (programme, member.id);
    let found = PREFERENCES.may_load(storage, key)?;
    let Some(submitted) = found.filter(|_| proposal.term == Term::Day) else {
        return Ok(false);
    };
    let wanted = &submitted.preferences;
    let used = USED.may_load(storage, key)?.unwrap_or_default();
    let rows = (terms.first..)
        .zip(setpoints)
        .filter(|(_, energy)| **energy != 0);
    let mut sum = used;
    for (interval, energy) in rows {
        let price = proposal.rate.i64();
        let fits = preferences::check_energy(wanted, &member.account, interval, *energy).is_ok();
        if !fits || !wanted.content_with(*energy, price, 0) {
            return Ok(false);
        }
        sum = sum.saturating_add(energy.unsigned_abs());
    }
    Ok(sum <= wanted.energy.u64())
}
