//! Exchange sessions: one agent at each bus that lowers its load from round to round.

use gridweave_types::coordinator::{ExchangeConfig, ExportRule, Master, Mode, RhoSchedule};
use gridweave_units::{Fx, pack};

use super::agents::Crowd;
use super::iterates::ROUNDS;
use super::session::Plan;
use super::stage::Case;

/// Answers kept per participant.
const MEMORY: u32 = 24;

/// A session with the combination master; every agent of `crowd` takes part.
pub fn combination(crowd: &Crowd, horizon: u32) -> Plan<'_> {
    let master = Master::Combination {
        passes: 5,
        linearizations: 1,
        memory: MEMORY,
        voltage: None,
    };
    let agents = crowd.signers.len() as u32;
    Plan {
        // All weight on the last answers: they are the cheapest.
        weights: Some(newest(agents)),
        ..plan(crowd, "combination", horizon, master)
    }
}

/// A session with plain exchange ADMM.
pub fn admm(crowd: &Crowd, horizon: u32) -> Plan<'_> {
    let relaxation = Fx::ratio(16, 10);
    plan(crowd, "exchange-admm", horizon, Master::Admm { relaxation })
}

fn plan<'a>(crowd: &'a Crowd, name: &'a str, horizon: u32, master: Master) -> Plan<'a> {
    Plan {
        case: Case {
            name,
            agents: crowd.signers.len() as u32,
            horizon,
        },
        crowd,
        mode: Mode::Exchange(ExchangeConfig {
            alpha: Fx::ONE,
            beta: pack(&vec![Fx::from_int(50); horizon as usize]).into(),
            v_min: Fx::ratio(9, 10),
            v_max: Fx::ratio(11, 10),
            rho: RhoSchedule {
                start: vec![Fx::from_int(300)],
                decay: Fx::ratio(6, 10),
                floor: Fx::ratio(1, 10),
            },
            master,
            export: ExportRule::Multiplier {
                kappa: Fx::from_int(100),
            },
            private_costs: false,
            warm_from: None,
        }),
        participant,
        answer,
        // More than any of them can earn.
        claims: vec![Fx::ONE],
        weights: None,
    }
}

/// Weights of the plan that is made of the newest answers, when the last agent has not given its
/// own in this round.
fn newest(agents: u32) -> Vec<Fx> {
    let row = |newest: u32| (0..=ROUNDS).map(move |slot| Fx::from_int((slot == newest).into()));
    let rows = (1..=agents).map(|agent| row(ROUNDS - u32::from(agent == agents)));
    rows.flatten().collect()
}

/// A load that may lie between nothing and 0.01 per unit.
fn participant(index: u32, horizon: u32) -> [Vec<Fx>; 3] {
    let lower = vec![-Fx::ratio(1, 100); horizon as usize];
    let upper = vec![Fx::ZERO; horizon as usize];
    [lower, upper, answer(index, horizon, 0)]
}

/// In each round 0.0001 per unit less load. Steps this small pass the check of
/// monotonicity: the price outweighs the penalty.
fn answer(index: u32, horizon: u32, round: u32) -> Vec<Fx> {
    let value = |t: u32| {
        let load = 50 + ((7 * index + 3 * t) % 11) as i32 - round as i32;
        -Fx::ratio(load, 10_000)
    };
    (0..horizon).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_weights_sums_to_one() {
        let weights = newest(3);
        let rows = weights.chunks(ROUNDS as usize + 1);
        assert_eq!(rows.len(), 3);
        for row in rows {
            assert_eq!(row.iter().copied().sum::<Fx>(), Fx::ONE);
        }
        assert_eq!(weights.last(), Some(&Fx::ZERO));
    }

    #[test]
    fn answers_stay_within_bounds_and_improve() {
        let [lower, upper, baseline] = participant(3, 24);
        let last = answer(3, 24, ROUNDS);
        for t in 0..24 {
            assert!(lower[t] <= baseline[t] && baseline[t] < last[t] && last[t] <= upper[t]);
        }
    }
}
