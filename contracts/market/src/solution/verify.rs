//! One message's trades through the verifier, and into storage once they all have passed.

use std::collections::BTreeMap;

use cosmwasm_std::StdError;
use gridweave_rules::market::{
    Layout, Part, Progress, Rejection, Value, Verifier, Violation, pack_trade,
};
use gridweave_units::Interval;

use super::desk::{Desk, TradeResult};
use crate::book::{StoredBook, Used};
use crate::error::{ContractError, overflow};
use crate::state::{INTERVALS, PARTS, PartRecord, SolutionId, load_trades, save_trades};

/// Trades that were verified and not stored yet.
pub struct Checked {
    /// The solution.
    solution: SolutionId,
    /// What it takes from offers.
    used: Used,
    /// Packed trades by interval.
    bytes: BTreeMap<u32, Vec<u8>>,
    /// Intervals that are complete.
    parts: Vec<Part>,
    /// Trades of this message.
    pub trades: u32,
    /// How far verification has come.
    pub progress: Progress,
}

/// Why trades were not taken.
pub enum Refusal {
    /// They are not feasible.
    Violation(Violation),
    /// The message or the storage is broken.
    Error(ContractError),
}

impl From<Rejection<StdError>> for Refusal {
    fn from(rejection: Rejection<StdError>) -> Self {
        match rejection {
            Rejection::Violation(violation) => Self::Violation(violation),
            Rejection::Book(error) => Self::Error(error.into()),
        }
    }
}

/// Verifies the trades of a message, going on from `progress`. With `complete` they are the last.
///
/// # Errors
/// [`Refusal`]; nothing has been stored in any case.
pub fn check(
    desk: &Desk,
    solution: SolutionId,
    progress: Progress,
    trades: impl Iterator<Item = TradeResult>,
    complete: bool,
) -> Result<Checked, Refusal> {
    let mut book = StoredBook::new(desk.storage, desk.status.last_offer, solution);
    let mut verifier = Verifier::new(desk.terms(), progress);
    let mut bytes = BTreeMap::new();
    let (mut parts, mut count) = (Vec::new(), 0);
    for trade in trades {
        let trade = trade.map_err(|error| Refusal::Error(error.into()))?;
        let step = verifier.add(&mut book, trade)?;
        parts.extend(step.closed);
        let interval = step.trade.interval;
        let packed = bytes.entry(interval.0).or_insert_with(Vec::new);
        let fits = pack_trade(Layout::Stored, interval, &step.trade, packed);
        fits.ok_or(Refusal::Error(overflow("trade")))?;
        count += 1;
    }
    if complete {
        parts.extend(verifier.close(&mut book)?);
    }
    Ok(Checked {
        solution,
        used: book.used,
        bytes,
        parts,
        trades: count,
        progress: verifier.into_progress(),
    })
}

impl Checked {
    /// What the complete intervals are worth.
    ///
    /// # Errors
    /// [`ContractError::Overflow`].
    pub fn value(&self) -> Result<Value, ContractError> {
        let mut values = self.parts.iter().map(|part| part.value);
        let sum = values.try_fold(Value::default(), Value::checked_add);
        sum.ok_or(overflow("objective"))
    }

    /// Stores them behind what the solution has stored already.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn store(self, desk: &mut Desk) -> Result<(), ContractError> {
        let storage = &mut *desk.storage;
        let solution = self.solution;
        let mut intervals = INTERVALS.may_load(storage, solution)?.unwrap_or_default();
        for (interval, bytes) in self.bytes {
            let key = (solution, interval);
            // Trades are in order of time, so only the last interval can have some.
            if intervals.last() == Some(&interval) {
                let mut earlier = load_trades(storage, key);
                earlier.extend(bytes);
                save_trades(storage, key, &earlier);
            } else {
                intervals.push(interval);
                save_trades(storage, key, &bytes);
            }
        }
        INTERVALS.save(storage, solution, &intervals);
        for part in &self.parts {
            let Interval(interval) = part.interval;
            PARTS.save(storage, (solution, interval), &PartRecord::new(part));
        }
        self.used.write_with_list(storage)?;
        Ok(())
    }
}
