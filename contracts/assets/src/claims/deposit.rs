//! `DepositEnergy`: the paper's `depositEnergy`.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};
use gridweave_types::address::parse;
use gridweave_types::assets::{ClaimBalance, MAX_CLAIMS, Side};
use gridweave_types::grid::Unauthorized;
use gridweave_types::parameter::invalid;

use crate::authority::require_operator;
use crate::error::{ContractError, check_rows};
use crate::events::{done, energy_deposited};
use crate::ledger::{add, take_claim};
use crate::work::Work;

/// Hands all claims over or none. A seller has been paid, so what it sold is owed: the operator may
/// call it in when the seller does not deposit it.
///
/// # Errors
/// [`ContractError::Unauthorized`] for another's claims, unless they are for sold energy and the
/// sender is the operator; [`ContractError::InvalidParameter`], [`ContractError::InvalidAddress`],
/// [`ContractError::NoHolder`], [`ContractError::InsufficientClaim`].
pub fn deposit(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    holder: Option<String>,
    claims: &[ClaimBalance],
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage, &env)?;
    let address = match &holder {
        Some(holder) => parse(deps.api, "holder", holder)?,
        None => info.sender.clone(),
    };
    if address != info.sender {
        require_operator(deps.querier, &work.config, &info.sender)?;
        require_sold(&info.sender, claims)?;
    }
    check_rows("number of claims", claims.len(), MAX_CLAIMS)?;
    let holder = (&address, work.holder(&address)?);
    for claim in claims {
        let (class, energy) = (&claim.class, claim.energy.u64());
        if energy == 0 {
            return Err(invalid("claims.energy", &energy, "above 0"));
        }
        take_claim(&mut work, holder, class, energy)?;
        let deposited = &mut work.delivery(class)?.deposited;
        add(deposited, energy, "deposited energy")?;
        work.announce(energy_deposited(&address, class, energy));
    }
    let response = done("energy_deposited")
        .add_attribute("holder", &address)
        .add_attribute("sender", &info.sender)
        .add_attribute("claims", claims.len().to_string());
    Ok(work.finish(response))
}

fn require_sold(sender: &Addr, claims: &[ClaimBalance]) -> Result<(), ContractError> {
    if claims.iter().all(|claim| claim.class.side == Side::Sell) {
        return Ok(());
    }
    Err(Unauthorized::of(sender, "the holder of the bought energy").into())
}
