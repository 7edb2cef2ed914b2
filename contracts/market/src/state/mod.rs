//! What the contract stores, and under which names.
//!
//! Everything that a solution touches is packed: offers 32 to a value, what a solution takes from
//! offers 256 to a value, and one value each for an interval's trades and its totals. A solution has
//! a number; the candidate is a number, so that sealing a solution copies nothing.

mod draft;
mod records;

use std::ops::Deref;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Empty, Int128, StdResult, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use gridweave_types::market::ConfigResponse;
use gridweave_types::packed::PackedMap;

pub use draft::{Draft, draft_progress};
pub use records::{
    Final, FlowRecord, LimitsRecord, OfferRecord, PartRecord, Status, offer_state, phase,
};

/// Number of a solution, from 1.
pub type SolutionId = u64;
/// A solution's share in one interval.
pub type PartKey = (SolutionId, u32);

/// What is fixed at instantiation.
pub const CONFIG: Item<ConfigResponse> = Item::new("config");
/// Where the market stands; its one key is 0.
pub const STATUS: PackedMap<u32, Status> = PackedMap::new("status");
/// Limits of feeders.
pub const FEEDERS: PackedMap<u32, LimitsRecord> = PackedMap::new("feeders");
/// Keys of [`FEEDERS`].
pub const FEEDER_KEYS: Map<u32, Empty> = Map::new("feeders");

/// Offers, [`PAGE`] to a value; a full page whose offers have all ended is removed.
pub const OFFERS: PackedMap<u32, Vec<OfferRecord>> = PackedMap::new("offers");
/// Keys of [`OFFERS`].
pub const OFFER_PAGES: Map<u32, Empty> = Map::new("offers");
/// Offers to a page.
pub const PAGE: u32 = 32;
/// Owners of open offers.
pub const OWNERS: Map<u32, Addr> = Map::new("owners");
/// Numbers of open offers by owner.
pub const COUNTS: Map<&Addr, u32> = Map::new("counts");
/// Open offers by the interval with which they end.
pub const ENDS: Map<(u32, u32), Empty> = Map::new("ends");

/// Totals of a solution's intervals; kept of finalized ones.
pub const PARTS: PackedMap<PartKey, PartRecord> = PackedMap::new("parts");
/// Energy that a solution takes from offers (Wh) in open intervals, [`USED_PAGE`] to a value.
pub const USED: PackedMap<(SolutionId, u32), Vec<u32>> = PackedMap::new("used");
/// Offers to a page of [`USED`].
pub const USED_PAGE: u32 = 256;
/// Intervals of a solution, ascending.
pub const INTERVALS: PackedMap<SolutionId, Vec<u32>> = PackedMap::new("intervals");
/// Pages of [`USED`] that a solution has, ascending.
pub const USED_PAGES: PackedMap<SolutionId, Vec<u32>> = PackedMap::new("used_pages");
/// Solutions that come in several messages.
pub const DRAFTS: PackedMap<SolutionId, Draft> = PackedMap::new("drafts");
/// Finalized intervals in which something was or would have been traded.
pub const FINALS: PackedMap<u32, Final> = PackedMap::new("finals");
/// The candidate, unless it is `p = 0`.
pub const CANDIDATE: Item<Candidate> = Item::new("candidate");

/// Solvers.
pub const SOLVERS: Map<&Addr, Solver> = Map::new("solvers");
/// Rewards that have not been claimed (µ).
pub const OWED: Map<&Addr, Uint128> = Map::new("owed");

const TRADES: Map<PartKey, Empty> = Map::new("trades");

/// A solution's trades in one interval, packed.
pub fn load_trades(storage: &dyn Storage, key: PartKey) -> Vec<u8> {
    storage.get(TRADES.key(key).deref()).unwrap_or_default()
}

/// Stores a solution's trades in one interval.
pub fn save_trades(storage: &mut dyn Storage, key: PartKey, bytes: &[u8]) {
    storage.set(TRADES.key(key).deref(), bytes);
}

/// Removes all that a solution has stored of intervals from `next` on.
///
/// # Errors
/// Only those of storage.
pub fn remove_solution(
    storage: &mut dyn Storage,
    solution: SolutionId,
    next: u32,
) -> StdResult<()> {
    let intervals = INTERVALS.may_load(storage, solution)?.unwrap_or_default();
    for interval in intervals.into_iter().filter(|interval| *interval >= next) {
        PARTS.remove(storage, (solution, interval));
        storage.remove(TRADES.key((solution, interval)).deref());
    }
    let pages = USED_PAGES.may_load(storage, solution)?.unwrap_or_default();
    for page in pages {
        USED.remove(storage, (solution, page));
    }
    INTERVALS.remove(storage, solution);
    USED_PAGES.remove(storage, solution);
    DRAFTS.remove(storage, solution);
    Ok(())
}

/// The best feasible solution so far; its number and value are in [`Status`].
#[cw_serde]
pub struct Candidate {
    /// Who found it.
    pub solver: Addr,
    /// What it was worth when it was accepted.
    pub accepted_objective: Int128,
    /// Upper bound and ratio (parts per million) from its certificate.
    pub certified: Option<(Uint128, u32)>,
    /// Who shares its reward; at most [`gridweave_types::market::MAX_SHARES`].
    pub shares: Vec<Share>,
}

/// A solver's share in a candidate.
#[cw_serde]
pub struct Share {
    /// The solver.
    pub solver: Addr,
    /// By how much it improved the objective.
    pub weight: Uint128,
    /// Part of the reward that it gets (parts per million).
    pub quality_ppm: u32,
}

/// A solver.
#[cw_serde]
#[derive(Default)]
pub struct Solver {
    /// What is left of its bond (µ).
    pub bond: Uint128,
    /// What it has committed to.
    pub commit: Option<Commit>,
    /// The solution that it has begun.
    pub draft: Option<SolutionId>,
    /// Solutions accepted.
    pub accepted: u32,
    /// Solutions rejected as infeasible, and commitments not revealed.
    pub rejected: u32,
}

/// A commitment.
#[cw_serde]
pub struct Commit {
    /// SHA-256 of the commit message.
    pub hash: Binary,
    /// Height of its block.
    pub height: u64,
    /// Time of its block (unix seconds).
    pub time: u64,
}
