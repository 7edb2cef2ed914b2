//! Queries.

use cosmwasm_schema::{QueryResponses, cw_serde};

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What is fixed at instantiation.
    #[returns(super::ConfigResponse)]
    Config {},
    /// Where the market stands.
    #[returns(super::StatusResponse)]
    Status {},
    /// Money of bonds and rewards.
    #[returns(super::BooksResponse)]
    Books {},
    /// One offer.
    #[returns(super::OfferResponse)]
    Offer {
        /// Its number.
        offer: u32,
    },
    /// Open offers by number.
    #[returns(super::OffersResponse)]
    Offers {
        /// Last offer of the previous page.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// The candidate.
    #[returns(super::CandidateResponse)]
    Candidate {},
    /// Open intervals in which the candidate trades, without the trades.
    #[returns(super::IntervalsResponse)]
    CandidateIntervals {
        /// Last interval of the previous page.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// One interval with its trades: finalized, or as the candidate would have it.
    #[returns(super::IntervalResponse)]
    Interval {
        /// The interval.
        interval: u32,
    },
    /// Limits of a feeder.
    #[returns(super::FeederResponse)]
    Feeder {
        /// Feeder number.
        feeder: u32,
    },
    /// Limits of feeders by number.
    #[returns(super::FeedersResponse)]
    Feeders {
        /// Last feeder of the previous page.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// One solver.
    #[returns(super::SolverResponse)]
    Solver {
        /// Its address.
        solver: String,
    },
    /// Solvers by address.
    #[returns(super::SolversResponse)]
    Solvers {
        /// Last solver of the previous page.
        start_after: Option<String>,
        /// Page size.
        limit: Option<u32>,
    },
    /// The solution that a solver has begun.
    #[returns(super::DraftResponse)]
    Draft {
        /// Its address.
        solver: String,
    },
}
