//! Random homes: every schedule keeps every constraint, and being asked makes nobody worse off.

use gridweave_model::prosumers::{
    Community, DrBasis, Hvac, Prosumer, Shiftable, Tariff, daily_windows,
};
use proptest::prelude::*;

use super::battery;
use crate::OptimError;
use crate::prosumers::{HomeAnswer, HomeProblem, baseline};

fn profile(horizon: usize, most: f64) -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(0.0..most, horizon)
}

fn any_hvac() -> impl Strategy<Value = Hvac> {
    (
        0.5..5.0,
        5.0..40.0,
        0.3..2.0,
        20.0..24.0,
        0.0..0.05,
        any::<bool>(),
    )
        .prop_map(
            |(most, rc, gamma, reference, omega, cools): (f64, f64, f64, f64, f64, bool)| Hvac {
                hvac_max_kw: most,
                rc_h: rc,
                gamma_c_per_kw: if cools { -gamma } else { gamma },
                temp_start_c: 22.0,
                temp_min_c: 17.0,
                temp_max_c: 27.0,
                temp_range_intervals: cools.then_some(4),
                temp_ref_c: reference,
                omega_ac: omega,
            },
        )
}

fn any_shiftable(horizon: usize) -> impl Strategy<Value = Shiftable> {
    let kind = (1..horizon, any::<bool>(), -1.0..1.0);
    (profile(horizon, 1.5), 0.0..0.1, kind).prop_map(move |(preferred, omega_s, kind)| {
        let (cut, daily, owed) = kind;
        let shift_windows = if daily {
            daily_windows(horizon, 1.0)
        } else {
            std::iter::once(0..cut).collect()
        };
        let first: f64 = preferred[shift_windows[0].clone()].iter().sum();
        Shiftable {
            shift_preferred_kw: preferred,
            shift_windows,
            shift_owed_kwh: f64::max(owed, -first),
            omega_s,
        }
    })
}

fn any_home(horizon: usize) -> impl Strategy<Value = Prosumer> {
    let option = proptest::option::of::<BoxedStrategy<_>>;
    (
        profile(horizon, 2.0),
        (0.0..10.0, 0.0..6.0),
        option(any_hvac().boxed()),
        proptest::option::of(any_shiftable(horizon)),
        proptest::option::of(profile(horizon, 5.0)),
        proptest::option::of((1.0..10.0).prop_map(battery)),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(base_kw, limits, hvac, shiftable, renewable_kw, storage, feed_in, response)| {
                let (trade_max_kw, peak): (f64, f64) = limits;
                Prosumer {
                    home: 1,
                    base_kw,
                    grid_max_kw: 15.0,
                    // Half of the homes are at the start of their billing period.
                    grid_peak_kw: (peak - 3.0).max(0.0),
                    trade_max_kw,
                    hvac,
                    shiftable,
                    renewable_kw,
                    feed_in,
                    demand_response: response,
                    dr_baseline_kw: None,
                    storage,
                }
            },
        )
}

/// Without baselines, with the homes' own, and with any, which a home may have to exceed.
fn any_community() -> impl Strategy<Value = Community> {
    let any = (community_of(DrBasis::Baseline), profile(6, 4.0));
    let given = any.prop_map(|(mut community, baseline)| {
        community.homes[0].dr_baseline_kw = Some(baseline);
        community
    });
    let own = community_of(DrBasis::Baseline).prop_map(with_baseline);
    prop_oneof![community_of(DrBasis::Purchase), own, given]
}

/// Infeasible homes are left as they are.
fn with_baseline(mut community: Community) -> Community {
    if let Ok(Some(found)) = baseline(&community, 0) {
        community.homes[0].dr_baseline_kw = Some(found);
    }
    community
}

fn community_of(basis: DrBasis) -> impl Strategy<Value = Community> {
    let horizon = 6;
    // Rewards from baselines may be far above the charge.
    let most = match basis {
        DrBasis::Purchase => 0.2,
        DrBasis::Baseline => 1.5,
    };
    let rates = (profile(horizon, 0.4), profile(horizon, most), 0.0..1.0);
    let outdoor = proptest::collection::vec(10.0..36.0, horizon);
    (rates, outdoor, any_home(horizon)).prop_map(
        move |((charge, response, demand_charge), outdoor_temp_c, home)| Community {
            name: "random".into(),
            horizon,
            interval_hours: 1.0,
            tariff: Tariff {
                energy_charge: charge.iter().map(|rate| 0.2 + rate).collect(),
                demand_charge,
                feed_in_rate: vec![0.05; horizon],
                // Requests in some of the intervals.
                dr_rate: response.iter().map(|r| (r - 0.1).max(0.0)).collect(),
                dr_basis: basis,
            },
            outdoor_temp_c,
            homes: vec![home],
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_schedule_keeps_every_constraint(
        community in any_community(),
        prices in profile(6, 0.7),
        centre in proptest::collection::vec(-4.0..4.0, 6),
        rho in 0.01..3.0,
    ) {
        let home = &community.homes[0];
        let mut problem = match HomeProblem::new(&community, 0, 1) {
            Ok(problem) => problem,
            Err(OptimError::InfeasibleHome { reason, .. }) => {
                prop_assert!(reason.contains("expected"), "{reason}");
                return Ok(());
            }
            Err(other) => panic!("{other}"),
        };
        let alone = problem.alone().unwrap();
        let answer = problem.respond(&prices, &centre, rho).unwrap();
        let (value, best) = problem.best_response(&prices).unwrap();
        let earned = |answer: &HomeAnswer| {
            let pairs = prices.iter().zip(&answer.trade);
            pairs.map(|(p, x)| p * x).sum::<f64>() - answer.cost
        };
        for answer in [&alone, &answer, &best] {
            answer.schedule.check(&community, home, 1e-4).unwrap();
            let cost = answer.schedule.cost(&community, home).total();
            prop_assert!((cost - answer.cost).abs() < 1e-4, "{cost} {}", answer.cost);
            prop_assert!(earned(answer) <= value + 1e-4, "{} {value}", earned(answer));
            for sold in &answer.trade {
                prop_assert!(sold.abs() <= home.trade_max_kw + 1e-5, "{sold}");
            }
        }
        let settled = problem.settle(&answer.schedule.trade);
        // At the edge of what the home can deliver the solver may fail, but never lie.
        if let Ok(settled) = settled {
            prop_assert!(settled.cost <= answer.cost + 1e-4, "{} {}", settled.cost, answer.cost);
        }
    }

    #[test]
    fn to_be_asked_for_less_than_the_baseline_makes_no_home_worse_off(
        community in community_of(DrBasis::Baseline),
    ) {
        let mut quiet = community.clone();
        quiet.tariff.dr_rate = vec![0.0; quiet.horizon];
        let Ok(mut problem) = HomeProblem::new(&quiet, 0, 1) else {
            return Ok(());
        };
        let unasked = problem.alone().unwrap();
        let asked_for = with_baseline(community);
        let mut problem = HomeProblem::new(&asked_for, 0, 1).unwrap();
        let asked = problem.alone().unwrap();
        prop_assert!(asked.cost <= unasked.cost + 1e-5, "{} {}", asked.cost, unasked.cost);
        let home = &asked_for.homes[0];
        let bought = asked.schedule.cost(&asked_for, home).demand_response;
        // What it is paid is for what it does not buy.
        let pairs = asked.schedule.grid.iter().zip(&unasked.schedule.grid);
        let less = pairs.zip(&asked_for.tariff.dr_rate).map(|((g, b), rate)| rate * (b - g));
        let expected = if home.demand_response { less.sum::<f64>() } else { 0.0 };
        prop_assert!((bought + expected).abs() < 1e-4, "{bought} {expected}");
    }
}
