//! Gas that a simulation cannot foresee.

use gridweave_model::{Instance, SessionMode};

/// Gas per participant, bus and interval that closing a round of an exchange session takes, above
/// what was measured on a node.
const EXCHANGE_GAS: u64 = 100_000;
/// Gas that closing any round takes.
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
