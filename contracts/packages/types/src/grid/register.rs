//! The register as other contracts ask it.

use cosmwasm_std::{Addr, QuerierWrapper, StdError, StdResult};
use serde::de::DeserializeOwned;

use super::{Account, Branch, BranchesResponse, Feeder, OperatorResponse, QueryMsg};
use crate::page::MAX_LIMIT;

/// The sender may not do this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sender: {sender} is not {expected}")]
pub struct Unauthorized {
    /// Who sent the message.
    pub sender: Addr,
    /// Who may.
    pub expected: String,
}

impl Unauthorized {
    /// The error of a sender who is not `expected`.
    pub fn of(sender: &Addr, expected: impl Into<String>) -> Self {
        Self {
            sender: sender.clone(),
            expected: expected.into(),
        }
    }
}

/// The account is not registered in `grid`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("account: {account} is not registered in grid")]
pub struct NotRegistered {
    /// The account.
    pub account: Addr,
}

/// The `grid` contract at an address, asked by another contract.
#[derive(Clone, Copy)]
pub struct Register<'a> {
    querier: QuerierWrapper<'a>,
    address: &'a Addr,
}

impl<'a> Register<'a> {
    /// The register at `address`.
    pub const fn new(querier: QuerierWrapper<'a>, address: &'a Addr) -> Self {
        Self { querier, address }
    }

    /// The operator in office.
    ///
    /// # Errors
    /// When `grid` does not answer.
    pub fn operator(self) -> StdResult<Addr> {
        let answer: OperatorResponse = self.ask(&QueryMsg::Operator {})?;
        Ok(answer.operator)
    }

    /// Lets the operator alone pass.
    ///
    /// # Errors
    /// [`Unauthorized`]; when `grid` does not answer.
    pub fn require_operator<E>(self, sender: &Addr) -> Result<(), E>
    where
        E: From<StdError> + From<Unauthorized>,
    {
        match self.operator()? == *sender {
            true => Ok(()),
            false => Err(Unauthorized::of(sender, "the operator").into()),
        }
    }

    /// What is known about an account.
    ///
    /// # Errors
    /// [`NotRegistered`].
    pub fn account(self, account: &Addr) -> Result<Account, NotRegistered> {
        let question = QueryMsg::Account {
            address: account.to_string(),
        };
        self.ask(&question).map_err(|_| NotRegistered {
            account: account.clone(),
        })
    }

    /// A feeder.
    ///
    /// # Errors
    /// Unknown feeders.
    pub fn feeder(self, feeder: u32) -> StdResult<Feeder> {
        self.ask(&QueryMsg::Feeder { feeder })
    }

    /// A feeder's branches, parents first; no more pages are read once there are `most`.
    ///
    /// # Errors
    /// Unknown feeders.
    pub fn branches(self, feeder: u32, most: u32) -> StdResult<Vec<Branch>> {
        let mut branches: Vec<Branch> = Vec::new();
        while (branches.len() as u32) < most {
            let page: BranchesResponse = self.ask(&QueryMsg::Branches {
                feeder,
                start_after: Some(branches.len() as u32),
                limit: Some(MAX_LIMIT),
            })?;
            if page.branches.is_empty() {
                break;
            }
            branches.extend(page.branches);
        }
        Ok(branches)
    }

    fn ask<T: DeserializeOwned>(self, question: &QueryMsg) -> StdResult<T> {
        self.querier.query_wasm_smart(self.address, question)
    }
}
