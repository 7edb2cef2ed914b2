//! The `billing` contract on the simulated chain, with prosumers, their meters, a coordinator whose
//! sessions count and a market that records commitments itself.

mod ask;
mod history;
mod log;
mod meter;
mod send;
mod terms;

use cosmwasm_std::{Addr, Event, StdError, StdResult, Uint128, WasmMsg, to_json_binary};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use gridweave_billing::contract;
use gridweave_types::billing::{ExecuteMsg, InstantiateMsg, SourceKind};
use gridweave_types::grid::{ExecuteMsg as GridMsg, Role};

use crate::DENOM;
use crate::coordinator::{Coordinator, FEEDER};
use crate::fixtures::{ROOT, prosumer};
pub use history::{HOMES, two_periods};
pub use meter::Meter;
pub use terms::{
    COLLATERAL, CORRECTION, DISPUTE, INTERVAL, LIMIT, PERIOD, PRICE, READING, REFERENCE, terms,
};

/// Seconds from the first block to interval 0.
pub const LEAD: u64 = 1_000;

/// The chain and everybody on it.
pub struct Billing {
    /// The chain, the coordinator and the prosumers.
    pub chain: Coordinator,
    /// Address of the contract.
    pub contract: Addr,
    /// Owner of the grid account; its meter is the one at the root.
    pub treasury: Addr,
    /// A schedule contract that records commitments itself.
    pub market: Addr,
    /// Meter of each prosumer.
    pub meters: Vec<Meter>,
    /// Meter at the root.
    pub root: Meter,
    /// Unix seconds at which interval 0 begins.
    pub genesis: u64,
}

impl Billing {
    /// A chain with `count` funded prosumers under the usual terms.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn new(count: u32) -> Self {
        Self::with(Coordinator::new(count), |_| {})
    }

    /// The contract on an existing chain, under terms that `change` has been at.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn with(mut chain: Coordinator, change: impl FnOnce(&mut InstantiateMsg)) -> Self {
        let genesis = chain.suite.app.block_info().time.seconds() + LEAD;
        let treasury = chain.suite.funded("treasury");
        let market = chain.suite.address("market");
        let mut message = terms(&chain.suite.grid, &treasury, genesis);
        change(&mut message);
        let admin = chain.suite.admin.clone();
        let (contract, instantiated) =
            instantiate(&mut chain.suite.app, &admin, &message).expect("the terms are in range");
        chain.suite.note(&[instantiated]);
        let domain = (chain.suite.app.block_info().chain_id, contract.to_string());
        let owners = chain.prosumers.clone();
        let meter = |owner: &Addr, seed: u32| Meter::new(&domain.0, &domain.1, owner, seed);
        let meters = owners
            .iter()
            .zip(1..)
            .map(|(owner, seed)| meter(owner, seed));
        let mut this = Self {
            meters: meters.collect(),
            root: meter(&treasury, 0),
            genesis,
            contract,
            treasury,
            market,
            chain,
        };
        this.install();
        this
    }

    /// Registers meters and sources.
    fn install(&mut self) {
        let mut treasury = prosumer(&self.treasury, FEEDER, ROOT);
        treasury.role = Role::Dso;
        treasury.meter_key = Some(self.root.public_key());
        let keys = self.meters.iter().map(|meter| GridMsg::SetMeterKey {
            address: meter.owner.to_string(),
            meter_key: Some(meter.public_key()),
        });
        let mut messages: Vec<GridMsg> = keys.collect();
        messages.push(GridMsg::RegisterAccounts {
            accounts: vec![treasury],
        });
        let operator = self.chain.suite.operator.clone();
        for message in messages {
            let sent = self.chain.suite.on_grid(&operator, &message);
            sent.expect("the register takes the meters");
        }
        let coordinator = self.chain.contract.clone();
        self.register(&coordinator, SourceKind::Sessions);
        self.register(&self.market.clone(), SourceKind::Recorder);
    }

    fn register(&mut self, contract: &Addr, kind: SourceKind) {
        let contract = contract.to_string();
        let message = ExecuteMsg::RegisterSource { contract, kind };
        self.operate(&message).expect("the operator registers");
    }

    /// Prosumer `number`.
    pub fn home(&self, number: usize) -> Addr {
        self.chain.prosumers[number].clone()
    }

    /// Lets time pass until interval `interval` has begun by `seconds`.
    ///
    /// # Panics
    /// When that is in the past.
    pub fn at(&mut self, interval: u32, seconds: u64) {
        let then = self.genesis + u64::from(interval) * u64::from(INTERVAL) + seconds;
        let now = self.now();
        assert!(then >= now, "time does not run backward");
        self.chain.pass(then - now);
    }

    /// Lets time pass until an interval may be settled.
    pub fn until_settlement(&mut self, interval: u32) {
        self.at(interval + 1, u64::from(READING + DISPUTE));
    }

    /// Lets time pass until an interval is final.
    pub fn until_final(&mut self, interval: u32) {
        self.at(interval + 1, u64::from(CORRECTION));
    }

    /// Block time (unix seconds).
    pub fn now(&self) -> u64 {
        self.chain.suite.app.block_info().time.seconds()
    }

    /// Coins that an address has in the bank (µ).
    ///
    /// # Panics
    /// When it has more than fits.
    pub fn coins(&self, address: &Addr) -> u128 {
        let wrap = self.chain.suite.app.wrap();
        let coin = wrap.query_balance(address, DENOM).expect("a bank");
        let amount = Uint128::try_from(coin.amount);
        amount.expect("a sane balance").u128()
    }
}

/// Uploads and instantiates the contract; its address and what it announced.
///
/// # Errors
/// What the contract refuses.
pub fn instantiate(
    app: &mut App,
    admin: &Addr,
    message: &InstantiateMsg,
) -> StdResult<(Addr, Event)> {
    let message = WasmMsg::Instantiate {
        admin: Some(admin.to_string()),
        code_id: store(app),
        msg: to_json_binary(message)?,
        funds: Vec::new(),
        label: "billing".into(),
    };
    let response = app.execute(admin.clone(), message.into())?;
    let mut events = response.events.into_iter();
    let event = events.find(|event| event.ty == "wasm");
    let event = event.ok_or_else(|| StdError::msg("nothing was announced"))?;
    let contract = Addr::unchecked(attribute(&event, "_contract_address"));
    Ok((contract, event))
}

/// Uploads the code; returns its number.
pub fn store(app: &mut App) -> u64 {
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
        .with_migrate(contract::migrate);
    app.store_code(Box::new(code))
}

/// Events of this name, in order.
pub fn events<'a>(response: &'a AppResponse, name: &str) -> Vec<&'a Event> {
    let name = format!("wasm-{name}");
    let events = response.events.iter();
    events.filter(|event| event.ty == name).collect()
}

/// An attribute of an event.
///
/// # Panics
/// When there is none.
pub fn attribute<'a>(event: &'a Event, key: &str) -> &'a str {
    let mut attributes = event.attributes.iter();
    let found = attributes.find(|attribute| attribute.key == key);
    &found
        .unwrap_or_else(|| panic!("{} has no {key}", event.ty))
        .value
}
