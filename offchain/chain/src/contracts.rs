//! The contracts of the suite: their names, what each is told at birth, and in which order.

use std::collections::BTreeMap;

use gridweave_types::{coordinator, grid};
use serde::{Deserialize, Serialize};

use crate::{ChainError, ContractAddr};

/// A contract of the suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractKind {
    /// The register of feeders and accounts.
    Grid,
    /// The coordination sessions.
    Coordinator,
}

/// Addresses by contract.
pub type Deployed = BTreeMap<ContractKind, ContractAddr>;

impl ContractKind {
    /// All contracts, each after those that it refers to.
    pub const ALL: [Self; 2] = [Self::Grid, Self::Coordinator];

    /// Its name, as in `contracts/NAME`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Coordinator => "coordinator",
        }
    }

    /// Its label on the chain.
    pub fn label(self) -> String {
        format!("gridweave-{}", self.name())
    }

    /// Name of its wasm file.
    pub fn wasm_file(self) -> String {
        format!("gridweave_{}.wasm", self.name())
    }

    /// What it is told at birth: `operator` runs the grid, `deployed` are those before it.
    ///
    /// # Errors
    /// [`ChainError::Encode`] when one that it refers to is missing.
    pub fn instantiate_msg(
        self,
        operator: &str,
        deployed: &Deployed,
    ) -> Result<serde_json::Value, ChainError> {
        let msg = match self {
            Self::Grid => serde_json::to_value(grid::InstantiateMsg {
                operator: operator.into(),
            }),
            Self::Coordinator => serde_json::to_value(coordinator::InstantiateMsg {
                grid: find(deployed, Self::Grid)?.as_str().into(),
            }),
        };
        msg.map_err(|error| ChainError::Encode {
            contract: ContractAddr::new(self.label()),
            reason: error.to_string(),
        })
    }
}

/// The deployed contracts that the actors talk to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contracts {
    /// The register of feeders and accounts.
    pub grid: ContractAddr,
    /// The coordination sessions.
    pub coordinator: ContractAddr,
}

impl Contracts {
    /// The contracts in `deployed`.
    ///
    /// # Errors
    /// [`ChainError::NotDeployed`].
    pub fn new(deployed: &Deployed) -> Result<Self, ChainError> {
        Ok(Self {
            grid: find(deployed, ContractKind::Grid)?.clone(),
            coordinator: find(deployed, ContractKind::Coordinator)?.clone(),
        })
    }
}

fn find(deployed: &Deployed, kind: ContractKind) -> Result<&ContractAddr, ChainError> {
    deployed.get(&kind).ok_or_else(|| ChainError::NotDeployed {
        contract: kind.name(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_contract_refers_only_to_those_before_it() {
        let mut deployed = Deployed::new();
        for kind in ContractKind::ALL {
            kind.instantiate_msg("operator", &deployed).unwrap();
            deployed.insert(kind, ContractAddr::new(kind.name()));
        }
        let contracts = Contracts::new(&deployed).unwrap();
        assert_eq!(contracts.grid.as_str(), "grid");
        let error = Contracts::new(&Deployed::new()).unwrap_err();
        assert_eq!(error.to_string(), "contract 'grid' is not deployed");
    }
}
