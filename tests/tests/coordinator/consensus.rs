//! Consensus sessions: M(13)–M(19) and Y(14)–Y(17) through the contract.

use gridweave_testkit::coordinator::{Coordinator, HORIZON, consensus_config, group, numbers};
use gridweave_types::coordinator::{
    ConsensusConfig, DualsResponse, Mode, Phase, Projection, QueryMsg, SessionConfig, StopReason,
};
use gridweave_units::Fx;

/// Numbers each agent wants: `goal` plus its own number.
fn goals(number: usize) -> Vec<Fx> {
    let base = [3, -1, 2];
    base.iter()
        .map(|goal| Fx::from_int(goal + number as i32))
        .collect()
}

/// `argmin ½‖x − goal‖² + ρ/2‖x − c‖²`.
fn answer(goal: &[Fx], centre: &[Fx], rho: Fx) -> Vec<Fx> {
    let pairs = goal.iter().zip(centre);
    pairs
        .map(|(&goal, &c)| (goal + rho * c) / (Fx::ONE + rho))
        .collect()
}

/// Runs agents in the given order each round until the session ends; returns the rounds.
fn run(chain: &mut Coordinator, session: u64, order: &[usize]) -> u32 {
    loop {
        let status = chain.session(session);
        if status.phase != Phase::Collecting {
            return status.round;
        }
        for &number in order {
            let asked = chain.assignment(session, number);
            let x = answer(&goals(number), &numbers(&asked.centres), asked.rho[0]);
            chain
                .submit(session, number, status.round, &x, &[])
                .expect("an honest iterate");
        }
    }
}

fn start(agents: u32, projection: Projection, config: SessionConfig) -> (Coordinator, u64) {
    let mut chain = Coordinator::new(agents);
    let participants = (0..agents as usize)
        .map(|number| chain.sharing(number, HORIZON as usize))
        .collect();
    let groups = vec![group(HORIZON, projection, agents)];
    let session = chain.open(config, participants, groups);
    (chain, session)
}

fn with(rho: i32, relaxation: Fx, anderson_memory: u32) -> SessionConfig {
    SessionConfig {
        mode: Mode::Consensus(ConsensusConfig {
            rho: Fx::from_int(rho),
            relaxation,
            anderson_memory,
        }),
        max_rounds: 500,
        ..consensus_config()
    }
}

fn near(a: Fx, b: Fx) -> bool {
    (a - b).abs() < Fx::ratio(1, 1_000)
}

fn duals(chain: &Coordinator, session: u64, participant: u32) -> Vec<Fx> {
    let question = QueryMsg::Duals {
        session,
        participant,
    };
    let response: DualsResponse = chain.ask(&question).expect("a consensus session");
    numbers(&response.duals)
}

#[test]
fn average_reaches_the_mean_of_the_goals() {
    let (mut chain, session) = start(4, Projection::Average, consensus_config());
    run(&mut chain, session, &[0, 1, 2, 3]);
    let status = chain.session(session);
    assert_eq!(status.phase, Phase::Converged);
    assert_eq!(status.stop_reason, Some(StopReason::Residuals));
    // The mean of 0..4 is 1.5; at the optimum the duals are the gradients goal − x.
    for number in 0..4 {
        let xi = duals(&chain, session, number);
        for (t, goal) in goals(number as usize).into_iter().enumerate() {
            let optimum = goals(0)[t] + Fx::ratio(3, 2);
            assert!(near(xi[t], goal - optimum), "{number} {t}: {}", xi[t]);
        }
    }
}

#[test]
fn opposite_trades_cancel() {
    let (mut chain, session) = start(2, Projection::Opposite, consensus_config());
    run(&mut chain, session, &[0, 1]);
    let (a, b) = (chain.assignment(session, 0), chain.assignment(session, 1));
    let (first, second) = (duals(&chain, session, 0), duals(&chain, session, 1));
    for t in 0..HORIZON as usize {
        // z = c + ξ/ρ with ρ = 1.
        let z = numbers(&a.centres)[t] + first[t];
        let opposite = numbers(&b.centres)[t] + second[t];
        assert!(near(z + opposite, Fx::ZERO));
        let wanted = (goals(0)[t] - goals(1)[t]) / Fx::from_int(2);
        assert!(near(z, wanted), "{z} wanted {wanted}");
    }
}

#[test]
fn a_pool_balances_at_one_price() {
    let (mut chain, session) = start(3, Projection::SumZero, consensus_config());
    run(&mut chain, session, &[0, 1, 2]);
    assert_eq!(chain.session(session).phase, Phase::Converged);
    let prices: Vec<_> = (0..3).map(|n| duals(&chain, session, n)).collect();
    for t in 0..HORIZON as usize {
        assert!(near(prices[0][t], prices[1][t]) && near(prices[1][t], prices[2][t]));
        // x = goal − price sums to zero at the mean goal.
        assert!(near(prices[0][t], goals(1)[t]));
    }
}

#[test]
fn the_order_of_submissions_does_not_matter() {
    let finals: Vec<_> = [[0, 1, 2, 3], [3, 1, 0, 2]]
        .iter()
        .map(|order| {
            let (mut chain, session) = start(4, Projection::Average, consensus_config());
            run(&mut chain, session, order);
            (chain.history(session), duals(&chain, session, 2))
        })
        .collect();
    assert_eq!(finals[0], finals[1]);
}

/// `‖r‖`, `‖s‖` of a round stand in the record of the next one and are those of M(18) by hand.
#[test]
fn residuals_are_those_of_m18() {
    let (mut chain, session) = start(2, Projection::Average, consensus_config());
    let two = Fx::from_int(2);
    let (mut z, mut xi) = (Fx::ZERO, [Fx::ZERO; 2]);
    let mut expected = Vec::new();
    for round in 1..=4 {
        let x = [0, 1].map(|i| (goals(i)[0] + z - xi[i]) / two);
        let mean = (x[0] + x[1]) / two;
        let r = ((x[0] - mean).squared() + (x[1] - mean).squared()).sqrt();
        expected.push((r, (mean - z).abs()));
        (0..2).for_each(|i| xi[i] += x[i] - mean);
        z = mean;
        for number in [0, 1] {
            let asked = chain.assignment(session, number);
            let mine = answer(&goals(number), &numbers(&asked.centres), Fx::ONE);
            // Only the first number moves; the others agree at zero.
            let sent = [mine[0], Fx::ZERO, Fx::ZERO];
            chain.submit(session, number, round, &sent, &[]).unwrap();
        }
    }
    let history = chain.history(session);
    for (record, (r, s)) in history[1..].iter().zip(&expected) {
        let found = (record.primal, record.dual);
        assert!(
            near(found.0, *r) && near(found.1, *s),
            "{found:?} is not {r}, {s}"
        );
    }
}

#[test]
fn acceleration_needs_fewer_rounds() {
    let one = Fx::ONE;
    let rounds = |memory| {
        let (mut chain, session) = start(3, Projection::Average, with(20, one, memory));
        let rounds = run(&mut chain, session, &[0, 1, 2]);
        assert_eq!(chain.session(session).phase, Phase::Converged);
        rounds
    };
    let (plain, accelerated) = (rounds(0), rounds(5));
    assert!(accelerated * 4 < plain, "{accelerated} against {plain}");
}

#[test]
fn over_relaxation_ends_at_the_same_point() {
    let (mut chain, session) = start(3, Projection::Average, with(2, Fx::ratio(16, 10), 0));
    run(&mut chain, session, &[0, 1, 2]);
    assert_eq!(chain.session(session).phase, Phase::Converged);
    let xi = duals(&chain, session, 0);
    assert!(near(xi[0], goals(0)[0] - goals(1)[0]));
}
