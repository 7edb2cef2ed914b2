//! The order in which homes are served and post, which must tell nothing about them.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha20Rng;

/// How one round is ordered.
pub struct Order(Option<ChaCha20Rng>);

impl Order {
    /// A random order that is the same in every run, or that of the homes.
    ///
    /// On a real chain the operator and every trader draw from the system's random numbers; here a run
    /// has to be repeatable, and whoever reads its log must not know the seed.
    pub fn new(shuffled: bool, round: u32) -> Self {
        Self(shuffled.then(|| ChaCha20Rng::seed_from_u64(round.into())))
    }

    /// Puts `items` in this order.
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
    fn orders_differ_from_round_to_round_and_not_from_run_to_run() {
        let arranged = |shuffled, round| {
            let mut items: Vec<u32> = (0..50).collect();
            Order::new(shuffled, round).arrange(&mut items);
            items
        };
        assert_eq!(arranged(true, 3), arranged(true, 3));
        assert_ne!(arranged(true, 3), arranged(true, 4));
        assert_eq!(arranged(false, 3), (0..50).collect::<Vec<_>>());
    }
}
