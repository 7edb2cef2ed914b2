//! The order within a batch, which must tell nothing.

use std::sync::{Mutex, PoisonError};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha20Rng;

use crate::BatchOrder;

/// A source of orders: random ones, or those that things are in.
pub(super) struct Order(Option<Mutex<ChaCha20Rng>>);

impl Order {
    /// Random ones are from `seed`, or from the system's random numbers.
    pub(super) fn new(order: BatchOrder, seed: Option<u64>) -> Self {
        let rng = || match seed {
            Some(seed) => ChaCha20Rng::seed_from_u64(seed),
            None => ChaCha20Rng::from_rng(&mut rand::rng()),
        };
        Self(match order {
            BatchOrder::Random => Some(Mutex::new(rng())),
            BatchOrder::Asked => None,
        })
    }

    /// Puts `items` in the next order.
    pub(super) fn arrange<T>(&self, items: &mut [T]) {
        if let Some(rng) = &self.0 {
            let mut rng = rng.lock().unwrap_or_else(PoisonError::into_inner);
            items.shuffle(&mut *rng);
        }
    }
}
