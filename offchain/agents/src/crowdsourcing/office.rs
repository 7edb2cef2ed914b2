//! What the operator does around algorithm 1: who may take part, and a programme for them.

use gridweave_chain::{Call, Chain, Coin, ContractAddr, Signer};
use gridweave_types::crowdsourcing::{
    EnrolmentState, EnrolmentsResponse, ExecuteMsg, FeederBudget, ProgrammeResponse,
    ProgrammesResponse, QueryMsg, Terms,
};

use super::chain::PAGE;
use super::terms::total;
use crate::AgentError;

/// The operator's office. Each step reads the chain first, so that one that dies anywhere goes on
/// where it stopped.
pub struct Office<'a, C> {
    chain: &'a C,
    operator: Signer,
    contract: ContractAddr,
}

impl<'a, C: Chain> Office<'a, C> {
    /// That of `operator` at the `crowdsourcing` contract.
    pub fn new(chain: &'a C, operator: Signer, contract: ContractAddr) -> Self {
        Self {
            chain,
            operator,
            contract,
        }
    }

    /// Number of the programme on `terms`; starts it with `budgets` in coins of `denom` if there is
    /// none with its first interval.
    ///
    /// # Errors
    /// [`AgentError::Chain`]; [`AgentError::Unexpected`] when there is one on other terms.
    pub async fn programme(
        &self,
        terms: &Terms,
        budgets: &[FeederBudget],
        denom: &str,
    ) -> Result<u32, AgentError> {
        if let Some(found) = programme_from(self.chain, &self.contract, terms.first).await? {
            return match found.terms == *terms {
                true => Ok(found.programme),
                false => Err(AgentError::Unexpected {
                    what: "programme",
                    found: format!("{:?}", found.terms),
                    expected: "the terms of the configuration",
                }),
            };
        }
        let create = ExecuteMsg::CreateProgramme {
            terms: *terms,
            budgets: budgets.to_vec(),
        };
        let coins = vec![Coin::new(total(budgets), denom)];
        let call = Call::new(&self.contract, &create)?.with_funds(coins);
        self.chain.execute_many(&self.operator, vec![call]).await?;
        let made = programme_from(self.chain, &self.contract, terms.first).await?;
        let made = made.ok_or_else(|| AgentError::Unexpected {
            what: "programme",
            found: "none".into(),
            expected: "the one that was created",
        })?;
        Ok(made.programme)
    }

    /// Approves those of `accounts` that have asked; how many.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn approve(&self, accounts: &[String]) -> Result<usize, AgentError> {
        let mut calls = Vec::new();
        let mut start_after = None;
        loop {
            let query = QueryMsg::Enrolments {
                start_after,
                limit: Some(PAGE),
            };
            let page: EnrolmentsResponse = self.chain.query(&self.contract, &query).await?;
            let Some(last) = page.enrolments.last() else {
                break;
            };
            start_after = Some(last.account.to_string());
            for row in page.enrolments {
                let account = row.account.to_string();
                if row.state == EnrolmentState::Requested && accounts.contains(&account) {
                    let approve = ExecuteMsg::ApproveEnrolment { account };
                    calls.push(Call::new(&self.contract, &approve)?);
                }
            }
        }
        let count = calls.len();
        if count > 0 {
            self.chain.execute_many(&self.operator, calls).await?;
        }
        Ok(count)
    }
}

/// The newest programme that begins with interval `first`.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn programme_from<C: Chain>(
    chain: &C,
    contract: &ContractAddr,
    first: u32,
) -> Result<Option<ProgrammeResponse>, AgentError> {
    let (mut start_after, mut found) = (None, None);
    loop {
        let query = QueryMsg::Programmes {
            start_after,
            limit: Some(PAGE),
        };
        let page: ProgrammesResponse = chain.query(contract, &query).await?;
        let Some(last) = page.programmes.last() else {
            return Ok(found);
        };
        start_after = Some(last.programme);
        let mut own = page.programmes.into_iter();
        found = own.rfind(|row| row.terms.first == first).or(found);
    }
}
