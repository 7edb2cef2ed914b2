//! A market on the embedded chain with two homes: one sells on feeder 1, one buys on feeder 2.

#![allow(dead_code, reason = "each test uses its part")]

use std::path::Path;

use cosmwasm_std::{Uint64, Uint128};
use gridweave_agents::market::feeders::set_limits;
use gridweave_agents::market::keeper;
use gridweave_agents::market::solver::{Solver, Strategy};
use gridweave_agents::market::terms::MarketChoice;
use gridweave_agents::terms::BillingChoice;
use gridweave_chain::embedded::{EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Chain, Coin, Contracts, SecretKey, Signer, Terms};
use gridweave_dso::{Deadline, Dso, Ledger, Participant, Policy, Request};
use gridweave_rules::market::{FeederLimits, escrow};
use gridweave_types::assets::{ExecuteMsg as Assets, PermitClass, Side};
use gridweave_types::grid::{AccountInput, ExecuteMsg as Grid, Role};
use gridweave_types::market::ExecuteMsg as Market;

/// Seconds of an interval.
pub const INTERVAL: u64 = 900;
/// Price of all offers (µ/kWh).
pub const PRICE: u64 = 200_000;
/// Most energy of permits per feeder, side and interval (Wh).
pub const ISSUE_LIMIT: u64 = 10_000;

pub struct World {
    pub chain: EmbeddedChain,
    pub contracts: Contracts,
    pub operator: Signer,
    pub denom: String,
}

pub fn key(byte: u8) -> SecretKey {
    SecretKey::from_hex(&format!("{byte:02x}").repeat(32), "test").unwrap()
}

/// The address of `key` in the form that the embedded chain takes.
pub fn account_of(key: &SecretKey) -> String {
    let account: cosmrs::AccountId = key.address().unwrap().parse().unwrap();
    let account = cosmrs::AccountId::new("cosmwasm", &account.to_bytes()).unwrap();
    account.to_string()
}

/// The seller's account and the buyer's.
pub fn accounts() -> [String; 2] {
    [account_of(&key(7)), account_of(&key(8))]
}

pub fn participants() -> [Participant; 2] {
    let [seller, buyer] = accounts();
    let home = |account, name: &str, feeder| Participant {
        account,
        name: name.into(),
        feeder,
        sell_limit: 6_000,
        buy_limit: 6_000,
    };
    [home(seller, "seller", 1), home(buyer, "buyer", 2)]
}

pub fn class(side: Side, intervals: &str) -> PermitClass {
    PermitClass {
        side,
        feeder: match side {
            Side::Sell => 1,
            Side::Buy => 2,
        },
        intervals: intervals.parse().unwrap(),
    }
}

pub fn request(holder: &Signer, class: PermitClass, energy: u64, name: &str) -> Request {
    Request {
        holder: holder.address.clone(),
        class,
        energy,
        money: match class.side {
            Side::Sell => 0,
            Side::Buy => escrow(energy, PRICE),
        },
        reference: Some(name.into()),
    }
}

pub fn policy() -> Policy {
    Policy {
        deadline: Deadline::Begin,
        call_in_seconds: INTERVAL,
        credit_seconds: 60,
        seed: Some(1),
        ..Policy::default()
    }
}

impl World {
    pub async fn start() -> Self {
        let chain = EmbeddedChain::start().unwrap();
        let operator = chain.signer("operator").await.unwrap();
        let bills = BillingChoice {
            interval_hours: 0.25,
            ..BillingChoice::hourly()
        };
        let billing = bills.terms(&operator.address, GENESIS_SECONDS + 2 * INTERVAL);
        let denom = billing.denom.clone();
        let choice = MarketChoice {
            clear: 2,
            ..MarketChoice::default()
        };
        let terms = Terms {
            operator: operator.address.clone(),
            billing,
            market: Some(choice.terms()),
            crowdsourcing: None,
        };
        let contracts = chain.deploy_suite(&operator, terms).await.unwrap();
        let world = Self {
            chain,
            contracts,
            operator,
            denom,
        };
        world.prepare().await;
        world
    }

    async fn prepare(&self) {
        let limits = FeederLimits {
            export: 50_000,
            import: 50_000,
            consumption: 50_000,
            production: 50_000,
        };
        for feeder in [1, 2] {
            let (chain, operator) = (&self.chain, &self.operator);
            let set = set_limits(chain, &self.contracts, operator, (feeder, limits));
            set.await.unwrap();
            let limit = Assets::SetIssueLimit {
                feeder,
                limit: Some(Uint64::new(ISSUE_LIMIT)),
            };
            let assets = &self.contracts.market().unwrap().assets;
            self.chain
                .execute(&self.operator, assets, &limit)
                .await
                .unwrap();
        }
        let accounts = participants().map(|home| AccountInput {
            address: home.account,
            feeder: home.feeder,
            bus: 0,
            role: Role::Prosumer,
            meter_key: None,
        });
        let register = Grid::RegisterAccounts {
            accounts: accounts.into(),
        };
        let grid = &self.contracts.grid;
        self.chain
            .execute(&self.operator, grid, &register)
            .await
            .unwrap();
        self.mint(&self.operator, 1_000_000_000).await;
    }

    pub async fn mint(&self, account: &Signer, amount: u128) {
        let coins = vec![Coin::new(Uint128::new(amount), self.denom.clone())];
        self.chain.mint(account, coins).await.unwrap();
    }

    /// The operator at work with the ledger at `path`.
    pub async fn dso(&self, path: &Path) -> Dso<EmbeddedChain> {
        self.dso_with(path, policy()).await
    }

    pub async fn dso_with(&self, path: &Path, policy: Policy) -> Dso<EmbeddedChain> {
        let ledger = Ledger::open(path).unwrap();
        let chain = self.chain.clone();
        let dso = Dso::open(chain, &self.contracts, &self.operator, ledger, policy).await;
        let dso = dso.unwrap();
        for participant in participants() {
            dso.enrol(&participant).unwrap();
        }
        dso
    }

    pub async fn holder(&self, name: &str) -> Signer {
        self.chain.signer(name).await.unwrap()
    }

    pub async fn post(&self, holder: &Signer, class: PermitClass, energy: u64) {
        let post = Market::PostOffer {
            permit: class,
            energy: Uint64::new(energy),
            price: Uint64::new(PRICE),
        };
        let market = &self.contracts.market().unwrap().market;
        self.chain.execute(holder, market, &post).await.unwrap();
    }

    /// Lets a solver find the trades of what is posted.
    pub async fn solve(&self) {
        let signer = self.chain.signer("solver").await.unwrap();
        self.mint(&signer, 10_000_000).await;
        let market = &self.contracts.market().unwrap().market;
        let solver = Solver::register(&self.chain, signer, market, Strategy::Exact).await;
        solver.unwrap().turn(&self.chain).await.unwrap();
    }

    /// Lets `intervals` pass; the keeper finalizes what is due.
    pub async fn pass(&self, intervals: u64) {
        let keeper = self.chain.signer("keeper").await.unwrap();
        let market = &self.contracts.market().unwrap().market;
        for _ in 0..intervals {
            self.chain.advance_block(INTERVAL).await.unwrap();
            keeper::finalize(&self.chain, &keeper, market)
                .await
                .unwrap();
        }
    }
}
