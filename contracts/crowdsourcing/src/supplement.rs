//! `Supplement`, line 10 of algorithm 1: generators in the place of what the crowd did not accept.

use cosmwasm_std::{DepsMut, Env, MessageInfo, QuerierWrapper, Response};
use gridweave_types::address::parse;
use gridweave_types::billing::CommitmentInput;
use gridweave_types::crowdsourcing::{MAX_TASKS, SupplementInput, Terms};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::{invalid, within};

use crate::authority::{register, require_operator};
use crate::billing;
use crate::enrolment::{self, Member};
use crate::error::{ContractError, overflow};
use crate::events;
use crate::preferences;
use crate::programme::{check_running, load};
use crate::state::{BOOKINGS, SumsRecord};
use crate::work::{Place, Work};

/// Commits generators within their preferences, which sign for them: availability, limit of the
/// interval beyond what they have promised already, energy, floor price. `billing` pays them out of
/// the grid account, at a price within the programme's bound; the crowd's budget pays nothing.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`], [`ContractError::Missing`],
/// [`ContractError::NotEnrolled`], [`ContractError::NotRegistered`], [`ContractError::OutsideTerm`],
/// [`ContractError::TooEarly`], [`ContractError::TooLate`], [`ContractError::OutsidePreferences`],
/// [`ContractError::Suspended`]; unknown feeders.
pub fn supplement(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    programme: u32,
    supplements: &[SupplementInput],
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage)?;
    require_operator(deps.querier, &work.config, &info.sender)?;
    within("number of supplements", supplements.len(), 1, MAX_TASKS)?;
    let terms = load(work.storage, programme)?.terms;
    let mut rows = Vec::new();
    for input in supplements {
        check(&work, &terms, input)?;
        check_running(&work.config, &terms, input.interval, env, "supplements")?;
        register(deps.querier, &work.config).feeder(input.feeder)?;
        let account = parse(deps.api, "supplements.account", &input.account)?;
        let who = enrolment::GENERATOR;
        let member = enrolment::require(work.storage, deps.querier, &work.config, &account, who)?;
        rows.push(add(&mut work, deps.querier, programme, &member, input)?);
    }
    let response = Response::new()
        .add_attribute(ACTION, "supplemented")
        .add_attribute("programme", programme.to_string())
        .add_attribute("supplements", supplements.len().to_string())
        .add_message(billing::record(&work.config, rows)?);
    Ok(work.finish(response))
}

fn check(work: &Work, terms: &Terms, input: &SupplementInput) -> Result<(), ContractError> {
    let limits = &work.config.limits;
    let energy = input.energy.i64().unsigned_abs();
    within("supplements.energy", energy, 1, limits.energy.u64())?;
    let (price, least) = (input.price.i64(), -i128::from(limits.price.u64()));
    let most = terms.supplement_price.u64();
    if i128::from(price) < least || i128::from(price) > i128::from(most) {
        let expected = format!("{least} to {most}");
        return Err(invalid("supplements.price", &price, expected));
    }
    Ok(())
}

fn add(
    work: &mut Work,
    querier: QuerierWrapper,
    programme: u32,
    member: &Member,
    input: &SupplementInput,
) -> Result<CommitmentInput, ContractError> {
    let (account, interval) = (&member.account, input.interval);
    let (energy, price) = (input.energy.i64(), input.price.i64());
    billing::require_solvent(querier, &work.config, account)?;
    let wanted = preferences::load(work.storage, programme, member.id, account)?;
    let key = (member.id, interval);
    let mut booking = BOOKINGS.may_load(work.storage, key)?.unwrap_or_default();
    let before = booking.supplemented;
    booking.supplemented = before.checked_add(energy).ok_or(overflow("supplements"))?;
    let whole = booking.agreed.checked_add(booking.supplemented);
    let whole = whole.ok_or(overflow("supplements"))?;
    preferences::check_energy(&wanted, account, interval, whole)?;
    preferences::check_price(&wanted, (account, interval), energy, price, 0)?;
    let whose = (member.id, account, interval);
    preferences::take(work, &wanted, programme, whose, energy.unsigned_abs())?;
    BOOKINGS.save(work.storage, key, &booking);
    let place = Place {
        programme,
        feeder: input.feeder,
        interval,
    };
    let sum = &mut work.budget(place)?.supplemented;
    *sum = sum.checked_add(energy).ok_or(overflow("supplements"))?;
    let sums = SumsRecord {
        supplemented: energy,
        ..SumsRecord::default()
    };
    work.count((programme, interval), member.id, &sums)?;
    work.announce(events::supplemented(
        account,
        input.feeder,
        interval,
        energy,
        price,
    ));
    Ok(billing::commitment(account, interval, energy, price))
}
