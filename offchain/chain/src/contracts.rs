//! The contracts of the suite: their names, what each is told at birth, and in which order.

use std::collections::BTreeMap;

use gridweave_types::{billing, coordinator, grid};
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
    /// Commitments, readings, payments.
    Billing,
}

/// Addresses by contract.
pub type Deployed = BTreeMap<ContractKind, ContractAddr>;

/// What the contracts are told at birth, beside where the others are.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// Who runs the grid.
    pub operator: String,
    /// Terms of the bills; its `grid` is filled in.
    pub billing: billing::InstantiateMsg,
}

impl ContractKind {
    /// All contracts, each after those that it refers to.
    pub const ALL: [Self; 3] = [Self::Grid, Self::Coordinator, Self::Billing];

    /// Its name, as in `contracts/NAME`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Coordinator => "coordinator",
            Self::Billing => "billing",
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

    /// What it is told at birth; `deployed` are those before it.
    ///
    /// # Errors
    /// [`ChainError::Encode`] when one that it refers to is missing.
    pub fn instantiate_msg(
        self,
        terms: &Terms,
        deployed: &Deployed,
    ) -> Result<serde_json::Value, ChainError> {
        let msg = match self {
            Self::Grid => serde_json::to_value(grid::InstantiateMsg {
                operator: terms.operator.clone(),
            }),
            Self::Coordinator => serde_json::to_value(coordinator::InstantiateMsg {
                grid: find(deployed, Self::Grid)?.as_str().into(),
            }),
            Self::Billing => serde_json::to_value(billing::InstantiateMsg {
                grid: find(deployed, Self::Grid)?.as_str().into(),
                ..terms.billing.clone()
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
    /// Commitments, readings, payments.
    pub billing: ContractAddr,
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
            billing: find(deployed, ContractKind::Billing)?.clone(),
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
    use cosmwasm_std::{Int64, Uint64, Uint128};

    use super::*;

    fn terms() -> Terms {
        Terms {
            operator: "operator".into(),
            billing: billing::InstantiateMsg {
                grid: String::new(),
                treasury: "treasury".into(),
                denom: "stake".into(),
                genesis: 0,
                interval_seconds: 1,
                period_intervals: 1,
                tariff: billing::Tariff {
                    terms: vec![billing::Term::Dlmp {}],
                    imbalance_bps: 0,
                },
                reference_price: Int64::zero(),
                collateral: Uint128::zero(),
                float: Uint128::zero(),
                windows: billing::Windows {
                    reading: 0,
                    dispute: 0,
                    correction: 0,
                },
                limits: billing::Limits {
                    energy: Uint64::one(),
                    price: Uint64::one(),
                    silent: 0,
                    ahead: 0,
                },
            },
        }
    }

    #[test]
    fn each_contract_refers_only_to_those_before_it() {
        let mut deployed = Deployed::new();
        for kind in ContractKind::ALL {
            let msg = kind.instantiate_msg(&terms(), &deployed).unwrap();
            if kind != ContractKind::Grid {
                assert_eq!(msg["grid"], "grid");
            }
            deployed.insert(kind, ContractAddr::new(kind.name()));
        }
        let contracts = Contracts::new(&deployed).unwrap();
        assert_eq!(contracts.grid.as_str(), "grid");
        let error = Contracts::new(&Deployed::new()).unwrap_err();
        assert_eq!(error.to_string(), "contract 'grid' is not deployed");
    }
}
