//! Agents that agree on an average, playing consensus sessions honestly.

use gridweave_types::coordinator::{Projection, SessionConfig};
use gridweave_units::Fx;

use crate::coordinator::{Coordinator, HORIZON, group, numbers};

const T: usize = HORIZON as usize;

/// Opens a session in which `agents` share one block of numbers.
pub fn averaging(agents: u32, config: SessionConfig) -> (Coordinator, u64) {
    let mut chain = Coordinator::new(agents);
    let participants = (0..agents as usize)
        .map(|number| chain.sharing(number, T))
        .collect();
    let groups = vec![group(HORIZON, Projection::Average, agents)];
    let session = chain.open(config, participants, groups);
    (chain, session)
}

/// The answer of an agent that wants `goal` and has ρ = 1.
fn towards(goal: i32, centre: &[Fx]) -> Vec<Fx> {
    let halfway = centre
        .iter()
        .map(|&c| (Fx::from_int(goal) + c) * Fx::ratio(1, 2));
    halfway.collect()
}

/// The honest iterate of prosumer `number`, which wants to be at its own number.
///
/// # Panics
/// When the contract refuses.
pub fn answer_consensus(chain: &mut Coordinator, session: u64, number: usize) {
    let asked = chain.assignment(session, number);
    let x = towards(number as i32, &numbers(&asked.centres));
    chain
        .submit(session, number, asked.round, &x, &[])
        .expect("an honest iterate");
}
