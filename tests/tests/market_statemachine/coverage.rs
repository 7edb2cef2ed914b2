//! How often what happened, so that it is known which paths a run has taken.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What can happen, with the verdict of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    Posted,
    /// No permit is given for what has begun.
    Over,
    Cancelled,
    CancelRefused,
    /// By how it came: in one message or several.
    Accepted,
    AcceptedInChunks,
    NotBetter,
    Infeasible,
    SubmittedTooLate,
    Replayed,
    /// A page of finalization.
    Page,
    TooEarly,
    /// An interval with trades became final.
    FinalWithTrades,
    FinalEmpty,
    Limited,
}

/// Everything that must have happened in a long run.
pub const ALL: [Event; 15] = [
    Event::Posted,
    Event::Over,
    Event::Cancelled,
    Event::CancelRefused,
    Event::Accepted,
    Event::AcceptedInChunks,
    Event::NotBetter,
    Event::Infeasible,
    Event::SubmittedTooLate,
    Event::Replayed,
    Event::Page,
    Event::TooEarly,
    Event::FinalWithTrades,
    Event::FinalEmpty,
    Event::Limited,
];

static COUNTS: Mutex<BTreeMap<Event, u64>> = Mutex::new(BTreeMap::new());

/// Counts an event.
pub fn count(event: Event) {
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    *counts.entry(event).or_default() += 1;
}

/// What was counted so far.
pub fn counts() -> BTreeMap<Event, u64> {
    COUNTS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}
