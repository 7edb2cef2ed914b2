//! The `assets` contract: permits to offer energy, claims to energy that was traded, and money, all
//! held at addresses that name nobody.
//!
//! Energies are in Wh, money in µ of one bank denom, prices in µ/kWh. A *permit* is the right to
//! offer energy in some interval of a set; a *claim* is energy sold or bought for one interval. A
//! market that the operator has registered locks permits and money for an offer, settles trades
//! from the locks, and releases what is left:
//!
//! 1. `Lock` takes a permit's energy, and a buyer's worst-case money, from the holder's free
//!    balances. An offer has one lock, known by the market that made it and the offer's id there.
//! 2. `SettleTrades` turns locked energy of both sides into claims and moves the payment from the
//!    buyer's locked money to the seller's free money.
//! 3. `Release` gives the rest of a lock back and removes it.

mod answers;
mod claims;
mod config;
mod msg;
mod permits;
mod query;

pub use answers::{
    BooksResponse, ConfigResponse, HolderResponse, LockResponse, LocksResponse, MarketResponse,
    MarketsResponse,
};
pub use claims::{
    ClaimBalance, ClaimClass, ClaimsResponse, Credit, DeliveriesResponse, DeliveryResponse,
    DepositRow, Trade,
};
pub use config::{InstantiateMsg, MigrateMsg};
pub use msg::{Asset, ExecuteMsg, Payee, Payout};
pub use permits::{
    ClassResponse, ClassesResponse, IssuedInterval, IssuedResponse, PermitBalance, PermitClass,
    PermitEntry, PermitPart, PermitsResponse, Side,
};
pub use query::QueryMsg;

/// Most entries in one `IssuePermits`.
pub const MAX_ENTRIES: usize = 200;
/// Most parts of one `Split`.
pub const MAX_PARTS: usize = 100;
/// Most trades in one `SettleTrades`.
pub const MAX_TRADES: usize = 1_000;
/// Most offers in one `Release`.
pub const MAX_RELEASES: usize = 1_000;
/// Most claims in one `DepositEnergy`.
pub const MAX_CLAIMS: usize = 200;
/// Most rows in one `CreditDeposits`, and so most commitments that one of them records.
pub const MAX_CREDITS: usize = crate::billing::MAX_COMMITMENTS;
/// Most rows in one `PayOut`.
pub const MAX_PAYOUTS: usize = 100;
/// Most markets ever registered.
pub const MAX_MARKETS: u32 = 32;
/// Most bytes of the reason of a retirement.
pub const MAX_REASON_BYTES: usize = 256;
