//! Homes that trade through the counter, restarted at every turn.

mod common;

use std::collections::BTreeSet;

use common::{INTERVAL, PRICE, World, accounts, class, key, policy};
use gridweave_agents::market::trader::Plan;
use gridweave_chain::Chain;
use gridweave_dso::home::{Home, HomeOffer, HomePlan, HomeTerms, Standing};
use gridweave_dso::{Deadline, Policy};
use gridweave_types::assets::{
    BooksResponse, ClaimClass, Credit, DeliveryResponse, QueryMsg, Side,
};

/// What is traded in intervals 1 to 3 (Wh).
const ENERGIES: [u64; 3] = [1_000, 2_000, 1_500];
/// Chain seconds per block.
const BLOCK: u64 = 60;
/// Claims are handed back so soon (chain seconds).
const WINDOW: u64 = 300;

fn plan(side: Side) -> HomePlan {
    let offers = (1..).zip(ENERGIES).map(|(interval, energy)| HomeOffer {
        round: interval - 1,
        plan: Plan {
            class: class(side, &format!("{interval}-{}", interval + 1)),
            energy,
            price: PRICE,
        },
    });
    HomePlan::new(offers)
}

/// A home whose process has just started.
async fn home(world: &World, side: Side) -> Home {
    let (account, secret) = match side {
        Side::Sell => (&accounts()[0], 17),
        Side::Buy => (&accounts()[1], 18),
    };
    let terms = HomeTerms {
        account: account.clone(),
        secret: key(secret),
        deposit_window: WINDOW,
        credit: Credit::Account,
        first_interval: 0,
    };
    let market = world.contracts.market().unwrap();
    Home::new(&world.chain, market, terms, plan(side))
        .await
        .unwrap()
}

#[tokio::test]
async fn homes_trade_and_hand_everything_back_although_they_remember_nothing() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let patient = Policy {
        deadline: Deadline::End,
        call_in_seconds: INTERVAL / 3,
        ..policy()
    };
    let dso = world
        .dso_with(&folder.path().join("ledger.sqlite"), patient)
        .await;
    let [seller, buyer] = accounts();
    dso.raise_purse(&buyer, 10_000_000).unwrap();
    let keeper = world.chain.signer("keeper").await.unwrap();
    let market = world.contracts.market().unwrap();
    let mut over = [false; 2];
    let mut total = Standing::default();
    let blocks = 8 * INTERVAL / BLOCK;
    for block in 0..blocks {
        for (over, side) in over.iter_mut().zip([Side::Sell, Side::Buy]) {
            let standing = home(&world, side)
                .await
                .turn(&world.chain, &dso)
                .await
                .unwrap();
            total.posted += standing.posted;
            total.deposited += standing.deposited;
            total.returned += standing.returned;
            *over = standing.over;
        }
        if block % 3 == 0 {
            dso.round().await.unwrap();
        }
        if block % (INTERVAL / BLOCK) == 7 {
            world.solve().await;
        }
        world.chain.advance_block(BLOCK).await.unwrap();
        gridweave_agents::market::keeper::finalize(&world.chain, &keeper, &market.market)
            .await
            .unwrap();
    }
    dso.round().await.unwrap();
    assert_eq!(over, [true; 2]);
    assert_eq!(total.posted, 6, "each offer once");
    let energy: u64 = ENERGIES.iter().sum();
    let books: BooksResponse = world
        .chain
        .query(&market.assets, &QueryMsg::Books {})
        .await
        .unwrap();
    let paid = u128::from(energy) * u128::from(PRICE) / 1_000;
    assert_eq!((books.paid_in.u128(), books.paid_out.u128()), (paid, paid));
    assert_eq!(total.returned, paid);
    let (mut traded, mut credited) = (0, 0);
    for interval in 1..5 {
        for (side, feeder, account) in [(Side::Sell, 1, &seller), (Side::Buy, 2, &buyer)] {
            let class = ClaimClass {
                side,
                feeder,
                interval,
            };
            let query = QueryMsg::Delivery { class };
            let delivery: DeliveryResponse =
                world.chain.query(&market.assets, &query).await.unwrap();
            traded += delivery.traded.u64();
            credited += delivery.credited.u64();
            let known = dso.ledger().credited(account, side, interval).unwrap();
            assert_eq!(known, delivery.credited.u64());
        }
    }
    assert_eq!((traded, credited), (2 * energy, 2 * energy));
    let holders: BTreeSet<String> = (1..=3)
        .flat_map(|interval| dso.ledger().holders_at(Side::Sell, interval).unwrap())
        .collect();
    assert_eq!(holders.len(), ENERGIES.len(), "a key for every period");
}
