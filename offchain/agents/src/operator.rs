//! The operator: registers the feeder and its accounts, creates a session and opens it. After
//! that the session needs no operator.

use cosmwasm_std::Uint64;
use gridweave_chain::{Chain, Contracts, Signer};
use gridweave_model::{Instance, bounds};
use gridweave_types::coordinator::{ExecuteMsg, GroupInput, MAX_ROWS, SessionConfig};
use gridweave_types::grid::{
    AccountInput, Branch, ExecuteMsg as GridMsg, Feeder, MAX_ROWS as GRID_ROWS, Role,
};

use crate::AgentError;
use crate::enrol::{Enrolment, Roster};
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

    /// Registers `instance`'s network as feeder `id`.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the grid refuses.
    pub async fn register_feeder(&self, instance: &Instance, id: u32) -> Result<(), AgentError> {
        let network = &instance.network;
        let limit = Uint64::new(feeder_limit(instance));
        let feeder = Feeder {
            id,
            name: instance.name.chars().take(32).collect(),
            root: network.buses[0].id,
            external_limit: limit,
            internal_limit: limit,
        };
        self.grid(&GridMsg::AddFeeder { feeder }).await?;
        for page in branches(instance)?.chunks(GRID_ROWS) {
            let branches = page.to_vec();
            self.grid(&GridMsg::AddBranches {
                feeder: id,
                branches,
            })
            .await?;
        }
        Ok(())
    }

    /// Registers the accounts of `enrolments` as prosumers on feeder `id`; their signers in order.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the grid refuses.
    pub async fn register_accounts(
        &self,
        id: u32,
        enrolments: &[Enrolment],
    ) -> Result<Vec<Signer>, AgentError> {
        let mut signers = Vec::with_capacity(enrolments.len());
        for enrolment in enrolments {
            signers.push(self.chain.signer(&enrolment.name).await?);
        }
        let accounts: Vec<AccountInput> = signers
            .iter()
            .zip(enrolments)
            .map(|(signer, enrolment)| AccountInput {
                address: signer.address.clone(),
                feeder: id,
                bus: enrolment.bus,
                role: Role::Prosumer,
                meter_key: None,
            })
            .collect();
        for page in accounts.chunks(GRID_ROWS) {
            let accounts = page.to_vec();
            self.grid(&GridMsg::RegisterAccounts { accounts }).await?;
        }
        Ok(signers)
    }

    /// Creates a session with the participants and groups of `roster` (signed for by `signers`)
    /// and opens it; its id.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the coordinator refuses.
    pub async fn open_session(
        &self,
        config: SessionConfig,
        roster: &Roster,
        signers: &[Signer],
    ) -> Result<u64, AgentError> {
        let session = self.create_session(config).await?;
        let mut participants = Vec::with_capacity(roster.participants.len());
        for (enrolment, signer) in roster.participants.iter().zip(signers) {
            participants.push(enrolment.input(&signer.address)?);
        }
        for page in participants.chunks(MAX_ROWS) {
            let participants = page.to_vec();
            self.coordinator(&ExecuteMsg::AddParticipants {
                session,
                participants,
            })
            .await?;
        }
        self.add_groups(session, &roster.groups).await?;
        self.coordinator(&ExecuteMsg::Open { session }).await?;
        Ok(session)
    }

    async fn create_session(&self, config: SessionConfig) -> Result<u64, AgentError> {
        let msg = ExecuteMsg::CreateSession { config };
        let contract = &self.contracts.coordinator;
        let response = self.chain.execute(&self.signer, contract, &msg).await?;
        let id = response.attribute("session")?;
        id.parse().map_err(|_| AgentError::Unexpected {
            what: "attribute 'session'",
            found: id.into(),
            expected: "a session id",
        })
    }

    async fn add_groups(&self, session: u64, groups: &[GroupInput]) -> Result<(), AgentError> {
        for page in groups.chunks(MAX_ROWS) {
            let groups = page.to_vec();
            self.coordinator(&ExecuteMsg::AddGroups { session, groups })
                .await?;
        }
        Ok(())
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
