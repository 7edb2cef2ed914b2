//! Exchange sessions: candidate, certificate, combinations, prices, memory, warm start.

use cosmwasm_std::Binary;
use gridweave_rules::distflow::Network;
use gridweave_rules::exchange::{
    Answer, ExportRule, GenerationCost, MasterParams, Participant, Problem, VoltageState, combine,
    evaluate,
};
use gridweave_testkit::coordinator::{
    Coordinator, HORIZON, exchange_config, exchange_mut, numbers,
};
use gridweave_types::coordinator::{
    AnswersResponse, ExecuteMsg, Master, NetworkResponse, Phase, PricesResponse, QueryMsg,
    SessionConfig, StopReason, VoltageConfig,
};
use gridweave_units::{Acc, Fx, pack};
use proptest::prelude::*;

const T: usize = HORIZON as usize;
/// Linear cost coefficients of the session that a solver improves.
const STEEP_BETA: [i32; T] = [40, 44, 42];

/// An agent that must draw 0.3 pu·h in all, each hour within `reach` hundredths around 0.1.
fn project(centre: &[Fx], reach: i32) -> Vec<Fx> {
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
fn best_response(prices: &[Fx], reach: i32) -> Fx {
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
fn play(chain: &mut Coordinator, session: u64, present: &[usize], reach: i32) {
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

fn start(agents: usize, reach: i32, config: SessionConfig) -> (Coordinator, u64) {
    let mut chain = Coordinator::new(agents as u32);
    let participants = (0..agents)
        .map(|number| chain.flexible(number, reach))
        .collect();
    let session = chain.open(config, participants, Vec::new());
    (chain, session)
}

fn run(agents: usize, config: SessionConfig) -> (Coordinator, u64) {
    let (mut chain, session) = start(agents, 8, config);
    let all: Vec<usize> = (0..agents).collect();
    while chain.session(session).phase == Phase::Collecting {
        play(&mut chain, session, &all, 8);
    }
    (chain, session)
}

#[test]
fn a_session_ends_on_its_certificate() {
    let (chain, session) = run(4, exchange_config());
    let status = chain.session(session);
    assert_eq!(status.phase, Phase::Converged);
    assert_eq!(status.stop_reason, Some(StopReason::Certificate));
    let certificate = chain.certificate(session);
    assert!(
        certificate
            .gap
            .is_some_and(|gap| gap <= Fx::ratio(1, 10_000))
    );
    assert!(
        certificate
            .bound
            .is_some_and(|bound| bound <= certificate.cost)
    );
}

#[test]
fn the_candidate_is_executable_from_the_start_and_never_worsens() {
    let (mut chain, session) = start(3, 8, exchange_config());
    let mut cost = chain
        .session(session)
        .cost
        .expect("the baselines are a plan");
    assert!(
        chain
            .schedule(session)
            .iter()
            .flatten()
            .all(|&p| p == Fx::ratio(-10, 100))
    );
    while chain.session(session).phase == Phase::Collecting {
        play(&mut chain, session, &[0, 1, 2], 8);
        let now = chain.session(session).cost.expect("a plan");
        assert!(now <= cost);
        cost = now;
        for row in chain.schedule(session) {
            let drawn: Fx = row.iter().copied().sum();
            assert!((drawn + Fx::ratio(3, 10)).abs() < Fx::ratio(1, 1_000_000));
            assert!(
                row.iter()
                    .all(|p| *p >= Fx::ratio(-18, 100) && *p <= Fx::ratio(-2, 100))
            );
        }
    }
}

#[test]
fn prices_split_into_energy_loss_and_voltage() {
    let (chain, session) = run(4, exchange_config());
    let response: PricesResponse = chain
        .ask(&QueryMsg::Prices {
            session,
            start_after: None,
            limit: Some(100),
        })
        .expect("the session has ended");
    assert_eq!(response.buses.len(), 5);
    assert_eq!(response.buses[0].bus, 1);
    assert!(
        numbers(&response.buses[0].loss)
            .iter()
            .all(|loss| loss.is_zero())
    );
    for (bus, above) in response.buses[1..].iter().zip(&response.buses) {
        // Load at the far end of a loaded feeder causes more losses.
        for (far, near) in numbers(&bus.loss).iter().zip(numbers(&above.loss)) {
            assert!(*far > near);
        }
        assert!(numbers(&bus.voltage).iter().all(|price| price.is_zero()));
        assert_eq!(bus.energy, above.energy);
    }
}

fn with_memory(memory: u32) -> SessionConfig {
    let mut config = exchange_config();
    if let Master::Combination { memory: kept, .. } = &mut exchange_mut(&mut config).master {
        *kept = memory;
    }
    config.stop.gap = Some(Fx::ZERO);
    config
}

#[test]
fn two_kept_answers_are_enough() {
    let (all, session) = run(4, with_memory(24));
    let (two, _) = run(4, with_memory(2));
    let (best, small) = (all.certificate(session).cost, two.certificate(session).cost);
    assert!(
        small <= best * Fx::ratio(1_001, 1_000),
        "{small} against {best}"
    );
    assert_eq!(two.session(session).kept_answers, 2);
}

#[test]
fn two_queries_a_round_are_answered_in_one_submission() {
    let mut config = exchange_config();
    exchange_mut(&mut config).rho.start = vec![Fx::from_int(400), Fx::from_int(100)];
    let (chain, session) = run(4, config);
    assert_eq!(chain.session(session).phase, Phase::Converged);
}

#[test]
fn plain_admm_converges_too() {
    let mut config = exchange_config();
    exchange_mut(&mut config).master = Master::Admm {
        relaxation: Fx::ratio(16, 10),
    };
    exchange_mut(&mut config).rho.decay = Fx::ONE;
    config.stop.gap = None;
    config.stop.primal = Fx::ratio(1, 1_000);
    config.stop.dual = Fx::ratio(1, 1_000);
    config.max_rounds = 60;
    let (chain, session) = run(4, config);
    assert_eq!(
        chain.session(session).stop_reason,
        Some(StopReason::Residuals)
    );
    let (best, _) = run(4, exchange_config());
    let gap = chain.certificate(session).cost - best.certificate(session).cost;
    assert!(gap.abs() < Fx::ratio(1, 100), "{gap}");
}

#[test]
fn a_warm_session_starts_where_the_last_one_ended() {
    let (mut chain, first) = run(4, exchange_config());
    let mut config = exchange_config();
    exchange_mut(&mut config).warm_from = Some(first);
    let participants = (0..4).map(|number| chain.flexible(number, 8)).collect();
    let second = chain.open(config, participants, Vec::new());
    while chain.session(second).phase == Phase::Collecting {
        play(&mut chain, second, &[0, 1, 2, 3], 8);
    }
    assert!(chain.session(second).round <= chain.session(first).round);
    assert_eq!(chain.session(second).phase, Phase::Converged);
}

/// A feeder that is heavy for its voltage: the last prosumer can relieve it.
#[test]
fn voltage_limits_hold_and_are_priced() {
    let mut config = exchange_config();
    config.stop.gap = None;
    config.max_rounds = 6;
    let exchange = exchange_mut(&mut config);
    exchange.v_min = Fx::ratio(1_010, 1_000);
    if let Master::Combination { voltage, .. } = &mut exchange.master {
        *voltage = Some(VoltageConfig {
            sigma: Fx::from_int(20_000),
            margin: Fx::ratio(1, 100_000),
            cap: Fx::from_int(1_000_000),
            plan_sigma: Fx::from_int(200_000),
            plan_margin: Fx::ratio(15, 100_000),
            plan_passes: 10,
            plan_linearizations: 8,
            tolerance: Fx::ratio(2, 10_000),
        });
    }
    // Baselines sit in the middle; cheap hours attract load until voltage stops it.
    let (chain, session) = run(6, config);
    let status = chain.session(session);
    assert!(
        status.violation.is_some_and(|v| v <= Fx::ratio(2, 10_000)),
        "{:?}",
        status.violation
    );
    let response: PricesResponse = chain
        .ask(&QueryMsg::Prices {
            session,
            start_after: None,
            limit: Some(100),
        })
        .expect("the session has ended");
    let last = numbers(&response.buses[6].voltage);
    assert!(last.iter().any(|price| price.is_positive()), "{last:?}");
}

fn answers(chain: &Coordinator, session: u64, number: usize) -> AnswersResponse {
    let participant = number as u32;
    chain
        .ask(&QueryMsg::Answers {
            session,
            participant,
        })
        .expect("an exchange session")
}

fn combination(session: u64, round: u32, weights: &[Fx]) -> ExecuteMsg {
    ExecuteMsg::SubmitCombination {
        session,
        round,
        weights: Binary::from(pack(weights)),
    }
}

#[test]
fn a_better_combination_becomes_the_candidate_and_a_worse_one_is_refused() {
    let mut config = exchange_config();
    if let Master::Combination { passes, .. } = &mut exchange_mut(&mut config).master {
        *passes = 1;
    }
    let (mut chain, session) = start(3, 8, config);
    play(&mut chain, session, &[0, 1, 2], 8);
    // One participant has answered the next round; its new answer may be used already.
    play(&mut chain, session, &[0], 8);
    let solver = chain.suite.address("solver");
    let round = chain.session(session).round;
    let slots = chain.session(session).kept_answers as usize;
    let mut weights = Vec::new();
    for number in 0..3 {
        let mut row = numbers(&answers(&chain, session, number).weights);
        row.resize(slots, Fx::ZERO);
        weights.extend(row);
    }
    let same = chain.send(&solver, &combination(session, round, &weights), &[]);
    assert!(
        same.unwrap_err()
            .to_string()
            .contains("the candidate costs")
    );
    weights[..slots].fill(Fx::ZERO);
    weights[slots - 1] = Fx::ONE;
    let before = chain.session(session).cost.unwrap();
    match chain.send(&solver, &combination(session, round, &weights), &[]) {
        Ok(_) => assert!(chain.session(session).cost.unwrap() < before),
        Err(error) => assert!(error.to_string().contains("the candidate costs"), "{error}"),
    }
    weights[slots - 1] = Fx::ratio(1, 2);
    let half = chain.send(&solver, &combination(session, round, &weights), &[]);
    assert!(
        half.unwrap_err()
            .to_string()
            .contains("not a convex combination")
    );
    weights[slots - 1] = Fx::from_int(2);
    weights[0] = -Fx::ONE;
    let negative = chain.send(&solver, &combination(session, round, &weights), &[]);
    assert!(
        negative
            .unwrap_err()
            .to_string()
            .contains("not a convex combination")
    );
}

/// The session's public problem and answers as a solver reads them.
fn observe(chain: &Coordinator, session: u64) -> (Problem, Vec<Participant>) {
    let question = QueryMsg::Network {
        session,
        start_after: None,
        limit: Some(100),
    };
    let network: NetworkResponse = chain.ask(&question).expect("an exchange session");
    let branches: Vec<_> = network
        .branches
        .iter()
        .map(|branch| (branch.parent as usize - 1, branch.r, branch.x))
        .collect();
    let mut reactive = vec![vec![Fx::ZERO; branches.len() + 1]; T];
    let participants = (0..chain.prosumers.len())
        .map(|number| {
            let about = chain.participant(session, number);
            let bus = about.bus as usize - 1;
            for (row, q) in reactive.iter_mut().zip(numbers(&about.reactive)) {
                row[bus] += q;
            }
            let kept = answers(chain, session, number);
            let injections = numbers(&kept.answers);
            Participant {
                bus,
                answers: injections
                    .chunks(T)
                    .map(|injection| Answer {
                        injection: injection.to_vec(),
                        cost: Fx::ZERO,
                    })
                    .collect(),
                weights: numbers(&kept.weights),
            }
        })
        .collect();
    let problem = Problem {
        network: Network::new(&branches).expect("parents first"),
        reactive,
        v_min: Fx::ratio(95, 100).squared(),
        v_max: Fx::ratio(105, 100).squared(),
        cost: GenerationCost {
            alpha: Fx::from_int(50),
            beta: STEEP_BETA.map(Fx::from_int).to_vec(),
        },
    };
    (problem, participants)
}

#[test]
fn an_untrusted_solver_beats_a_lazy_master() {
    let mut config = exchange_config();
    config.stop.gap = Some(Fx::ZERO);
    let exchange = exchange_mut(&mut config);
    if let Master::Combination { passes, .. } = &mut exchange.master {
        *passes = 1;
    }
    // Nearly flat prices and steep generation: the optimum mixes many answers.
    exchange.alpha = Fx::from_int(50);
    exchange.beta = pack(&STEEP_BETA.map(Fx::from_int)).into();
    let (mut chain, session) = start(4, 8, config);
    for _ in 0..3 {
        play(&mut chain, session, &[0, 1, 2, 3], 8);
    }
    let before = chain.session(session).cost.unwrap();
    let (problem, mut participants) = observe(&chain, session);
    let rule = ExportRule::Clip {
        delta: Fx::ratio(1, 20),
    };
    let effort = MasterParams {
        passes: 50,
        linearizations: 5,
        voltage: None,
        update_multipliers: false,
    };
    let mut multipliers = VoltageState::new(&problem);
    // A slot that nobody has filled yet stays at weight 0.
    let empty: Vec<usize> = participants.iter().map(|p| p.answers.len()).collect();
    for participant in &mut participants {
        participant.answers.truncate(4);
        participant.weights.truncate(4);
    }
    combine(
        &problem,
        &mut participants,
        &rule,
        &effort,
        &mut multipliers,
    );
    let mut weights = Vec::new();
    for (participant, width) in participants.iter().zip(empty) {
        let mut row = participant.weights.clone();
        row.resize(width, Fx::ZERO);
        weights.extend(row);
    }
    let solver = chain.suite.address("solver");
    chain
        .send(&solver, &combination(session, 4, &weights), &[])
        .expect("more passes over the same answers are better");
    let after = chain.session(session).cost.unwrap();
    let expected = evaluate(&problem, &participants, &rule, None).cost;
    assert!(after < before);
    assert_eq!(
        after, expected,
        "the contract recomputes what the solver computed"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whoever is silent, the session ends, its plan is executable and its bound a bound.
    #[test]
    fn any_set_of_silent_agents_leaves_a_session_that_ends(
        present in prop::collection::vec(any::<[bool; 4]>(), 1..8),
    ) {
        let (mut chain, session) = start(4, 8, exchange_config());
        let mut rounds = present.iter().cycle();
        while chain.session(session).phase == Phase::Collecting {
            let present = rounds.next().unwrap();
            let round = chain.session(session).round;
            for number in 0..4 {
                if present[number] && chain.assignment(session, number).pending {
                    play(&mut chain, session, &[number], 8);
                }
            }
            let status = chain.session(session);
            if status.phase == Phase::Collecting && status.round == round {
                chain.advance(session, Vec::new()).expect("the deadline has passed");
            }
        }
        prop_assert!(chain.session(session).round <= 8);
        let certificate = chain.certificate(session);
        if let Some(bound) = certificate.bound {
            prop_assert!(bound <= certificate.cost + Fx::ratio(1, 1_000));
        }
        for row in chain.schedule(session) {
            let drawn: Fx = row.iter().copied().sum();
            prop_assert!((drawn + Fx::ratio(3, 10)).abs() < Fx::ratio(1, 1_000_000));
        }
    }
}
