//! The chain with contracts of its own, and the record of what their messages cost.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{
    Call, Chain, Coin, ContractAddr, ContractKind, Deployed, Receipt, Signer, TxResponse,
};
use serde::Serialize;

use super::report::{Cost, Key, Row};

/// A case of the measurement.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// What it is, in words.
    pub name: &'a str,
    /// Agents of the session, or rows of a batch.
    pub agents: u32,
    /// Intervals.
    pub horizon: u32,
}

impl<'a> Case<'a> {
    /// The same size under another name.
    pub fn named<'b>(self, name: &'b str) -> Case<'b> {
        Case {
            name,
            agents: self.agents,
            horizon: self.horizon,
        }
    }
}

/// Where everything is measured.
pub struct Stage {
    /// The connection, with all keys.
    pub chain: WasmdChain,
    /// Operator and admin.
    pub operator: Signer,
    /// Denomination of bonds.
    pub denom: String,
    /// SHA-256 of each wasm file.
    pub checksums: BTreeMap<String, String>,
    pub(super) contracts: Deployed,
    pub(super) codes: Vec<u64>,
    pub(super) pinned: bool,
    rows: BTreeMap<Key, Cost>,
}

impl Stage {
    /// An empty stage.
    pub fn new(chain: WasmdChain, operator: Signer, denom: String) -> Self {
        Self {
            chain,
            operator,
            denom,
            checksums: BTreeMap::new(),
            contracts: Deployed::new(),
            codes: Vec::new(),
            pinned: false,
            rows: BTreeMap::new(),
        }
    }

    /// Address of a contract.
    ///
    /// # Errors
    /// It is not deployed.
    pub fn address(&self, kind: ContractKind) -> Result<ContractAddr> {
        let address = self.contracts.get(&kind).cloned();
        address.with_context(|| format!("contract '{}' is not deployed", kind.name()))
    }

    /// Sends `msg` and notes what it cost under its name.
    ///
    /// # Errors
    /// The contract refuses.
    pub async fn act<M: Serialize + Sync>(
        &mut self,
        signer: &Signer,
        kind: ContractKind,
        case: Case<'_>,
        msg: &M,
    ) -> Result<TxResponse> {
        self.pay(signer, kind, case, msg, Vec::new()).await
    }

    /// The same with coins.
    ///
    /// # Errors
    /// As [`Stage::act`].
    pub async fn pay<M: Serialize + Sync>(
        &mut self,
        signer: &Signer,
        kind: ContractKind,
        case: Case<'_>,
        msg: &M,
        funds: Vec<Coin>,
    ) -> Result<TxResponse> {
        let call = Call::new(&self.address(kind)?, msg)?.with_funds(funds);
        Ok(self.run(signer, kind, case, call).await?.0)
    }

    /// The same as [`Stage::act`], with what it cost.
    ///
    /// # Errors
    /// As [`Stage::act`].
    pub async fn act_timed<M: Serialize + Sync>(
        &mut self,
        signer: &Signer,
        kind: ContractKind,
        case: Case<'_>,
        msg: &M,
    ) -> Result<(TxResponse, Cost)> {
        let call = Call::new(&self.address(kind)?, msg)?;
        self.run(signer, kind, case, call).await
    }

    async fn run(
        &mut self,
        signer: &Signer,
        kind: ContractKind,
        case: Case<'_>,
        call: Call,
    ) -> Result<(TxResponse, Cost)> {
        let name = name(&call)?;
        let (response, cost) = timed(&self.chain, signer, call)
            .await
            .with_context(|| format!("{} {name} ({})", kind.name(), case.name))?;
        self.note(kind.name(), &name, case, cost);
        Ok((response, cost))
    }

    /// Notes a cost; the first of a kind stays. Calls to codes that are not pinned are cases of
    /// their own.
    pub fn note(&mut self, contract: &str, message: &str, case: Case<'_>, cost: Cost) {
        let calls = !matches!(message, "store" | "instantiate");
        let mark = if calls && !self.pinned {
            ", not pinned"
        } else {
            ""
        };
        let key = Key {
            contract: contract.into(),
            message: message.into(),
            case: format!("{}{mark}", case.name),
            agents: case.agents,
            horizon: case.horizon,
        };
        if !key.case.starts_with(QUIET.name) {
            tracing::debug!(%key, gas = cost.gas, bytes = cost.bytes, ms = cost.ms, "measured");
            self.rows.entry(key).or_insert(cost);
        }
    }

    /// What was noted, ordered by key.
    pub fn rows(&self) -> Vec<Row> {
        let rows = self.rows.iter();
        rows.map(|(key, cost)| Row {
            key: key.clone(),
            cost: *cost,
        })
        .collect()
    }
}

/// Without a size.
pub const BARE: Case<'static> = Case {
    name: "-",
    agents: 0,
    horizon: 0,
};

/// Of messages that only prepare for others; nothing is noted.
pub const QUIET: Case<'static> = Case {
    name: "not noted",
    agents: 0,
    horizon: 0,
};

/// Runs `call` as a transaction of its own.
///
/// # Errors
/// The contract refuses, or the chain does not meter.
pub async fn timed(chain: &WasmdChain, signer: &Signer, call: Call) -> Result<(TxResponse, Cost)> {
    let start = Instant::now();
    let response = chain.execute_many(signer, vec![call]).await?;
    let Some(receipt) = &response.receipt else {
        bail!("the chain gave no receipt");
    };
    let cost = cost(receipt, start);
    Ok((response, cost))
}

/// What a transaction cost that was handed in at `start`.
pub fn cost(receipt: &Receipt, start: Instant) -> Cost {
    Cost {
        gas: receipt.gas_used,
        bytes: receipt.bytes as u64,
        ms: start.elapsed().as_millis() as u64,
    }
}

/// Name of the message in its JSON form.
fn name(call: &Call) -> Result<String> {
    let msg: serde_json::Value = serde_json::from_slice(&call.msg)?;
    let fields = msg.as_object().context("a message is a JSON object")?;
    let name = fields.keys().next().context("a message has a name")?;
    Ok(name.clone())
}
