//! Gas that a simulation cannot foresee.

use gridweave_model::{Instance, SessionMode};

/// Gas per bus and interval to close a round with the network in it: twice the most measured on a
/// node, 9,200 where voltage limits bind (3,200 where not).
const EXCHANGE_GAS: u64 = 20_000;
/// Gas per interval to close a round of a pool: twice what was measured on a node, 4,700.
const POOL_GAS: u64 = 10_000;
/// Gas to close any round.
const CLOSING_GAS: u64 = 300_000;

/// Gas to add to an iterate's: whoever turns out to be last in a round closes it, and the
/// simulation, which runs before the others have answered, cannot know.
pub fn closing_reserve(instance: &Instance, mode: SessionMode) -> u64 {
    let size = instance.sites.len() as u64 * instance.horizon as u64;
    CLOSING_GAS
        + match mode {
            SessionMode::Exchange | SessionMode::ExchangeAdmm | SessionMode::Lateral => {
                size * EXCHANGE_GAS
            }
            SessionMode::Nodal => 0,
        }
}

/// Gas to add to an iterate's in a pool, whose rounds take the same to close however many homes there
/// are: that depends on the intervals, `horizon`, alone.
pub fn pool_reserve(horizon: usize) -> u64 {
    CLOSING_GAS + POOL_GAS * horizon as u64
}
