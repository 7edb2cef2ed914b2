//! What an observer who has everything on the chain, and not the operator's ledger, can make of a
//! market's anonymous addresses.
//!
//! An observer sees an address with its feeder and side, which nobody can hide, and with what else it
//! was given and did ([`Sighting`]). An [`Attack`] takes one trait of it as a clue and links, period
//! after period, addresses of the same feeder and side with the nearest clues. With the truth in hand
//! [`judge`] counts how many links join addresses of one person, and compares with links drawn at
//! random: an attack that does better than chance has found a leak.

mod attack;
mod link;
mod read;
mod score;
mod sighting;

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

pub use attack::Attack;
pub use read::sightings;
pub use score::Score;
pub use sighting::{Crowd, Moment, Sighting};

/// Random linkings that chance is measured with.
const DRAWS: usize = 400;
/// Of these, how many lie outside its interval at each end: 1 % at both.
const OUTSIDE: usize = DRAWS / 200;

/// How well one attack does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The attack.
    pub attack: Attack,
    /// How well it links; `None` where the chain shows no clue.
    pub score: Option<Score>,
    /// Whether it links more addresses of one person than chance does.
    pub leaks: bool,
}

/// What chance alone reaches.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    /// Mean.
    pub mean: Score,
    /// The lower end of the interval that holds 99 % of all random linkings, measure by measure.
    pub low: Score,
    /// Its upper end.
    pub high: Score,
}

/// All attacks against chance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    /// Addresses whose person is known.
    pub addresses: usize,
    /// Persons behind them.
    pub persons: usize,
    /// Random linkings.
    pub chance: Chance,
    /// The attacks.
    pub findings: Vec<Finding>,
}

/// Carries out every attack on `seen` and judges it with `truth`, the person of each address. Ties
/// and chance are drawn from `seed`. `None` when no address is known to the truth.
pub fn judge(seen: &[Sighting], truth: &BTreeMap<String, String>, seed: u64) -> Option<Judgement> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let known = seen.iter().filter(|one| truth.contains_key(&one.address));
    let seen: Vec<Sighting> = known.cloned().collect();
    let persons = score::persons(&seen, truth);
    let count = persons.iter().max()? + 1;
    let draws: Vec<Score> = (0..DRAWS)
        .map(|_| {
            let links = link::at_random(&seen, &mut rng);
            score::score(&seen, &persons, &links)
        })
        .collect();
    let chance = chance(&draws);
    let findings = Attack::ALL.into_iter().map(|attack| {
        let links = attack
            .clues(&seen)
            .map(|clues| link::by_clue(&seen, &clues, &mut rng));
        let score = links.map(|links| score::score(&seen, &persons, &links));
        Finding {
            attack,
            score,
            leaks: score.is_some_and(|score| score.precision > chance.high.precision),
        }
    });
    Some(Judgement {
        addresses: seen.len(),
        persons: count,
        findings: findings.collect(),
        chance,
    })
}

fn chance(draws: &[Score]) -> Chance {
    let column = |of: fn(&Score) -> f64| {
        let mut values: Vec<f64> = draws.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let at = |index: usize| values.get(index).copied().unwrap_or_default();
        [
            mean,
            at(OUTSIDE),
            at(values.len().saturating_sub(1 + OUTSIDE)),
        ]
    };
    let precision = column(|score| score.precision);
    let rand = column(|score| score.adjusted_rand);
    let links = draws.first().map_or(0, |score| score.links);
    let score = |at: usize| Score {
        links,
        precision: precision[at],
        adjusted_rand: rand[at],
    };
    Chance {
        mean: score(0),
        low: score(1),
        high: score(2),
    }
}

#[cfg(test)]
mod tests;
