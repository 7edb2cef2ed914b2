//! Schedule contracts whose commitments count.

use cosmwasm_std::{Addr, DepsMut, MessageInfo, Response, Storage};
use gridweave_types::address::parse;
use gridweave_types::billing::{MAX_SOURCES, SourceKind};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::invalid;

use crate::authority::require_operator;
use crate::error::ContractError;
use crate::state::{CONFIG, SOURCES, Source};

/// Registers a source, or takes a removed one back under its old number.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidAddress`],
/// [`ContractError::SourceExists`], [`ContractError::InvalidParameter`] when there are too many.
pub fn register(
    deps: DepsMut,
    info: MessageInfo,
    contract: &str,
    kind: SourceKind,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    let contract = parse(deps.api, "contract", contract)?;
    let mut sources = SOURCES.load(deps.storage)?;
    let known = sources
        .iter()
        .position(|source| source.contract == contract);
    let index = known.unwrap_or(sources.len());
    if sources.get(index).is_some_and(|source| source.active) {
        return Err(ContractError::SourceExists { contract });
    }
    if index >= MAX_SOURCES as usize {
        let expected = format!("at most {MAX_SOURCES}");
        return Err(invalid("number of sources", &(index + 1), &expected));
    }
    let source = Source {
        contract: contract.clone(),
        kind,
        active: true,
    };
    match sources.get_mut(index) {
        Some(known) => *known = source,
        None => sources.push(source),
    }
    SOURCES.save(deps.storage, &sources)?;
    Ok(Response::new()
        .add_attribute(ACTION, "source_registered")
        .add_attribute("contract", contract)
        .add_attribute("index", index.to_string())
        .add_attribute("kind", format!("{kind:?}").to_lowercase()))
}

/// Takes no more commitments from a source; what it has recorded stays.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidAddress`],
/// [`ContractError::NotASource`].
pub fn remove(deps: DepsMut, info: MessageInfo, contract: &str) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    let contract = parse(deps.api, "contract", contract)?;
    let mut sources = SOURCES.load(deps.storage)?;
    let mut active = sources.iter_mut().filter(|source| source.active);
    let Some(source) = active.find(|source| source.contract == contract) else {
        return Err(ContractError::NotASource {
            contract,
            expected: "any kind",
        });
    };
    source.active = false;
    SOURCES.save(deps.storage, &sources)?;
    Ok(Response::new()
        .add_attribute(ACTION, "source_removed")
        .add_attribute("contract", contract))
}

/// Number of an active source of sessions.
///
/// # Errors
/// [`ContractError::NotASource`].
pub fn sessions(storage: &dyn Storage, contract: &Addr) -> Result<u32, ContractError> {
    let found = find(storage, contract, |kind| kind == SourceKind::Sessions)?;
    found
        .map(|(index, _)| index)
        .ok_or_else(|| ContractError::NotASource {
            contract: contract.clone(),
            expected: "sessions",
        })
}

/// Number of an active source that records commitments itself, and whether these add.
///
/// # Errors
/// [`ContractError::NotASource`].
pub fn recorder(storage: &dyn Storage, contract: &Addr) -> Result<(u32, bool), ContractError> {
    let found = find(storage, contract, |kind| kind != SourceKind::Sessions)?;
    found
        .map(|(index, kind)| (index, kind == SourceKind::Additions))
        .ok_or_else(|| ContractError::NotASource {
            contract: contract.clone(),
            expected: "recorded commitments",
        })
}

fn find(
    storage: &dyn Storage,
    contract: &Addr,
    fits: impl Fn(SourceKind) -> bool,
) -> Result<Option<(u32, SourceKind)>, ContractError> {
    let sources = SOURCES.load(storage)?;
    let mut active = sources.iter().zip(0..).filter(|(source, _)| source.active);
    let found = active.find(|(source, _)| source.contract == *contract && fits(source.kind));
    Ok(found.map(|(source, index)| (index, source.kind)))
}
