//! What every participant's part of a closed round follows from, together with what it left itself.

use gridweave_rules::pool::{Share, balanced};
use gridweave_units::{Fx, pack};

use crate::packed::{Record, split, take_fx};

/// Totals of a closed round.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Formula {
    /// `Σm`.
    pub mobility: Fx,
    /// Price at which the plan is paid.
    pub settlement: Vec<Fx>,
    /// `Σx`.
    pub answers: Vec<Fx>,
    /// `Σw`.
    pub relaxed: Vec<Fx>,
}

impl Formula {
    /// Totals of a session in which nobody has answered yet.
    pub fn new(mobility: Fx, settlement: Vec<Fx>) -> Self {
        let zeros = vec![Fx::ZERO; settlement.len()];
        Self {
            mobility,
            settlement,
            answers: zeros.clone(),
            relaxed: zeros,
        }
    }

    /// Intervals.
    pub fn horizon(&self) -> usize {
        self.settlement.len()
    }

    /// Plan `y = x − (m/Σm)·Σx` of a participant.
    pub fn plan(&self, mobility: Fx, answer: &[Fx]) -> Vec<Fx> {
        balanced(answer, &self.answers, Share::of(mobility, self.mobility))
    }

    /// Copy `z = w − (m/Σm)·Σw` of a participant.
    pub fn copy(&self, mobility: Fx, relaxed: &[Fx]) -> Vec<Fx> {
        balanced(relaxed, &self.relaxed, Share::of(mobility, self.mobility))
    }
}

impl Record for Formula {
    fn pack(&self) -> Vec<u8> {
        let mut bytes = self.mobility.to_bits().to_le_bytes().to_vec();
        for values in [&self.settlement, &self.answers, &self.relaxed] {
            bytes.extend(pack(values));
        }
        bytes
    }

    fn unpack(mut bytes: &[u8]) -> Option<Self> {
        let mobility = take_fx(&mut bytes)?;
        let [settlement, answers, relaxed] = split(bytes)?;
        Some(Self {
            mobility,
            settlement,
            answers,
            relaxed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_come_back_as_they_were_stored() {
        let numbers = |start: i32| vec![Fx::from_int(start), Fx::MIN, Fx::MAX];
        let formula = Formula {
            mobility: Fx::ONE,
            settlement: numbers(3),
            answers: numbers(4),
            relaxed: numbers(5),
        };
        let bytes = formula.pack();
        assert_eq!(Formula::unpack(&bytes), Some(formula));
        assert_eq!(Formula::unpack(&bytes[8..]), None);
    }

    #[test]
    fn parts_cancel() {
        let formula = Formula {
            mobility: Fx::from_int(4),
            answers: vec![Fx::from_int(8)],
            ..Formula::new(Fx::ZERO, vec![Fx::ONE])
        };
        let parts = [(3, 6), (1, 2)].map(|(m, x)| {
            let plan = formula.plan(Fx::from_int(m), &[Fx::from_int(x)]);
            plan[0]
        });
        assert_eq!(parts, [Fx::ZERO, Fx::ZERO]);
        assert_eq!(formula.copy(Fx::ONE, &[Fx::ONE]), [Fx::ONE]);
    }
}
