//! What the contracts refuse is refused for good, and holds nobody else up.

mod common;

use common::{World, accounts, class, request};
use cosmwasm_std::Uint64;
use gridweave_chain::Chain;
use gridweave_dso::{Dso, State};
use gridweave_types::assets::{ExecuteMsg, Side};

/// Energy of each withdrawal (Wh), money of each that buys (µ) and what the purse holds.
const ENERGY: u64 = 3_000;
const MONEY: u128 = 600_000;
const PURSE: u128 = 1_000_000;

/// Nobody may get permits on `feeder` any more.
async fn close(world: &World, feeder: u32) {
    let limit = ExecuteMsg::SetIssueLimit {
        feeder,
        limit: Some(Uint64::zero()),
    };
    let assets = &world.contracts.market().unwrap().assets;
    let set = world.chain.execute(&world.operator, assets, &limit);
    set.await.unwrap();
}

async fn ask<C: Chain>(world: &World, dso: &Dso<C>, side: Side) -> i64 {
    let account = match side {
        Side::Sell => &accounts()[0],
        Side::Buy => &accounts()[1],
    };
    let holder = world.holder(&format!("{side:?}")).await;
    let request = request(&holder, class(side, "6"), ENERGY, "6");
    let record = dso.request(account, &request).await.unwrap();
    assert_eq!(record.state, State::Requested, "{record:?}");
    record.id
}

#[tokio::test]
async fn a_refused_withdrawal_fails_once_and_the_others_are_issued() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let dso = world.dso(&folder.path().join("ledger.sqlite")).await;
    let buyer = &accounts()[1];
    dso.raise_purse(buyer, PURSE).unwrap();
    let sold = ask(&world, &dso, Side::Sell).await;
    let bought = ask(&world, &dso, Side::Buy).await;
    assert_eq!(dso.ledger().purse(buyer).unwrap(), PURSE - MONEY);
    close(&world, 2).await;
    assert_eq!(dso.issue_batch().await.unwrap(), 1);
    let states = [sold, bought].map(|id| dso.ledger().withdrawal(id).unwrap().unwrap());
    assert_eq!(states[0].state, State::Issued);
    assert_eq!(states[1].state, State::Failed);
    let reason = states[1].reason.as_deref().unwrap();
    assert!(reason.contains("limit"), "{reason}");
    assert_eq!(dso.ledger().purse(buyer).unwrap(), PURSE);
    assert!(dso.ledger().requested().unwrap().is_empty());
}
