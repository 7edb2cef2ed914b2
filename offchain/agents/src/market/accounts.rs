//! Accounts of a market's homes in `grid`.

use cosmwasm_std::Binary;
use gridweave_chain::{Call, Chain, ChainError, ContractAddr, Signer};
use gridweave_types::grid::{Account, AccountInput, ExecuteMsg, MAX_ROWS, QueryMsg, Role};

use crate::AgentError;
use crate::operator::Member;

/// Bus at which homes are registered: a market knows feeders, not what lies within them.
const ROOT: u32 = 0;

/// Registers homes on their feeders, which are there; `signer` is the operator. Homes that are there
/// stay as they are, but for a meter key that differs.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn register<C: Chain>(
    chain: &C,
    grid: &ContractAddr,
    signer: &Signer,
    homes: &[(u32, Member)],
) -> Result<(), AgentError> {
    let mut accounts = Vec::new();
    for (feeder, member) in homes {
        let address = member.address.clone();
        let meter_key = member.meter_key.clone().map(Binary::new);
        let query = QueryMsg::Account {
            address: address.clone(),
        };
        let known: Result<Account, _> = chain.query(grid, &query).await;
        match known {
            Err(ChainError::Query { .. }) => accounts.push(AccountInput {
                address,
                feeder: *feeder,
                bus: ROOT,
                role: Role::Prosumer,
                meter_key,
            }),
            Ok(known) if meter_key.is_some() && known.meter_key != meter_key => {
                let set = ExecuteMsg::SetMeterKey { address, meter_key };
                chain.execute(signer, grid, &set).await?;
            }
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
    }
    for page in accounts.chunks(MAX_ROWS) {
        let register = ExecuteMsg::RegisterAccounts {
            accounts: page.to_vec(),
        };
        let call = Call::new(grid, &register)?;
        chain.execute_many(signer, vec![call]).await?;
    }
    Ok(())
}
