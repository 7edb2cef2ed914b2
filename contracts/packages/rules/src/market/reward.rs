//! What solvers earn: shares in the candidate, and the reward of a finalized interval among them.

use super::certificate::PPM;

/// Most solvers that share a candidate.
pub const MAX_SHARES: usize = 16;

/// A solver's share in a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share<S> {
    /// The solver.
    pub solver: S,
    /// By how much it improved the objective.
    pub weight: u128,
    /// Part of the reward that it gets (parts per million).
    pub quality_ppm: u32,
}

/// Reward of an interval that was worth `objective`: `objective · rate / 10⁶`, at most `most` (µ),
/// rounded down.
pub fn reward(objective: i128, rate: u64, most: u128) -> u128 {
    let worth = u128::try_from(objective).unwrap_or(0);
    let reward = worth.saturating_mul(rate.into()) / u128::from(PPM);
    reward.min(most)
}

/// `reward` split by the weights of the shares; of its part each solver gets its quality, both rounded
/// down. Who gets nothing is left out.
pub fn split<S>(reward: u128, shares: impl IntoIterator<Item = Share<S>>) -> Vec<(S, u128)> {
    let shares: Vec<Share<S>> = shares.into_iter().collect();
    let total = shares.iter().map(|share| share.weight).sum();
    let parts = shares.into_iter().map(|share| {
        let part = scale(reward, share.weight, total);
        let part = scale(part, share.quality_ppm.into(), PPM.into());
        (share.solver, part)
    });
    parts.filter(|(_, part)| *part > 0).collect()
}

/// The shares of a new candidate worth `after`, whose predecessor was worth `before`: the earlier
/// solvers keep what they had brought, scaled to what the old candidate still is worth, and the new one
/// gets what it adds. The smallest goes when there are too many.
pub fn share<S>(
    earlier: impl IntoIterator<Item = Share<S>>,
    before: i128,
    after: i128,
    newest: S,
    quality_ppm: u32,
) -> Vec<Share<S>> {
    let earlier: Vec<Share<S>> = earlier.into_iter().collect();
    let worth = u128::try_from(before).unwrap_or(0);
    let total: u128 = earlier.iter().map(|share| share.weight).sum();
    let scaled = earlier.into_iter().map(|share| Share {
        weight: scale(share.weight, worth, total),
        ..share
    });
    let mut shares: Vec<Share<S>> = scaled.filter(|share| share.weight > 0).collect();
    if shares.len() >= MAX_SHARES {
        let smallest = shares.iter().enumerate().min_by_key(|entry| entry.1.weight);
        if let Some(at) = smallest.map(|(at, _)| at) {
            shares.remove(at);
        }
    }
    let gained = after.saturating_sub(before.max(0));
    shares.push(Share {
        solver: newest,
        weight: u128::try_from(gained).unwrap_or(0),
        quality_ppm,
    });
    shares
}

/// `amount · numerator / denominator`, rounded down, for `numerator ≤ denominator`; 0 when the
/// denominator is 0. Beyond 128 bits the numbers lose the bits that do not fit, so that the result
/// is never larger.
fn scale(amount: u128, numerator: u128, denominator: u128) -> u128 {
    if denominator == 0 {
        return 0;
    }
    let exact = amount.checked_mul(numerator);
    let scaled = exact.map(|product| product / denominator);
    scaled.unwrap_or_else(|| {
        let numerator = numerator >> 64;
        let denominator = (denominator >> 64) + 1;
        let whole = amount / denominator;
        whole.saturating_mul(numerator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(shares: &[Share<&str>]) -> Vec<u128> {
        shares.iter().map(|share| share.weight).collect()
    }

    #[test]
    fn an_improvement_earns_what_it_adds() {
        let first = share(Vec::new(), 0, 100, "a", PPM);
        assert_eq!(weights(&first), [100]);
        // Half of the candidate was finalized before the next one came.
        let second = share(first, 50, 60, "b", PPM);
        assert_eq!(weights(&second), [50, 10]);
        let snipe = share(second, 60, 61, "c", PPM);
        assert_eq!(weights(&snipe), [50, 10, 1]);
    }

    #[test]
    fn shares_are_few() {
        let mut shares = Vec::new();
        for round in 0..40_i128 {
            shares = share(shares, round * 10, (round + 1) * 10, "a", PPM);
            assert!(shares.len() <= MAX_SHARES);
        }
        assert_eq!(shares.last().map(|share| share.weight), Some(10));
    }

    #[test]
    fn rewards_are_limited_and_split_by_weight_and_quality() {
        assert_eq!(reward(2_500_000, 10_000, u128::MAX), 25_000);
        assert_eq!(reward(2_500_000, 10_000, 20_000), 20_000);
        assert_eq!(reward(-1, 10_000, 20_000), 0);
        let of = |solver, weight, quality_ppm| Share {
            solver,
            weight,
            quality_ppm,
        };
        let shares = [of("a", 2, PPM), of("b", 1, PPM / 2), of("c", 0, PPM)];
        assert_eq!(split(100, shares), [("a", 66), ("b", 16)]);
    }

    #[test]
    fn scaling_never_gains() {
        assert_eq!(scale(10, 1, 3), 3);
        assert_eq!(scale(10, 0, 0), 0);
        assert!(scale(u128::MAX, u128::MAX / 2, u128::MAX) <= u128::MAX / 2);
        assert!(scale(u128::MAX - 1, 1 << 64, 1 << 65) <= u128::MAX >> 1);
    }
}
