//! The contract against the session in process, on a golden community.

use std::path::Path;

use cosmwasm_std::{Binary, Uint64};
use gridweave_model::prosumers::{Community, CommunityFile};
use gridweave_optim::prosumers::{HomeProblem, PoolSession, PoolTerms, mobility};
use gridweave_testkit::coordinator::{Coordinator, pool_config};
use gridweave_testkit::floats::{floats, to_f64, to_fx};
use gridweave_testkit::pool::pool_part;
use gridweave_types::coordinator::{
    Mode, ParticipantInput, PoolConfig, PoolWeights, SessionConfig,
};
use gridweave_units::{Fx, pack};

/// Rounds compared.
const ROUNDS: u32 = 3;

fn golden() -> Community {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/prosumers");
    let file = CommunityFile::load(&folder.join("p10-24-10.json")).unwrap();
    file.community
}

fn config(community: &Community) -> SessionConfig {
    let terms = PoolTerms::of(community);
    let charges = community.tariff.energy_charge.iter();
    let price: Vec<Fx> = charges
        .map(|charge| to_fx(community.interval_hours * charge))
        .collect();
    SessionConfig {
        horizon: community.horizon as u32,
        energy_unit: Uint64::new((1_000.0 * community.interval_hours) as u64),
        mode: Mode::Pool(PoolConfig {
            price: pack(&price).into(),
            weights: PoolWeights {
                start: terms.weights.start,
                growth: terms.weights.growth,
                last: terms.weights.last,
            },
            relaxation: terms.relaxation,
        }),
        ..pool_config()
    }
}

fn participants(
    chain: &Coordinator,
    community: &Community,
    alone: &[f64],
) -> Vec<ParticipantInput> {
    let homes = community.homes.iter().zip(alone).enumerate();
    let input = |(number, (home, &alone)): (usize, (&_, &f64))| {
        let home: &gridweave_model::prosumers::Prosumer = home;
        // A solver reaches its limits within its tolerance only.
        let limit = to_fx(home.trade_max_kw + 1e-6);
        ParticipantInput {
            account: chain.prosumers[number].to_string(),
            bus: number as u32 + 2,
            lower: pack(&vec![-limit; community.horizon]).into(),
            upper: pack(&vec![limit; community.horizon]).into(),
            baseline: Binary::default(),
            baseline_cost: to_fx(alone),
            reactive: Binary::default(),
            reports: 0,
            mobility: Some(mobility(home)),
        }
    };
    homes.map(input).collect()
}

#[test]
fn the_contract_is_the_session_in_process_bit_by_bit() {
    let community = golden();
    let mut reference = PoolSession::new(&community, PoolTerms::of(&community)).unwrap();
    let alone: Vec<f64> = reference
        .alone()
        .unwrap()
        .iter()
        .map(|home| home.cost)
        .collect();
    let mut chain = Coordinator::new(community.homes.len() as u32);
    let participants = participants(&chain, &community, &alone);
    let session = chain.open(config(&community), participants, Vec::new());
    let mut tasks: Vec<HomeProblem> = (0..community.homes.len())
        .map(|at| HomeProblem::new(&community, at, 1).unwrap())
        .collect();
    for round in 1..=ROUNDS {
        for (number, task) in tasks.iter_mut().enumerate() {
            let asked = chain.assignment(session, number);
            let part = pool_part(&asked);
            let rho = to_f64(asked.rho[0]) / to_f64(part.mobility);
            let answer = task.respond(&floats(&asked.prices), &floats(&asked.centres), rho);
            let answer: Vec<Fx> = answer.unwrap().trade.iter().map(|&x| to_fx(x)).collect();
            let best = task.best_response(&floats(&part.settlement)).unwrap().0;
            let mut claims = vec![to_fx(best + 1e-6)];
            if round > 1 {
                claims.extend(
                    task.settle(&floats(&part.plan))
                        .ok()
                        .map(|home| to_fx(home.cost)),
                );
            }
            chain
                .submit(session, number, round, &answer, &claims)
                .unwrap();
        }
        let expected = reference.round().unwrap();
        for (number, plan) in expected.plans.iter().enumerate() {
            let asked = chain.assignment(session, number);
            assert_eq!(
                floats(&pool_part(&asked).plan),
                *plan,
                "plan of home {number}"
            );
            assert_eq!(floats(&pool_part(&asked).settlement), expected.price);
        }
    }
    // The plan of round 2 has been confirmed, and is certified to be within 5 %.
    let certificate = chain.certificate(session);
    assert_eq!(certificate.round, 2);
    assert!(to_f64(certificate.cost) < alone.iter().sum::<f64>());
    assert!(
        certificate.gap.is_some_and(|gap| gap < Fx::ratio(5, 100)),
        "{certificate:?}"
    );
}
