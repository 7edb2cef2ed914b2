//! Agents with one flexible load each, playing exchange sessions honestly.

use gridweave_types::coordinator::{Phase, SessionConfig};
use gridweave_units::{Acc, Fx};

use crate::coordinator::{Coordinator, HORIZON, numbers};

const T: usize = HORIZON as usize;

/// An agent that must draw 0.3 pu·h in all, each hour within `reach` hundredths around 0.1.
pub fn project(centre: &[Fx], reach: i32) -> Vec<Fx> {
    let (low, high) = (Fx::ratio(-10 - reach, 100), Fx::ratio(-10 + reach, 100));
    let at = |shift: Fx| -> Vec<Fx> {
        let moved = centre.iter().map(|&c| (c + shift).clamp(low, high));
        moved.collect()
    };
    let (mut below, mut above) = (Fx::from_int(-100), Fx::from_int(100));
    for _ in 0..60 {
        let middle = (below + above) / Fx::from_int(2);
        if at(middle).into_iter().sum::<Fx>() < Fx::ratio(-3, 10) {
            below = middle;
        } else {
            above = middle;
        }
    }
    at(above)
}

/// Best response of the same agent: draw as much as possible in the cheapest hours.
pub fn best_response(prices: &[Fx], reach: i32) -> Fx {
    let mut order: Vec<usize> = (0..prices.len()).collect();
    order.sort_by_key(|&t| prices[t]);
    let (low, high) = (Fx::ratio(-10 - reach, 100), Fx::ratio(-10 + reach, 100));
    let mut x = vec![high; prices.len()];
    let mut left = Fx::ratio(-3, 10) - high * Fx::from_int(prices.len() as i32);
    for t in order {
        let step = left.max(low - high);
        x[t] += step;
        left -= step;
    }
    Acc::dot(prices, &x).to_fx() + Fx::from_bits(1 << 12)
}

/// One honest round for the agents in `present`.
///
/// # Panics
/// When the contract refuses.
pub fn play(chain: &mut Coordinator, session: u64, present: &[usize], reach: i32) {
    let round = chain.session(session).round;
    for &number in present {
        let asked = chain.assignment(session, number);
        let centres = numbers(&asked.centres);
        let answers: Vec<Fx> = centres
            .chunks(T)
            .flat_map(|centre| project(centre, reach))
            .collect();
        let claim = best_response(&numbers(&asked.prices), reach);
        chain
            .submit(session, number, round, &answers, &[claim])
            .expect("an honest iterate");
    }
}

/// Opens a session of `agents` flexible loads.
pub fn start(agents: usize, reach: i32, config: SessionConfig) -> (Coordinator, u64) {
    let mut chain = Coordinator::new(agents as u32);
    let participants = (0..agents)
        .map(|number| chain.flexible(number, reach))
        .collect();
    let session = chain.open(config, participants, Vec::new());
    (chain, session)
}

/// Runs a session in which everybody answers, to its end.
pub fn run(agents: usize, config: SessionConfig) -> (Coordinator, u64) {
    let (mut chain, session) = start(agents, 8, config);
    let all: Vec<usize> = (0..agents).collect();
    while chain.session(session).phase == Phase::Collecting {
        play(&mut chain, session, &all, 8);
    }
    (chain, session)
}
