//! Actions.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Uint64, Uint128};

use super::{Bond, FeederLimits, Limits, Objective, Pricing, Reveal, Reward};
use crate::assets::PermitClass;

/// Instantiation. Clock and denom are those of `assets`.
#[cw_serde]
pub struct InstantiateMsg {
    /// Address of the `grid` contract, which knows the operator.
    pub grid: String,
    /// Address of the `assets` contract, where the operator must register this market.
    pub assets: String,
    /// What is maximized.
    pub objective: Objective,
    /// Who sets prices.
    pub pricing: Pricing,
    /// `T_clear`: interval `t` is finalized from the end of interval `t − T_clear` on; 1 to
    /// [`super::MAX_CLEARING`].
    pub clearing: u32,
    /// Limits.
    pub limits: Limits,
    /// Bonds of solvers.
    pub bond: Bond,
    /// Rewards of solvers.
    pub reward: Reward,
    /// Commit–reveal, if solutions need it.
    pub reveal: Option<Reveal>,
}

/// Migration; the version only moves forward.
#[cw_serde]
pub struct MigrateMsg {}

/// Actions.
#[cw_serde]
pub enum ExecuteMsg {
    /// Operator: limits of a feeder from now on. Where the candidate no longer fits, its interval is
    /// void and trades nothing.
    SetFeederLimits {
        /// Feeder number.
        feeder: u32,
        /// The limits.
        limits: FeederLimits,
    },
    /// Holder of a permit: posts an offer. Locks the permit, and a buyer's money: energy times
    /// price, rounded up.
    PostOffer {
        /// Side, feeder and intervals; exactly a permit that the sender has.
        permit: PermitClass,
        /// Energy (Wh), above 0.
        energy: Uint64,
        /// Reservation price (µ/kWh): a seller's lowest, a buyer's highest.
        price: Uint64,
    },
    /// Owner of an offer: ends it with the round, when the next interval is finalized. It stays if
    /// the candidate uses it then.
    CancelOffer {
        /// The offer.
        offer: u32,
    },
    /// Anyone: becomes a solver by paying the bond, or fills a reduced bond up.
    RegisterSolver {},
    /// Solver: takes its bond back. It must have revealed what it committed to and sealed or
    /// abandoned what it began.
    UnregisterSolver {},
    /// Solver: binds itself to a solution, see [`super::commit_message`].
    Commit {
        /// SHA-256 of the commit message, 32 bytes.
        hash: Binary,
    },
    /// Anyone: takes the forfeit from a solver that has not revealed in time.
    ForfeitCommit {
        /// The solver.
        solver: String,
    },
    /// Solver: a solution in one message.
    SubmitSolution {
        /// The round, which is the interval that trades count theirs from.
        round: u32,
        /// Trades, packed (see [`gridweave_rules::market::Layout`]), strictly increasing by
        /// interval, seller and buyer.
        trades: Binary,
        /// Duals that bound the optimum, see [`gridweave_rules::market::Certificate`].
        certificate: Option<Binary>,
        /// Salt of the commitment, where solutions need one.
        salt: Option<Binary>,
    },
    /// Solver: begins a solution that comes in several messages. One at a time.
    BeginSolution {
        /// The round; the solution must be sealed in it.
        round: u32,
    },
    /// Solver: more trades for the solution it has begun.
    AppendTrades {
        /// Number of the message, from 0.
        sequence: u32,
        /// Trades, as in `SubmitSolution`.
        trades: Binary,
    },
    /// Solver: completes the solution it has begun.
    SealSolution {
        /// As in `SubmitSolution`.
        certificate: Option<Binary>,
        /// As in `SubmitSolution`.
        salt: Option<Binary>,
    },
    /// Solver: gives up the solution it has begun.
    AbandonSolution {},
    /// Anyone: finalizes an interval from the candidate once its time has come, in order of time,
    /// and goes on with the following ones as far as the page reaches.
    FinalizeInterval {
        /// The next interval to be finalized, or the one that is under way.
        interval: u32,
        /// Trades and offers to work through; at most [`super::MAX_PAGE`],
        /// [`super::DEFAULT_PAGE`] unless given.
        limit: Option<u32>,
    },
    /// Anyone: takes out a solver's rewards for it.
    ClaimReward {
        /// The solver; the sender unless given.
        solver: Option<String>,
    },
    /// Anyone: pays coins into the reward pool.
    FundRewards {},
    /// Operator: takes coins out of the reward pool.
    DefundRewards {
        /// Amount (µ), above 0.
        amount: Uint128,
    },
}
