//! A market on the embedded chain, with feeders 1 and 2.

use cosmwasm_std::Uint128;
use gridweave_agents::market::feeders::set_limits;
use gridweave_agents::market::hostile::{Fault, Hostile};
use gridweave_agents::market::permits::issue_calls;
use gridweave_agents::market::plan::Plan;
use gridweave_agents::market::solver::{Solver, Strategy};
use gridweave_agents::market::terms::MarketChoice;
use gridweave_agents::market::{keeper, ledger};
use gridweave_agents::terms::BillingChoice;
use gridweave_chain::embedded::{EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Chain, ChainEvent, Coin, ContractAddr, Contracts, Signer, Terms};
use gridweave_rules::market::FeederLimits;
use gridweave_types::assets::{PermitClass, Side};
use gridweave_types::market::InstantiateMsg;
use gridweave_units::{Interval, IntervalSet};

/// Length of an interval (s).
pub const HOUR: u64 = 3_600;
const LIMITS: FeederLimits = FeederLimits {
    export: 2_000,
    import: 2_000,
    consumption: 9_000,
    production: 9_000,
};

/// The market.
pub struct Market {
    /// Its chain.
    pub chain: EmbeddedChain,
    /// Its address.
    pub address: ContractAddr,
    contracts: Contracts,
    operator: Signer,
    denom: String,
}

impl Market {
    /// Opens a market on the terms of `choice`, changed by `change`; interval 0 is due in an hour.
    pub async fn open(choice: MarketChoice, change: impl FnOnce(&mut InstantiateMsg)) -> Self {
        let chain = EmbeddedChain::start().unwrap();
        let operator = chain.signer("operator").await.unwrap();
        let billing = BillingChoice::hourly().terms(&operator.address, GENESIS_SECONDS + HOUR);
        let denom = billing.denom.clone();
        let mut terms = choice.terms();
        change(&mut terms);
        let terms = Terms {
            operator: operator.address.clone(),
            billing,
            market: Some(terms),
            crowdsourcing: None,
        };
        let contracts = chain.deploy_suite(&operator, terms).await.unwrap();
        let market = Self {
            address: contracts.market().unwrap().market.clone(),
            chain,
            contracts,
            operator,
            denom,
        };
        market.mint(&market.operator, 1_000_000_000).await;
        for feeder in [1, 2] {
            let (chain, operator) = (&market.chain, &market.operator);
            let set = set_limits(chain, &market.contracts, operator, (feeder, LIMITS));
            set.await.unwrap();
        }
        market
    }

    async fn mint(&self, signer: &Signer, amount: u128) {
        let coins = vec![Coin::new(Uint128::new(amount), self.denom.clone())];
        self.chain.mint(signer, coins).await.unwrap();
    }

    /// A signer with coins for 20 bonds.
    pub async fn signer(&self, name: &str) -> Signer {
        let signer = self.chain.signer(name).await.unwrap();
        self.mint(&signer, 20_000_000).await;
        signer
    }

    /// An honest solver.
    pub async fn solver(&self, name: &str, strategy: Strategy) -> Solver {
        let signer = self.signer(name).await;
        let solver = Solver::register(&self.chain, signer, &self.address, strategy);
        solver.await.unwrap()
    }

    /// An adversary.
    pub async fn hostile(&self, faults: &[Fault]) -> Hostile {
        let signer = self.signer("hostile").await;
        let hostile = Hostile::register(&self.chain, signer, &self.address, faults, 7);
        hostile.await.unwrap()
    }

    /// Posts an offer of `home` in `period`; it gets what it takes first.
    pub async fn offer(&self, home: usize, period: u32, plan: Plan) -> u32 {
        let holder = self.chain.signer(&format!("home-{home}-{period}")).await;
        let holder = holder.unwrap();
        let needs = [plan.needs(&holder.address)];
        let assets = &self.contracts.market().unwrap().assets;
        let calls = issue_calls(assets, &self.denom, &needs).unwrap();
        let issued = self.chain.execute_many(&self.operator, calls);
        issued.await.unwrap();
        let post = plan.post(&self.address).unwrap();
        let posted = self.chain.execute_many(&holder, vec![post]).await.unwrap();
        posted.attribute("offer").unwrap().parse().unwrap()
    }

    /// A seller on feeder 1 and buyers on feeder 2, of which the second pays too little for the
    /// second seller: most energy is 2 kWh in each of intervals 0 and 1.
    pub async fn stock(&self) {
        self.offer(0, 0, plan(Side::Sell, (1, 100_000), (0, 2), 5_000))
            .await;
        self.offer(1, 0, plan(Side::Sell, (1, 250_000), (0, 2), 500))
            .await;
        self.offer(2, 0, plan(Side::Buy, (2, 200_000), (0, 1), 3_000))
            .await;
        self.offer(3, 0, plan(Side::Buy, (2, 200_000), (1, 1), 3_500))
            .await;
    }

    /// An hour later, with everything finalized that is due; the energy of `interval` (Wh).
    pub async fn finalize(&self, interval: u32) -> u64 {
        self.chain.advance_block(HOUR).await.unwrap();
        let keeper = self.chain.signer("keeper").await.unwrap();
        let next = keeper::finalize(&self.chain, &keeper, &self.address).await;
        assert_eq!(next.unwrap(), interval + 1);
        let answer = ledger::interval(&self.chain, &self.address, interval).await;
        let answer = answer.unwrap();
        assert!(answer.finalized);
        answer.energy.u64()
    }

    /// What the market announced with this action.
    pub async fn events(&self, action: &str) -> Vec<ChainEvent> {
        let events = self.chain.events(0).await.unwrap().into_iter();
        let own = |event: &ChainEvent| event.contract.as_ref() == Some(&self.address);
        events
            .filter(|event| own(event) && event.action() == Some(action))
            .collect()
    }

    /// What the candidate is worth.
    pub async fn objective(&self) -> i128 {
        let status = ledger::status(&self.chain, &self.address).await.unwrap();
        status.objective.i128()
    }
}

/// An offer of `energy` Wh on `(feeder, price)` in `(first, count)` intervals.
pub fn plan(side: Side, (feeder, price): (u32, u64), span: (u32, u32), energy: u64) -> Plan {
    let intervals = IntervalSet::span(Interval(span.0), span.1).unwrap();
    Plan {
        class: PermitClass {
            side,
            feeder,
            intervals,
        },
        energy,
        price,
    }
}
