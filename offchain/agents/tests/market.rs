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

<<<<<<< HEAD
fn buy(first: u32, count: u32, energy: u64) -> Plan {
    plan(Side::Buy, (2, 200_000), (first, count), energy)
=======
impl Market {
    async fn open() -> Self {
        let chain = EmbeddedChain::start().unwrap();
        let operator = chain.signer("operator").await.unwrap();
        let billing = BillingChoice::hourly().terms(&operator.address, GENESIS_SECONDS + HOUR);
        let denom = billing.denom.clone();
        let terms = Terms {
            operator: operator.address.clone(),
            billing,
            market: Some(MarketChoice::default().terms()),
            crowdsourcing: None,
        };
        let contracts = chain.deploy_suite(&operator, terms).await.unwrap();
        let market = Self {
            chain,
            contracts,
            operator,
            denom,
        };
        market.mint(&market.operator, 1_000_000_000).await;
        for feeder in [1, 2] {
            market.dso().set_limits(feeder, LIMITS).await.unwrap();
        }
        market
    }

    fn dso(&self) -> Dso<'_, EmbeddedChain> {
        Dso::new(&self.chain, &self.contracts, &self.operator)
    }

    async fn mint(&self, signer: &Signer, amount: u128) {
        let coins = vec![Coin::new(Uint128::new(amount), self.denom.clone())];
        self.chain.mint(signer, coins).await.unwrap();
    }

    async fn solver(&self, name: &str, strategy: Strategy) -> Solver {
        let signer = self.chain.signer(name).await.unwrap();
        let market = &self.contracts.market().unwrap().market;
        self.mint(&signer, 1_000_000).await;
        Solver::register(&self.chain, signer, market, strategy)
            .await
            .unwrap()
    }

    /// Posts an offer of `home` in `period`; it gets what it takes first.
    async fn offer(&self, home: usize, period: u32, plan: Plan) -> u32 {
        let trader = Trader::new(&self.chain, home, period, vec![plan]);
        let trader = trader.await.unwrap();
        let withdrawals: Vec<_> = trader.withdrawals().collect();
        self.dso().issue(&withdrawals).await.unwrap();
        let market = &self.contracts.market().unwrap().market;
        trader.post(&self.chain, market).await.unwrap()[0]
    }
}

fn plan(side: Side, feeder: u32, first: u32, count: u32, energy: u64) -> Plan {
    let intervals = IntervalSet::span(Interval(first), count).unwrap();
    Plan {
        class: PermitClass {
            side,
            feeder,
            intervals,
        },
        energy,
        price: match side {
            Side::Sell => 100_000,
            Side::Buy => 200_000,
        },
    }
>>>>>>> crowd
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
