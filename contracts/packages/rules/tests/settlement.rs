//! The two-settlement rule: numbers worked by hand, and what holds for all.

use gridweave_rules::settlement::{
    Commitment, ImbalanceFactor, MAX_ENERGY, MAX_PRICE, Position, Settlement, SettlementError,
    settle,
};
use gridweave_units::{Energy, Money, Price};
use proptest::prelude::*;

/// 10 %.
const TENTH: u16 = 1_000;

fn promise(energy: i64, price: i64) -> Commitment {
    Commitment {
        energy: Energy(energy),
        price: Price(price),
        paid: false,
    }
}

fn position(commitments: &[Commitment]) -> Result<Position, SettlementError> {
    let mut commitments = commitments.iter();
    commitments.try_fold(Position::default(), |sum, one| sum.with(one))
}

fn settled(
    commitments: &[Commitment],
    metered: i64,
    basis_points: u16,
) -> Result<Settlement, SettlementError> {
    let factor = ImbalanceFactor::new(basis_points).unwrap_or_default();
    settle(
        &position(commitments)?,
        Energy(metered),
        Price(300_000),
        factor,
    )
}

/// Asserts the three components and the dust (µ).
#[track_caller]
fn is(settlement: Result<Settlement, SettlementError>, parts: [i128; 4]) {
    let expected = Settlement {
        committed: Money(parts[0]),
        imbalance: Money(parts[1]),
        penalty: Money(parts[2]),
        dust: Money(parts[3]),
    };
    assert_eq!(settlement, Ok(expected));
}

#[test]
fn a_kept_promise_is_paid_as_promised() {
    // 2 kWh injected at 0.25 per kWh; the same drawn.
    is(
        settled(&[promise(2_000, 250_000)], 2_000, TENTH),
        [500_000, 0, 0, 0],
    );
    is(
        settled(&[promise(-2_000, 250_000)], -2_000, TENTH),
        [-500_000, 0, 0, 0],
    );
}

#[test]
fn a_shortfall_costs_more_and_a_surplus_earns_less() {
    // 500 Wh less than promised are bought at 0.275; 500 Wh more are sold at 0.225.
    is(
        settled(&[promise(2_000, 250_000)], 1_500, TENTH),
        [500_000, -125_000, -12_500, 0],
    );
    is(
        settled(&[promise(2_000, 250_000)], 2_500, TENTH),
        [500_000, 125_000, -12_500, 0],
    );
}

#[test]
fn a_consumer_that_draws_more_is_short_and_one_that_draws_less_has_a_surplus() {
    is(
        settled(&[promise(-2_000, 250_000)], -2_500, TENTH),
        [-500_000, -125_000, -12_500, 0],
    );
    is(
        settled(&[promise(-2_000, 250_000)], -1_500, TENTH),
        [-500_000, 125_000, -12_500, 0],
    );
}

#[test]
fn at_negative_prices_deviating_does_not_pay_either() {
    // Injecting costs 0.1 per kWh. Short: 1 kWh is bought back at −0.09; surplus: sold at −0.11.
    is(
        settled(&[promise(1_000, -100_000)], 0, TENTH),
        [-100_000, 100_000, -10_000, 0],
    );
    is(
        settled(&[promise(1_000, -100_000)], 2_000, TENTH),
        [-100_000, -100_000, -10_000, 0],
    );
}

#[test]
fn without_a_promise_everything_is_a_deviation_at_the_reference_price() {
    is(settled(&[], -1_000, TENTH), [0, -300_000, -30_000, 0]);
    is(settled(&[], 1_000, TENTH), [0, 300_000, -30_000, 0]);
    is(settled(&[], 0, TENTH), [0, 0, 0, 0]);
}

#[test]
fn what_was_paid_elsewhere_settles_its_deviation_only() {
    let paid = Commitment {
        paid: true,
        ..promise(1_000, 200_000)
    };
    is(settled(&[paid], 1_000, TENTH), [0, 0, 0, 0]);
    is(settled(&[paid], 900, TENTH), [0, -20_000, -2_000, 0]);
}

#[test]
fn of_two_prices_a_shortfall_pays_the_dearer_and_a_surplus_earns_the_cheaper() {
    let both = [promise(1_000, 200_000), promise(1_000, 300_000)];
    is(
        settled(&both, 1_000, TENTH),
        [500_000, -300_000, -30_000, 0],
    );
    is(settled(&both, 3_000, TENTH), [500_000, 200_000, -20_000, 0]);
}

#[test]
fn every_component_rounds_against_the_account() {
    // 3 Wh at 333 µ/kWh: 0.999 µ earned is 0, owed is 1. One Wh of deviation: 0.333 and 0.0333.
    is(settled(&[promise(3, 333)], 3, TENTH), [0, 0, 0, 1]);
    is(settled(&[promise(-3, 333)], -3, TENTH), [-1, 0, 0, 1]);
    is(settled(&[promise(3, 333)], 2, TENTH), [0, -1, -1, 3]);
    is(settled(&[promise(3, 333)], 4, TENTH), [0, 0, -1, 3]);
}

#[test]
fn the_limits_of_the_types_are_refused_not_wrapped() {
    let extremes = [i64::MIN, i64::MAX];
    for energy in extremes {
        for price in extremes {
            for metered in extremes {
                // Any answer will do as long as it comes.
                let _ = settled(&[promise(energy, price)], metered, 10_000);
            }
        }
    }
    let error = settled(&[promise(i64::MAX, 1)], i64::MIN, TENTH);
    assert_eq!(error, Err(SettlementError::Overflow { what: "deviation" }));
    let error = settled(&[promise(0, i64::MAX)], i64::MAX, 10_000);
    assert_eq!(error, Err(SettlementError::Overflow { what: "penalty" }));
}

fn energy() -> impl Strategy<Value = i64> {
    let limit = MAX_ENERGY as i64;
    prop_oneof![-limit..=limit, -9_999..=9_999i64]
}

fn price() -> impl Strategy<Value = i64> {
    let limit = MAX_PRICE as i64;
    prop_oneof![-limit..=limit, -999_999..=999_999i64]
}

fn commitments() -> impl Strategy<Value = Vec<Commitment>> {
    let one = (energy(), price(), any::<bool>()).prop_map(|(energy, price, paid)| Commitment {
        paid,
        ..promise(energy, price)
    });
    proptest::collection::vec(one, 0..4)
}

proptest! {
    #[test]
    fn a_line_the_grid_and_the_dust_sum_to_zero(
        promised in commitments(), metered in energy(), factor in 0..=10_000u16,
    ) {
        let settlement = settled(&promised, metered, factor).expect("within the limits");
        let (amount, grid) = (settlement.amount().unwrap(), settlement.grid().unwrap());
        prop_assert_eq!(amount.0 + grid.0 + settlement.dust.0, 0);
        prop_assert!((0..=3).contains(&settlement.dust.0));
        prop_assert!(settlement.penalty.0 <= 0);
    }

    /// In ten-millionths of a µ, which is exact.
    #[test]
    fn an_account_never_gets_more_than_the_exact_value(
        energy in energy(), price in price(), metered in energy(), factor in 0..=10_000u16,
    ) {
        let amount = settled(&[promise(energy, price)], metered, factor)
            .and_then(|settlement| settlement.amount())
            .expect("within the limits");
        let turnover = i128::from(price) * i128::from(metered);
        let deviation = i128::from(metered) - i128::from(energy);
        let penalty = (i128::from(price) * deviation).abs() * i128::from(factor);
        let exact = turnover * 10_000 - penalty;
        prop_assert!(amount.0 * 10_000_000 <= exact);
        prop_assert!(exact - amount.0 * 10_000_000 < 3 * 10_000_000);
    }

    /// Reporting what was promised is never worse than settling the same energy as a deviation.
    #[test]
    fn deviating_never_pays(
        energy in energy(), price in price(), metered in energy(), factor in 0..=10_000u16,
    ) {
        let told = settled(&[promise(metered, price)], metered, factor).unwrap();
        let deviated = settled(&[promise(energy, price)], metered, factor).unwrap();
        // Splitting one amount in two can save at most the rounding of one part.
        prop_assert!(deviated.amount().unwrap().0 <= told.amount().unwrap().0 + 1);
    }

    #[test]
    fn the_order_of_commitments_does_not_matter(promised in commitments(), metered in energy()) {
        let mut reversed = promised.clone();
        reversed.reverse();
        prop_assert_eq!(settled(&promised, metered, TENTH), settled(&reversed, metered, TENTH));
    }

    #[test]
    fn no_input_panics(
        energy in any::<i64>(), price in any::<i64>(), metered in any::<i64>(),
        factor in 0..=10_000u16, value in any::<i128>(),
    ) {
        let _ = settled(&[promise(energy, price), promise(energy, price)], metered, factor);
        let position = Position { value, ..Position::default() };
        let settlement = settle(&position, Energy(metered), Price(price), ImbalanceFactor::default());
        if let Ok(settlement) = settlement {
            let _ = (settlement.amount(), settlement.grid());
        }
    }
}
