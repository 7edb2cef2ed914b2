//! Offers: who sells and buys what, and posting them.

use anyhow::{Result, ensure};
use gridweave_chain::ContractKind::Market;
use gridweave_chain::{Call, Chain};
use gridweave_rules::market::{Offer, Side as Rule};
use gridweave_types::assets::{PermitClass, Side};
use gridweave_types::market::{ExecuteMsg, QueryMsg, StatusResponse};
use gridweave_units::{Interval, IntervalSet};

use super::super::agents::Crowd;
use super::super::stage::{BARE, Stage};
use super::{DAY, FEEDERS, trader};

/// Offers in one transaction; neighbours that share a feeder.
const AT_ONCE: u32 = 50;
/// Intervals of an offer beside the first of the day.
const SPAN: u32 = 4;
/// Groups of offers with the same intervals.
pub const GROUPS: u32 = DAY / SPAN;
/// Energy of an offer (Wh).
pub const ENERGY: u64 = 1_000;

/// An offer of the book; its number is its place, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Feeder number.
    pub feeder: u32,
    /// Which of the groups with the same intervals.
    pub group: u32,
    /// Sells or buys.
    pub side: Side,
    /// Reservation price (µ/kWh).
    pub price: u64,
}

/// All offers: first those that sell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orders(pub Vec<Order>);

impl Orders {
    /// `count` offers; sellers and buyers are spread over feeders and intervals alike, and every
    /// pair of them agrees on a price.
    pub fn new(count: u32) -> Self {
        let half = count / 2;
        let orders = (0..count).map(|at| {
            let (side, index, base) = match at < half {
                true => (Side::Sell, at, 10_000),
                false => (Side::Buy, at - half, 20_000),
            };
            Order {
                feeder: 1 + index / AT_ONCE % FEEDERS,
                group: index % GROUPS,
                side,
                price: base + 500 * u64::from(index % 10),
            }
        });
        Self(orders.collect())
    }

    /// Numbers of the offers on one side, of one group if it is named.
    pub fn numbers(&self, side: Side, group: Option<u32>) -> Vec<u32> {
        let fits = |order: &Order| order.side == side && group.is_none_or(|g| g == order.group);
        let orders = (1..).zip(&self.0);
        let found = orders.filter(|(_, order)| fits(order));
        found.map(|(number, _)| number).collect()
    }
}

impl Order {
    /// What permits it.
    pub fn class(&self) -> PermitClass {
        class(self.side, self.feeder, self.group)
    }

    /// As the rules know it.
    pub fn offer(&self) -> Offer {
        Offer {
            side: match self.side {
                Side::Sell => Rule::Sell,
                Side::Buy => Rule::Buy,
            },
            feeder: self.feeder,
            intervals: self.class().intervals,
            price: self.price,
            left: ENERGY,
        }
    }

    fn message(&self) -> ExecuteMsg {
        ExecuteMsg::PostOffer {
            permit: self.class(),
            energy: ENERGY.into(),
            price: self.price.into(),
        }
    }
}

/// The permit of a group: the first interval of the day and [`SPAN`] others.
pub fn class(side: Side, feeder: u32, group: u32) -> PermitClass {
    let own = ((1u128 << SPAN) - 1) << (SPAN * group);
    let intervals = IntervalSet::new(Interval(0), own | 1);
    PermitClass {
        side,
        feeder,
        // The first bit is set, so there is such a set.
        intervals: intervals.unwrap_or(IntervalSet::single(Interval(0))),
    }
}

/// Posts the offers in their order.
///
/// # Errors
/// The contract refuses, or counts offers differently.
pub async fn fill(stage: &mut Stage, crowd: &Crowd, orders: &Orders) -> Result<()> {
    let contract = stage.address(Market)?;
    for page in orders.0.chunks(AT_ONCE as usize) {
        let calls = page
            .iter()
            .map(|order| Call::new(&contract, &order.message()));
        let calls = calls.collect::<Result<Vec<Call>, _>>()?;
        let trader = trader(crowd, page[0].feeder);
        stage.chain.execute_many(trader, calls).await?;
    }
    let (posted, expected) = (last(stage).await?, orders.0.len() as u32);
    ensure!(posted == expected, "{posted} offers, expected {expected}");
    Ok(())
}

/// Posts an offer of each side beyond the orders, and cancels the latter.
///
/// # Errors
/// The contract refuses.
pub async fn single(stage: &mut Stage, crowd: &Crowd, book: &str) -> Result<()> {
    let trader = trader(crowd, 1);
    for (side, name) in [(Side::Sell, "sells"), (Side::Buy, "buys")] {
        let order = Order {
            feeder: 1,
            group: 0,
            side,
            price: 15_000,
        };
        let name = format!("{name}, {book}");
        let case = BARE.named(&name);
        stage.act(trader, Market, case, &order.message()).await?;
    }
    let cancel = ExecuteMsg::CancelOffer {
        offer: last(stage).await?,
    };
    stage.act(trader, Market, BARE.named(book), &cancel).await?;
    Ok(())
}

/// Number of the latest offer.
async fn last(stage: &Stage) -> Result<u32> {
    let contract = stage.address(Market)?;
    let status: StatusResponse = stage.chain.query(&contract, &QueryMsg::Status {}).await?;
    Ok(status.last_offer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_offers_sell_and_every_interval_has_both_sides() {
        let orders = Orders::new(1_000);
        let sellers = orders.numbers(Side::Sell, None);
        assert_eq!(sellers, (1..=500).collect::<Vec<u32>>());
        for group in 0..GROUPS {
            assert!(orders.numbers(Side::Sell, Some(group)).len() >= 20);
            assert!(orders.numbers(Side::Buy, Some(group)).len() >= 20);
        }
    }

    #[test]
    fn offers_of_a_transaction_share_a_feeder() {
        for page in Orders::new(5_000).0.chunks(AT_ONCE as usize) {
            assert!(page.iter().all(|order| order.feeder == page[0].feeder));
        }
    }

    #[test]
    fn a_group_has_the_first_interval_and_its_own() {
        let intervals = class(Side::Sell, 1, 2).intervals;
        let all: Vec<u32> = intervals.iter().map(|interval| interval.0).collect();
        assert_eq!(all, [0, 8, 9, 10, 11]);
    }
}
