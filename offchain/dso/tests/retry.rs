//! A payment that could not be received is tried again, when its time has come and not before.

mod common;

use common::{INTERVAL, World, account_of, class, key, policy, request};
use cosmwasm_std::Uint128;
use gridweave_chain::Chain;
use gridweave_dso::{Participant, Policy};
use gridweave_types::assets::{Credit, ExecuteMsg, Side};
use gridweave_types::billing::{AccountResponse, QueryMsg};
use gridweave_types::grid::{AccountInput, ExecuteMsg as Grid, Role};

/// Energy of the withdrawal (Wh) and the money that goes with it (µ).
const ENERGY: u64 = 3_000;
const MONEY: u128 = 600_000;
/// Chain seconds between tries.
const RETRY: u64 = 20 * INTERVAL;

/// Registers `account` in `grid`, without which `billing` takes no money for it.
async fn register(world: &World, account: &str) {
    let account = AccountInput {
        address: account.into(),
        feeder: 2,
        bus: 0,
        role: Role::Prosumer,
        meter_key: None,
    };
    let register = Grid::RegisterAccounts {
        accounts: vec![account],
    };
    let grid = &world.contracts.grid;
    let sent = world.chain.execute(&world.operator, grid, &register).await;
    sent.unwrap();
}

async fn held(world: &World, account: &str) -> u128 {
    let query = QueryMsg::Account {
        account: account.into(),
    };
    let found: AccountResponse = world
        .chain
        .query(&world.contracts.billing, &query)
        .await
        .unwrap();
    found.balance.u128() + found.collateral.u128()
}

#[tokio::test]
async fn a_payment_that_came_back_is_made_when_it_can_be_received() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let policy = Policy {
        retry_seconds: RETRY,
        ..policy()
    };
    let path = folder.path().join("ledger.sqlite");
    let dso = world.dso_with(&path, policy).await;
    let account = account_of(&key(9));
    dso.enrol(&Participant {
        account: account.clone(),
        name: "newcomer".into(),
        feeder: 2,
        sell_limit: 0,
        buy_limit: ENERGY,
    })
    .unwrap();
    dso.raise_purse(&account, MONEY).unwrap();
    let holder = world.holder("lamp").await;
    let wish = request(&holder, class(Side::Buy, "6"), ENERGY, "a");
    dso.request(&account, &wish).await.unwrap();
    assert_eq!(dso.issue_batch().await.unwrap(), 1);
    let back = ExecuteMsg::DepositFinancial {
        amount: Uint128::new(MONEY),
        credit: Credit::Account,
    };
    let assets = &world.contracts.market().unwrap().assets;
    world.chain.execute(&holder, assets, &back).await.unwrap();

    dso.follow_deposits().await.unwrap();
    let waiting: u128 = dso.ledger().unpaid().unwrap().values().sum();
    assert_eq!(waiting, MONEY);
    let now = world.chain.time().await.unwrap();
    world
        .chain
        .advance_block(RETRY - now % RETRY)
        .await
        .unwrap();
    assert_eq!(dso.pay_out().await.unwrap(), 1, "it is sent");
    assert!(dso.ledger().unpaid().unwrap().is_empty());
    register(&world, &account).await;
    assert_eq!(dso.pay_out().await.unwrap(), 0, "it is not time yet");
    world.chain.advance_block(RETRY).await.unwrap();
    assert_eq!(dso.pay_out().await.unwrap(), 1);
    assert_eq!(held(&world, &account).await, MONEY);
    world.chain.advance_block(RETRY).await.unwrap();
    assert_eq!(dso.pay_out().await.unwrap(), 0, "once");
}
