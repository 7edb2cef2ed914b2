//! The `market` contract on the simulated chain, with `assets` and `billing` behind it, a solver and
//! feeders [`FEEDER`] and [`FAR`].

mod ask;
mod audit;
mod replay;
mod send;

use cosmwasm_std::{Addr, Event, StdResult, Uint64, Uint128};
use cw_multi_test::{App, ContractWrapper, Executor};
use gridweave_market::contract;
use gridweave_types::assets::ExecuteMsg as AssetsMsg;
use gridweave_types::market::{
    Bond, ExecuteMsg, FeederLimits, InstantiateMsg, Limits, Objective, Pricing, Reward,
};

use crate::assets::{Assets, FAR};
use crate::coordinator::FEEDER;

pub use replay::Replay;
pub use send::{Sent, packed, trade};

/// A solver's bond (µ).
pub const BOND: u128 = 10_000;
/// Forfeit for an infeasible solution (µ).
pub const INFEASIBLE: u128 = 4_000;
/// Forfeit for a solution that is withheld (µ).
pub const WITHHELD: u128 = 3_000;
/// Limit of everything on every feeder (Wh per interval).
pub const LIMIT: u64 = 10_000;
/// Reward per thousand units of the objective (µ).
pub const RATE: u64 = 100_000;

/// The chain and everybody on it.
pub struct Market {
    /// The chain, `assets` and the homes.
    pub assets: Assets,
    /// Address of the contract.
    pub contract: Addr,
    /// The operator.
    pub operator: Addr,
    /// A registered solver.
    pub solver: Addr,
    /// What the contracts have announced so far, in order.
    pub log: Vec<Event>,
}

impl Market {
    /// A market that maximizes energy, with one solver; interval 0 begins in
    /// [`crate::billing::LEAD`] seconds.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// A market under terms that `change` has been at.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn with(change: impl FnOnce(&mut InstantiateMsg)) -> Self {
        let mut assets = Assets::new(1);
        let mut message = terms(&assets);
        change(&mut message);
        let suite = &mut assets.billing.chain.suite;
        let solver = suite.funded("solver");
        let code = store(&mut suite.app);
        let contract = suite.instantiate(code, &message, "market");
        let contract = contract.expect("the terms are in range");
        let market = contract.to_string();
        let registered = assets.operate(&AssetsMsg::RegisterMarket { market });
        registered.expect("a new market");
        let mut this = Self {
            operator: assets.operator.clone(),
            assets,
            contract,
            solver: solver.clone(),
            log: Vec::new(),
        };
        for feeder in [FEEDER, FAR] {
            this.limit(feeder, [LIMIT; 4]).expect("the operator limits");
        }
        let bond = message.bond.amount.u128();
        let register = ExecuteMsg::RegisterSolver {};
        this.send(&solver, &register, bond).expect("a new solver");
        this
    }

    /// Another registered solver.
    ///
    /// # Panics
    /// When the contract refuses.
    pub fn another(&mut self, name: &str) -> Addr {
        let solver = self.assets.billing.chain.suite.funded(name);
        let register = ExecuteMsg::RegisterSolver {};
        self.send(&solver, &register, BOND).expect("a new solver");
        solver
    }

    /// Lets time pass until `interval` has begun.
    pub fn begin(&mut self, interval: u32) {
        self.assets.begin(interval);
    }
}

impl Default for Market {
    fn default() -> Self {
        Self::new()
    }
}

/// Terms without commitments and with prices set by solvers.
pub fn terms(assets: &Assets) -> InstantiateMsg {
    InstantiateMsg {
        grid: assets.billing.chain.suite.grid.to_string(),
        assets: assets.contract.to_string(),
        objective: Objective::Energy,
        pricing: Pricing::Solver,
        clearing: 1,
        limits: Limits {
            address_offers: 50,
            book: 2_000,
            offer_energy: Uint64::new(u32::MAX.into()),
            offer_price: Uint64::new(1_000_000_000_000),
            horizon: 128,
            message_trades: 6_000,
            interval_trades: 6_000,
        },
        bond: Bond {
            amount: Uint128::new(BOND),
            infeasible: Uint128::new(INFEASIBLE),
            withheld: Uint128::new(WITHHELD),
        },
        reward: Reward {
            rate: Uint64::new(RATE),
            interval_cap: Uint128::new(1_000_000),
            uncertified_ppm: 500_000,
        },
        reveal: None,
    }
}

/// Limits in the order export, import, consumption, production.
pub fn limits([export, import, consumption, production]: [u64; 4]) -> FeederLimits {
    FeederLimits {
        export: export.into(),
        import: import.into(),
        consumption: consumption.into(),
        production: production.into(),
    }
}

/// Uploads and instantiates the contract; its address.
///
/// # Errors
/// What the contract refuses.
pub fn instantiate(app: &mut App, admin: &Addr, message: &InstantiateMsg) -> StdResult<Addr> {
    let code = store(app);
    let admin_text = Some(admin.to_string());
    app.instantiate_contract(code, admin.clone(), message, &[], "market", admin_text)
}

/// Uploads the code; returns its number.
pub fn store(app: &mut App) -> u64 {
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
        .with_migrate(contract::migrate);
    app.store_code(Box::new(code))
}
