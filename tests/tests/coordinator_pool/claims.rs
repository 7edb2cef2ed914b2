//! What homes say of their costs, and what becomes of a lie.

use gridweave_testkit::coordinator::pool_config;
use gridweave_testkit::pool::{Pool, three};
use gridweave_types::coordinator::SessionConfig;
use gridweave_units::Fx;

/// A session that ends with round `rounds` and not before.
fn short(rounds: u32) -> SessionConfig {
    let mut config = pool_config();
    (config.max_rounds, config.stop.gap) = (rounds, Some(Fx::ZERO));
    config
}

/// A plan that would cost less than all have claimed to be the least does not count, and the
/// certificate stays.
#[test]
fn a_cost_that_contradicts_the_claims_makes_no_plan_the_best() {
    let mut pool = Pool::open(three(), short(4));
    let mut contradicted = 0;
    while pool.is_running() {
        let round = pool.asked(0).round;
        for number in 0..3 {
            let (payload, mut claims) = pool.honest(number);
            if round == 2 && number == 1 {
                claims[1] = Fx::from_int(-50);
            }
            let response = pool.send(number, &payload, &claims).unwrap();
            let mut events = response.events.iter();
            contradicted += usize::from(events.any(|e| e.ty == "wasm-plan_contradicted"));
        }
        if round == 2 {
            assert_eq!((contradicted, pool.totals().plan_round), (1, 0));
            assert!(pool.chain.certificate(pool.session).gap.is_some());
        }
    }
    // The next plan, confirmed honestly, counts.
    assert!(pool.totals().plan_round >= 2);
    assert_eq!(contradicted, 1);
    pool.assert_balanced();
}

/// Whoever understates what a plan costs it, by no more than the claims allow, pays more to the losers.
#[test]
fn a_lie_about_the_cost_costs_the_liar() {
    let run = |lie: bool| {
        let mut pool = Pool::open(three(), short(3));
        while pool.is_running() {
            for number in 0..3 {
                let (payload, mut claims) = pool.honest(number);
                if lie && number == 1 && claims.len() == 2 {
                    claims[1] -= Fx::ratio(1, 10);
                }
                pool.send(number, &payload, &claims).unwrap();
            }
        }
        pool
    };
    let (honest, lied) = (run(false), run(true));
    let gap = |pool: &Pool| pool.chain.certificate(pool.session).gap;
    assert!(gap(&honest).is_some() && gap(&lied).is_some());
    assert_eq!(honest.totals().plan_round, lied.totals().plan_round);
    let (before, after) = (honest.rows(), lied.rows());
    assert!(after[1].side_payment <= before[1].side_payment);
    assert!(after[0].side_payment >= before[0].side_payment);
    lied.assert_balanced();
}

/// A claim below what the home itself shows is raised to that.
#[test]
fn a_claim_is_at_least_what_staying_alone_is_worth() {
    let mut pool = Pool::open(three(), pool_config());
    for number in 0..3 {
        let (payload, _) = pool.honest(number);
        pool.send(number, &payload, &[Fx::from_int(-100_000)])
            .unwrap();
    }
    let record = pool.chain.history(pool.session).pop().unwrap();
    assert_eq!(record.bound, Some(pool.alone()));
}
