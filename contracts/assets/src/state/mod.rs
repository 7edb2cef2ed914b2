//! What the contract stores, and under which names.
//!
//! Addresses and classes of permits are numbered from 1 in the order in which they are first used;
//! what is written for each of them is keyed by the number and packed.

mod keys;
mod records;

use cosmwasm_std::{Addr, Empty};
use cw_storage_plus::{Item, Map};
use gridweave_types::assets::ConfigResponse;
use gridweave_types::packed::PackedMap;

pub use keys::{ClaimKey, ClassKey, claim_key, claim_of, class_key, side, side_of};
pub use records::{Books, Class, Delivery, Lock, Market, Tally};

/// Number of an address.
pub type HolderId = u32;
/// Number of a class of permits.
pub type ClassId = u32;
/// Number of a market.
pub type MarketId = u32;
/// Market and offer.
pub type LockKey = (MarketId, u64);
/// Holder and class.
pub type PermitKey = (HolderId, ClassId);
/// Interval; then side and feeder.
pub type DeliveryKey = (u32, (u8, u32));
/// Feeder; then side and block of intervals.
pub type TallyKey = (u32, (u8, u32));

/// Key of the only entry of [`BOOKS`].
pub const BOOKS_KEY: u32 = 0;

/// What is fixed at instantiation.
pub const CONFIG: Item<ConfigResponse> = Item::new("config");
/// Totals.
pub const BOOKS: PackedMap<u32, Books> = PackedMap::new("books");
/// Numbers of addresses.
pub const HOLDER_NUMBERS: Map<&Addr, HolderId> = Map::new("holder_numbers");
/// Addresses.
pub const HOLDERS: Map<HolderId, Addr> = Map::new("holders");
/// Free money (µ).
pub const MONEY: PackedMap<HolderId, u128> = PackedMap::new("money");
/// Numbers of classes.
pub const CLASS_NUMBERS: PackedMap<ClassKey, ClassId> = PackedMap::new("class_numbers");
/// Classes of permits and their totals.
pub const CLASSES: PackedMap<ClassId, Class> = PackedMap::new("classes");
/// Free permits (Wh).
pub const PERMITS: PackedMap<PermitKey, u64> = PackedMap::new("permits");
/// Energy of permits per interval.
pub const TALLIES: PackedMap<TallyKey, Tally> = PackedMap::new("tallies");
/// Limits of what is issued, by feeder (Wh per interval and side).
pub const LIMITS: PackedMap<u32, u64> = PackedMap::new("limits");
/// Locks.
pub const LOCKS: PackedMap<LockKey, Lock> = PackedMap::new("locks");
/// Index of [`LOCKS`] by holder, market and offer.
pub const HOLDER_LOCKS: Map<(HolderId, MarketId, u64), Empty> = Map::new("holder_locks");
/// Claims (Wh).
pub const CLAIMS: PackedMap<(HolderId, ClaimKey), u64> = PackedMap::new("claims");
/// Trades and deposits.
pub const DELIVERIES: PackedMap<DeliveryKey, Delivery> = PackedMap::new("deliveries");
/// Numbers of markets.
pub const MARKET_NUMBERS: Map<&Addr, MarketId> = Map::new("market_numbers");
/// Addresses of markets; at most `MAX_MARKETS`.
pub const MARKET_ADDRESSES: Map<MarketId, Addr> = Map::new("market_addresses");
/// Markets.
pub const MARKETS: PackedMap<MarketId, Market> = PackedMap::new("markets");
