//! Queries.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::Uint64;

use super::{ClaimClass, PermitClass, Side};

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What is fixed at instantiation.
    #[returns(super::ConfigResponse)]
    Config {},
    /// Totals of all books.
    #[returns(super::BooksResponse)]
    Books {},
    /// Markets by order of registration.
    #[returns(super::MarketsResponse)]
    Markets {},
    /// A holder's money; zero for an address that has never been used.
    #[returns(super::HolderResponse)]
    Holder {
        /// The address.
        holder: String,
    },
    /// A holder's free permits.
    #[returns(super::PermitsResponse)]
    Permits {
        /// The address.
        holder: String,
        /// Last class of the previous page.
        start_after: Option<PermitClass>,
        /// Page size.
        limit: Option<u32>,
    },
    /// A holder's claims.
    #[returns(super::ClaimsResponse)]
    Claims {
        /// The address.
        holder: String,
        /// Last claim of the previous page.
        start_after: Option<ClaimClass>,
        /// Page size.
        limit: Option<u32>,
    },
    /// A holder's locks in one market, by offer.
    #[returns(super::LocksResponse)]
    Locks {
        /// The address.
        holder: String,
        /// The market.
        market: String,
        /// Last offer of the previous page.
        start_after: Option<Uint64>,
        /// Page size.
        limit: Option<u32>,
    },
    /// One lock.
    #[returns(super::LockResponse)]
    Lock {
        /// The market.
        market: String,
        /// The offer.
        offer: Uint64,
    },
    /// Totals of one class of permits.
    #[returns(super::ClassResponse)]
    Class {
        /// The class.
        class: PermitClass,
    },
    /// Classes in the order in which they were first used.
    #[returns(super::ClassesResponse)]
    Classes {
        /// Last class of the previous page.
        start_after: Option<PermitClass>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Permits per interval, and their limit.
    #[returns(super::IssuedResponse)]
    Issued {
        /// Feeder number.
        feeder: u32,
        /// Side.
        side: Side,
        /// First interval.
        from: u32,
        /// Number of intervals.
        limit: Option<u32>,
    },
    /// Trades and deposits of one side, feeder and interval.
    #[returns(super::DeliveryResponse)]
    Delivery {
        /// Side, feeder and interval.
        class: ClaimClass,
    },
    /// Trades and deposits of one interval by side and feeder.
    #[returns(super::DeliveriesResponse)]
    Deliveries {
        /// The interval.
        interval: u32,
        /// Side and feeder of the last row of the previous page.
        start_after: Option<(Side, u32)>,
        /// Page size.
        limit: Option<u32>,
    },
}
