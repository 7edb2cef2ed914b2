//! Homes of a market: what they really produce and draw, whoever trades it.
//!
//! A home's energy is that of its profile, whether it is traded or not. Only what an offer may deliver in
//! several intervals waits for its trades: a battery keeps it until then, and keeps what is never
//! traded. What meters read differs from that by the error of [`MeterOptions::deviation`].

use std::collections::BTreeMap;

use gridweave_model::MeterOptions;
use gridweave_model::market::{BookSide, MarketDay};
use gridweave_optim::market::Book;
use gridweave_rules::market::{OfferId, Side};

use super::devices::deviated;
use super::{Reporting, Series};

/// The homes of a market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Homes {
    /// By home: its feeder.
    pub feeders: Vec<u32>,
    /// By home: energy by interval that waits for no trade (Wh, production positive).
    fixed: Vec<Vec<i64>>,
    /// Offers that wait for their trades: home and side.
    waiting: BTreeMap<OfferId, (usize, Side)>,
}

impl Homes {
    /// The homes of a day; offers are numbered as in [`Book::day`].
    pub fn of_day(day: &MarketDay) -> Self {
        let homes = day.homes.iter();
        let mut fixed: Vec<Vec<i64>> = homes.map(|home| home.energy_wh.clone()).collect();
        let mut waiting = BTreeMap::new();
        for (offer, posting) in (1..).zip(&day.postings) {
            if posting.start == posting.end {
                continue;
            }
            let (side, sign) = match posting.side {
                BookSide::Sell => (Side::Sell, 1),
                BookSide::Buy => (Side::Buy, -1),
            };
            waiting.insert(offer, (posting.home, side));
            let row = fixed.get_mut(posting.home);
            // The profile has all of an interval's energy.
            if let Some(energy) = row.and_then(|row| row.get_mut(posting.start as usize)) {
                *energy -= sign * i64::try_from(posting.energy_wh).unwrap_or(i64::MAX);
            }
        }
        Self {
            feeders: day.homes.iter().map(|home| home.feeder).collect(),
            fixed,
            waiting,
        }
    }

    /// A home for each offer of a recorded book, in order. The book does not say what it would do
    /// without trades, so it does what it has traded and no more.
    pub fn of_book(book: &Book) -> Self {
        let waiting = book.offers.iter().zip(0..);
        Self {
            feeders: book.offers.values().map(|offer| offer.feeder).collect(),
            fixed: vec![Vec::new(); book.offers.len()],
            waiting: waiting
                .map(|((offer, row), home)| (*offer, (home, row.side)))
                .collect(),
        }
    }

    /// By home: what it does in `interval`, in which these offers have traded so much (Wh; injection
    /// positive).
    pub fn energies(
        &self,
        interval: u32,
        traded: impl IntoIterator<Item = (OfferId, u64)>,
    ) -> Vec<i64> {
        let rows = self.fixed.iter();
        let fixed = rows.map(|row| row.get(interval as usize).copied().unwrap_or_default());
        let mut energies: Vec<i64> = fixed.collect();
        for (offer, energy) in traded {
            let energy = i64::try_from(energy).unwrap_or(i64::MAX);
            let Some(&(home, side)) = self.waiting.get(&offer) else {
                continue;
            };
            if let Some(sum) = energies.get_mut(home) {
                *sum = match side {
                    Side::Sell => sum.saturating_add(energy),
                    Side::Buy => sum.saturating_sub(energy),
                };
            }
        }
        energies
    }
}

/// How the homes' meters err and report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HomeMeters {
    /// Errors and reports.
    pub options: MeterOptions,
    /// Seed of both.
    pub seed: u64,
}

impl HomeMeters {
    /// The series of a home's meter over `horizon` intervals from `first` on, all 0 until they are known:
    /// see [`Series::set`]. What is known when its interval begins is known in time.
    pub fn series(&self, home: usize, (first, horizon): (u32, u32)) -> Series {
        let reporting = Reporting {
            options: self.options,
            seed: self.seed,
            meter: home as u32,
        };
        Series::reported(first, vec![0; horizon as usize], &reporting)
    }

    /// What the meter of a home that does `energy` (Wh) in `interval` reads.
    pub fn reading(&self, home: usize, interval: u32, energy: i64) -> i64 {
        let place = (self.seed, home as u32, interval);
        deviated(self.options.deviation, place, energy as f64)
    }
}

#[cfg(test)]
mod tests {
    use gridweave_model::market::MarketScenario;

    use super::*;

    fn day(battery: bool) -> MarketDay {
        let scenario = MarketScenario::shipped("transax-102").unwrap();
        scenario.with_battery(battery).build().unwrap()
    }

    #[test]
    fn without_batteries_homes_do_what_their_profiles_say() {
        let day = day(false);
        let homes = Homes::of_day(&day);
        let noon = homes.energies(48, []);
        for (home, energy) in day.homes.iter().zip(noon) {
            assert_eq!(home.energy_wh[48], energy);
        }
    }

    #[test]
    fn batteries_deliver_when_they_are_traded() {
        let day = day(true);
        let homes = Homes::of_day(&day);
        let (offer, posting) = (1..)
            .zip(&day.postings)
            .find(|(_, posting)| posting.start < posting.end)
            .unwrap();
        let (home, start) = (posting.home, posting.start);
        let produced = day.homes[home].energy_wh[start as usize];
        let stored: i64 = day
            .postings
            .iter()
            .filter(|other| (other.home, other.start) == (home, start) && other.end > start)
            .map(|other| other.energy_wh as i64)
            .sum();
        assert_eq!(homes.energies(start, [])[home], produced - stored);
        let before = homes.energies(90, [])[home];
        assert_eq!(homes.energies(90, [(offer, 700)])[home], before + 700);
    }

    #[test]
    fn readings_err_as_devices_do_and_repeat() {
        let meters = HomeMeters {
            options: MeterOptions::default(),
            seed: 3,
        };
        let read = |interval| meters.reading(5, interval, 100_000);
        assert_eq!(read(7), read(7));
        let errors: Vec<f64> = (0..400).map(|t| read(t) as f64 / 1e5 - 1.0).collect();
        let variance = errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64;
        assert!((0.04..0.06).contains(&variance.sqrt()), "{variance}");
        assert_eq!(meters.series(5, (7, 96)).end(), 103);
    }
}
