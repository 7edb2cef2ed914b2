//! A book in memory, for solvers and auditors.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::feeder::FeederLimits;
use super::objective::Value;
use super::offer::{Offer, OfferId, Trade};
use super::verify::{Book, Entry, Part, Progress, Rejection, Terms, Verifier};
use super::violation::Violation;

/// Open offers and feeder limits in memory. Offers below the highest number that are not listed have
/// ended.
#[derive(Clone, Debug, Default)]
pub struct PlainBook {
    /// Open offers.
    pub offers: BTreeMap<OfferId, Offer>,
    /// Limits by feeder.
    pub limits: BTreeMap<u32, FeederLimits>,
    /// What the solution under verification takes (Wh).
    pub used: BTreeMap<OfferId, u64>,
}

impl Book for PlainBook {
    type Error = Infallible;

    fn offer(&mut self, offer: OfferId) -> Result<Entry, Infallible> {
        let last = self.offers.last_key_value().map(|entry| *entry.0);
        Ok(match self.offers.get(&offer) {
            Some(found) => Entry::Open(*found),
            None if last.is_some_and(|last| offer < last) => Entry::Ended,
            None => Entry::Unknown,
        })
    }

    fn used(&mut self, offer: OfferId) -> Result<u64, Infallible> {
        Ok(self.used.get(&offer).copied().unwrap_or_default())
    }

    fn set_used(&mut self, offer: OfferId, energy: u64) -> Result<(), Infallible> {
        self.used.insert(offer, energy);
        Ok(())
    }

    fn limits(&mut self, feeder: u32) -> Result<Option<FeederLimits>, Infallible> {
        Ok(self.limits.get(&feeder).copied())
    }
}

/// A feasible solution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Its trades at the prices they will be paid at.
    pub trades: Vec<Trade>,
    /// Its intervals.
    pub parts: Vec<Part>,
    /// What it is worth.
    pub value: Value,
}

impl PlainBook {
    /// Verifies a whole solution; what was noted of others is forgotten first.
    ///
    /// # Errors
    /// The first [`Violation`].
    pub fn verify(&mut self, terms: Terms, trades: &[Trade]) -> Result<Verified, Violation> {
        self.used.clear();
        let mut verifier = Verifier::new(terms, Progress::default());
        let mut verified = Verified::default();
        for trade in trades {
            let step = verifier.add(self, *trade).map_err(violation)?;
            verified.trades.push(step.trade);
            verified.parts.extend(step.closed);
        }
        verified
            .parts
            .extend(verifier.close(self).map_err(violation)?);
        for part in &verified.parts {
            let value = verified.value.checked_add(part.value);
            verified.value = value.ok_or(Violation::Overflow { what: "objective" })?;
        }
        Ok(verified)
    }
}

fn violation(rejection: Rejection<Infallible>) -> Violation {
    match rejection {
        Rejection::Violation(violation) => violation,
        Rejection::Book(never) => match never {},
    }
}
