//! The simulated chain with every contract instantiated.

use cosmwasm_std::{
    Addr, Coin, Event, Record, StdError, StdResult, WasmMsg, coins, to_json_binary,
};
use cw_multi_test::{App, AppResponse, Executor};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The one bank denomination of the simulated chain.
pub const DENOM: &str = "umoney";
/// Coins that each actor of [`Suite::funded`] starts with.
const STARTING_BALANCE: u128 = 1_000_000_000;

/// An event of a transaction that took effect.
pub struct Announced {
    /// Block height.
    pub height: u64,
    /// Block time (unix seconds).
    pub time: u64,
    /// The event.
    pub event: Event,
}

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
    /// What was announced, in order.
    pub log: Vec<Announced>,
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
            log: Vec::new(),
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
        let response = self
            .app
            .execute_contract(sender.clone(), contract.clone(), msg, funds)?;
        self.note(&response.events);
        Ok(response)
    }

    /// Adds the events of a transaction to the log.
    pub fn note(&mut self, events: &[Event]) {
        let block = self.app.block_info();
        self.log.extend(events.iter().map(|event| Announced {
            height: block.height,
            time: block.time.seconds(),
            event: event.clone(),
        }));
    }

    /// Instantiates `code` and adds what it announced to the log; its address.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn instantiate<M: Serialize>(
        &mut self,
        code: u64,
        message: &M,
        label: &str,
    ) -> StdResult<Addr> {
        let message = WasmMsg::Instantiate {
            admin: Some(self.admin.to_string()),
            code_id: code,
            msg: to_json_binary(message)?,
            funds: Vec::new(),
            label: label.into(),
        };
        let response = self.app.execute(self.admin.clone(), message.into())?;
        let events = response.events.into_iter();
        let events: Vec<Event> = events.filter(|event| event.ty == "wasm").collect();
        self.note(&events);
        let mut attributes = events.iter().flat_map(|event| &event.attributes);
        let address = attributes.find(|attribute| attribute.key == "_contract_address");
        let address = address.ok_or_else(|| StdError::msg("nothing was announced"))?;
        Ok(Addr::unchecked(&address.value))
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
