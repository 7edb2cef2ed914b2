//! What may happen. Numbers are raw: the system maps them to what is there.

use gridweave_types::market::Objective;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

/// An operation.
#[derive(Clone, Debug)]
pub enum Operation {
    /// An offer of holder `who`.
    Post {
        who: usize,
        sells: bool,
        far: bool,
        ahead: u32,
        bitmap: u128,
        energy: u64,
        price: u64,
    },
    /// Cancels one of the open offers.
    Cancel(usize),
    /// A solution that a solver has taken care of, in one message or several.
    Improve { seed: u64, chunk: usize },
    /// A solution of random trades.
    Guess(Vec<(usize, usize, u32, u64)>),
    /// A solution of earlier, again.
    Replay,
    /// Time passes (seconds).
    Pass(u64),
    /// A page of finalization, whether or not it is time.
    Crank(u32),
    /// Limits of a feeder.
    Limit { far: bool, amounts: [u64; 4] },
}

/// Nothing needs to be predicted: what must hold is asked of the contracts themselves. Only the
/// objective of the market is chosen beforehand.
pub struct Anything;

impl ReferenceStateMachine for Anything {
    type State = Objective;
    type Transition = Operation;

    fn init_state() -> BoxedStrategy<Objective> {
        prop_oneof![
            2 => Just(Objective::Energy),
            1 => Just(Objective::Welfare),
            1 => Just(Objective::ExpiringFirst),
        ]
        .boxed()
    }

    fn transitions(_: &Objective) -> BoxedStrategy<Operation> {
        prop_oneof![
            6 => post(),
            1 => any::<usize>().prop_map(Operation::Cancel),
            4 => (any::<u64>(), 1..20usize)
                .prop_map(|(seed, chunk)| Operation::Improve { seed, chunk }),
            2 => vec((any::<usize>(), any::<usize>(), 0..12u32, 1..900u64), 1..5)
                .prop_map(Operation::Guess),
            1 => Just(Operation::Replay),
            2 => (1..1_200u64).prop_map(Operation::Pass),
            3 => (1..9u32).prop_map(Operation::Crank),
            1 => (any::<bool>(), [0..3_000u64, 0..3_000, 0..5_000, 0..5_000])
                .prop_map(|(far, amounts)| Operation::Limit { far, amounts }),
        ]
        .boxed()
    }

    fn apply(objective: Objective, _: &Operation) -> Objective {
        objective
    }
}

fn post() -> impl Strategy<Value = Operation> {
    (
        0..6usize,
        any::<bool>(),
        any::<bool>(),
        0..6u32,
        1..64u128,
        1..1_000u64,
        1..30u64,
    )
        .prop_map(
            |(who, sells, far, ahead, bitmap, energy, price)| Operation::Post {
                who,
                sells,
                far,
                ahead,
                bitmap,
                energy,
                price: 1_000 * price + if sells { 0 } else { 9_000 },
            },
        )
}
