//! What the programs are about.

use std::collections::BTreeMap;

use gridweave_model::market::{BookFile, BookOffer, BookSide, MarketDay, MarketObjective, Posting};
use gridweave_rules::market::{FeederLimits, Objective, Offer, OfferId, Side};
use gridweave_units::{Interval, IntervalSet};

use crate::error::OptimError;

/// Open offers, the feeders' limits and what is maximized.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// What is maximized.
    pub objective: Objective,
    /// The first interval that is not finalized.
    pub next: Interval,
    /// The last interval that may be traded.
    pub last: Interval,
    /// Offers by number, with what is left of them.
    pub offers: BTreeMap<OfferId, Offer>,
    /// Limits by feeder (Wh per interval); offers of other feeders cannot trade.
    pub feeders: BTreeMap<u32, FeederLimits>,
}

impl Book {
    /// The whole of a recorded book, nothing finalized yet.
    ///
    /// # Errors
    /// [`OptimError::BadValue`] when an offer spans more intervals than a set holds.
    pub fn recorded(file: &BookFile, objective: Objective) -> Result<Self, OptimError> {
        let limits = FeederLimits {
            export: file.limit_external_wh,
            import: file.limit_external_wh,
            consumption: file.limit_internal_wh,
            production: file.limit_internal_wh,
        };
        let offers = file.offers.iter().map(|row| Ok((row.id, offer(row)?)));
        Ok(Self {
            objective,
            next: Interval(0),
            last: Interval(file.intervals.saturating_sub(1)),
            offers: offers.collect::<Result<_, OptimError>>()?,
            feeders: (0..file.feeders).map(|feeder| (feeder, limits)).collect(),
        })
    }

    /// Everything that is offered on a market day, as if known at its beginning; offers are numbered
    /// from 1 in the day's order.
    ///
    /// # Errors
    /// [`OptimError::BadValue`] when an offer spans more intervals than a set holds.
    pub fn day(day: &MarketDay) -> Result<Self, OptimError> {
        let limits = FeederLimits {
            export: day.limit_external_wh,
            import: day.limit_external_wh,
            consumption: day.limit_internal_wh,
            production: day.limit_internal_wh,
        };
        let row = |(id, posting): (OfferId, &Posting)| BookOffer {
            id,
            side: posting.side,
            feeder: day.homes.get(posting.home).map_or(0, |home| home.feeder),
            start: posting.start,
            end: posting.end,
            energy_wh: posting.energy_wh,
            price: posting.price,
        };
        let offers = (1..).zip(&day.postings).map(row);
        Ok(Self {
            objective: objective(day.objective),
            next: Interval(0),
            last: Interval(day.horizon.saturating_sub(1)),
            offers: offers
                .map(|row| Ok((row.id, offer(&row)?)))
                .collect::<Result<_, OptimError>>()?,
            feeders: (1..=day.feeders).map(|feeder| (feeder, limits)).collect(),
        })
    }

    /// What one Wh of `offer` counts in the objective.
    pub(super) fn weight(&self, offer: &Offer) -> f64 {
        self.objective.weight(offer, self.next) as f64
    }

    /// Whether `interval` may still be traded.
    pub fn is_open(&self, interval: Interval) -> bool {
        (self.next..=self.last).contains(&interval)
    }

    /// The intervals in which `offer` may still trade.
    pub fn open(&self, offer: &Offer) -> impl Iterator<Item = Interval> + use<> {
        let (next, last) = (self.next, self.last);
        let within = move |interval: &Interval| (next..=last).contains(interval);
        offer.intervals.iter().filter(within)
    }
}

fn objective(objective: MarketObjective) -> Objective {
    match objective {
        MarketObjective::Energy => Objective::Energy,
        MarketObjective::ExpiringFirst => Objective::ExpiringFirst,
        MarketObjective::Welfare => Objective::Welfare,
    }
}

fn offer(row: &BookOffer) -> Result<Offer, OptimError> {
    let count = (row.end.saturating_sub(row.start)).saturating_add(1);
    let intervals = IntervalSet::span(Interval(row.start), count);
    let intervals = intervals.ok_or_else(|| OptimError::BadValue {
        what: format!("span of offer {}", row.id),
        value: count.into(),
        expected: "at most 128 intervals".into(),
    })?;
    Ok(Offer {
        side: match row.side {
            BookSide::Sell => Side::Sell,
            BookSide::Buy => Side::Buy,
        },
        feeder: row.feeder,
        intervals,
        price: row.price,
        left: row.energy_wh,
    })
}
