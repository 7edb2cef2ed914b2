//! Exchange sessions: candidate, certificate, prices, memory, voltage, warm start.

use gridweave_testkit::coordinator::{exchange_config, exchange_mut, numbers};
use gridweave_testkit::flexible::{play, run, start};
use gridweave_types::coordinator::{
    ExportRule, Master, Phase, PricesResponse, QueryMsg, SessionConfig, StopReason, VoltageConfig,
};
use gridweave_units::Fx;
use proptest::prelude::*;

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
fn the_clipped_price_rule_converges_too() {
    let mut config = exchange_config();
    exchange_mut(&mut config).export = ExportRule::Clip {
        delta: Fx::ratio(5, 100),
    };
    let (chain, session) = run(4, config);
    assert_eq!(chain.session(session).phase, Phase::Converged);
}

#[test]
fn two_queries_a_round_are_answered_in_one_submission() {
    let mut config = exchange_config();
    exchange_mut(&mut config).rho.start = vec![Fx::from_int(400), Fx::from_int(100)];
    let (chain, session) = run(4, config);
    assert_eq!(chain.session(session).phase, Phase::Converged);
}

fn admm() -> SessionConfig {
    let mut config = exchange_config();
    exchange_mut(&mut config).master = Master::Admm {
        relaxation: Fx::ratio(16, 10),
    };
    exchange_mut(&mut config).rho.decay = Fx::ONE;
    config.stop.gap = None;
    config.stop.primal = Fx::ratio(1, 1_000);
    config.stop.dual = Fx::ratio(1, 1_000);
    config.max_rounds = 60;
    config
}

#[test]
fn plain_admm_converges_too() {
    let (chain, session) = run(4, admm());
    let status = chain.session(session);
    assert_eq!(status.stop_reason, Some(StopReason::Residuals));
    let (best, _) = run(4, exchange_config());
    let gap = chain.certificate(session).cost - best.certificate(session).cost;
    assert!(gap.abs() < Fx::ratio(1, 100), "{gap}");
}

fn warm_after(config: SessionConfig) {
    let (mut chain, first) = run(4, config.clone());
    let mut warm = config;
    exchange_mut(&mut warm).warm_from = Some(first);
    let participants = (0..4).map(|number| chain.flexible(number, 8)).collect();
    let second = chain.open(warm, participants, Vec::new());
    while chain.session(second).phase == Phase::Collecting {
        play(&mut chain, second, &[0, 1, 2, 3], 8);
    }
    assert!(chain.session(second).round <= chain.session(first).round);
    assert_eq!(chain.session(second).phase, Phase::Converged);
}

#[test]
fn a_warm_session_starts_where_the_last_one_ended() {
    warm_after(exchange_config());
    warm_after(admm());
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
