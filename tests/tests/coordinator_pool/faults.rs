//! Silence, lies, stale and malformed iterates.

use gridweave_testkit::assert_refused;
use gridweave_testkit::coordinator::{announced, attribute, numbers, pool_config};
use gridweave_testkit::pool::{Pool, pool_part, three};
use gridweave_types::coordinator::{Phase, SessionConfig};
use gridweave_units::Fx;

fn short(rounds: u32) -> SessionConfig {
    let mut config = pool_config();
    (config.max_rounds, config.stop.gap) = (rounds, Some(Fx::ZERO));
    config
}

/// One round in which homes `present` answer and the deadline passes.
fn partial(pool: &mut Pool, present: &[usize]) {
    present.iter().for_each(|&number| drop(pool.answer(number)));
    pool.chain.advance(pool.session, Vec::new()).unwrap();
}

#[test]
fn stale_and_repeated_iterates_are_refused() {
    let mut pool = Pool::open(three(), pool_config());
    let (payload, claims) = pool.honest(0);
    pool.round();
    let stale = pool.chain.submit(pool.session, 0, 1, &payload, &claims);
    assert_refused(stale, &"session 1 collects round 2, not round 1");
    pool.answer(0);
    let (payload, claims) = pool.honest(0);
    let again = pool.send(0, &payload, &claims);
    assert_refused(again, &"participant 0 already answered round 2");
}

#[test]
fn claims_are_counted_and_limited() {
    let mut pool = Pool::open(three(), pool_config());
    let (payload, claims) = pool.honest(0);
    let expected = "the best-response value, then with private costs the cost of each answer, in a pool that of the plan before";
    for (claims, count) in [(vec![], 0), (vec![claims[0]; 2], 2)] {
        let sent = pool.send(0, &payload, &claims);
        assert_refused(
            sent,
            &format!("claims is {count} numbers, expected {expected}"),
        );
    }
    let huge = pool.send(0, &payload, &[Fx::from_int(100_001)]);
    assert_refused(huge, &"claims is 100001, expected -100000 to 100000");
    let wrong = pool.send(0, &payload[1..], &claims);
    assert!(wrong.unwrap_err().to_string().contains("payload"));
    // Nothing has changed.
    assert_eq!(pool.asked(0).round, 1);
    assert!(pool.asked(0).pending);
}

#[test]
fn an_answer_out_of_bounds_is_rejected_and_confirms_nothing() {
    let mut pool = Pool::open(three(), pool_config());
    pool.round();
    let (mut payload, claims) = pool.honest(1);
    payload[2] = Fx::from_int(6);
    let sent = pool.send(1, &payload, &claims).unwrap();
    assert_eq!(
        attribute(&sent, "reason").as_deref(),
        Some("number 2 is 6, out of bounds")
    );
    assert_eq!(pool.totals().confirmed, 0);
    [0, 2].iter().for_each(|&number| drop(pool.answer(number)));
    // Its answer of round 1 stands, and the plan of round 1 has not been confirmed.
    assert_eq!((pool.totals().plan_round, pool.asked(0).round), (0, 3));
    pool.round();
    assert_eq!(pool.totals().plan_round, 2);
}

#[test]
fn a_home_that_never_confirms_leaves_everybody_without_trade() {
    let mut pool = Pool::open(three(), short(4));
    while pool.is_running() {
        for number in 0..3 {
            let (payload, claims) = pool.honest(number);
            let said = if number == 2 {
                &claims[..1]
            } else {
                &claims[..]
            };
            pool.send(number, &payload, said).unwrap();
        }
    }
    let status = pool.chain.session(pool.session);
    assert_eq!(
        (status.phase, status.cost),
        (Phase::Exhausted, Some(pool.alone()))
    );
    let rows = pool.rows();
    assert!(
        rows.iter()
            .all(|row| numbers(&row.injection).iter().all(|x| x.is_zero()))
    );
    assert!(rows.iter().all(|row| row.side_payment.is_zero()));
    let first = [3, 1, 2].map(|tenths| Fx::ratio(tenths, 10));
    assert_eq!(numbers(&pool.totals().settlement), first);
}

#[test]
fn the_last_confirmed_plan_is_the_result_when_confirmations_cease() {
    let mut pool = Pool::open(three(), short(6));
    (0..3).for_each(|_| pool.round());
    let (kept, cost) = (pool.rows(), pool.chain.session(pool.session).cost);
    assert!(pool.totals().plan_round > 0);
    while pool.is_running() {
        for number in 0..3 {
            let (payload, claims) = pool.honest(number);
            pool.send(number, &payload, &claims[..1]).unwrap();
        }
    }
    assert_eq!(
        (pool.rows(), pool.chain.session(pool.session).cost),
        (kept, cost)
    );
    pool.assert_balanced();
}

/// A plan that leaves the declared bounds is not confirmed, whatever the home says.
#[test]
fn what_is_out_of_bounds_cannot_be_confirmed() {
    let mut homes = three();
    homes[0].limit = Fx::ratio(1, 10);
    let mut pool = Pool::open(homes, pool_config());
    for number in 0..3 {
        let (_, claims) = pool.honest(number);
        // The others sell so much that home 0 cannot take its share.
        let sold = if number == 0 {
            Fx::ZERO
        } else {
            Fx::from_int(4)
        };
        pool.send(number, &[sold; 3], &claims).unwrap();
    }
    let plan = numbers(&pool_part(&pool.asked(0)).plan);
    assert!(plan[0] < Fx::from_int(-1), "{plan:?}");
    let (payload, claims) = pool.honest(0);
    let lie = [claims[0], Fx::ZERO];
    let sent = pool.send(0, &payload, &lie).unwrap();
    assert_eq!(attribute(&sent, "confirmed").as_deref(), Some("false"));
    (1..3).for_each(|number| drop(pool.answer(number)));
    assert_eq!(pool.totals().plan_round, 0);
}

#[test]
fn silence_delays_confirmation_and_nothing_else() {
    let mut pool = Pool::open(three(), pool_config());
    pool.round();
    partial(&mut pool, &[0, 1]);
    assert_eq!(pool.totals().plan_round, 0);
    let standing = pool.chain.history(pool.session);
    // No bound without the claim of the silent one.
    assert_eq!(standing[1].bound, standing[0].bound);
    assert_eq!(standing[1].missed, 1);
    pool.round();
    assert_eq!(pool.totals().plan_round, 2);
    pool.assert_balanced();
    pool.run();
    assert_eq!(pool.chain.session(pool.session).phase, Phase::Converged);
}

#[test]
fn a_silent_home_is_replaced_and_the_others_trade_on() {
    let mut pool = Pool::open(three(), short(12));
    pool.round();
    for _ in 0..2 {
        partial(&mut pool, &[0, 1]);
    }
    [0, 1].iter().for_each(|&number| drop(pool.answer(number)));
    let response = pool.chain.advance(pool.session, vec![2]).unwrap();
    assert!(announced(&response, "agent_replaced"));
    assert_eq!(pool.totals().mobility, Fx::from_int(5));
    // The plan of its last round could no longer be confirmed; the next ones balance without it.
    assert_eq!(pool.totals().plan_round, 0);
    pool.run();
    assert!(pool.totals().plan_round >= 4);
    let rows = pool.rows();
    assert!(numbers(&rows[2].injection).iter().all(|x| x.is_zero()));
    assert!(rows[2].side_payment.is_zero());
    pool.assert_balanced();
    assert!(pool.chain.session(pool.session).cost < Some(pool.alone()));
    let late = pool.send(2, &[Fx::ZERO; 3], &[Fx::ZERO]);
    assert!(late.is_err());
}

/// It has promised to deliver its part of the confirmed plan, and stays bound by that.
#[test]
fn a_confirmed_plan_outlives_a_home_that_falls_silent() {
    let mut pool = Pool::open(three(), short(12));
    (0..3).for_each(|_| pool.round());
    let (kept, round) = (pool.rows(), pool.totals().plan_round);
    assert!(round > 0);
    for _ in 0..2 {
        partial(&mut pool, &[]);
    }
    pool.chain.advance(pool.session, vec![2]).unwrap();
    assert_eq!((pool.rows(), pool.totals().plan_round), (kept, round));
    pool.run();
    pool.assert_balanced();
}

#[test]
fn a_home_rejected_too_often_is_replaced() {
    let mut pool = Pool::open(three(), short(8));
    for round in 0..2 {
        if round > 0 {
            assert_eq!(pool.totals().mobility, Fx::from_int(6));
        }
        let claims = pool.honest(2).1;
        let sent = pool.send(2, &[Fx::from_int(9); 3], &claims).unwrap();
        assert_eq!(announced(&sent, "agent_replaced"), round == 1);
        [0, 1].iter().for_each(|&number| drop(pool.answer(number)));
    }
    assert_eq!(pool.totals().mobility, Fx::from_int(5));
    pool.run();
    assert!(pool.totals().plan_round > 2);
    pool.assert_balanced();
}

#[test]
fn a_session_without_anybody_left_ends() {
    let mut pool = Pool::open(three(), short(12));
    for _ in 0..2 {
        partial(&mut pool, &[]);
    }
    pool.chain.advance(pool.session, vec![0, 1, 2]).unwrap();
    let status = pool.chain.session(pool.session);
    assert_eq!(
        (status.phase, status.cost),
        (Phase::Exhausted, Some(pool.alone()))
    );
    pool.assert_balanced();
}
