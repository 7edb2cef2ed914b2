//! Claims: energy that was sold or bought for one interval.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Int64, Uint64, Uint128};

use super::Side;

/// A finalized trade, `p` and `π·p` of T(14), T(15).
#[cw_serde]
#[derive(Eq)]
pub struct Trade {
    /// Offer that sells.
    pub seller_offer: Uint64,
    /// Offer that buys.
    pub buyer_offer: Uint64,
    /// Energy (Wh), above 0.
    pub energy: Uint64,
    /// What the buyer pays the seller (µ).
    pub payment: Uint128,
}

/// What a claim is for.
#[cw_serde]
#[derive(Copy, Eq, Hash, PartialOrd, Ord)]
pub struct ClaimClass {
    /// Sold, which is an obligation to deliver, or bought.
    pub side: Side,
    /// Feeder on which the energy is produced or consumed.
    pub feeder: u32,
    /// The interval.
    pub interval: u32,
}

/// Some energy of a claim.
#[cw_serde]
#[derive(Eq)]
pub struct ClaimBalance {
    /// What it is for.
    pub class: ClaimClass,
    /// Energy (Wh).
    pub energy: Uint64,
}

/// Answer to [`super::QueryMsg::Claims`].
#[cw_serde]
pub struct ClaimsResponse {
    /// The holder.
    pub holder: Addr,
    /// One page by interval, side and feeder.
    pub claims: Vec<ClaimBalance>,
}

/// Deposited energy to credit to an account.
#[cw_serde]
pub struct DepositRow {
    /// Account registered in `grid`; its feeder is where the energy was deposited for.
    pub account: String,
    /// The interval; it must not have ended.
    pub interval: u32,
    /// Energy (Wh): sold above 0, bought below 0.
    pub energy: Int64,
}

/// How a holder wants returned money back. It is a wish that the operator sees; the money is in one
/// pool.
#[cw_serde]
#[derive(Copy, Eq, Hash)]
pub enum Credit {
    /// As balance of its account in `billing`.
    Account,
    /// As coins.
    Coins,
}

/// Answer to [`super::QueryMsg::Delivery`]: what was traded on one side of a feeder for one
/// interval. `traded = claimed + deposited + retired` and `credited ≤ deposited`.
#[cw_serde]
#[derive(Eq)]
pub struct DeliveryResponse {
    /// Side, feeder and interval.
    pub class: ClaimClass,
    /// Energy sold or bought (Wh). Over all feeders as much is sold as bought.
    pub traded: Uint64,
    /// Sum of the payments (µ).
    pub value: Uint128,
    /// Volume-weighted price, `value·1000/traded`, rounded down and at most the price limit
    /// (µ/kWh); 0 without trades.
    pub price: Uint64,
    /// In claims of holders (Wh).
    pub claimed: Uint64,
    /// Deposited to the operator, credited or not (Wh).
    pub deposited: Uint64,
    /// Credited to accounts (Wh).
    pub credited: Uint64,
    /// Retired by buyers (Wh).
    pub retired: Uint64,
}

/// Answer to [`super::QueryMsg::Deliveries`].
#[cw_serde]
pub struct DeliveriesResponse {
    /// One page by side and feeder.
    pub deliveries: Vec<DeliveryResponse>,
}
