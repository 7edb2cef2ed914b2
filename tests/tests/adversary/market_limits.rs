//! The market at the limits of its types, terms and certificates.

use cosmwasm_std::{Uint64, Uint128};
use gridweave_rules::market::Certificate;
use gridweave_rules::market::certificate::{FeederDuals, IntervalDuals};
use gridweave_testkit::assert_refused;
use gridweave_testkit::assets::{Assets, FAR, buy, permit, sell};
use gridweave_testkit::coordinator::FEEDER;
use gridweave_testkit::market::{BOND, Market, instantiate, terms, trade};
use gridweave_types::assets::Side;
use gridweave_types::market::{ExecuteMsg, InstantiateMsg, Objective};

fn filled(mut market: Market) -> Market {
    market.post("a", sell("1-4"), 1_000, 10_000);
    market.post("b", permit(Side::Sell, FAR, "1-4"), 1_000, 12_000);
    market.post("c", buy("1-4"), 1_000, 20_000);
    market.post("d", permit(Side::Buy, FAR, "1-4"), 1_000, 15_000);
    market
}

/// Largest offers at the highest price: nothing wraps, money and energy stay exact.
#[test]
fn the_largest_numbers() {
    let largest = |terms: &mut InstantiateMsg| {
        terms.objective = Objective::Welfare;
        terms.reward.rate = Uint64::MAX;
        terms.reward.interval_cap = Uint128::MAX;
    };
    let mut market = Market::with(largest);
    for feeder in [FEEDER, FAR] {
        market.limit(feeder, [u64::MAX; 4]).unwrap();
    }
    let (energy, price) = (u64::from(u32::MAX), 100);
    let seller = market.post("a", sell("1-128"), energy, 0);
    let buyer = market.post("c", buy("1-128"), energy, price);
    assert_eq!(market.locked(buyer), Some((energy, 429_496_730)));
    let solver = market.solver.clone();
    market
        .send(&solver, &ExecuteMsg::FundRewards {}, 7)
        .unwrap();
    market.accept(&[trade(1, seller, buyer, energy, price)]);
    let welfare = i128::from(price) * i128::from(energy);
    assert_eq!(market.candidate().objective.i128(), welfare);
    market.finalize(1);
    let a = market.assets.holder("a");
    assert_eq!(market.assets.money(&a), 429_496_729);
    assert_eq!(
        market.books().owed.u128(),
        3,
        "half of the pool, rounded down"
    );
    assert_eq!((market.open(seller), market.open(buyer)), (None, None));
    market.assert_conserved();
}

#[test]
fn hostile_certificates_only_bound_worse() {
    let mut market = filled(Market::new());
    let solver = market.solver.clone();
    let hostile = |base, net, amount| Certificate {
        scale: 1,
        intervals: (0..9)
            .map(|interval| IntervalDuals {
                interval,
                base,
                levels: vec![(0, amount), (11_000, amount)],
                feeders: vec![FeederDuals {
                    feeder: FEEDER,
                    net,
                    consumption: amount,
                    production: amount,
                }],
            })
            .collect(),
    };
    for (energy, certificate) in (1..).zip([
        hostile(0, 0, 0),
        hostile(i64::MIN, i64::MAX, 0),
        hostile(i64::MAX, i64::MIN, 1),
        hostile(1, -1, u64::MAX),
    ]) {
        let trades = [trade(1, 1, 3, energy, 15_000)];
        let message = market.solution(&trades, Some(certificate.to_bytes().into()));
        market.send(&solver, &message, 0).unwrap();
        let candidate = market.candidate();
        let bound = candidate.bound.expect("a bound").u128();
        // 2,000 Wh can be traded.
        assert!(bound >= 2_000, "{bound}");
        assert!(candidate.ratio_ppm.expect("a ratio") <= 2_000);
    }
}

#[test]
fn terms_are_within_their_ranges() {
    let mut assets = Assets::new(1);
    let mut refuse = |change: &dyn Fn(&mut InstantiateMsg), expected: &str| {
        let mut message = terms(&assets);
        change(&mut message);
        let suite = &mut assets.billing.chain.suite;
        let admin = suite.admin.clone();
        assert_refused(instantiate(&mut suite.app, &admin, &message), &expected);
    };
    refuse(&|t| t.clearing = 0, "clearing is 0, expected 1 to 10000");
    refuse(
        &|t| t.limits.book = 16_385,
        "limits.book is 16385, expected 1 to 16384",
    );
    refuse(
        &|t| t.limits.interval_trades = 6_001,
        "limits.interval_trades is 6001, expected 1 to 6000",
    );
    refuse(
        &|t| t.limits.offer_energy = Uint64::new(1 << 32),
        "limits.offer_energy is 4294967296, expected 1 to 4294967295",
    );
    refuse(
        &|t| t.limits.horizon = 513,
        "limits.horizon is 513, expected 1 to 512",
    );
    refuse(
        &|t| t.bond.infeasible = Uint128::new(BOND + 1),
        "bond.infeasible is 10001, expected 0 to 10000",
    );
    refuse(
        &|t| t.reward.uncertified_ppm = 1_000_001,
        "reward.uncertified_ppm is 1000001, expected 0 to 1000000",
    );
}
