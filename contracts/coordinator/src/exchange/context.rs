//! What every step of an exchange session starts from.

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::exchange::{ExportRule, Problem, VoltageState};
use gridweave_types::coordinator::{ExchangeConfig, Mode, SessionConfig};

use super::convert::{load_multipliers, load_problem, load_rule};
use super::store::{Loaded, StoredNetwork, load_participants};
use crate::error::ContractError;
use crate::state::{SessionId, Status};

/// A session with its public problem.
pub struct Context<'a> {
    /// Session id.
    pub session: SessionId,
    /// Status.
    pub status: &'a Status,
    /// Parameters of the exchange mode.
    pub mode: &'a ExchangeConfig,
    /// The public problem.
    pub problem: Problem,
    /// The network in bus numbers.
    pub network: StoredNetwork,
}

impl<'a> Context<'a> {
    /// Loads the problem of an exchange session.
    ///
    /// # Errors
    /// [`ContractError::WrongMode`] in consensus sessions.
    pub fn load(
        storage: &dyn Storage,
        session: SessionId,
        status: &'a Status,
        config: &'a SessionConfig,
    ) -> Result<Self, ContractError> {
        let Mode::Exchange(mode) = &config.mode else {
            return Err(ContractError::WrongMode {
                session,
                expected: "exchange",
            });
        };
        let (problem, network) = load_problem(storage, session, status, config, mode)?;
        Ok(Self {
            session,
            status,
            mode,
            problem,
            network,
        })
    }

    /// The price rule after the last closed round.
    pub fn rule(&self, storage: &dyn Storage) -> Result<ExportRule, ContractError> {
        load_rule(storage, self.session, self.mode, &self.problem)
    }

    /// The voltage multipliers after the last closed round.
    pub fn multipliers(&self, storage: &dyn Storage) -> Result<VoltageState, ContractError> {
        load_multipliers(storage, self.session, &self.problem)
    }

    /// Participants with the answers in the first `slots` slots.
    pub fn participants(&self, storage: &dyn Storage, slots: u32) -> StdResult<Loaded> {
        load_participants(storage, self.session, self.status, &self.network, slots)
    }
}
