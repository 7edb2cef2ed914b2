//! `CancelOffer`.

use cosmwasm_std::{DepsMut, Empty, MessageInfo, Response};
use gridweave_types::event::ACTION;
use gridweave_types::grid::Unauthorized;

use crate::book::Offers;
use crate::error::ContractError;
use crate::state::{ENDS, OWNERS, Status, offer_state};

/// Lets an offer end with the round. Until then it may trade, so that solutions on their way stay
/// feasible; when the round ends and the candidate uses the offer, the cancellation is void.
///
/// # Errors
/// [`ContractError::NoOffer`], [`ContractError::Unauthorized`],
/// [`ContractError::AlreadyCancelled`].
pub fn cancel(deps: DepsMut, info: &MessageInfo, offer: u32) -> Result<Response, ContractError> {
    let owner = OWNERS.may_load(deps.storage, offer)?;
    let owner = owner.ok_or(ContractError::NoOffer { offer })?;
    if owner != info.sender {
        let expected = format!("the owner of offer {offer}");
        return Err(Unauthorized::of(&info.sender, expected).into());
    }
    let status = Status::load(deps.storage)?;
    let mut offers = Offers::default();
    let mut record = offers.get(deps.storage, offer)?;
    if record.state == offer_state::CLOSING {
        return Err(ContractError::AlreadyCancelled { offer });
    }
    ENDS.remove(deps.storage, (record.end, offer));
    record.state = offer_state::CLOSING;
    record.end = record.end.min(status.next);
    let end = record.end;
    ENDS.save(deps.storage, (end, offer), &Empty {})?;
    offers.set(deps.storage, offer, record)?;
    offers.write(deps.storage)?;
    Ok(Response::new()
        .add_attribute(ACTION, "offer_cancelled")
        .add_attribute("offer", offer.to_string())
        .add_attribute("owner", owner)
        .add_attribute("round", end.to_string()))
}
