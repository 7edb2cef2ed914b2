//! The feeder and its accounts in `grid`.

use std::collections::BTreeMap;

use cosmwasm_std::Binary;
use gridweave_chain::Chain;
use gridweave_model::Instance;
use gridweave_types::grid::{
    AccountInput, AccountsResponse, Branch, BranchesResponse, ExecuteMsg, Feeder, FeedersResponse,
    MAX_ROWS, QueryMsg, Role,
};
use gridweave_types::page::MAX_LIMIT;

use super::{Operator, branches, feeder};
use crate::AgentError;
use crate::enrol::Enrolment;

/// Who an account belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Chain address.
    pub address: String,
    /// Public key of its meter: a compressed secp256k1 point, 33 bytes.
    pub meter_key: Option<Vec<u8>>,
}

impl Member {
    /// One without a meter.
    pub fn unmetered(address: &str) -> Self {
        Self {
            address: address.into(),
            meter_key: None,
        }
    }
}

impl<C: Chain> Operator<'_, C> {
    /// Registers `instance`'s network as feeder `id`, as far as it is not there yet, and brings
    /// its limits up to date.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the grid refuses; [`AgentError::FeederDiffers`] when the number
    /// belongs to another network.
    pub async fn register_feeder(&self, instance: &Instance, id: u32) -> Result<(), AgentError> {
        let wanted = feeder(instance, id);
        match self.registered_feeder(id).await? {
            None => self.grid(&ExecuteMsg::AddFeeder { feeder: wanted }).await?,
            Some(found) => self.adjust_feeder(&found, &wanted).await?,
        }
        let wanted = branches(instance)?;
        let found = self.registered_branches(id).await?;
        if !wanted.starts_with(&found) {
            return Err(AgentError::FeederDiffers {
                feeder: id,
                what: "branches",
                found: format!("{} other branches", found.len()),
            });
        }
        for page in wanted[found.len()..].chunks(MAX_ROWS) {
            let branches = page.to_vec();
            self.grid(&ExecuteMsg::AddBranches {
                feeder: id,
                branches,
            })
            .await?;
        }
        Ok(())
    }

    /// Registers `enrolments` as prosumers on feeder `id`, each under the address and with the
    /// meter key at the same place, as far as they are not there yet; a key that differs is
    /// replaced, one that is not given stays.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the grid refuses.
    pub async fn register_accounts(
        &self,
        id: u32,
        enrolments: &[Enrolment],
        members: &[Member],
    ) -> Result<(), AgentError> {
        let known = self.registered_accounts(id).await?;
        let mut accounts = Vec::new();
        for (member, enrolment) in members.iter().zip(enrolments) {
            let address = member.address.clone();
            let meter_key = member.meter_key.clone().map(Binary::new);
            match known.get(&address) {
                None => accounts.push(AccountInput {
                    address,
                    feeder: id,
                    bus: enrolment.bus,
                    role: Role::Prosumer,
                    meter_key,
                }),
                Some(old) if meter_key.is_some() && *old != meter_key => {
                    self.grid(&ExecuteMsg::SetMeterKey { address, meter_key })
                        .await?;
                }
                Some(_) => {}
            }
        }
        for page in accounts.chunks(MAX_ROWS) {
            let accounts = page.to_vec();
            self.grid(&ExecuteMsg::RegisterAccounts { accounts })
                .await?;
        }
        Ok(())
    }

    /// Limits follow the devices; anything else of a feeder stays what it is.
    async fn adjust_feeder(&self, found: &Feeder, wanted: &Feeder) -> Result<(), AgentError> {
        if (&found.name, found.root) != (&wanted.name, wanted.root) {
            return Err(AgentError::FeederDiffers {
                feeder: found.id,
                what: "name or root",
                found: format!("{}, root {}", found.name, found.root),
            });
        }
        if found == wanted {
            return Ok(());
        }
        self.grid(&ExecuteMsg::SetFeederLimits {
            feeder: wanted.id,
            external_limit: wanted.external_limit,
            internal_limit: wanted.internal_limit,
        })
        .await
    }

    async fn registered_feeder(&self, id: u32) -> Result<Option<Feeder>, AgentError> {
        // The page that starts right before it.
        let query = QueryMsg::Feeders {
            start_after: id.checked_sub(1),
            limit: Some(1),
        };
        let page: FeedersResponse = self.chain.query(&self.contracts.grid, &query).await?;
        Ok(page.feeders.into_iter().find(|feeder| feeder.id == id))
    }

    async fn registered_branches(&self, feeder: u32) -> Result<Vec<Branch>, AgentError> {
        let mut all: Vec<Branch> = Vec::new();
        loop {
            let query = QueryMsg::Branches {
                feeder,
                start_after: u32::try_from(all.len()).ok(),
                limit: Some(MAX_LIMIT),
            };
            let page: BranchesResponse = self.chain.query(&self.contracts.grid, &query).await?;
            if page.branches.is_empty() {
                return Ok(all);
            }
            all.extend(page.branches);
        }
    }

    async fn registered_accounts(
        &self,
        feeder: u32,
    ) -> Result<BTreeMap<String, Option<Binary>>, AgentError> {
        let mut all = BTreeMap::new();
        let mut start_after = None;
        loop {
            let query = QueryMsg::FeederAccounts {
                feeder,
                start_after,
                limit: Some(MAX_LIMIT),
            };
            let page: AccountsResponse = self.chain.query(&self.contracts.grid, &query).await?;
            let Some(last) = page.accounts.last() else {
                return Ok(all);
            };
            start_after = Some(last.address.to_string());
            let rows = page.accounts.into_iter();
            all.extend(rows.map(|row| (row.address.into(), row.meter_key)));
        }
    }
}
