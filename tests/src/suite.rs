//! The simulated chain with every contract instantiated.

use cosmwasm_std::{Addr, Coin, Record, StdResult, coins};
use cw_multi_test::{App, AppResponse, Executor};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The one bank denomination of the simulated chain.
pub const DENOM: &str = "umoney";
/// Coins that each actor of [`Suite::funded`] starts with.
const STARTING_BALANCE: u128 = 1_000_000_000;

/// The chain, the contracts on it and the actors every test needs.
pub struct Suite {
    /// The chain itself.
    pub app: App,
    /// Address of the `grid` contract.
    pub grid: Addr,
    /// Operator of the `grid`.
    pub operator: Addr,
    /// Chain-level admin of the contracts, who may migrate them.
    pub admin: Addr,
}

impl Suite {
    /// A fresh chain whose `grid` knows nothing but its operator.
    ///
    /// # Panics
    /// When instantiation fails.
    pub fn new() -> Self {
        let mut app = App::default();
        let operator = app.api().addr_make("operator");
        let admin = app.api().addr_make("admin");
        let grid = crate::grid::instantiate(&mut app, &operator, &admin);
        Self {
            app,
            grid,
            operator,
            admin,
        }
    }

    /// The valid address that belongs to `name`, always the same.
    pub fn address(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    /// An actor with coins.
    ///
    /// # Panics
    /// When the bank refuses.
    pub fn funded(&mut self, name: &str) -> Addr {
        let address = self.address(name);
        let balance = coins(STARTING_BALANCE, DENOM);
        self.app.init_modules(|router, _, storage| {
            router
                .bank
                .init_balance(storage, &address, balance)
                .expect("the bank takes any balance");
        });
        address
    }

    /// Executes `msg` on `contract`.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn execute<M: Serialize + std::fmt::Debug>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &M,
        funds: &[Coin],
    ) -> StdResult<AppResponse> {
        self.app
            .execute_contract(sender.clone(), contract.clone(), msg, funds)
    }

    /// Queries `contract`.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn query<M: Serialize, T: DeserializeOwned>(
        &self,
        contract: &Addr,
        msg: &M,
    ) -> StdResult<T> {
        self.app.wrap().query_wasm_smart(contract, msg)
    }

    /// Every key and value that `contract` stores.
    pub fn state(&self, contract: &Addr) -> Vec<Record> {
        self.app.dump_wasm_raw(contract)
    }
}

impl Default for Suite {
    fn default() -> Self {
        Self::new()
    }
}
