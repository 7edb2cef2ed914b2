//! Queries.

mod accounts;
mod lines;
mod statements;

use cosmwasm_std::{Binary, Deps, to_json_binary};
use gridweave_types::address::parse;
use gridweave_types::billing::{
    BooksResponse, QueryMsg, SessionProgress, SourceResponse, SourcesResponse, TariffResponse,
};
use gridweave_types::coordinator;

use crate::error::ContractError;
use crate::state::{BOOKS, CONFIG, RECORDED, SOURCES};
use crate::tariff;
use crate::work::BOOKS_KEY;

/// Dispatches a query.
///
/// # Errors
/// Unknown accounts, lines and statements; malformed addresses.
pub fn query(deps: Deps, msg: QueryMsg) -> Result<Binary, ContractError> {
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?.terms),
        QueryMsg::Tariff { interval } => to_json_binary(&tariff_of(deps, interval)?),
        QueryMsg::Books {} => to_json_binary(&books(deps)?),
        QueryMsg::Sources {} => to_json_binary(&sources(deps)?),
        QueryMsg::Session {
            coordinator,
            session,
        } => to_json_binary(&progress(deps, &coordinator, session)?),
        QueryMsg::Account { account } => to_json_binary(&accounts::one(deps, &account)?),
        QueryMsg::Accounts { start_after, limit } => {
            to_json_binary(&accounts::page(deps, start_after.as_deref(), limit)?)
        }
        QueryMsg::Line { account, interval } => {
            to_json_binary(&lines::one(deps, &account, interval)?)
        }
        QueryMsg::Lines {
            interval,
            start_after,
            limit,
        } => to_json_binary(&lines::page(deps, interval, start_after.as_deref(), limit)?),
        QueryMsg::AccountLines {
            account,
            from,
            limit,
        } => to_json_binary(&lines::of_account(deps, &account, from, limit)?),
        QueryMsg::Corrections { account, interval } => {
            to_json_binary(&lines::corrections(deps, &account, interval)?)
        }
        QueryMsg::Interval { interval } => to_json_binary(&lines::interval(deps, interval)?),
        QueryMsg::Period { period } => to_json_binary(&statements::period(deps, period)?),
        QueryMsg::Statement { account, period } => {
            to_json_binary(&statements::one(deps, &account, period)?)
        }
        QueryMsg::Statements {
            period,
            start_after,
            limit,
        } => to_json_binary(&statements::page(
            deps,
            period,
            start_after.as_deref(),
            limit,
        )?),
    };
    Ok(answer?)
}

fn tariff_of(deps: Deps, interval: u32) -> Result<TariffResponse, ContractError> {
    let (from, tariff) = tariff::at(deps.storage, interval)?;
    Ok(TariffResponse { from, tariff })
}

fn books(deps: Deps) -> Result<BooksResponse, ContractError> {
    let books = BOOKS.may_load(deps.storage, BOOKS_KEY)?.unwrap_or_default();
    let pool = books.pool();
    let reserve = pool.reserve();
    Ok(BooksResponse {
        deposited: books.deposited.into(),
        withdrawn: books.withdrawn.into(),
        balances: books.balances.into(),
        collateral: books.collateral.into(),
        grid: (pool.cash - reserve).into(),
        reserve: reserve.into(),
        dust: pool.dust.into(),
        receivables: books.receivables.into(),
        arrears: books.arrears.into(),
        accounts: books.accounts,
    })
}

fn sources(deps: Deps) -> Result<SourcesResponse, ContractError> {
    let sources = SOURCES.load(deps.storage)?;
    let shown = sources.into_iter().zip(0..);
    Ok(SourcesResponse {
        sources: shown
            .map(|(source, index)| SourceResponse {
                contract: source.contract,
                index,
                kind: source.kind,
                active: source.active,
            })
            .collect(),
    })
}

fn progress(deps: Deps, coordinator: &str, session: u64) -> Result<SessionProgress, ContractError> {
    let contract = parse(deps.api, "coordinator", coordinator)?;
    let sources = SOURCES.load(deps.storage)?;
    let index = sources
        .iter()
        .position(|source| source.contract == contract);
    let Some(index) = index else {
        return Err(ContractError::NotASource {
            contract,
            expected: "sessions",
        });
    };
    let recorded = RECORDED
        .may_load(deps.storage, (index as u32, session))?
        .unwrap_or_default();
    let question = coordinator::QueryMsg::Session { session };
    let status: coordinator::SessionResponse =
        deps.querier.query_wasm_smart(&contract, &question)?;
    Ok(SessionProgress {
        recorded,
        complete: recorded >= status.participants,
    })
}
