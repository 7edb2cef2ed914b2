//! Paging: complete, in order, clamped.

use cosmwasm_std::{Addr, StdResult};
use gridweave_grid::ContractError;
use gridweave_testkit::fixtures::{chain, feeder, prosumer};
use gridweave_testkit::{Suite, assert_refused};
use gridweave_types::page::{DEFAULT_LIMIT, MAX_LIMIT};

/// Feeder 1 with 130 branches, feeder 2 with one, 120 homes of which every third on feeder 2.
fn suite() -> StdResult<Suite> {
    let mut suite = Suite::new();
    suite.feeder_with_buses(1, 130);
    suite.feeder_with_buses(2, 1);
    let homes = (0..120)
        .map(|number| {
            let on = if number % 3 == 0 { 2 } else { 1 };
            prosumer(&suite.address(&format!("home {number}")), on, 2)
        })
        .collect();
    suite.register_accounts(homes)?;
    Ok(suite)
}

#[test]
fn branches_page_in_order_of_arrival() -> StdResult<()> {
    let suite = suite()?;
    let mut all = Vec::new();
    loop {
        let page = suite.branches(1, Some(all.len() as u32), Some(47))?;
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    assert_eq!(all, chain(130));
    assert!(suite.branches(1, Some(130), None)?.is_empty());
    assert!(suite.branches(1, Some(u32::MAX), None)?.is_empty());
    Ok(())
}

#[test]
fn feeders_page_by_number() -> StdResult<()> {
    let mut suite = Suite::new();
    for id in [40, 7, u32::MAX, 0] {
        suite.add_feeder(feeder(id))?;
    }
    let ids = |start, limit| -> StdResult<Vec<u32>> {
        let page = suite.feeders(start, limit)?;
        Ok(page.into_iter().map(|feeder| feeder.id).collect())
    };
    assert_eq!(ids(None, None)?, [0, 7, 40, u32::MAX]);
    assert_eq!(ids(Some(7), Some(1))?, [40]);
    assert_eq!(ids(Some(8), None)?, [40, u32::MAX]);
    assert_eq!(ids(Some(u32::MAX), None)?, [0; 0]);
    assert_eq!(ids(None, Some(0))?, [0; 0]);
    Ok(())
}

#[test]
fn accounts_page_by_address() -> StdResult<()> {
    let suite = suite()?;
    let mut all: Vec<Addr> = Vec::new();
    loop {
        let page = suite.accounts(all.last(), Some(50))?;
        if page.is_empty() {
            break;
        }
        all.extend(page.into_iter().map(|account| account.address));
    }
    assert_eq!(all.len(), 120);
    assert!(all.is_sorted_by(|a, b| a < b));
    Ok(())
}

#[test]
fn accounts_of_a_feeder_page_by_address() -> StdResult<()> {
    let suite = suite()?;
    let first = suite.feeder_accounts(2, None, Some(25))?;
    let last = first.last().map(|account| &account.address);
    let rest = suite.feeder_accounts(2, last, None)?;
    assert_eq!((first.len(), rest.len()), (25, 15));
    let all: Vec<_> = first.iter().chain(&rest).collect();
    assert!(all.iter().all(|account| account.feeder == 2));
    assert!(all.is_sorted_by(|a, b| a.address < b.address));
    Ok(())
}

#[test]
fn pages_are_clamped() -> StdResult<()> {
    let suite = suite()?;
    for (limit, items) in [(None, DEFAULT_LIMIT), (Some(u32::MAX), MAX_LIMIT)] {
        assert_eq!(suite.branches(1, None, limit)?.len(), items as usize);
        assert_eq!(suite.accounts(None, limit)?.len(), items as usize);
    }
    assert_eq!(suite.feeder_accounts(1, None, Some(u32::MAX))?.len(), 80);
    Ok(())
}

#[test]
fn a_page_may_start_after_an_address_that_is_gone() -> StdResult<()> {
    let mut suite = suite()?;
    let page = suite.accounts(None, Some(2))?;
    let (gone, next) = (&page[0].address, &page[1].address);
    suite.remove_account(gone)?;
    assert_eq!(&suite.accounts(Some(gone), Some(1))?[0].address, next);
    Ok(())
}

#[test]
fn unknown_feeders_and_accounts_are_errors() {
    let suite = Suite::new();
    let no_feeder = ContractError::FeederNotFound { feeder: 5 };
    assert_refused(suite.feeder(5), &no_feeder);
    assert_refused(suite.branches(5, None, None), &no_feeder);
    assert_refused(suite.feeder_accounts(5, None, None), &no_feeder);
    let stranger = suite.address("stranger");
    let no_account = ContractError::AccountNotFound {
        address: stranger.clone(),
    };
    assert_refused(suite.account(&stranger), &no_account);
}
