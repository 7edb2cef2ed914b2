//! `AddGroups` and `ExtendGroup`.

use cosmwasm_std::{DepsMut, MessageInfo, Response, Storage};
use gridweave_types::coordinator::{
    GroupInput, MAX_MEMBERSHIPS, MAX_PAYLOAD, MAX_ROWS, Mode, Projection,
};
use gridweave_types::event::ACTION;

use super::authorize;
use crate::consensus::{self, GROUPS};
use crate::error::ContractError;
use crate::state::{Group, STATUS, SessionId, Status, load_session, load_setup};

/// Adds groups; their indices continue the count.
///
/// # Errors
/// Senders other than the operator, sessions past setup or in another mode, bad members or sizes.
pub fn add_groups(
    deps: DepsMut,
    info: MessageInfo,
    session: SessionId,
    groups: Vec<GroupInput>,
) -> Result<Response, ContractError> {
    authorize(deps.as_ref(), &info)?;
    let mut status = load_consensus_setup(deps.storage, session)?;
    let added = groups.len();
    if added == 0 || added > MAX_ROWS {
        return Err(ContractError::parameter("groups", added, "1 to 50 rows"));
    }
    for input in groups {
        check_group(&input)?;
        let index = status.groups;
        let mut group = Group {
            size: input.size,
            projection: input.projection,
            members: 0,
        };
        join_all(
            deps.storage,
            &mut status,
            (session, index),
            &mut group,
            &input.members,
        )?;
        status.groups += 1;
    }
    STATUS.save(deps.storage, session, &status)?;
    Ok(response(session, added, status.groups))
}

/// Adds members to a group.
///
/// # Errors
/// As [`add_groups`]; `Opposite` groups cannot grow.
pub fn extend_group(
    deps: DepsMut,
    info: MessageInfo,
    session: SessionId,
    group: u32,
    members: Vec<u32>,
) -> Result<Response, ContractError> {
    authorize(deps.as_ref(), &info)?;
    let mut status = load_consensus_setup(deps.storage, session)?;
    let mut stored = GROUPS
        .may_load(deps.storage, (session, group))?
        .ok_or_else(|| ContractError::parameter("group", group, "the index of a group"))?;
    if stored.projection == Projection::Opposite {
        return Err(ContractError::parameter(
            "group",
            group,
            "not an Opposite group",
        ));
    }
    check_count(&members, 1)?;
    join_all(
        deps.storage,
        &mut status,
        (session, group),
        &mut stored,
        &members,
    )?;
    STATUS.save(deps.storage, session, &status)?;
    Ok(response(session, members.len(), status.groups))
}

fn join_all(
    storage: &mut dyn Storage,
    status: &mut Status,
    key: (SessionId, u32),
    group: &mut Group,
    members: &[u32],
) -> Result<(), ContractError> {
    for &participant in members {
        consensus::join(storage, key, group, participant)?;
        status.uncoupled -= group.size;
    }
    GROUPS.save(storage, key, group)?;
    Ok(())
}

fn load_consensus_setup(
    storage: &dyn Storage,
    session: SessionId,
) -> Result<Status, ContractError> {
    let status = load_setup(storage, session)?;
    match load_session(storage, session)?.config.mode {
        Mode::Consensus(_) => Ok(status),
        Mode::Exchange(_) | Mode::Pool(_) => Err(ContractError::WrongMode {
            session,
            expected: "consensus",
        }),
    }
}

fn check_group(input: &GroupInput) -> Result<(), ContractError> {
    if input.size == 0 || input.size > MAX_PAYLOAD {
        return Err(ContractError::parameter(
            "group.size",
            input.size,
            "1 to 8192",
        ));
    }
    if input.projection == Projection::Opposite && input.members.len() != 2 {
        let count = input.members.len();
        return Err(ContractError::parameter(
            "group.members",
            count,
            "exactly 2",
        ));
    }
    check_count(&input.members, 2)
}

fn check_count(members: &[u32], least: usize) -> Result<(), ContractError> {
    if (least..=MAX_MEMBERSHIPS).contains(&members.len()) {
        return Ok(());
    }
    Err(ContractError::parameter(
        "group.members",
        members.len(),
        "2 to 200 members, 1 to 200 in an extension",
    ))
}

fn response(session: SessionId, added: usize, total: u32) -> Response {
    Response::new()
        .add_attribute(ACTION, "groups_added")
        .add_attribute("session", session.to_string())
        .add_attribute("added", added.to_string())
        .add_attribute("total", total.to_string())
}
