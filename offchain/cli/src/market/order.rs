//! The order in which homes act, which must tell nothing about them.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha20Rng;

/// One order after another.
pub struct Order(Option<ChaCha20Rng>);

impl Order {
    /// Random orders that are the same in every run with this seed, or that which things are in.
    ///
    /// On a real chain homes post as their processes come; here a run has to be repeatable, and whoever
    /// reads its log must not know the seed.
    pub fn new(shuffled: bool, seed: u64) -> Self {
        Self(shuffled.then(|| ChaCha20Rng::seed_from_u64(seed)))
    }

    /// Puts `items` in the next order.
    pub fn arrange<T>(&mut self, items: &mut [T]) {
        if let Some(rng) = &mut self.0 {
            items.shuffle(rng);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_differ_from_one_to_the_next_and_not_from_run_to_run() {
        let arranged = |shuffled, seed| {
            let mut order = Order::new(shuffled, seed);
            let mut next = || {
                let mut items: Vec<u32> = (0..50).collect();
                order.arrange(&mut items);
                items
            };
            [next(), next()]
        };
        assert_eq!(arranged(true, 3), arranged(true, 3));
        assert_ne!(arranged(true, 3), arranged(true, 4));
        let [first, second] = arranged(true, 3);
        assert_ne!(first, second);
        assert_eq!(arranged(false, 3)[1], (0..50).collect::<Vec<_>>());
    }
}
