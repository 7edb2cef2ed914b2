//! The grid account and its meter at the root.

use cosmwasm_std::Binary;
use gridweave_chain::{Chain, ChainError};
use gridweave_model::Instance;
use gridweave_types::grid::{Account, AccountInput, ExecuteMsg, QueryMsg, Role};

use super::Operator;
use crate::{AgentError, ledger, purse};

impl<C: Chain> Operator<'_, C> {
    /// Registers the treasury at the root of feeder `id`, whose meter has the public key
    /// `meter_key` (33 bytes); a
    /// treasury that is registered already gets the key.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the grid refuses.
    pub async fn register_treasury(
        &self,
        instance: &Instance,
        id: u32,
        meter_key: Vec<u8>,
    ) -> Result<(), AgentError> {
        let terms = ledger::terms(self.chain, &self.contracts.billing).await?;
        let address = terms.treasury.into_string();
        let query = QueryMsg::Account {
            address: address.clone(),
        };
        let known: Result<Account, _> = self.chain.query(&self.contracts.grid, &query).await;
        let meter_key = Some(Binary::new(meter_key));
        match known {
            Ok(known) if known.meter_key == meter_key => Ok(()),
            Ok(_) => {
                self.grid(&ExecuteMsg::SetMeterKey { address, meter_key })
                    .await
            }
            Err(ChainError::Query { .. }) => {
                let account = AccountInput {
                    address,
                    feeder: id,
                    bus: instance.network.buses[0].id,
                    role: Role::Dso,
                    meter_key,
                };
                let accounts = vec![account];
                self.grid(&ExecuteMsg::RegisterAccounts { accounts }).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Pays in what the grid account lacks of `wanted` µ of cash.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn fund_grid(&self, wanted: u128) -> Result<(), AgentError> {
        purse::fund_grid(self.chain, &self.contracts.billing, &self.signer, wanted).await
    }
}
