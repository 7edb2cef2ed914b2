//! `SetIssueLimit`.

use cosmwasm_std::{DepsMut, MessageInfo, Response, Uint64};

use crate::authority::{require_feeder, require_operator};
use crate::error::ContractError;
use crate::events::done;
use crate::state::{CONFIG, LIMITS};

/// Sets or lifts the limit of permits per interval on each side of a feeder. Permits already issued
/// beyond a new limit stay; no more are issued.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::UnknownFeeder`].
pub fn set_limit(
    deps: DepsMut,
    info: MessageInfo,
    feeder: u32,
    limit: Option<Uint64>,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    require_feeder(deps.querier, &config, feeder)?;
    match limit {
        Some(limit) => LIMITS.save(deps.storage, feeder, &limit.u64()),
        None => LIMITS.remove(deps.storage, feeder),
    }
    let shown = limit.map_or_else(|| "none".into(), |limit| limit.to_string());
    Ok(done("issue_limit_set")
        .add_attribute("feeder", feeder.to_string())
        .add_attribute("limit", shown))
}
