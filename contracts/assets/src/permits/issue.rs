//! `IssuePermits`: the paper's `addEnergy`.

use std::collections::BTreeMap;

use cosmwasm_std::{DepsMut, Env, MessageInfo, QuerierWrapper, Response};
use gridweave_types::address::parse;
use gridweave_types::assets::{MAX_ENTRIES, PermitClass, PermitEntry};
use gridweave_types::parameter::invalid;

use crate::authority::{require_feeder, require_operator};
use crate::error::{ContractError, check_rows};
use crate::events::{asset_added, done};
use crate::ledger::{add, give_permit};
use crate::state::LIMITS;
use crate::tally::{self, Place};
use crate::work::Work;

/// Limits of the feeders that were asked about.
type Limits = BTreeMap<u32, Option<u64>>;

/// Issues all permits or none.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`],
/// [`ContractError::InvalidAddress`], [`ContractError::UnknownFeeder`],
/// [`ContractError::Expired`], [`ContractError::IssueLimit`], [`ContractError::Overflow`].
pub fn issue(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    entries: &[PermitEntry],
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage, &env)?;
    require_operator(deps.querier, &work.config, &info.sender)?;
    check_rows("number of entries", entries.len(), MAX_ENTRIES)?;
    let mut limits = Limits::new();
    let mut total = 0;
    for entry in entries {
        let (class, energy) = (&entry.class, entry.energy.u64());
        let holder = parse(deps.api, "entries.holder", &entry.holder)?;
        let limit = check(&work, deps.querier, &mut limits, class, energy)?;
        let place = Place {
            feeder: class.feeder,
            side: class.side,
        };
        tally::raise(&mut work, place, class.intervals, energy, limit)?;
        // All energy that is ever about is counted here, so that no other sum can overflow.
        add(&mut work.books.issued, energy, "issued energy")?;
        add(&mut total, energy, "issued energy")?;
        let holder_id = work.holder_or_new(&holder)?;
        let class_id = work.class_id_or_new(class)?;
        give_permit(&mut work, holder_id, class_id, energy)?;
        add(&mut work.class(class_id)?.issued, energy, "issued energy")?;
        work.announce(asset_added(&holder, class, energy));
    }
    let response = done("permits_issued")
        .add_attribute("entries", entries.len().to_string())
        .add_attribute("energy", total.to_string());
    Ok(work.finish(response))
}

/// The limit of the class's feeder, when the permit may be issued as far as it alone tells.
fn check(
    work: &Work,
    querier: QuerierWrapper,
    limits: &mut Limits,
    class: &PermitClass,
    energy: u64,
) -> Result<Option<u64>, ContractError> {
    if energy == 0 {
        return Err(invalid("entries.energy", &energy, "above 0"));
    }
    let (begins, begun) = work.begin_of(class.intervals.last());
    if begun {
        return Err(ContractError::Expired {
            class: *class,
            begins,
            now: work.now,
        });
    }
    if let Some(limit) = limits.get(&class.feeder) {
        return Ok(*limit);
    }
    require_feeder(querier, &work.config, class.feeder)?;
    let limit = LIMITS.may_load(work.storage, class.feeder)?;
    limits.insert(class.feeder, limit);
    Ok(limit)
}
