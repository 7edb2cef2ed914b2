//! The operator's view of a programme of the `crowdsourcing` contract.

use std::collections::BTreeMap;

use cosmwasm_std::Uint64;
use gridweave_chain::{Call, Chain, ContractAddr, Signer};
use gridweave_rules::crowdsourcing::Evidence;
use gridweave_types::crowdsourcing::{
    BudgetResponse, ConfigResponse, ExecuteMsg, Ledger, LedgerResponse, ProgrammeResponse,
    QueryMsg, TaskResponse, TaskState as OnChain, TasksResponse, Term, WillingnessResponse,
};

use super::platform::{Task, TaskState};
use crate::AgentError;

/// Tasks or agreements read by one query.
pub(super) const PAGE: u32 = 100;

/// Addresses of those who take part.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// By position in [`super::DayPlan::members`].
    pub members: Vec<String>,
    /// Generators and Type 1, by bus number.
    pub ahead: BTreeMap<u32, String>,
    /// By position in [`super::DayPlan::generators`].
    pub generators: Vec<String>,
    /// Feeder numbers, by position in [`super::DayPlan::shortage`].
    pub feeders: Vec<u32>,
}

/// A programme on a chain.
pub struct OnContract<'a, C> {
    pub(super) chain: &'a C,
    operator: Signer,
    pub(super) contract: ContractAddr,
    pub(super) programme: u32,
    pub(super) accounts: Accounts,
}

impl<'a, C: Chain> OnContract<'a, C> {
    /// Programme number `programme` of `contract`, run by `operator`.
    pub fn new(
        chain: &'a C,
        operator: Signer,
        contract: ContractAddr,
        programme: u32,
        accounts: Accounts,
    ) -> Self {
        Self {
            chain,
            operator,
            contract,
            programme,
            accounts,
        }
    }

    pub(super) async fn config(&self) -> Result<ConfigResponse, AgentError> {
        Ok(self
            .chain
            .query(&self.contract, &QueryMsg::Config {})
            .await?)
    }

    /// The programme as it stands now.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn programme(&self) -> Result<ProgrammeResponse, AgentError> {
        let programme = self.programme;
        let query = QueryMsg::Programme { programme };
        Ok(self.chain.query(&self.contract, &query).await?)
    }

    /// The operator's budget account of the programme.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn ledger(&self) -> Result<LedgerResponse, AgentError> {
        let programme = self.programme;
        let ledger = Ledger::Programme { programme };
        Ok(self
            .chain
            .query(&self.contract, &QueryMsg::Ledger { ledger })
            .await?)
    }

    /// All tasks of the programme.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn tasks(&self) -> Result<Vec<TaskResponse>, AgentError> {
        let mut tasks: Vec<TaskResponse> = Vec::new();
        loop {
            let query = QueryMsg::Tasks {
                programme: self.programme,
                state: None,
                start_after: tasks.last().map(|last| Uint64::new(last.task)),
                limit: Some(PAGE),
            };
            let page: TasksResponse = self.chain.query(&self.contract, &query).await?;
            if page.tasks.is_empty() {
                return Ok(tasks);
            }
            tasks.extend(page.tasks);
        }
    }

    /// Budget of a feeder in an interval of the programme.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn budget(&self, feeder: usize, at: u32) -> Result<BudgetResponse, AgentError> {
        let query = QueryMsg::Budget {
            programme: self.programme,
            feeder: self.feeder(feeder)?,
            interval: self.absolute(at).await?,
        };
        Ok(self.chain.query(&self.contract, &query).await?)
    }

    pub(super) fn feeder(&self, position: usize) -> Result<u32, AgentError> {
        let found = self.accounts.feeders.get(position).copied();
        found.ok_or_else(|| unknown("feeder", position))
    }

    pub(super) fn member(&self, position: usize) -> Result<&str, AgentError> {
        let found = self.accounts.members.get(position);
        found
            .map(String::as_str)
            .ok_or_else(|| unknown("crowdsourcee", position))
    }

    pub(super) fn ahead(&self, bus: u32) -> Result<String, AgentError> {
        let found = self.accounts.ahead.get(&bus).cloned();
        found.ok_or_else(|| AgentError::Unexpected {
            what: "bus of an agreement",
            found: bus.to_string(),
            expected: "one with an account",
        })
    }

    /// Interval of the chain's clock.
    pub(super) async fn absolute(&self, interval: u32) -> Result<u32, AgentError> {
        let first = self.programme().await?.terms.first;
        Ok(first.saturating_add(interval))
    }

    pub(super) async fn send(&self, messages: Vec<ExecuteMsg>) -> Result<(), AgentError> {
        let calls = messages.iter().map(|msg| Call::new(&self.contract, msg));
        let calls = calls.collect::<Result<Vec<_>, _>>()?;
        self.chain.execute_many(&self.operator, calls).await?;
        Ok(())
    }

    pub(super) fn task(&self, found: &TaskResponse, now: u64) -> Option<Task> {
        let address = found.account.as_str();
        let mut members = self.accounts.members.iter();
        let member = members.position(|known| known == address)?;
        let state = match found.state {
            OnChain::Open if now >= found.until.u64() => TaskState::Overdue,
            OnChain::Open => TaskState::Open,
            OnChain::Declined => TaskState::Declined,
            OnChain::Accepted | OnChain::Settled => TaskState::Accepted,
            OnChain::Expired => TaskState::Expired,
        };
        Some(Task {
            task: found.task,
            member,
            energy: found.energy.i64(),
            price: found.price.i64(),
            incentive: found.incentive.u64(),
            round: found.round,
            state,
        })
    }
}

pub(super) fn unknown(what: &'static str, position: usize) -> AgentError {
    AgentError::Unexpected {
        what,
        found: position.to_string(),
        expected: "a position in the plan",
    }
}

pub(super) fn evidence(answer: &WillingnessResponse) -> Evidence {
    let mut evidence = Evidence {
        answers: answer.answers,
        ..Evidence::default()
    };
    let rows = evidence.accepted.iter_mut().zip(&mut evidence.refused);
    for ((accepted, refused), (a, r)) in rows.zip(&answer.evidence) {
        (*accepted, *refused) = (*a, *r);
    }
    evidence
}

pub(super) fn term(term: gridweave_model::crowdsourcing::Term) -> Term {
    use gridweave_model::crowdsourcing::Term as Wanted;
    match term {
        Wanted::Day => Term::Day,
        Wanted::Month => Term::Month,
        Wanted::Year => Term::Year,
    }
}
