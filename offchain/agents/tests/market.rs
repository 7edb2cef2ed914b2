//! A market's actors among themselves, on the embedded chain.

mod common;

use common::trading::{HOUR, Market, plan};
use gridweave_agents::market::plan::Plan;
use gridweave_agents::market::solver::{Strategy, Turn};
use gridweave_agents::market::terms::MarketChoice;
use gridweave_agents::market::{keeper, ledger};
use gridweave_chain::Chain;
use gridweave_types::assets::Side;

fn sell(first: u32, count: u32, energy: u64) -> Plan {
    plan(Side::Sell, (1, 100_000), (first, count), energy)
}

fn buy(first: u32, count: u32, energy: u64) -> Plan {
    plan(Side::Buy, (2, 200_000), (first, count), energy)
}

#[tokio::test]
async fn solutions_in_several_messages_become_final_and_the_copy_follows() {
    let market = Market::open(MarketChoice::default(), |_| {}).await;
    let (chain, address) = (&market.chain, &market.address);
    // The seller's feeder lets 2 kWh out in an interval.
    market.offer(0, 0, sell(0, 2, 5_000)).await;
    market.offer(1, 0, buy(0, 1, 3_000)).await;
    market.offer(2, 0, buy(1, 1, 1_500)).await;

    let mut exact = market.solver("exact", Strategy::Exact).await.with_chunks(1);
    let mut greedy = market.solver("greedy", Strategy::Greedy).await;
    let turn = exact.turn(chain).await.unwrap();
    assert!(matches!(turn, Turn::Submitted(_)), "{turn:?}");
    // Nothing better is there to be found, so nothing is submitted.
    for solver in [&mut exact, &mut greedy] {
        let turn = solver.turn(chain).await.unwrap();
        assert!(matches!(turn, Turn::Kept(_)), "{turn:?}");
    }
    let events = chain.events(0).await.unwrap();
    let messages = events
        .iter()
        .filter(|event| event.action() == Some("trades_appended"));
    assert_eq!(messages.count(), 2);

    let keeper = chain.signer("keeper").await.unwrap();
    assert_eq!(keeper::finalize(chain, &keeper, address).await.unwrap(), 0);
    chain.advance_block(HOUR).await.unwrap();
    assert_eq!(exact.turn(chain).await.unwrap(), Turn::Closed);
    assert_eq!(keeper::finalize(chain, &keeper, address).await.unwrap(), 1);
    let first = ledger::interval(chain, address, 0).await.unwrap();
    assert_eq!((first.finalized, first.energy.u64()), (true, 2_000));

    // A buyer comes late: the copy knows what the seller has left.
    market.offer(1, 1, buy(1, 1, 2_000)).await;
    let turn = exact.turn(chain).await.unwrap();
    assert!(matches!(turn, Turn::Submitted(_)), "{turn:?}");
    chain.advance_block(HOUR).await.unwrap();
    assert_eq!(keeper::finalize(chain, &keeper, address).await.unwrap(), 2);
    let second = ledger::interval(chain, address, 1).await.unwrap();
    assert_eq!((second.finalized, second.energy.u64()), (true, 2_000));
    let rejected = chain.events(0).await.unwrap();
    let rejected = rejected
        .iter()
        .filter(|event| event.action() == Some("solution_rejected"));
    assert_eq!(rejected.count(), 0);
}
