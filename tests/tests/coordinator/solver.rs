//! Untrusted solvers: better weights for the kept answers, verified by the contract.

use cosmwasm_std::Binary;
use gridweave_rules::distflow::Network;
use gridweave_rules::exchange::{
    Answer, ExportRule, GenerationCost, MasterParams, Participant, Problem, VoltageState, combine,
    evaluate,
};
use gridweave_testkit::coordinator::{
    Coordinator, HORIZON, exchange_config, exchange_mut, numbers,
};
use gridweave_testkit::flexible::{play, start};
use gridweave_types::coordinator::{
    AnswersResponse, ExecuteMsg, Master, NetworkResponse, QueryMsg,
};
use gridweave_units::{Fx, pack};

const T: usize = HORIZON as usize;
/// Linear cost coefficients of the session that a solver improves.
const STEEP_BETA: [i32; T] = [40, 44, 42];

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
