//! What homes offer.

use std::collections::BTreeMap;

use super::book::BookSide;
use super::document::{BatteryTable, MarketTable};
use super::homes::Home;

/// An offer of a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// Position of the home.
    pub home: usize,
    /// Its side.
    pub side: BookSide,
    /// First interval.
    pub start: u32,
    /// Last interval.
    pub end: u32,
    /// Energy over all intervals (Wh).
    pub energy_wh: u64,
    /// Reservation price (µ/kWh).
    pub price: u64,
}

impl Posting {
    /// When a home with prediction window `L` posts it: `L − 1` intervals before its first, or at
    /// once when that has passed.
    pub fn posted_at(&self, window: u32) -> u32 {
        (self.start + 1).saturating_sub(window)
    }
}

/// What the homes offer over the day, by first interval.
///
/// Without a battery, an interval's energy can be traded in that interval only. With one, a producer
/// stores while all producers together make more than all consumers use, at most `charge_kwh` an
/// interval and `energy_kwh` over the day: that part of its offer then lasts until the day's end.
pub(super) fn postings(
    homes: &[Home],
    market: &MarketTable,
    battery: Option<BatteryTable>,
) -> Vec<Posting> {
    let battery = battery.filter(|battery| battery.enabled);
    let horizon = homes.first().map_or(0, |home| home.energy_wh.len());
    let mut stored = vec![0; homes.len()];
    let mut postings = Vec::new();
    for t in 0..horizon {
        let surplus = homes.iter().map(|home| home.energy_wh[t]).sum::<i64>() > 0;
        for (home, at) in homes.iter().zip(0..) {
            let energy = home.energy_wh[t];
            let side = match energy > 0 {
                true => BookSide::Sell,
                false => BookSide::Buy,
            };
            let price = match side {
                BookSide::Sell => market.ask,
                BookSide::Buy => market.bid,
            };
            let kept = match (side, battery) {
                (BookSide::Sell, Some(battery)) if surplus => {
                    let room = wh(battery.energy_kwh).saturating_sub(stored[at]);
                    energy.unsigned_abs().min(wh(battery.charge_kwh)).min(room)
                }
                _ => 0,
            };
            stored[at] += kept;
            let offer = |energy_wh, end: usize| Posting {
                home: at,
                side,
                start: t as u32,
                end: end as u32,
                energy_wh,
                price,
            };
            let now = offer(energy.unsigned_abs() - kept, t);
            let later = offer(kept, horizon - 1);
            postings.extend(
                [now, later]
                    .into_iter()
                    .filter(|posting| posting.energy_wh > 0),
            );
        }
    }
    postings
}

/// The same in whole lots of `lot` Wh, each an offer of its own, so that amounts tell nothing. What is
/// left over is added to the home's next offer of the same side and kind, and what is left at the day's
/// end is not offered.
pub(super) fn in_lots(postings: Vec<Posting>, lot: u64) -> Vec<Posting> {
    let lot = lot.max(1);
    let mut carried: BTreeMap<(usize, bool, bool), u64> = BTreeMap::new();
    let mut lots = Vec::with_capacity(postings.len());
    for posting in postings {
        let sells = posting.side == BookSide::Sell;
        let kind = (posting.home, sells, posting.end > posting.start);
        let carried = carried.entry(kind).or_default();
        let energy = carried.saturating_add(posting.energy_wh);
        *carried = energy % lot;
        let part = Posting {
            energy_wh: lot,
            ..posting
        };
        lots.extend((0..energy / lot).map(|_| part));
    }
    lots
}

fn wh(kwh: f64) -> u64 {
    (1_000.0 * kwh) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(energy_wh: &[i64]) -> Home {
        Home {
            feeder: 1,
            energy_wh: energy_wh.to_vec(),
        }
    }

    #[test]
    fn a_battery_keeps_what_all_together_do_not_use() {
        let homes = [home(&[300, 5_000, 900]), home(&[-400, -1_000, -500])];
        let battery = BatteryTable {
            enabled: true,
            energy_kwh: 2.5,
            charge_kwh: 2.0,
        };
        let offers = postings(&homes, &MarketTable::default(), Some(battery));
        let of = |home| {
            let own = offers.iter().filter(move |offer| offer.home == home);
            own.map(|offer| (offer.start, offer.end, offer.energy_wh))
                .collect::<Vec<_>>()
        };
        // Hour 0 is short of energy; hour 2 finds half a kilowatt-hour of room.
        assert_eq!(
            of(0),
            [
                (0, 0, 300),
                (1, 1, 3_000),
                (1, 2, 2_000),
                (2, 2, 400),
                (2, 2, 500)
            ]
        );
        assert_eq!(of(1), [(0, 0, 400), (1, 1, 1_000), (2, 2, 500)]);
        let without = postings(&homes, &MarketTable::default(), None);
        assert!(without.iter().all(|offer| offer.start == offer.end));
    }

    #[test]
    fn lots_are_equal_and_lose_less_than_one_of_each_kind() {
        let homes = [home(&[0, 1_250, 1_250]), home(&[-400, -1_000, -700])];
        let offers = postings(&homes, &MarketTable::default(), None);
        let lots = in_lots(offers, 500);
        assert!(lots.iter().all(|lot| lot.energy_wh == 500));
        let starts = |home| {
            let own = lots.iter().filter(move |lot| lot.home == home);
            own.map(|lot| lot.start).collect::<Vec<_>>()
        };
        assert_eq!(starts(0), [1, 1, 2, 2, 2]);
        assert_eq!(starts(1), [1, 1, 2, 2]);
    }

    #[test]
    fn offers_are_posted_as_far_ahead_as_the_window_sees() {
        let posting = Posting {
            home: 0,
            side: BookSide::Buy,
            start: 6,
            end: 6,
            energy_wh: 1,
            price: 1,
        };
        assert_eq!(posting.posted_at(2), 5);
        assert_eq!(posting.posted_at(5), 2);
        assert_eq!(posting.posted_at(13), 0);
    }
}
