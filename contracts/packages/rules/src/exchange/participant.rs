//! Participants, their kept answers, and the plan as a convex combination of them.

use gridweave_units::{Acc, Fx};

/// A net injection that the participant itself offered, hence feasible for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Net injection per interval (`T`).
    pub injection: Vec<Fx>,
    /// Private cost.
    pub cost: Fx,
}

/// A participant with its kept answers and their weights.
///
/// Weights are non-negative and sum to one; answer 0 is the baseline or what it became by merging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Index of its bus in the network.
    pub bus: usize,
    /// Kept answers.
    pub answers: Vec<Answer>,
    /// Weight of each answer.
    pub weights: Vec<Fx>,
}

impl Participant {
    /// A participant whose plan is its baseline.
    pub fn new(bus: usize, baseline: Answer) -> Self {
        Self {
            bus,
            answers: vec![baseline],
            weights: vec![Fx::ONE],
        }
    }

    /// Adds an answer with weight 0.
    pub fn push(&mut self, answer: Answer) {
        self.answers.push(answer);
        self.weights.push(Fx::ZERO);
    }

    /// The planned net injection, `y = Σ_k θ_k x_k` (`T`).
    pub fn plan(&self) -> Vec<Fx> {
        let horizon = self.answers.first().map_or(0, |a| a.injection.len());
        (0..horizon)
            .map(|t| {
                let mut sum = Acc::ZERO;
                for (answer, &weight) in self.answers.iter().zip(&self.weights) {
                    sum.add_product(weight, answer.injection[t]);
                }
                sum.to_fx()
            })
            .collect()
    }

    /// Private cost of the plan, at most `Σ_k θ_k f(x_k)` by convexity.
    pub fn private_cost(&self) -> Fx {
        let mut sum = Acc::ZERO;
        for (answer, &weight) in self.answers.iter().zip(&self.weights) {
            sum.add_product(weight, answer.cost);
        }
        sum.to_fx()
    }

    /// Whether the weights are a point of the simplex, exactly.
    pub fn weights_are_valid(&self) -> bool {
        self.weights.len() == self.answers.len()
            && self.weights.iter().all(|weight| !weight.is_negative())
            && self.weights.iter().copied().sum::<Fx>() == Fx::ONE
    }
}

/// Merges answer `from` (at least 1) into answer 0 so that the plan stays the same: answer 0
/// becomes the weighted mean of both, still a convex combination of what the participant offered.
/// Answer `from` keeps its place with weight 0.
pub fn merge_into_baseline(participant: &mut Participant, from: usize) {
    let moved = participant.weights[from];
    if !moved.is_positive() {
        return;
    }
    let total = participant.weights[0] + moved;
    let share = moved / total;
    let (first, rest) = participant.answers.split_at_mut(1);
    let (kept, gone) = (&mut first[0], &rest[from - 1]);
    for (target, &value) in kept.injection.iter_mut().zip(&gone.injection) {
        *target += share * (value - *target);
    }
    kept.cost += share * (gone.cost - kept.cost);
    participant.weights[0] = total;
    participant.weights[from] = Fx::ZERO;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(values: &[i32], cost: i32) -> Answer {
        Answer {
            injection: values.iter().map(|&v| Fx::from_int(v)).collect(),
            cost: Fx::from_int(cost),
        }
    }

    fn three_answers() -> Participant {
        let mut participant = Participant::new(1, answer(&[0, 8], 4));
        participant.push(answer(&[4, 4], 2));
        participant.push(answer(&[8, -8], 0));
        participant.weights = vec![Fx::ratio(1, 4), Fx::ratio(1, 4), Fx::ratio(1, 2)];
        participant
    }

    #[test]
    fn the_plan_is_the_weighted_sum() {
        let participant = three_answers();
        assert!(participant.weights_are_valid());
        assert_eq!(participant.plan(), [5, -1].map(Fx::from_int));
        assert_eq!(participant.private_cost(), Fx::ratio(3, 2));
    }

    #[test]
    fn merging_keeps_the_plan() {
        let mut participant = three_answers();
        let (plan, cost) = (participant.plan(), participant.private_cost());
        merge_into_baseline(&mut participant, 2);
        assert!(participant.weights_are_valid());
        assert_eq!(participant.weights[2], Fx::ZERO);
        for (before, after) in plan.iter().zip(participant.plan()) {
            assert!((*before - after).abs() <= Fx::from_bits(32));
        }
        assert!((cost - participant.private_cost()).abs() <= Fx::from_bits(32));
    }
}
