//! What is offered on a market, and when.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, ensure};
use gridweave_agents::market::plan::Plan;
use gridweave_agents::market::terms::MarketChoice;
use gridweave_agents::meter::homes::Homes;
use gridweave_agents::terms::BillingChoice;
use gridweave_dso::home::Slot;
use gridweave_model::BillingOptions;
use gridweave_model::market::{BookExpected, BookFile, MarketDay, MarketObjective};
use gridweave_optim::market::Book;
use gridweave_rules::market::{Offer, OfferId, Side};
use gridweave_types::assets::{self, PermitClass};
use gridweave_types::market::{MAX_BOOK, MAX_HORIZON, MAX_OFFER_ENERGY};

/// Length of a recorded book's intervals, which do not say theirs (minutes).
const RECORDED_MINUTES: u32 = 15;
/// Seed of a recorded book's meters.
const RECORDED_SEED: u64 = 1;

/// A market to run.
pub struct Problem {
    /// Name shown in results.
    pub name: String,
    /// Whether solvers go on as time goes by; a recorded book is solved once.
    pub rolling: bool,
    /// Prediction window `L`, where there is one.
    pub window: Option<u32>,
    /// Terms of the market.
    pub choice: MarketChoice,
    /// Intervals.
    pub horizon: u32,
    /// Length of an interval (minutes).
    pub minutes: u32,
    /// Everything that is offered, as if known from the start, with the feeders' limits.
    pub full: Book,
    /// When and by whom.
    pub offers: Vec<Planned>,
    /// Whether homes are served and post in a random order, or in their own.
    pub shuffled: bool,
    /// What an independent implementation found.
    pub expected: Option<BookExpected>,
    /// What the homes do, whatever is traded.
    pub homes: Homes,
    /// Terms of the bills.
    pub billing: BillingOptions,
    /// Seed of the meters' errors.
    pub seed: u64,
}

/// An offer to be posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// Its number in [`Problem::full`].
    pub id: OfferId,
    /// Whose it is.
    pub home: usize,
    /// Posted before the interval of this round is finalized and after the one before it is; under an
    /// address that the home uses for nothing but this slot.
    pub slot: Slot,
    /// The offer.
    pub plan: Plan,
}

impl Problem {
    /// A recorded book: everything is posted in the first round, each offer by a home of its own.
    ///
    /// # Errors
    /// The book is larger than a market's, or an offer is.
    pub fn recorded(file: &str, book: &BookFile, objective: MarketObjective) -> Result<Self> {
        let choice = MarketChoice {
            objective,
            ..MarketChoice::default()
        };
        let full = Book::recorded(book, choice.objective())?;
        check(file, book.intervals, &full)?;
        check_open(file, full.offers.len())?;
        let stem = Path::new(file).file_stem();
        let stem = stem.map(|stem| stem.to_string_lossy().into_owned());
        let offers = full.offers.iter().zip(0..);
        Ok(Self {
            name: book.name.clone().or(stem).unwrap_or_else(|| file.into()),
            rolling: false,
            window: None,
            choice,
            horizon: book.intervals,
            minutes: RECORDED_MINUTES,
            offers: offers
                .map(|((&id, offer), home)| Planned {
                    id,
                    home,
                    slot: Slot { round: 0, part: 0 },
                    plan: plan(offer),
                })
                .collect(),
            // Every offer is somebody else's: there is nothing to link, and the record stays as it is.
            shuffled: false,
            expected: book.expected.clone(),
            homes: Homes::of_book(&full),
            billing: BillingOptions::default(),
            seed: RECORDED_SEED,
            full,
        })
    }

    /// A day: at present interval `p`, offers up to `p + L − 1` are posted, and interval
    /// `p + T_clear` is the next to be finalized.
    ///
    /// # Errors
    /// More offers are open at a time than a market takes.
    pub fn day(day: &MarketDay) -> Result<Self> {
        let full = Book::day(day)?;
        check(&day.name, day.horizon, &full)?;
        let postings = full.offers.iter().zip(&day.postings);
        let mut parts: BTreeMap<(usize, u32), u32> = BTreeMap::new();
        let mut slot = |home: usize, start: u32| {
            let round = (start + day.clear + 1).saturating_sub(day.window);
            let next = parts.entry((home, round)).or_default();
            let part = *next;
            *next += u32::from(day.lots);
            Slot { round, part }
        };
        let offers: Vec<Planned> = postings
            .map(|((&id, offer), posting)| Planned {
                id,
                home: posting.home,
                slot: slot(posting.home, posting.start),
                plan: plan(offer),
            })
            .collect();
        check_open(&day.name, most_open(&offers))?;
        Ok(Self {
            name: day.name.clone(),
            rolling: true,
            window: Some(day.window),
            choice: MarketChoice {
                objective: day.objective,
                pricing: day.pricing,
                clear: day.clear,
                reveal: None,
            },
            horizon: day.horizon,
            minutes: day.interval_minutes,
            offers,
            shuffled: true,
            expected: None,
            homes: Homes::of_day(day),
            billing: day.billing.clone(),
            seed: day.seed,
            full,
        })
    }

    /// Chain seconds of an interval.
    pub fn seconds(&self) -> u32 {
        self.billing.seconds(self.hours())
    }

    /// What the bills are to be like.
    pub fn bills(&self) -> BillingChoice {
        BillingChoice {
            options: self.billing.clone(),
            horizon: self.horizon as usize,
            interval_hours: self.hours(),
        }
    }

    fn hours(&self) -> f64 {
        f64::from(self.minutes) / 60.0
    }
}

fn plan(offer: &Offer) -> Plan {
    Plan {
        class: PermitClass {
            side: match offer.side {
                Side::Sell => assets::Side::Sell,
                Side::Buy => assets::Side::Buy,
            },
            feeder: offer.feeder,
            intervals: offer.intervals,
        },
        energy: offer.left,
        price: offer.price,
    }
}

/// Most offers that are open at a time: an offer ends in the round after its last interval's.
fn most_open(offers: &[Planned]) -> usize {
    let mut changes: BTreeMap<u32, [usize; 2]> = BTreeMap::new();
    for offer in offers {
        let last = offer.plan.class.intervals.last().0;
        if last < offer.slot.round {
            // It comes too late to be taken.
            continue;
        }
        let [posted, _] = changes.entry(offer.slot.round).or_default();
        *posted += 1;
        let [_, ended] = changes.entry(last.saturating_add(1)).or_default();
        *ended += 1;
    }
    let (mut open, mut most) = (0, 0);
    for [posted, ended] in changes.into_values() {
        // What ends makes room first, and all of it was posted before.
        open = open + posted - ended;
        most = most.max(open);
    }
    most
}

/// That the contract takes so many offers at a time.
fn check_open(file: &str, open: usize) -> Result<()> {
    ensure!(
        open <= MAX_BOOK as usize,
        "{file}: {open} `offers` are open at a time, expected at most {MAX_BOOK} to be run"
    );
    Ok(())
}

/// That the contract takes these offers.
fn check(file: &str, intervals: u32, book: &Book) -> Result<()> {
    ensure!(
        intervals <= MAX_HORIZON,
        "{file}: `intervals` is {intervals}, expected at most {MAX_HORIZON} to be run"
    );
    for (id, offer) in &book.offers {
        ensure!(
            offer.left <= MAX_OFFER_ENERGY,
            "{file}: energy of offer {id} is {} Wh, expected at most {MAX_OFFER_ENERGY} to be run",
            offer.left
        );
        ensure!(
            offer.price <= gridweave_rules::settlement::MAX_PRICE,
            "{file}: `price` of offer {id} is {}, expected at most {} to be run",
            offer.price,
            gridweave_rules::settlement::MAX_PRICE
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use gridweave_units::{Interval, IntervalSet};

    use super::*;

    fn planned(round: u32, first: u32, count: u32) -> Planned {
        let class = PermitClass {
            side: assets::Side::Sell,
            feeder: 1,
            intervals: IntervalSet::span(Interval(first), count).unwrap(),
        };
        Planned {
            id: 1,
            home: 0,
            slot: Slot { round, part: 0 },
            plan: Plan {
                class,
                energy: 1,
                price: 1,
            },
        }
    }

    #[test]
    fn offers_count_while_they_are_open() {
        assert_eq!(most_open(&[]), 0);
        let day: Vec<Planned> = (0..96).map(|round| planned(round, round + 2, 3)).collect();
        // The last interval of an offer ends four rounds after its own.
        assert_eq!(most_open(&day), 5);
        let late = [planned(4, 1, 3), planned(4, 1, 3), planned(4, 1, 4)];
        assert_eq!(most_open(&late), 1);
    }

    #[test]
    fn the_limit_is_on_what_is_open() {
        let most = MAX_BOOK as usize;
        assert!(check_open("day", most).is_ok());
        let said = check_open("day", most + 1).unwrap_err().to_string();
        let expected = "day: 16385 `offers` are open at a time, expected at most 16384 to be run";
        assert_eq!(said, expected);
    }
}
