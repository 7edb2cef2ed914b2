//! Homes that trade through the counter, restarted at every turn.

mod common;

use std::collections::BTreeSet;

use common::{INTERVAL, PRICE, World, accounts, class, key, policy};
use gridweave_agents::market::keeper::finalize;
use gridweave_agents::market::plan::Plan;
use gridweave_chain::Chain;
use gridweave_chain::embedded::EmbeddedChain;
use gridweave_dso::home::{Home, HomeOffer, HomePlan, HomeTerms, Slot};
use gridweave_dso::{Deadline, Dso, Policy};
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
        slot: Slot {
            round: interval - 1,
            part: 0,
        },
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
        post_window: INTERVAL / 4,
        deposit_window: Some(WINDOW),
        credit: Credit::Account,
        first_interval: 0,
    };
    let market = world.contracts.market().unwrap();
    Home::new(&world.chain, market, terms, plan(side))
        .await
        .unwrap()
}

/// What the homes have done, and whether they are through.
#[derive(Default)]
struct Day {
    over: [bool; 2],
    posted: usize,
    returned: u128,
}

impl Day {
    /// Lets time pass block by block; in each, both homes start anew.
    async fn live(&mut self, world: &World, dso: &Dso<EmbeddedChain>, blocks: u64) {
        let keeper = world.chain.signer("keeper").await.unwrap();
        let market = &world.contracts.market().unwrap().market;
        for block in 0..blocks {
            for (over, side) in self.over.iter_mut().zip([Side::Sell, Side::Buy]) {
                let turn = home(world, side).await.turn(&world.chain, dso).await;
                let standing = turn.unwrap();
                self.posted += standing.posted;
                self.returned += standing.returned;
                *over = standing.over;
            }
            if block % 3 == 0 {
                dso.round().await.unwrap();
            }
            if block % (INTERVAL / BLOCK) == 7 {
                world.solve().await;
            }
            world.chain.advance_block(BLOCK).await.unwrap();
            let finalized = finalize(&world.chain, &keeper, market).await;
            finalized.unwrap();
        }
    }
}

/// What was traded and what was credited on a side of an interval (Wh), as the chain has it and as
/// the ledger does.
async fn delivery(world: &World, dso: &Dso<EmbeddedChain>, side: Side, interval: u32) -> [u64; 2] {
    let [seller, buyer] = accounts();
    let account = match side {
        Side::Sell => seller,
        Side::Buy => buyer,
    };
    let class = ClaimClass {
        side,
        feeder: class(side, "1").feeder,
        interval,
    };
    let query = QueryMsg::Delivery { class };
    let assets = &world.contracts.market().unwrap().assets;
    let found: DeliveryResponse = world.chain.query(assets, &query).await.unwrap();
    let known = dso.ledger().credited(&account, side, interval).unwrap();
    assert_eq!(known, found.credited.u64());
    [found.traded.u64(), known]
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
    let path = folder.path().join("ledger.sqlite");
    let dso = world.dso_with(&path, patient).await;
    dso.raise_purse(&accounts()[1], 10_000_000).unwrap();
    let mut day = Day::default();
    day.live(&world, &dso, 8 * INTERVAL / BLOCK).await;
    dso.round().await.unwrap();
    assert_eq!(day.over, [true; 2]);
    assert_eq!(day.posted, 2 * ENERGIES.len(), "each offer once");
    let energy: u64 = ENERGIES.iter().sum();
    let paid = u128::from(energy) * u128::from(PRICE) / 1_000;
    assert_eq!(day.returned, paid);
    let assets = &world.contracts.market().unwrap().assets;
    let query = QueryMsg::Books {};
    let books: BooksResponse = world.chain.query(assets, &query).await.unwrap();
    assert_eq!((books.paid_in.u128(), books.paid_out.u128()), (paid, paid));
    let mut total = [0; 2];
    for interval in 1..5 {
        for side in [Side::Sell, Side::Buy] {
            let [traded, credited] = delivery(&world, &dso, side, interval).await;
            total = [total[0] + traded, total[1] + credited];
        }
    }
    assert_eq!(total, [2 * energy; 2]);
    let holders: BTreeSet<String> = (1..=3)
        .flat_map(|interval| dso.ledger().holders_at(Side::Sell, interval).unwrap())
        .collect();
    assert_eq!(holders.len(), ENERGIES.len(), "a key for every period");
}
