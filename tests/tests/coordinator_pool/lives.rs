//! Random lives of a pool: whoever answers what, whoever stays silent, the best plan balances, keeps
//! to the declared bounds, never worsens, and its side payments create no money.

use gridweave_testkit::coordinator::{numbers, pool_config};
use gridweave_testkit::pool::{Home, Pool};
use gridweave_types::coordinator::{ExecuteMsg, Phase};
use gridweave_units::{Acc, Fx};
use proptest::collection::vec;
use proptest::prelude::*;

const HOMES: usize = 4;

/// What happens next. Numbers are raw and mapped to who is there.
#[derive(Clone, Debug)]
enum Event {
    /// A home answers honestly.
    Honest(usize),
    /// It answers, but does not confirm.
    Unsure(usize),
    /// It sends any answer, claim and cost (hundredths).
    Wild(usize, [i32; 3], i32, i32),
    /// It answers, and understates what the plan costs it (hundredths).
    Understated(usize, i32),
    /// The deadline passes; those who may be replaced are, as far as the bits say.
    Advance(usize),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        20 => (0..HOMES).prop_map(Event::Honest),
        2 => (0..HOMES).prop_map(Event::Unsure),
        2 => (0..HOMES, [-700..700, -700..700, -700..700], -500..500, -500..500)
            .prop_map(|(who, power, claim, cost)| Event::Wild(who, power, claim, cost)),
        1 => (0..HOMES, 0..2_000).prop_map(|(who, less)| Event::Understated(who, less)),
        1 => (0..1usize << HOMES).prop_map(Event::Advance),
    ]
}

fn homes() -> impl Strategy<Value = Vec<Home>> {
    let home = ([-30..30, -30..30, -30..30], 1..9i32, 1..5i32);
    let home = home.prop_map(|(goal, curvature, mobility)| {
        Home::new(goal, Fx::ratio(curvature, 10), mobility)
    });
    vec(home, HOMES)
}

fn apply(pool: &mut Pool, event: Event) {
    match event {
        Event::Honest(who) if pool.asked(who).pending => drop(pool.answer(who)),
        Event::Unsure(who) if pool.asked(who).pending => {
            let (payload, claims) = pool.honest(who);
            pool.send(who, &payload, &claims[..1]).expect("one claim");
        }
        Event::Wild(who, power, claim, cost) if pool.asked(who).pending => {
            let closing = pool.honest(who).0.is_empty();
            let power = power.map(|hundredths| Fx::ratio(hundredths, 100));
            let mut claims = [claim, cost].map(|c| Fx::ratio(c, 100)).to_vec();
            claims.truncate(if pool.asked(who).round > 1 { 2 } else { 1 });
            let payload = if closing { &[] } else { &power[..] };
            pool.send(who, payload, &claims).expect("of the right size");
        }
        Event::Understated(who, less) if pool.asked(who).pending => {
            let (payload, mut claims) = pool.honest(who);
            if let Some(cost) = claims.get_mut(1) {
                *cost -= Fx::ratio(less, 100);
            }
            pool.send(who, &payload, &claims)
                .expect("honest but for one");
        }
        Event::Advance(chosen) => {
            let round = pool.chain.session(pool.session).round;
            let overdue = |&who: &usize| {
                let home = pool.chain.participant(pool.session, who);
                chosen & (1 << who) != 0 && !home.replaced && round - home.last_round >= 3
            };
            let replace = (0..HOMES).filter(overdue).map(|who| who as u32).collect();
            pool.chain
                .advance(pool.session, replace)
                .expect("the deadline has passed");
        }
        _ => {}
    }
}

/// What must hold at any time; returns the cost of the best plan.
fn check(pool: &Pool) -> Fx {
    pool.assert_balanced();
    let rows = pool.rows();
    for (row, home) in rows.iter().zip(&pool.homes) {
        assert!(home.delivers(&numbers(&row.injection)), "{row:?}");
    }
    let paid: i128 = rows
        .iter()
        .map(|row| i128::from(row.side_payment.i64()))
        .sum();
    assert!((-(HOMES as i128)..=0).contains(&paid), "{paid}");
    let totals = pool.totals();
    assert!(totals.lost <= totals.gained, "{totals:?}");
    let status = pool.chain.session(pool.session);
    assert!(status.received <= status.participants - status.replaced);
    status.cost.expect("a pool has a cost")
}

/// Homes that have told what plans cost them are not worse off than alone, by more than rounding.
fn check_gains(pool: &Pool, honest: &[bool]) {
    let price = numbers(&pool.totals().settlement);
    for ((row, home), _) in pool
        .rows()
        .iter()
        .zip(&pool.homes)
        .zip(honest)
        .filter(|(_, h)| **h)
    {
        let plan = numbers(&row.injection);
        let earned = Acc::dot(&price, &plan).to_fx();
        let gain = home.alone() - home.cost(&plan) + earned;
        let side = Fx::ratio(1, 1_000_000) * Fx::from_int(row.side_payment.i64() as i32);
        let tolerance = Fx::ratio(1, 10_000);
        assert!(
            gain + side >= -tolerance,
            "gains {gain}, paid {side}: {row:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_pool_keeps_its_promises(homes in homes(), events in vec(event(), 60..100)) {
        let mut config = pool_config();
        (config.max_rounds, config.stop.gap) = (9, Some(Fx::ZERO));
        let mut pool = Pool::open(homes, config);
        let mut cost = check(&pool);
        let mut honest = [true; HOMES];
        for event in events {
            if !pool.is_running() {
                break;
            }
            if let Event::Wild(who, ..) | Event::Understated(who, _) = event {
                honest[who] = false;
            }
            apply(&mut pool, event);
            let now = check(&pool);
            check_gains(&pool, &honest);
            prop_assert!(now <= cost, "{} after {}", now, cost);
            cost = now;
        }
        // Nobody can keep it from ending.
        for _ in 0..9 {
            if pool.is_running() {
                apply(&mut pool, Event::Advance(0));
            }
        }
        prop_assert_eq!(pool.chain.session(pool.session).phase, Phase::Exhausted);
        prop_assert_eq!(check(&pool), cost);
        // What was agreed outlives the session's working state.
        let rows = pool.rows();
        let session = pool.session;
        for _ in 0..HOMES {
            let close = ExecuteMsg::Close { session, limit: 1 };
            pool.chain.operate(&close).expect("there is one more to clear");
        }
        prop_assert_eq!(pool.rows(), rows);
        check_gains(&pool, &honest);
    }
}
