//! The messages of `assets` and `market`.
//!
//! Trading ends one interval before genesis, so a place has a lead in which its book is filled and
//! its solutions are sent; other measurements fit in between. Then its first interval is finalized.

mod book;
mod deposits;
mod finalize;
mod permits;
mod reveal;
mod solutions;
mod terms;

use anyhow::Result;
use gridweave_chain::{Chain, Signer};

use super::agents::Crowd;
use super::stage::Stage;
use crate::run::progress::Progress;
use book::Orders;
pub use terms::plain;

/// Who trades: an address for each feeder, then others.
pub const FEEDERS: u32 = 5;
/// Addresses that the measurements need.
pub const ADDRESSES: u32 = 20;
/// Intervals of the market's day.
const DAY: u32 = 96;

/// The size of a market.
pub struct Size {
    /// Offers of its book; half of them sell.
    pub offers: u32,
    /// Trades of its solutions, fewest first.
    pub trades: &'static [u32],
    /// Trades in one message of a solution that comes in several.
    pub chunk: u32,
    /// Seconds until the first interval is due.
    pub lead: u64,
}

/// Measured in either scope.
pub const SMALL: Size = Size {
    offers: 1_000,
    trades: &[100, 1_000, 5_000],
    chunk: 1_000,
    lead: 150,
};

/// Measured in the full scope.
pub const LARGE: Size = Size {
    offers: 5_000,
    trades: &[100, 1_000, 5_000],
    chunk: 1_000,
    lead: 400,
};

/// A market with a candidate.
pub struct Place<'a> {
    crowd: &'a Crowd,
    due: u64,
    trades: u32,
}

/// Makes a market, fills its book and sends it solutions.
///
/// # Errors
/// A contract refuses.
pub async fn open<'a>(stage: &mut Stage, crowd: &'a Crowd, size: &'a Size) -> Result<Place<'a>> {
    Progress::step(&format!("a market of {} offers", size.offers));
    let due = stage.chain.time().await? + size.lead;
    terms::found(stage, due).await?;
    permits::stock(stage, crowd, size.offers).await?;
    permits::measure(stage, crowd).await?;
    reveal::measure(stage, crowd).await?;
    terms::renew_market(stage, None).await?;
    book::single(stage, crowd, "empty book").await?;
    terms::renew_market(stage, None).await?;
    let orders = Orders::new(size.offers);
    book::fill(stage, crowd, &orders).await?;
    book::single(stage, crowd, &format!("book of {}", size.offers)).await?;
    Progress::step("solutions");
    let trades = solutions::measure(stage, crowd, &orders, size).await?;
    Ok(Place { crowd, due, trades })
}

impl Place<'_> {
    /// Finalizes the first interval, and what comes after trading; energy is credited to `accounts`.
    ///
    /// # Errors
    /// A contract refuses.
    pub async fn close(self, stage: &mut Stage, accounts: &Crowd) -> Result<()> {
        Progress::step(&format!("{} final trades", self.trades));
        super::until(stage, self.due + 1).await?;
        finalize::measure(stage, self.trades).await?;
        deposits::measure(stage, self.crowd, accounts).await
    }
}

/// The address that trades on a feeder.
fn trader(crowd: &Crowd, feeder: u32) -> &Signer {
    &crowd.signers[feeder as usize - 1]
}

/// The address that solves.
fn solver(crowd: &Crowd) -> &Signer {
    &crowd.signers[FEEDERS as usize]
}

/// One that solves too, and does not keep its word.
fn rival(crowd: &Crowd) -> &Signer {
    &crowd.signers[FEEDERS as usize + 1]
}

/// Addresses that never traded.
fn strangers(crowd: &Crowd) -> &[Signer] {
    &crowd.signers[FEEDERS as usize + 2..]
}
