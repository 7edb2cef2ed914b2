//! Those who take part: they ask to be enrolled, say what they prefer, sign agreements and answer
//! tasks.

use cosmwasm_std::{Int64, Uint64};
use gridweave_chain::{Call, Chain, ContractAddr, Signer};
use gridweave_model::crowdsourcing::Answer;
use gridweave_types::crowdsourcing::{
    AgreementState, Device, ExecuteMsg, Kind, Preferences, QueryMsg, TaskResponse, TaskState,
    TasksResponse,
};

use super::agreements;
use crate::AgentError;

/// Tasks read by one query.
const PAGE: u32 = 100;

/// A participant of the `crowdsourcing` contract.
#[derive(Debug, Clone)]
pub struct Crowdsourcee {
    signer: Signer,
    contract: ContractAddr,
}

impl Crowdsourcee {
    /// One that signs as `signer`.
    pub fn new(signer: Signer, contract: ContractAddr) -> Self {
        Self { signer, contract }
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.signer.address
    }

    /// The contract.
    pub fn contract(&self) -> &ContractAddr {
        &self.contract
    }

    /// Asks to take part.
    ///
    /// # Errors
    /// [`AgentError::Chain`]; so do all below.
    pub async fn enrol<C: Chain>(
        &self,
        chain: &C,
        kind: Kind,
        devices: Vec<Device>,
    ) -> Result<(), AgentError> {
        let message = ExecuteMsg::Enrol { kind, devices };
        chain
            .execute(&self.signer, &self.contract, &message)
            .await?;
        Ok(())
    }

    /// Says what it prefers, line 1 of algorithm 1.
    ///
    /// # Errors
    /// [`AgentError::Chain`], also when the deadline has passed.
    pub async fn prefer<C: Chain>(
        &self,
        chain: &C,
        programme: u32,
        preferences: Preferences,
    ) -> Result<(), AgentError> {
        let message = ExecuteMsg::SubmitPreferences {
            programme,
            preferences,
        };
        chain
            .execute(&self.signer, &self.contract, &message)
            .await?;
        Ok(())
    }

    /// Accepts the agreements that are proposed to it at a rate of at least `least` (µ/kWh); how
    /// many.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn sign<C: Chain>(&self, chain: &C, least: i64) -> Result<usize, AgentError> {
        let all = agreements::of_account(chain, &self.contract, &self.signer.address).await?;
        let mut calls = Vec::new();
        for row in all {
            if row.state != AgreementState::Proposed {
                continue;
            }
            let agreement = Uint64::new(row.agreement);
            let message = match row.rate >= Int64::new(least) {
                true => ExecuteMsg::AcceptAgreement { agreement },
                false => ExecuteMsg::DeclineAgreement { agreement },
            };
            calls.push(Call::new(&self.contract, &message)?);
        }
        self.send(chain, calls).await
    }

    /// Answers its open tasks from interval `from` on as `decide` says; how many.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn answer<C: Chain>(
        &self,
        chain: &C,
        from: u32,
        decide: impl Fn(&TaskResponse) -> Answer,
    ) -> Result<usize, AgentError> {
        let query = QueryMsg::AccountTasks {
            account: self.signer.address.clone(),
            from,
            limit: Some(PAGE),
        };
        let page: TasksResponse = chain.query(&self.contract, &query).await?;
        let now = chain.time().await?;
        let mut calls = Vec::new();
        for row in page.tasks {
            if row.state != TaskState::Open || now >= row.until.u64() {
                continue;
            }
            let (task, round) = (Uint64::new(row.task), row.round);
            let message = match decide(&row) {
                Answer::Accept => ExecuteMsg::AcceptTask { task, round },
                Answer::Decline => ExecuteMsg::DeclineTask { task, round },
                Answer::Silent => continue,
            };
            calls.push(Call::new(&self.contract, &message)?);
        }
        self.send(chain, calls).await
    }

    async fn send<C: Chain>(&self, chain: &C, calls: Vec<Call>) -> Result<usize, AgentError> {
        let count = calls.len();
        if count > 0 {
            chain.execute_many(&self.signer, calls).await?;
        }
        Ok(count)
    }
}
