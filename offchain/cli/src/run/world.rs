//! The chain of a run with its contracts and its operator.

use anyhow::{Context, Result};
use gridweave_agents::enrol::Roster;
use gridweave_agents::operator::Operator;
use gridweave_agents::terms::BillingChoice;
use gridweave_audit::{EventLog, Subject};
use gridweave_chain::embedded::{CHAIN_ID, EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Chain, Contracts, Signer};

/// Feeder number of the scenario's network.
pub const FEEDER: u32 = 1;

/// A fresh chain with the contracts on it.
pub struct World {
    /// The chain.
    pub chain: EmbeddedChain,
    /// Its contracts.
    pub contracts: Contracts,
    /// The operator's key; it is the treasury too.
    pub operator: Signer,
    /// Key of the keeper, whom nobody needs to trust.
    pub keeper: Signer,
}

impl World {
    /// Starts the chain and deploys the contracts; the operator is the treasury too.
    pub async fn start(bills: &BillingChoice) -> Result<Self> {
        let chain = EmbeddedChain::start().context("the embedded chain does not start")?;
        let operator = chain.signer("operator").await?;
        let keeper = chain.signer("keeper").await?;
        let contracts = chain
            .deploy(&operator, &bills.terms(&operator.address, GENESIS_SECONDS))
            .await
            .context("the contracts cannot be deployed")?;
        Ok(Self {
            chain,
            contracts,
            operator,
            keeper,
        })
    }

    /// Everything that the contracts have announced.
    pub async fn events(&self) -> Result<EventLog> {
        let subject = Subject::of(CHAIN_ID, &self.contracts);
        Ok(EventLog::of(&self.chain, subject).await?)
    }

    /// The operator at work on this chain.
    pub fn operator(&self) -> Operator<'_, EmbeddedChain> {
        Operator::new(&self.chain, &self.contracts, self.operator.clone())
    }

    /// The keys of `roster`, by participant.
    pub async fn signers(&self, roster: &Roster) -> Result<Vec<Signer>> {
        let mut signers = Vec::with_capacity(roster.participants.len());
        for enrolment in &roster.participants {
            signers.push(self.chain.signer(&enrolment.name).await?);
        }
        Ok(signers)
    }
}

/// Addresses of `signers`.
pub fn addresses(signers: &[Signer]) -> Vec<String> {
    signers.iter().map(|s| s.address.clone()).collect()
}
