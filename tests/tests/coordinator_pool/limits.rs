//! Arithmetic at the limits of what may be sent: nothing panics, nothing is created.

use gridweave_testkit::coordinator::{numbers, pool_config};
use gridweave_testkit::pool::{Home, Pool};
use gridweave_types::coordinator::{Mode, Phase};
use gridweave_units::{Fx, pack};
use proptest::prelude::*;

const ENDS: [i32; 3] = [-1, 0, 1];

fn homes() -> Vec<Home> {
    let limit = Fx::from_int(1_000);
    let mut homes = vec![Home::new([0; 3], Fx::DELTA, 16); 4];
    for (number, home) in homes.iter_mut().enumerate() {
        home.limit = limit;
        if number % 2 == 1 {
            home.mobility = Fx::ratio(1, 16);
        }
    }
    homes
}

fn extreme(price: i32, start: Fx) -> Pool {
    let mut config = pool_config();
    if let Mode::Pool(pool) = &mut config.mode {
        pool.price = pack(&[Fx::from_int(price); 3]).into();
        (pool.weights.start, pool.weights.growth) = (start, Fx::from_int(2));
        (pool.weights.last, pool.relaxation) = (64, Fx::ratio(19, 10));
    }
    (config.max_rounds, config.stop.gap) = (40, Some(Fx::ZERO));
    Pool::open(homes(), config)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn extreme_numbers_end_a_session_like_any_other(
        moves in prop::collection::vec((0..3usize, 0..3usize, 0..3usize), 160),
        price in prop::sample::select(vec![-100_000, 100_000]),
        start in prop::sample::select(vec![Fx::from_bits(1 << 12), Fx::from_int(10_000_000)]),
    ) {
        let mut pool = extreme(price, start);
        let mut moves = moves.into_iter();
        while pool.is_running() {
            for number in 0..4 {
                let (power, claim, cost) = moves.next().unwrap_or_default();
                let asked = pool.asked(number);
                let closing = asked.pool.as_ref().is_some_and(|part| part.closing);
                let answer = vec![Fx::from_int(1_000 * ENDS[power]); if closing { 0 } else { 3 }];
                let mut claims = vec![Fx::from_int(100_000 * ENDS[claim])];
                if asked.round > 1 {
                    claims.push(Fx::from_int(100_000 * ENDS[cost]));
                }
                pool.send(number, &answer, &claims).unwrap();
            }
        }
        prop_assert_eq!(pool.chain.session(pool.session).phase, Phase::Exhausted);
        let rows = pool.rows();
        let paid: i128 = rows.iter().map(|row| i128::from(row.side_payment.i64())).sum();
        prop_assert!((-4..=0).contains(&paid), "{}", paid);
        for t in 0..3 {
            let left: Fx = rows.iter().map(|row| numbers(&row.injection)[t]).sum();
            prop_assert!(left.abs() < Fx::from_bits(1 << 12), "{}", left);
        }
        let bounds = rows.iter().flat_map(|row| numbers(&row.injection));
        prop_assert!(bounds.into_iter().all(|power| power.abs() <= Fx::from_int(1_000)));
    }
}
