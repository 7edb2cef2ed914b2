//! The contracts of the suite: their names, what each is told at birth, and in which order.

use std::collections::BTreeMap;

use gridweave_types::{assets, billing, coordinator, crowdsourcing, grid, market};
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
    /// Permits, claims and money of traders.
    Assets,
    /// Offers, solutions, finalized trades.
    Market,
    /// Preferences, agreements, tasks and their budgets.
    Crowdsourcing,
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
    /// Terms of the market, if there is to be one; its `grid` and `assets` are filled in. Clock,
    /// denom and highest price of `assets` are those of the bills.
    pub market: Option<market::InstantiateMsg>,
    /// Terms of crowdsourcing, if there is to be any; its `grid` and `billing` are filled in.
    pub crowdsourcing: Option<crowdsourcing::InstantiateMsg>,
}

impl Terms {
    /// The contracts that are wanted, each after those that it refers to.
    pub fn kinds(&self) -> Vec<ContractKind> {
        let wanted = |kind: &ContractKind| match kind {
            ContractKind::Grid | ContractKind::Coordinator | ContractKind::Billing => true,
            ContractKind::Assets | ContractKind::Market => self.market.is_some(),
            ContractKind::Crowdsourcing => self.crowdsourcing.is_some(),
        };
        ContractKind::ALL.into_iter().filter(wanted).collect()
    }

    fn assets(&self, deployed: &Deployed) -> Result<assets::InstantiateMsg, ChainError> {
        Ok(assets::InstantiateMsg {
            grid: find(deployed, ContractKind::Grid)?.as_str().into(),
            billing: Some(find(deployed, ContractKind::Billing)?.as_str().into()),
            denom: self.billing.denom.clone(),
            genesis: self.billing.genesis,
            interval_seconds: self.billing.interval_seconds,
            price_limit: self.billing.limits.price,
        })
    }

    fn market(&self, deployed: &Deployed) -> Result<market::InstantiateMsg, ChainError> {
        let terms = self.market.clone().ok_or(ChainError::NotDeployed {
            contract: ContractKind::Market.name(),
        })?;
        Ok(market::InstantiateMsg {
            grid: find(deployed, ContractKind::Grid)?.as_str().into(),
            assets: find(deployed, ContractKind::Assets)?.as_str().into(),
            ..terms
        })
    }

    fn crowdsourcing(
        &self,
        deployed: &Deployed,
    ) -> Result<crowdsourcing::InstantiateMsg, ChainError> {
        let terms = self.crowdsourcing.clone().ok_or(ChainError::NotDeployed {
            contract: ContractKind::Crowdsourcing.name(),
        })?;
        Ok(crowdsourcing::InstantiateMsg {
            grid: find(deployed, ContractKind::Grid)?.as_str().into(),
            billing: find(deployed, ContractKind::Billing)?.as_str().into(),
            ..terms
        })
    }
}

impl ContractKind {
    /// All contracts, each after those that it refers to.
    pub const ALL: [Self; 6] = [
        Self::Grid,
        Self::Coordinator,
        Self::Billing,
        Self::Assets,
        Self::Market,
        Self::Crowdsourcing,
    ];

    /// Its name, as in `contracts/NAME`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Coordinator => "coordinator",
            Self::Billing => "billing",
            Self::Assets => "assets",
            Self::Market => "market",
            Self::Crowdsourcing => "crowdsourcing",
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
    /// [`ChainError::NotDeployed`] when one that it refers to, or its terms are missing.
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
            Self::Assets => serde_json::to_value(terms.assets(deployed)?),
            Self::Market => serde_json::to_value(terms.market(deployed)?),
            Self::Crowdsourcing => serde_json::to_value(terms.crowdsourcing(deployed)?),
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
    /// Those of a market, where there is one.
    pub market: Option<MarketContracts>,
    /// Preferences, agreements, tasks and their budgets, where there is crowdsourcing.
    pub crowdsourcing: Option<ContractAddr>,
}

/// The contracts of a market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketContracts {
    /// Permits, claims and money of traders.
    pub assets: ContractAddr,
    /// Offers, solutions, finalized trades.
    pub market: ContractAddr,
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
            market: match (
                deployed.get(&ContractKind::Assets),
                deployed.get(&ContractKind::Market),
            ) {
                (Some(assets), Some(market)) => Some(MarketContracts {
                    assets: assets.clone(),
                    market: market.clone(),
                }),
                _ => None,
            },
            crowdsourcing: deployed.get(&ContractKind::Crowdsourcing).cloned(),
        })
    }

    /// The contracts of the market.
    ///
    /// # Errors
    /// [`ChainError::NotDeployed`].
    pub fn market(&self) -> Result<&MarketContracts, ChainError> {
        self.market.as_ref().ok_or(ChainError::NotDeployed {
            contract: ContractKind::Market.name(),
        })
    }

    /// The contract of crowdsourcing.
    ///
    /// # Errors
    /// [`ChainError::NotDeployed`].
    pub fn crowdsourcing(&self) -> Result<&ContractAddr, ChainError> {
        let known = self.crowdsourcing.as_ref();
        known.ok_or(ChainError::NotDeployed {
            contract: ContractKind::Crowdsourcing.name(),
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
            market: Some(market::InstantiateMsg {
                grid: String::new(),
                assets: String::new(),
                objective: market::Objective::Energy,
                pricing: market::Pricing::Midpoint,
                clearing: 1,
                limits: market::Limits {
                    address_offers: 1,
                    book: 1,
                    offer_energy: Uint64::one(),
                    offer_price: Uint64::one(),
                    horizon: 1,
                    message_trades: 1,
                    interval_trades: 1,
                },
                bond: market::Bond {
                    amount: Uint128::zero(),
                    infeasible: Uint128::zero(),
                    withheld: Uint128::zero(),
                },
                reward: market::Reward {
                    rate: Uint64::zero(),
                    interval_cap: Uint128::zero(),
                    uncertified_ppm: 0,
                },
                reveal: None,
            }),
            crowdsourcing: Some(crowdsourcing::InstantiateMsg {
                grid: String::new(),
                billing: String::new(),
                day_intervals: 24,
                incentive_limit: Uint64::one(),
            }),
        }
    }

    #[test]
    fn what_is_not_wanted_is_not_deployed() {
        let plain = Terms {
            market: None,
            crowdsourcing: None,
            ..terms()
        };
        assert_eq!(plain.kinds(), ContractKind::ALL[..3]);
        let crowd = Terms {
            market: None,
            ..terms()
        };
        assert_eq!(crowd.kinds().last(), Some(&ContractKind::Crowdsourcing));
        assert_eq!(crowd.kinds().len(), 4);
    }

    #[test]
    fn each_contract_refers_only_to_those_before_it() {
        let mut deployed = Deployed::new();
        assert_eq!(terms().kinds(), ContractKind::ALL);
        for kind in ContractKind::ALL {
            let msg = kind.instantiate_msg(&terms(), &deployed).unwrap();
            if kind != ContractKind::Grid {
                assert_eq!(msg["grid"], "grid");
            }
            if kind == ContractKind::Market {
                assert_eq!(msg["assets"], "assets");
            }
            if kind == ContractKind::Crowdsourcing {
                assert_eq!(msg["billing"], "billing");
            }
            deployed.insert(kind, ContractAddr::new(kind.name()));
        }
        let contracts = Contracts::new(&deployed).unwrap();
        assert_eq!(contracts.grid.as_str(), "grid");
        assert_eq!(contracts.market().unwrap().assets.as_str(), "assets");
        deployed.remove(&ContractKind::Market);
        let contracts = Contracts::new(&deployed).unwrap();
        assert!(contracts.market().is_err(), "{contracts:?}");
        assert_eq!(contracts.crowdsourcing().unwrap().as_str(), "crowdsourcing");
        deployed.remove(&ContractKind::Crowdsourcing);
        let contracts = Contracts::new(&deployed).unwrap();
        assert!(contracts.crowdsourcing().is_err(), "{contracts:?}");
        let error = Contracts::new(&Deployed::new()).unwrap_err();
        assert_eq!(error.to_string(), "contract 'grid' is not deployed");
    }
}
