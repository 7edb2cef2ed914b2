//! The order within a batch, which must tell nothing.

use std::sync::{Mutex, PoisonError};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha20Rng;

/// A source of random orders.
pub(super) struct Order(Mutex<ChaCha20Rng>);

impl Order {
    /// From `seed`, or from the system's random numbers.
    pub(super) fn new(seed: Option<u64>) -> Self {
        let rng = match seed {
            Some(seed) => ChaCha20Rng::seed_from_u64(seed),
            None => ChaCha20Rng::from_rng(&mut rand::rng()),
        };
        Self(Mutex::new(rng))
    }

    /// Shuffles `items`.
    pub(super) fn shuffle<T>(&self, items: &mut [T]) {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        items.shuffle(&mut *rng);
    }
}
