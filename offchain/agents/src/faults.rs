//! Deterministic faults for experiments: silence and lies.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{AgentError, Answer, LocalProblem, Task};

/// Which fault a random stream belongs to, so that one does not shift the other.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Silence = 1,
    Lie = 2,
    Choice = 3,
    Deviation = 4,
    Delay = 5,
    Outage = 6,
}

/// A generator for `(seed, stream, participant, round)`, independent of the order of use.
pub(crate) fn generator(seed: u64, stream: Stream, participant: u32, round: u32) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..12].copy_from_slice(&(stream as u32).to_le_bytes());
    key[12..16].copy_from_slice(&participant.to_le_bytes());
    key[16..20].copy_from_slice(&round.to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// Silence: each round a participant says nothing with a given probability.
#[derive(Debug, Clone, Copy)]
pub struct Straggling {
    /// Probability of silence in `[0, 1]`.
    pub probability: f64,
    /// Seed of the experiment.
    pub seed: u64,
}

impl Straggling {
    /// Whether `participant` is silent in `round`.
    pub fn is_silent(&self, participant: u32, round: u32) -> bool {
        let draw: f64 = generator(self.seed, Stream::Silence, participant, round).random();
        draw < self.probability
    }
}

/// The participants that lie: `share · count` of them, rounded up, drawn without replacement.
/// Sorted.
pub fn choose_liars(count: usize, share: f64, seed: u64) -> Vec<usize> {
    let wanted = ((count as f64 * share).ceil() as usize).min(count);
    let mut random = generator(seed, Stream::Choice, 0, 0);
    let mut order: Vec<usize> = (0..count).collect();
    for place in 0..wanted {
        let other = random.random_range(place..count);
        order.swap(place, other);
    }
    let mut liars = order[..wanted].to_vec();
    liars.sort_unstable();
    liars
}

/// Lies: answers drawn at random between the declared bounds. The claims stay honest.
pub struct Liar {
    inner: Box<dyn LocalProblem>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    seed: u64,
    participant: u32,
}

impl Liar {
    /// Wraps `inner`; `lower` and `upper` are the bounds of one answer.
    pub fn new(
        inner: Box<dyn LocalProblem>,
        bounds: (Vec<f64>, Vec<f64>),
        seed: u64,
        participant: u32,
    ) -> Self {
        Self {
            inner,
            lower: bounds.0,
            upper: bounds.1,
            seed,
            participant,
        }
    }
}

impl LocalProblem for Liar {
    fn answer(&mut self, task: &Task) -> Result<Answer, AgentError> {
        let mut answer = self.inner.answer(task)?;
        let mut random = generator(self.seed, Stream::Lie, self.participant, task.round);
        for part in answer.payload.chunks_mut(self.lower.len().max(1)) {
            for ((value, &low), &high) in part.iter_mut().zip(&self.lower).zip(&self.upper) {
                *value = low + (high - low) * random.random::<f64>();
            }
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_has_its_frequency_and_repeats() {
        let straggling = Straggling {
            probability: 0.1,
            seed: 7,
        };
        let draws = |seed| {
            let straggling = Straggling { seed, ..straggling };
            (0..100)
                .flat_map(|participant| (1..=100).map(move |round| (participant, round)))
                .map(|(participant, round)| straggling.is_silent(participant, round))
                .collect::<Vec<_>>()
        };
        let silent = draws(7).iter().filter(|&&silent| silent).count();
        assert!((850..1150).contains(&silent), "{silent} of 10000");
        assert_eq!(draws(7), draws(7));
        assert_ne!(draws(7), draws(8));
    }

    #[test]
    fn liars_are_distinct_and_rounded_up() {
        let liars = choose_liars(42, 0.05, 3);
        assert_eq!(liars.len(), 3);
        assert!(liars.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(choose_liars(42, 0.0, 3).is_empty());
        assert_eq!(choose_liars(4, 1.0, 3), vec![0, 1, 2, 3]);
    }
}
