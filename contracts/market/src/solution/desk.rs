//! What every message of a solver begins and ends with.

use cosmwasm_std::{Addr, Binary, Env, MessageInfo, Response, Storage};
use gridweave_rules::market::{Terms, TradesError, Violation, unpack_trades};
use gridweave_types::event::ACTION;
use gridweave_types::market::ConfigResponse;
use gridweave_types::market::digest_message;
use gridweave_types::parameter::within;
use gridweave_units::Interval;
use sha2::{Digest, Sha256};

use crate::clock;
use crate::error::ContractError;
use crate::solver::{self, penalize, require_active};
use crate::state::{CONFIG, SOLVERS, Solver, Status, phase};

/// A solver's message under way.
pub struct Desk<'a> {
    /// Storage.
    pub storage: &'a mut dyn Storage,
    /// The block.
    pub env: &'a Env,
    /// What is fixed.
    pub config: ConfigResponse,
    /// Where the market stands.
    pub status: Status,
    /// The solver's address.
    pub address: Addr,
    /// The solver.
    pub solver: Solver,
}

impl<'a> Desk<'a> {
    /// Opens the desk for an active solver.
    ///
    /// # Errors
    /// [`ContractError::NoSolver`], [`ContractError::Inactive`].
    pub fn open(
        storage: &'a mut dyn Storage,
        env: &'a Env,
        info: MessageInfo,
    ) -> Result<Self, ContractError> {
        let config = CONFIG.load(storage)?;
        let solver = solver::load(storage, &info.sender)?;
        require_active(&config, &info.sender, &solver)?;
        Ok(Self {
            status: Status::load(storage)?,
            address: info.sender,
            env,
            config,
            solver,
            storage,
        })
    }

    /// Whether the round is over; a round that has not come is an error. While an interval is being
    /// finalized, or should be, there is no round.
    ///
    /// # Errors
    /// [`ContractError::WrongRound`], [`ContractError::Finalizing`],
    /// [`ContractError::FinalizationDue`].
    pub fn is_stale(&self, round: u32) -> Result<bool, ContractError> {
        let (next, now) = (self.status.next, self.env.block.time.seconds());
        if round < next {
            return Ok(true);
        }
        if round > next {
            let expected = next;
            return Err(ContractError::WrongRound { round, expected });
        }
        if self.status.phase != phase::OPEN {
            let interval = next.saturating_sub(1);
            return Err(ContractError::Finalizing { interval });
        }
        if clock::is_due(&self.config, next, now) {
            return Err(ContractError::FinalizationDue {
                interval: next,
                since: clock::due_at(&self.config, next),
                now,
            });
        }
        Ok(false)
    }

    /// Clears the solver's commitment, see [`solver::reveal`].
    ///
    /// # Errors
    /// Those of [`solver::reveal`].
    pub fn reveal(
        &mut self,
        round: u32,
        salt: Option<Binary>,
        digest: &[u8; 32],
    ) -> Result<(), ContractError> {
        let solver = (&self.address, &mut self.solver);
        solver::reveal(&self.config, self.env, solver, round, salt, digest)
    }

    /// What solutions are checked against.
    pub fn terms(&self) -> Terms {
        let next = self.status.next;
        Terms {
            objective: self.config.objective.into(),
            pricing: self.config.pricing.into(),
            next: Interval(next),
            last: Interval(next.saturating_add(self.config.limits.horizon)),
            interval_trades: self.config.limits.interval_trades,
        }
    }

    /// The trades of a message, counted from the round.
    ///
    /// # Errors
    /// [`ContractError::Trades`], [`ContractError::InvalidParameter`] for none or too many.
    pub fn trades<'b>(
        &self,
        bytes: &'b [u8],
    ) -> Result<impl Iterator<Item = TradeResult> + use<'b>, ContractError> {
        let layout = self.config.pricing.layout();
        let trades = unpack_trades(layout, Interval(self.status.next), bytes)?;
        let count = bytes.len() / layout.bytes();
        let most = self.config.limits.message_trades as usize;
        within("number of trades", count, 1, most)?;
        Ok(trades)
    }

    /// Announces that the solution is infeasible and takes the forfeit. It is excused when a feeder
    /// is what it violates and limits were lowered in this round.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn infeasible(mut self, violation: &Violation) -> Result<Response, ContractError> {
        let excused = self.status.lowered && violation.is_of_feeder();
        let penalty = match excused {
            true => 0,
            false => {
                let amount = self.config.bond.infeasible.u128();
                penalize(&mut self.status, &mut self.solver, amount)
            }
        };
        self.rejected(violation.name(), &violation.to_string(), penalty)
    }

    /// Announces a rejection and writes the solver and the status.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn rejected(
        self,
        reason: &str,
        detail: &str,
        penalty: u128,
    ) -> Result<Response, ContractError> {
        let bond = self.solver.bond;
        let response = Response::new()
            .add_attribute(ACTION, "solution_rejected")
            .add_attribute("solver", &self.address)
            .add_attribute("round", self.status.next.to_string())
            .add_attribute("reason", reason)
            .add_attribute("detail", detail)
            .add_attribute("penalty", penalty.to_string())
            .add_attribute("bond", bond);
        self.close()?;
        Ok(response)
    }

    /// Writes the solver and the status.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn close(self) -> Result<(), ContractError> {
        SOLVERS.save(self.storage, &self.address, &self.solver)?;
        self.status.save(self.storage);
        Ok(())
    }
}

/// A trade read from bytes.
pub type TradeResult = Result<gridweave_rules::market::Trade, TradesError>;

/// The digest after one more message of trades.
pub fn extend_digest(before: &[u8; 32], trades: &[u8]) -> [u8; 32] {
    let trades: [u8; 32] = Sha256::digest(trades).into();
    Sha256::digest(digest_message(before, &trades)).into()
}
