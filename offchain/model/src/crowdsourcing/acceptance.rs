//! How a crowdsourcee of Type 2 decides.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// First of the streams of the seed that answers are drawn from; placement uses lower ones.
const FIRST_STREAM: u64 = 1 << 40;

/// A hidden reservation price, and how far decisions scatter around it. Prices are of the total,
/// `λ + λᵃ`, in currency per pu and interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Acceptance {
    /// Price at which a task of no energy is accepted every other time.
    pub reservation: f64,
    /// By how much the reservation price is higher for a task of all that can be delivered.
    pub slope: f64,
    /// Scale of the logistic distribution of the reservation price.
    pub spread: f64,
    /// Probability of no answer at all.
    pub silence: f64,
    /// Price at which an offer to draw no energy is accepted every other time; lower by up to the
    /// slope for all that can be drawn.
    pub ceiling: f64,
}

/// Which task an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskKey {
    /// The crowdsourcee.
    pub who: u32,
    /// The day.
    pub day: u32,
    /// The interval of the day.
    pub interval: u16,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It will deliver.
    Accept,
    /// Not at this price.
    Decline,
    /// None.
    Silent,
}

impl Acceptance {
    /// Probability of yes, if there is an answer, to a task at `price` that takes the share
    /// `share` of what can be delivered: logistic in how far the price is above the reservation
    /// price.
    pub fn probability(&self, price: f64, share: f64) -> f64 {
        let above = price - self.reservation - self.slope * share;
        1.0 / (1.0 + (-above / self.spread).exp())
    }

    /// Probability of yes to drawing the share `share` of what can be drawn, at `price`.
    pub fn probability_of_drawing(&self, price: f64, share: f64) -> f64 {
        let below = self.ceiling - self.slope * share - price;
        1.0 / (1.0 + (-below / self.spread).exp())
    }

    /// The answer to task `key`, to deliver for `price` or, where `draws`, to draw at it. `seed` and
    /// `key` alone decide the mood of the moment, so that asking again at a better price can only turn
    /// a no into a yes, and order does not matter.
    pub fn answer(
        &self,
        seed: u64,
        key: TaskKey,
        (draws, price, share): (bool, f64, f64),
    ) -> Answer {
        let probability = match draws {
            true => self.probability_of_drawing(price, share),
            false => self.probability(price, share),
        };
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(key.stream());
        let (silent, mood) = (rng.random::<f64>(), rng.random::<f64>());
        if silent < self.silence {
            Answer::Silent
        } else if mood < probability {
            Answer::Accept
        } else {
            Answer::Decline
        }
    }
}

impl TaskKey {
    /// A stream of the seed of its own, for fewer than 2²⁰ crowdsourcees and 2²⁰ days.
    fn stream(self) -> u64 {
        let day = u64::from(self.day) << 16 | u64::from(self.interval);
        FIRST_STREAM + (day << 20 | u64::from(self.who))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PERSON: Acceptance = Acceptance {
        reservation: 100.0,
        slope: 20.0,
        spread: 10.0,
        silence: 0.0,
        ceiling: 60.0,
    };

    #[test]
    fn half_of_the_answers_are_yes_at_the_reservation_price() {
        assert_eq!(PERSON.probability(100.0, 0.0), 0.5);
        assert_eq!(PERSON.probability(120.0, 1.0), 0.5);
        let yes = (0..2_000).filter(|&day| {
            let key = TaskKey {
                who: 7,
                day,
                interval: 18,
            };
            PERSON.answer(3, key, (false, 110.0, 0.0)) == Answer::Accept
        });
        let share = yes.count() as f64 / 2_000.0;
        assert!((share - PERSON.probability(110.0, 0.0)).abs() < 0.03);
    }

    #[test]
    fn the_silent_do_not_answer() {
        let silent = Acceptance {
            silence: 1.0,
            ..PERSON
        };
        let key = TaskKey {
            who: 0,
            day: 0,
            interval: 0,
        };
        assert_eq!(silent.answer(1, key, (false, 1e9, 0.0)), Answer::Silent);
    }

    proptest! {
        #[test]
        fn a_raise_never_turns_a_yes_into_a_no(
            seed in 0u64..100, who in 0u32..100, day in 0u32..400, interval in 0u16..96,
            price in 0.0..200.0, raise in 0.0..50.0, share in 0.0..1.0,
        ) {
            let key = TaskKey { who, day, interval };
            let before = PERSON.answer(seed, key, (false, price, share));
            let after = PERSON.answer(seed, key, (false, price + raise, share));
            prop_assert!(before != Answer::Accept || after == Answer::Accept);
            prop_assert!(PERSON.probability(price + raise, share) >= PERSON.probability(price, share));
            // A raise makes drawing cheaper.
            let before = PERSON.answer(seed, key, (true, price, share));
            let after = PERSON.answer(seed, key, (true, price - raise, share));
            prop_assert!(before != Answer::Accept || after == Answer::Accept);
        }
    }
}
