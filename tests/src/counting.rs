//! The `coordinator` on a storage that counts what is read and written.

use std::cell::Cell;
use std::marker::PhantomData;

use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, message_info, mock_env};
use cosmwasm_std::{
    Addr, ContractResult, Empty, Order, OwnedDeps, Record, Storage, SystemResult, WasmQuery,
    from_json, to_json_binary,
};
use gridweave_coordinator::contract;
use gridweave_types::coordinator::{ExecuteMsg, InstantiateMsg};
use gridweave_types::grid::{self, Account, OperatorResponse, Role};

use crate::coordinator::FEEDER;

/// A storage that counts bytes of keys and values.
#[derive(Default)]
pub struct Counting {
    inner: MockStorage,
    read: Cell<usize>,
    written: Cell<usize>,
}

impl Counting {
    /// Bytes `(read, written)` since the last call.
    pub fn take(&self) -> (usize, usize) {
        (self.read.take(), self.written.take())
    }
}

impl Storage for Counting {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.get(key);
        let bytes = key.len() + value.as_ref().map_or(0, Vec::len);
        self.read.set(self.read.get() + bytes);
        value
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.written
            .set(self.written.get() + key.len() + value.len());
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.written.set(self.written.get() + key.len());
        self.inner.remove(key);
    }

    fn range<'a>(
        &'a self,
        _start: Option<&[u8]>,
        _end: Option<&[u8]>,
        _order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        panic!("a submission must not iterate over storage")
    }
}

/// Dependencies on it.
pub type Deps = OwnedDeps<Counting, MockApi, MockQuerier, Empty>;

/// Dependencies whose `grid` knows every account.
fn deps(operator: &Addr) -> Deps {
    let mut querier = MockQuerier::default();
    let operator = operator.clone();
    querier.update_wasm(move |query| {
        let WasmQuery::Smart { msg, .. } = query else {
            panic!("only smart queries");
        };
        let answer = match from_json(msg).expect("a grid query") {
            grid::QueryMsg::Operator {} => to_json_binary(&OperatorResponse {
                operator: operator.clone(),
                proposed: None,
            }),
            grid::QueryMsg::Account { address } => to_json_binary(&Account {
                address: Addr::unchecked(address),
                feeder: FEEDER,
                bus: 2,
                role: Role::Prosumer,
                meter_key: None,
            }),
            grid::QueryMsg::Feeder { feeder } => to_json_binary(&crate::fixtures::feeder(feeder)),
            other => panic!("unexpected {other:?}"),
        };
        SystemResult::Ok(ContractResult::Ok(answer.expect("serializes")))
    });
    Deps {
        storage: Counting::default(),
        api: MockApi::default(),
        querier,
        custom_query_type: PhantomData,
    }
}

/// Prosumer `number`.
pub fn account(deps: &Deps, number: u32) -> Addr {
    deps.api.addr_make(&format!("prosumer {number}"))
}

/// Sends a message.
///
/// # Panics
/// When the contract refuses.
pub fn run(deps: &mut Deps, sender: &Addr, message: ExecuteMsg) {
    let info = message_info(sender, &[]);
    contract::execute(deps.as_mut(), mock_env(), info, message).expect("a valid message");
}

/// A new contract, and its operator.
///
/// # Panics
/// When it refuses to start.
pub fn coordinator() -> (Deps, Addr) {
    let operator = MockApi::default().addr_make("operator");
    let mut deps = deps(&operator);
    let grid = deps.api.addr_make("grid").to_string();
    let info = message_info(&operator, &[]);
    contract::instantiate(deps.as_mut(), mock_env(), info, InstantiateMsg { grid })
        .expect("a valid address");
    (deps, operator)
}
