//! What a pool session takes.

use gridweave_testkit::assert_refused;
use gridweave_testkit::coordinator::{
    Coordinator, consensus_config, exchange_config, filled, group, numbers, pool_config,
};
use gridweave_testkit::pool::{Pool, input, pool_part, three};
use gridweave_types::coordinator::{
    ExecuteMsg, Mode, ParticipantInput, PoolConfig, Projection, QueryMsg, SessionConfig,
};
use gridweave_units::{Fx, pack};

fn changed(change: impl FnOnce(&mut PoolConfig)) -> SessionConfig {
    let mut config = pool_config();
    if let Mode::Pool(pool) = &mut config.mode {
        change(pool);
    }
    config
}

#[test]
fn parameters_out_of_range_are_refused_by_name() {
    let mut chain = Coordinator::new(1);
    let fx = |value| Fx::from_int(value);
    let mut tolerant = pool_config();
    tolerant.monotonicity_tolerance = Some(Fx::ONE);
    let mut hasty = pool_config();
    hasty.max_rounds = 1;
    let cases = [
        (
            changed(|p| p.price = pack(&[fx(100_001); 3]).into()),
            "price is 100001, expected -100000 to 100000",
        ),
        (
            changed(|p| p.price = filled(2, 1)),
            "price: packed array has 16 bytes, expected 24 (8 per number)",
        ),
        (
            changed(|p| p.weights.start = fx(0)),
            "weights.start is 0, expected 0.000001 to 10000000",
        ),
        (
            changed(|p| p.weights.growth = fx(3)),
            "weights.growth is 3, expected 0.5 to 2",
        ),
        (
            changed(|p| p.weights.last = 0),
            "weights.last is 0, expected 1 to 64",
        ),
        (
            changed(|p| p.relaxation = fx(2)),
            "relaxation is 2, expected 0.1 to 1.9",
        ),
        (
            tolerant,
            "monotonicity_tolerance is 1, expected none in a pool",
        ),
        (
            hasty,
            "max_rounds is 1, expected 2 to 2000: the last only confirms",
        ),
    ];
    for (config, expected) in cases {
        let refused = chain.operate(&ExecuteMsg::CreateSession { config });
        assert_refused(refused, &expected);
    }
}

#[test]
fn participants_declare_a_mobility_and_no_baseline() {
    let homes = three();
    let mut chain = Coordinator::new(3);
    let valid = input(&chain, 0, &homes[0]);
    let session = chain.prepare(pool_config(), Vec::new(), Vec::new());
    let with = |change: fn(&mut ParticipantInput)| {
        let mut input = valid.clone();
        change(&mut input);
        input
    };
    let cases = [
        (
            with(|i| i.mobility = None),
            "mobility is none, expected 0.0625 to 16",
        ),
        (
            with(|i| i.mobility = Some(Fx::from_int(17))),
            "mobility is 17, expected 0.0625 to 16",
        ),
        (
            with(|i| i.mobility = Some(Fx::ZERO)),
            "mobility is 0, expected 0.0625 to 16",
        ),
        (with(|i| i.reports = 1), "reports is 1, expected 0"),
        (
            with(|i| i.baseline = filled(3, 0)),
            "baseline: packed array has 24 bytes, expected 0 (8 per number)",
        ),
        (
            with(|i| i.reactive = filled(3, 0)),
            "reactive: packed array has 24 bytes, expected 0 (8 per number)",
        ),
        (
            with(|i| i.baseline_cost = Fx::from_int(-100_001)),
            "baseline_cost is -100001, expected -100000 to 100000",
        ),
        (
            with(|i| i.upper = filled(3, 1_001)),
            "bounds is 1001, expected -1000 to 1000",
        ),
    ];
    for (input, expected) in cases {
        let participants = vec![input];
        let refused = chain.operate(&ExecuteMsg::AddParticipants {
            session,
            participants,
        });
        assert_refused(refused, &expected);
    }
    // Not to trade must be possible.
    let participants = vec![with(|i| i.lower = filled(3, 1))];
    let message = ExecuteMsg::AddParticipants {
        session,
        participants,
    };
    let expected = format!(
        "participant {}: number 0 of the baseline is 0, outside 1 to 5",
        chain.prosumers[0]
    );
    assert_refused(chain.operate(&message), &expected);
}

#[test]
fn other_modes_take_no_mobility_and_pools_no_groups() {
    let mut chain = Coordinator::new(2);
    let consensus = chain.prepare(consensus_config(), Vec::new(), Vec::new());
    let mut sharing = chain.sharing(0, 3);
    sharing.mobility = Some(Fx::ONE);
    let exchange = chain.prepare(exchange_config(), Vec::new(), Vec::new());
    let mut flexible = chain.flexible(0, 8);
    flexible.mobility = Some(Fx::ONE);
    for (session, input) in [(consensus, sharing), (exchange, flexible)] {
        let refused = chain.operate(&ExecuteMsg::AddParticipants {
            session,
            participants: vec![input],
        });
        assert_refused(refused, &"mobility is 1, expected none but in a pool");
    }
    let session = chain.prepare(pool_config(), Vec::new(), Vec::new());
    let refused = chain.operate(&ExecuteMsg::AddGroups {
        session,
        groups: vec![group(3, Projection::SumZero, 2)],
    });
    assert_refused(refused, &"session 3 is not in consensus mode");
    let question = QueryMsg::Pool { session: consensus };
    let refused: Result<gridweave_types::coordinator::PoolResponse, _> = chain.ask(&question);
    assert_refused(refused, &"session 1 is not in pool mode");
}

#[test]
fn the_first_round_has_no_plan_and_asks_at_the_first_price() {
    let pool = Pool::open(three(), pool_config());
    let asked = pool.asked(0);
    let first = [3, 1, 2].map(|tenths| Fx::ratio(tenths, 10));
    let part = pool_part(&asked);
    assert_eq!(
        (numbers(&asked.prices), numbers(&part.settlement)),
        (first.to_vec(), first.to_vec())
    );
    assert_eq!(numbers(&asked.centres), [Fx::ZERO; 3]);
    assert!(part.plan.is_empty() && !part.closing && asked.pending);
    assert_eq!(part.mobility, Fx::from_int(4));
    let totals = pool.totals();
    assert_eq!((totals.plan_round, totals.mobility), (0, Fx::from_int(6)));
    let status = pool.chain.session(pool.session);
    assert_eq!(status.cost, Some(pool.alone()));
    assert_eq!(pool.rows().len(), 3);
    pool.assert_balanced();
}
