//! What may happen. Numbers are raw: the system maps them to what is there.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

/// An operation.
#[derive(Clone, Debug)]
pub enum Operation {
    /// A task for one of the crowd.
    Offer {
        who: usize,
        ahead: u32,
        energy: i64,
        incentive: u64,
    },
    /// A raise of one of the tasks, by so much.
    Raise { task: usize, by: u64 },
    /// Somebody accepts a task, perhaps another's or in a wrong round.
    Accept {
        task: usize,
        foreign: bool,
        round: u32,
    },
    /// Somebody declines a task.
    Decline { task: usize, foreign: bool },
    /// A supplement.
    Supplement { ahead: u32, energy: i64 },
    /// An agreement of the generator.
    Agree { setpoint: i64 },
    /// More budget.
    Fund { ahead: u32, amount: u128 },
    /// The operator revokes somebody, who asks again and is approved at the next turn.
    Turn(usize),
    /// Time passes (seconds).
    Pass(u64),
    /// A meter reports what it likes for all intervals that have ended.
    Read { who: usize, energy: i64 },
    /// Lines of an interval are settled in `billing`, then its tasks are swept.
    Sweep(u32),
    /// Somebody tries to close the programme.
    Close,
}

/// Nothing needs to be predicted: what must hold is asked of the contract itself.
pub struct Anything;

impl ReferenceStateMachine for Anything {
    type State = ();
    type Transition = Operation;

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<Operation> {
        prop_oneof![
            6 => (0..5usize, 0..4u32, -2_200..2_200i64, 0..140_000u64).prop_map(
                |(who, ahead, energy, incentive)| Operation::Offer { who, ahead, energy, incentive }
            ),
            4 => (any::<usize>(), 0..60_000u64)
                .prop_map(|(task, by)| Operation::Raise { task, by }),
            4 => (any::<usize>(), prop::bool::weighted(0.1), 0..4u32)
                .prop_map(|(task, foreign, round)| Operation::Accept { task, foreign, round }),
            5 => (any::<usize>(), prop::bool::weighted(0.1))
                .prop_map(|(task, foreign)| Operation::Decline { task, foreign }),
            2 => (0..4u32, -2_000..2_000i64)
                .prop_map(|(ahead, energy)| Operation::Supplement { ahead, energy }),
            1 => (-2_100..2_100i64).prop_map(|setpoint| Operation::Agree { setpoint }),
            1 => (0..4u32, 0..100_000u128).prop_map(|(ahead, amount)| Operation::Fund { ahead, amount }),
            1 => (0..5usize).prop_map(Operation::Turn),
            4 => (1..500u64).prop_map(Operation::Pass),
            2 => (0..5usize, -2_500..2_500i64)
                .prop_map(|(who, energy)| Operation::Read { who, energy }),
            2 => (0..4u32).prop_map(Operation::Sweep),
            1 => Just(Operation::Close),
        ]
        .boxed()
    }

    fn apply((): (), _: &Operation) {}
}
