//! The `assets` contract on the simulated chain, with `billing` behind it and a plain address as its
//! market. Homes 0, 1, … have accounts on [`FEEDER`], and one more on [`FAR`].

mod ask;
mod audit;
mod replay;
pub mod send;

use cosmwasm_std::{Addr, StdResult, Uint64};
use cw_multi_test::{App, ContractWrapper, Executor};
use gridweave_assets::contract;
use gridweave_types::assets::{ClaimClass, ExecuteMsg, InstantiateMsg, PermitClass, Side, Trade};
use gridweave_types::billing::{ExecuteMsg as BillingMsg, SourceKind};
use gridweave_types::grid::ExecuteMsg as GridMsg;

pub use replay::Replay;

use crate::DENOM;
use crate::billing::{Billing, INTERVAL};
use crate::coordinator::FEEDER;
use crate::fixtures::{ROOT, feeder, prosumer};

/// A second feeder.
pub const FAR: u32 = FEEDER + 1;
/// Highest price of a commitment (µ/kWh).
pub const PRICE_LIMIT: u64 = 2_000_000;
/// Intervals that the assertions look at.
pub const HORIZON: u32 = 64;

/// The chain and everybody on it.
pub struct Assets {
    /// The chain, `billing` and the homes.
    pub billing: Billing,
    /// Address of the contract.
    pub contract: Addr,
    /// A registered market.
    pub market: Addr,
    /// The operator.
    pub operator: Addr,
    /// A home on [`FAR`].
    pub far: Addr,
    /// Addresses that may have money here.
    holders: Vec<Addr>,
}

impl Assets {
    /// A chain with `count` homes; interval 0 begins in [`crate::billing::LEAD`] seconds.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn new(count: u32) -> Self {
        let mut billing = Billing::new(count);
        let operator = billing.chain.suite.operator.clone();
        let market = billing.chain.suite.address("assets market");
        let far = billing.chain.suite.funded("far home");
        let message = terms(&billing);
        let suite = &mut billing.chain.suite;
        for message in [
            GridMsg::AddFeeder {
                feeder: feeder(FAR),
            },
            GridMsg::RegisterAccounts {
                accounts: vec![prosumer(&far, FAR, ROOT)],
            },
        ] {
            suite.on_grid(&operator, &message).expect("a new feeder");
        }
        let code = store(&mut suite.app);
        let contract = suite.instantiate(code, &message, "assets");
        let contract = contract.expect("the terms are in range");
        let source = BillingMsg::RegisterSource {
            contract: contract.to_string(),
            kind: SourceKind::Recorder,
        };
        billing.operate(&source).expect("a new source");
        let mut this = Self {
            billing,
            contract,
            market: market.clone(),
            operator,
            far,
            holders: Vec::new(),
        };
        let market = market.to_string();
        this.operate(&ExecuteMsg::RegisterMarket { market })
            .expect("a new market");
        this
    }

    /// The address of this name, which may hold assets; the assertions count its money.
    pub fn holder(&mut self, name: &str) -> Addr {
        let address = self.billing.chain.suite.address(name);
        if !self.holders.contains(&address) {
            self.holders.push(address.clone());
        }
        address
    }

    /// Lets time pass until `interval` has begun.
    pub fn begin(&mut self, interval: u32) {
        self.billing.at(interval, 0);
    }
}

/// Terms with the clock, the denom and the address of `billing`.
pub fn terms(billing: &Billing) -> InstantiateMsg {
    InstantiateMsg {
        grid: billing.chain.suite.grid.to_string(),
        billing: Some(billing.contract.to_string()),
        denom: DENOM.into(),
        genesis: billing.genesis as u32,
        interval_seconds: INTERVAL,
        price_limit: Uint64::new(PRICE_LIMIT),
    }
}

/// Uploads and instantiates the contract; its address.
///
/// # Errors
/// What the contract refuses.
pub fn instantiate(app: &mut App, admin: &Addr, message: &InstantiateMsg) -> StdResult<Addr> {
    let code = store(app);
    let admin_text = Some(admin.to_string());
    app.instantiate_contract(code, admin.clone(), message, &[], "assets", admin_text)
}

/// Uploads the code; returns its number.
pub fn store(app: &mut App) -> u64 {
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
        .with_migrate(contract::migrate)
        .with_reply(contract::reply);
    app.store_code(Box::new(code))
}

/// A permit to sell on [`FEEDER`] in these intervals, like `"0-3,5"`.
///
/// # Panics
/// When that is no set of intervals.
pub fn sell(intervals: &str) -> PermitClass {
    permit(Side::Sell, FEEDER, intervals)
}

/// A permit to buy on [`FEEDER`] in these intervals.
///
/// # Panics
/// When that is no set of intervals.
pub fn buy(intervals: &str) -> PermitClass {
    permit(Side::Buy, FEEDER, intervals)
}

/// A permit.
///
/// # Panics
/// When `intervals` is no set of intervals.
pub fn permit(side: Side, feeder: u32, intervals: &str) -> PermitClass {
    PermitClass {
        side,
        feeder,
        intervals: intervals.parse().expect("a set of intervals"),
    }
}

/// A claim to energy sold on [`FEEDER`].
pub fn sold(interval: u32) -> ClaimClass {
    claim(Side::Sell, FEEDER, interval)
}

/// A claim to energy bought on [`FEEDER`].
pub fn bought(interval: u32) -> ClaimClass {
    claim(Side::Buy, FEEDER, interval)
}

/// A claim.
pub fn claim(side: Side, feeder: u32, interval: u32) -> ClaimClass {
    ClaimClass {
        side,
        feeder,
        interval,
    }
}

/// A trade: seller's offer, buyer's offer, energy (Wh), payment (µ).
pub fn trade(seller: u64, buyer: u64, energy: u64, payment: u128) -> Trade {
    Trade {
        seller_offer: seller.into(),
        buyer_offer: buyer.into(),
        energy: energy.into(),
        payment: payment.into(),
    }
}
