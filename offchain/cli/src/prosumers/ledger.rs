//! What the sessions of rolling operation came to, one after the other.

use gridweave_optim::prosumers::Window;

use super::pool::{Played, Round};
use crate::run::rounds::Timings;

/// An ended session, and what its homes had agreed before.
pub struct Ended {
    /// The session.
    pub played: Played,
    /// Net sales of each home that were agreed (kW); none when it began afresh.
    pub agreed: Vec<Vec<f64>>,
}

/// What has come about so far.
pub struct Ledger {
    /// Rounds of all sessions.
    pub rounds: Vec<Round>,
    /// How many each had.
    pub by_session: Vec<usize>,
    /// By home and interval: what is paid for all that was agreed (currency).
    pub paid: Vec<Vec<f64>>,
    /// Side payments by home (currency).
    pub side: Vec<f64>,
    /// Price of the last session that planned an interval.
    pub price: Vec<f64>,
    /// What all took.
    pub timings: Timings,
    /// The last session.
    pub last: Option<Played>,
}

impl Ledger {
    /// Nothing, for so many homes and intervals.
    pub fn new(homes: usize, horizon: usize) -> Self {
        Self {
            rounds: Vec::new(),
            by_session: Vec::new(),
            paid: vec![vec![0.0; horizon]; homes],
            side: vec![0.0; homes],
            price: vec![0.0; horizon],
            timings: Timings::default(),
            last: None,
        }
    }

    /// Books a session: changes of what was agreed are paid at its price. A session that began afresh
    /// does away with what was agreed before, payments included.
    pub fn book(&mut self, window: &Window, ended: Ended) {
        let played = ended.played;
        for (home, row) in self.paid.iter_mut().enumerate() {
            for (t, price) in played.price.iter().enumerate() {
                let sold = played.plans[home][t];
                let cell = &mut row[window.from + t];
                match ended.agreed.get(home) {
                    Some(agreed) => *cell += (sold - agreed[t]) * price,
                    None => *cell = sold * price,
                }
            }
        }
        for (sum, side) in self.side.iter_mut().zip(&played.side) {
            *sum += side;
        }
        self.price[window.from..].copy_from_slice(&played.price);
        self.by_session.push(played.rounds.len());
        self.rounds.extend(played.rounds.iter().cloned());
        self.timings.add(&played.timings);
        self.last = Some(played);
    }
}
