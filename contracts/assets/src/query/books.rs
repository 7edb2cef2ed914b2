//! Queries about totals and markets.

use cosmwasm_std::{Deps, Order, StdResult};
use gridweave_types::assets::{BooksResponse, MAX_MARKETS, MarketResponse, MarketsResponse};

use crate::error::ContractError;
use crate::state::{BOOKS, BOOKS_KEY, MARKET_ADDRESSES, MARKETS};

/// Totals of all books.
///
/// # Errors
/// Only those of storage.
pub fn books(deps: Deps) -> Result<BooksResponse, ContractError> {
    let books = BOOKS.may_load(deps.storage, BOOKS_KEY)?.unwrap_or_default();
    Ok(BooksResponse {
        paid_in: books.paid_in.into(),
        paid_out: books.paid_out.into(),
        free: books.free.into(),
        locked: books.locked.into(),
        deposited: books.deposited.into(),
        issued: books.issued.into(),
        holders: books.holders,
        classes: books.classes,
    })
}

/// All markets.
///
/// # Errors
/// Only those of storage.
pub fn markets(deps: Deps) -> Result<MarketsResponse, ContractError> {
    let markets = MARKET_ADDRESSES
        .range(deps.storage, None, None, Order::Ascending)
        .take(MAX_MARKETS as usize)
        .map(|row| {
            let (index, market) = row?;
            let record = MARKETS.may_load(deps.storage, index)?.unwrap_or_default();
            Ok(MarketResponse {
                market,
                index,
                active: record.active,
                locks: record.locks.into(),
            })
        });
    Ok(MarketsResponse {
        markets: markets.collect::<StdResult<_>>()?,
    })
}
