//! The operator: registers the feeder and its accounts, creates a session and opens it. After
//! that the session needs no operator.
//!
//! Each step reads the chain first and does what is still missing, so that an operator that dies
//! anywhere goes on where it stopped.

mod billing;
mod register;
mod session;

pub use register::Member;

use cosmwasm_std::Uint64;
use gridweave_chain::{Chain, Contracts, Signer};
use gridweave_model::{Instance, bounds};
use gridweave_types::coordinator::ExecuteMsg;
use gridweave_types::grid::{Branch, ExecuteMsg as GridMsg, Feeder};

use crate::AgentError;
use crate::fixed::to_fx;

/// An operator at work on one chain.
#[derive(Debug, Clone)]
pub struct Operator<'a, C> {
    chain: &'a C,
    contracts: &'a Contracts,
    signer: Signer,
}

impl<'a, C: Chain> Operator<'a, C> {
    /// The operator that signs as `signer`.
    pub fn new(chain: &'a C, contracts: &'a Contracts, signer: Signer) -> Self {
        Self {
            chain,
            contracts,
            signer,
        }
    }

    async fn grid(&self, msg: &GridMsg) -> Result<(), AgentError> {
        let contract = &self.contracts.grid;
        self.chain.execute(&self.signer, contract, msg).await?;
        Ok(())
    }

    async fn coordinator(&self, msg: &ExecuteMsg) -> Result<(), AgentError> {
        let contract = &self.contracts.coordinator;
        self.chain.execute(&self.signer, contract, msg).await?;
        Ok(())
    }
}

/// `instance`'s network as feeder `id`.
fn feeder(instance: &Instance, id: u32) -> Feeder {
    let limit = Uint64::new(feeder_limit(instance));
    Feeder {
        id,
        name: instance.name.chars().take(32).collect(),
        root: instance.network.buses[0].id,
        external_limit: limit,
        internal_limit: limit,
    }
}

fn branches(instance: &Instance) -> Result<Vec<Branch>, AgentError> {
    let buses = &instance.network.buses;
    let mut branches = Vec::with_capacity(buses.len());
    for bus in buses {
        if let Some(parent) = bus.parent {
            branches.push(Branch {
                bus: bus.id,
                parent: buses[parent].id,
                r: to_fx("branch r", bus.r)?,
                x: to_fx("branch x", bus.x)?,
            });
        }
    }
    Ok(branches)
}

/// All that the devices can inject or draw in an interval (Wh), T(5)–T(8): the grid's own limits
/// are enforced by the market, not here.
fn feeder_limit(instance: &Instance) -> u64 {
    let sites = instance.sites.iter();
    let power: f64 = sites
        .map(|site| {
            let (lower, upper) = bounds(site);
            let values = lower.iter().chain(&upper);
            values.fold(0.0, |most: f64, value| most.max(value.abs()))
        })
        .sum();
    (power * instance.network.base_mva * 1e6 * instance.interval_hours).ceil() as u64
}
