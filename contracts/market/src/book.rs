//! The stored book, read page by page and each page once.

use cosmwasm_std::{StdError, StdResult, Storage};
use gridweave_rules::market::{Book, Entry, FeederLimits, OfferId};
use gridweave_types::packed::Cache;
use std::collections::BTreeMap;

use crate::state::{FEEDERS, OFFERS, OfferRecord, PAGE, SolutionId, USED, USED_PAGE, USED_PAGES};

/// Where an offer is: page and place on it. Offers are numbered from 1.
fn place(offer: OfferId, size: u32) -> Option<(u32, usize)> {
    let index = offer.checked_sub(1)?;
    Some((index / size, (index % size) as usize))
}

/// Pages of offers, to be changed and written back.
#[derive(Default)]
pub struct Offers {
    pages: Cache<u32, Vec<OfferRecord>>,
    touched: BTreeMap<u32, u32>,
}

impl Offers {
    /// An offer; ended when there is none.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn get(&mut self, storage: &dyn Storage, offer: OfferId) -> StdResult<OfferRecord> {
        let Some((page, at)) = place(offer, PAGE) else {
            return Ok(OfferRecord::default());
        };
        let page = self.pages.entry(storage, &OFFERS, page)?;
        Ok(page.get(at).cloned().unwrap_or_default())
    }

    /// Replaces an offer, or appends the next one.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn set(
        &mut self,
        storage: &dyn Storage,
        offer: OfferId,
        record: OfferRecord,
    ) -> StdResult<()> {
        let (page, at) = place(offer, PAGE).ok_or_else(|| StdError::msg("there is no offer 0"))?;
        let records = self.pages.entry(storage, &OFFERS, page)?;
        if records.len() <= at {
            records.resize(at + 1, OfferRecord::default());
        }
        if let Some(held) = records.get_mut(at) {
            *held = record;
        }
        let open = records.iter().filter(|record| record.is_open()).count();
        // A page that may still grow stays, whatever is on it.
        let grows = records.len() < PAGE as usize;
        self.touched.insert(page, open as u32 + u32::from(grows));
        Ok(())
    }

    /// Writes what has changed; full pages on which everything has ended are removed.
    pub fn write(mut self, storage: &mut dyn Storage) -> StdResult<()> {
        for (page, alive) in self.touched {
            if alive == 0 {
                self.pages.entry(storage, &OFFERS, page)?.clear();
            }
        }
        self.pages.write_or_remove(storage, &OFFERS);
        Ok(())
    }
}

/// What one solution takes from offers, page by page.
#[derive(Default)]
pub struct Used {
    solution: SolutionId,
    pages: Cache<(SolutionId, u32), Vec<u32>>,
    touched: BTreeMap<u32, ()>,
}

impl Used {
    /// That of a solution.
    pub fn of(solution: SolutionId) -> Self {
        Self {
            solution,
            ..Self::default()
        }
    }

    /// Energy that the solution takes from an offer in open intervals (Wh).
    ///
    /// # Errors
    /// Only those of storage.
    pub fn get(&mut self, storage: &dyn Storage, offer: OfferId) -> StdResult<u32> {
        let Some((page, at)) = place(offer, USED_PAGE) else {
            return Ok(0);
        };
        let page = self.pages.entry(storage, &USED, (self.solution, page))?;
        Ok(page.get(at).copied().unwrap_or_default())
    }

    /// Notes what the solution takes from an offer.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn set(&mut self, storage: &dyn Storage, offer: OfferId, energy: u32) -> StdResult<()> {
        let place = place(offer, USED_PAGE);
        let (page, at) = place.ok_or_else(|| StdError::msg("there is no offer 0"))?;
        let records = self.pages.entry(storage, &USED, (self.solution, page))?;
        if records.len() <= at {
            records.resize(at + 1, 0);
        }
        if let Some(held) = records.get_mut(at) {
            *held = energy;
        }
        self.touched.insert(page, ());
        Ok(())
    }

    /// Writes what has changed, and the list of pages of a solution that is being built.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn write_with_list(self, storage: &mut dyn Storage) -> StdResult<()> {
        let mut pages = USED_PAGES
            .may_load(storage, self.solution)?
            .unwrap_or_default();
        pages.extend(self.touched.keys());
        pages.sort_unstable();
        pages.dedup();
        USED_PAGES.save(storage, self.solution, &pages);
        self.write(storage);
        Ok(())
    }

    /// Writes what has changed.
    pub fn write(self, storage: &mut dyn Storage) {
        self.pages.write(storage, &USED);
    }
}

/// The book as the verifier of one solution sees it.
pub struct StoredBook<'a> {
    storage: &'a dyn Storage,
    last_offer: u32,
    offers: Offers,
    limits: BTreeMap<u32, Option<FeederLimits>>,
    /// What the solution takes.
    pub used: Used,
}

impl<'a> StoredBook<'a> {
    /// For a solution, of which earlier messages may have been stored.
    pub fn new(storage: &'a dyn Storage, last_offer: u32, solution: SolutionId) -> Self {
        Self {
            storage,
            last_offer,
            offers: Offers::default(),
            limits: BTreeMap::new(),
            used: Used::of(solution),
        }
    }
}

impl Book for StoredBook<'_> {
    type Error = StdError;

    fn offer(&mut self, offer: OfferId) -> StdResult<Entry> {
        if offer == 0 || offer > self.last_offer {
            return Ok(Entry::Unknown);
        }
        let record = self.offers.get(self.storage, offer)?;
        match record.is_open() {
            true => Ok(Entry::Open(record.offer()?)),
            false => Ok(Entry::Ended),
        }
    }

    fn used(&mut self, offer: OfferId) -> StdResult<u64> {
        self.used.get(self.storage, offer).map(u64::from)
    }

    fn set_used(&mut self, offer: OfferId, energy: u64) -> StdResult<()> {
        // Never more than the offer has left, which is 32 bits wide.
        let energy = u32::try_from(energy).unwrap_or(u32::MAX);
        self.used.set(self.storage, offer, energy)
    }

    fn limits(&mut self, feeder: u32) -> StdResult<Option<FeederLimits>> {
        if let Some(limits) = self.limits.get(&feeder) {
            return Ok(*limits);
        }
        let limits = FEEDERS.may_load(self.storage, feeder)?;
        let limits = limits.map(FeederLimits::from);
        self.limits.insert(feeder, limits);
        Ok(limits)
    }
}
