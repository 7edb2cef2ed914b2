//! The ledger itself: cw-multi-test's application plus an event log.

use cosmwasm_std::{
    Addr, Binary, BlockInfo, Coin, ContractResult, CosmosMsg, Event, Querier, QueryRequest,
    StdError, SystemResult, Timestamp, Uint128, WasmMsg, WasmQuery,
};
use cw_multi_test::{App, AppBuilder, Contract, Executor, no_init};
use sha2::{Digest, Sha256};

use super::bank::Made;
use super::{CHAIN_ID, GENESIS_HEIGHT, GENESIS_SECONDS};
use crate::events::contract_event;
use crate::reason::strip_kinds;
use crate::{Call, ChainError, ChainEvent, ContractAddr, Signer, TxResponse, hex};

/// The application, its contracts and everything they announced.
pub(super) struct Ledger {
    pub(super) app: App,
    pub(super) transfers: Vec<Made>,
    contracts: Vec<Addr>,
    log: Vec<ChainEvent>,
    /// Unix seconds of each block, the first at [`GENESIS_HEIGHT`].
    times: Vec<u64>,
}

impl Ledger {
    /// An empty ledger at the fixed genesis.
    pub(super) fn new() -> Self {
        let genesis = BlockInfo {
            height: GENESIS_HEIGHT,
            time: Timestamp::from_seconds(GENESIS_SECONDS),
            chain_id: CHAIN_ID.into(),
        };
        Self {
            app: AppBuilder::new().with_block(genesis).build(no_init),
            transfers: Vec::new(),
            contracts: Vec::new(),
            log: Vec::new(),
            times: vec![GENESIS_SECONDS],
        }
    }

    /// The signer called `name`; every name has one.
    pub(super) fn signer(&self, name: &str) -> Signer {
        Signer {
            name: name.into(),
            address: self.app.api().addr_make(name).into_string(),
        }
    }

    pub(super) fn height(&self) -> u64 {
        self.app.block_info().height
    }

    pub(super) fn seconds(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub(super) fn advance_block(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.height += 1;
            block.time = block.time.plus_seconds(seconds);
        });
        self.times.push(self.seconds());
    }

    /// Stores `code` and instantiates it with the JSON form of `msg`.
    pub(super) fn instantiate(
        &mut self,
        code: Box<dyn Contract<cosmwasm_std::Empty>>,
        sender: &Signer,
        label: &str,
        msg: &(impl serde::Serialize + Sync),
    ) -> Result<ContractAddr, ChainError> {
        let encoded = serde_json::to_vec(msg).map_err(|error| ChainError::Encode {
            contract: ContractAddr::new(label),
            reason: error.to_string(),
        })?;
        let born = WasmMsg::Instantiate {
            admin: Some(sender.address.clone()),
            code_id: self.app.store_code(code),
            msg: Binary::new(encoded),
            funds: Vec::new(),
            label: label.into(),
        };
        let response = self
            .app
            .execute(address(sender), born.into())
            .map_err(|error| refused(sender, &error))?;
        let events = self.announced(response.events);
        let contract = events.iter().find_map(|event| event.contract.clone());
        let contract = contract.ok_or_else(|| ChainError::MissingAttribute {
            height: self.height(),
            key: "_contract_address".into(),
        })?;
        self.log.extend(events);
        self.contracts.push(Addr::unchecked(contract.as_str()));
        Ok(contract)
    }

    pub(super) fn execute_many(
        &mut self,
        signer: &Signer,
        calls: Vec<Call>,
    ) -> Result<TxResponse, ChainError> {
        let msgs = calls.into_iter().map(into_message).collect();
        let responses = self
            .app
            .execute_multi(address(signer), msgs)
            .map_err(|error| refused(signer, &error))?;
        let height = self.height();
        let mut transaction = TxResponse {
            height,
            events: Vec::new(),
            data: Vec::new(),
            receipt: None,
        };
        for response in responses {
            transaction.events.extend(self.announced(response.events));
            transaction
                .data
                .push(response.data.map(|data| data.to_vec()));
        }
        self.log.extend(transaction.events.iter().cloned());
        Ok(transaction)
    }

    /// What contracts announced among `events`.
    fn announced(&self, events: Vec<Event>) -> Vec<ChainEvent> {
        let height = self.height();
        let events = events.into_iter();
        events
            .filter_map(|event| wasm_event(height, event))
            .collect()
    }

    pub(super) fn query(
        &self,
        contract: &ContractAddr,
        msg: Vec<u8>,
    ) -> Result<Vec<u8>, ChainError> {
        let refused = |reason: String| ChainError::Query {
            contract: contract.clone(),
            reason,
        };
        let request: QueryRequest = QueryRequest::Wasm(WasmQuery::Smart {
            contract_addr: contract.as_str().into(),
            msg: Binary::new(msg),
        });
        let request = serde_json::to_vec(&request).map_err(|error| refused(error.to_string()))?;
        match self.app.raw_query(&request) {
            SystemResult::Ok(ContractResult::Ok(answer)) => Ok(answer.to_vec()),
            SystemResult::Ok(ContractResult::Err(error)) => {
                Err(refused(strip_kinds(&error).into()))
            }
            SystemResult::Err(error) => Err(refused(error.to_string())),
        }
    }

    pub(super) fn events(&self, from_height: u64, to_height: u64) -> Vec<ChainEvent> {
        let first = self.log.partition_point(|event| event.height < from_height);
        let end = self.log.partition_point(|event| event.height <= to_height);
        self.log.get(first..end).unwrap_or_default().to_vec()
    }

    pub(super) fn time_of(&self, height: u64) -> Result<u64, ChainError> {
        let index = height.checked_sub(GENESIS_HEIGHT);
        let index = index.and_then(|index| usize::try_from(index).ok());
        let time = index.and_then(|index| self.times.get(index)).copied();
        time.ok_or_else(|| ChainError::Option {
            option: "height",
            value: height.to_string(),
            expected: format!("{GENESIS_HEIGHT} to {}", self.height()),
        })
    }

    pub(super) fn mint(&mut self, account: &Signer, coins: Vec<Coin>) -> Result<(), ChainError> {
        self.app
            .init_modules(|router, _, storage| {
                router.bank.init_balance(storage, &address(account), coins)
            })
            .map_err(|error| refused(account, &error))
    }

    pub(super) fn balance(&self, account: &str, denom: &str) -> Result<u128, ChainError> {
        let refused = |reason: String| ChainError::Query {
            contract: ContractAddr::new(account),
            reason,
        };
        let coin = self.app.wrap().query_balance(account, denom);
        let coin = coin.map_err(|error| refused(error.to_string()))?;
        let amount = Uint128::try_from(coin.amount);
        Ok(amount.map_err(|error| refused(error.to_string()))?.u128())
    }

    pub(super) fn state_hash(&self) -> String {
        let mut hash = Sha256::new();
        self.for_each_record(|contract, key, value| {
            for part in [contract, key, value] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        });
        hex::encode(&hash.finalize())
    }

    pub(super) fn state_bytes(&self) -> usize {
        let mut bytes = 0;
        self.for_each_record(|_, key, value| bytes += key.len() + value.len());
        bytes
    }

    /// Visits every stored record, contracts and keys in ascending order.
    fn for_each_record(&self, mut visit: impl FnMut(&[u8], &[u8], &[u8])) {
        let mut contracts: Vec<&Addr> = self.contracts.iter().collect();
        contracts.sort();
        for contract in contracts {
            let mut records = self.app.dump_wasm_raw(contract);
            records.sort();
            for (key, value) in &records {
                visit(contract.as_bytes(), key, value);
            }
        }
    }
}

pub(super) fn address(signer: &Signer) -> Addr {
    Addr::unchecked(&signer.address)
}

fn into_message(call: Call) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: call.contract.as_str().into(),
        msg: Binary::new(call.msg),
        funds: call.funds,
    }
    .into()
}

pub(super) fn refused(signer: &Signer, error: &StdError) -> ChainError {
    ChainError::Refused {
        sender: signer.name.clone(),
        reason: strip_kinds(&error.to_string()).into(),
    }
}

/// The contract's own events; those of the simulator are dropped.
fn wasm_event(height: u64, event: Event) -> Option<ChainEvent> {
    let attributes = event.attributes.into_iter();
    contract_event(height, &event.ty, attributes.map(|a| (a.key, a.value)))
}
