//! Lines settled: numbers worked by hand, estimates, true-ups, pages.

use gridweave_testkit::billing::{Billing, COLLATERAL, attribute, events};
use gridweave_types::billing::{ExecuteMsg, Origin, Tariff, Term};

/// Homes with 100 currency units each and a grid account with 1,000.
fn funded(homes: u32) -> Billing {
    let mut billing = Billing::new(homes);
    for number in 0..homes as usize {
        billing.top_up(number, 100_000_000).expect("coins");
    }
    billing.fund(500_000_000).expect("coins");
    billing
}

/// A producer and a consumer, both promised; the readings are `metered`.
fn day(metered: [i64; 2]) -> Billing {
    let mut billing = funded(2);
    let promised = [(0, 0, 2_000, 250_000), (1, 0, -3_000, 260_000)];
    billing.commit(&promised).expect("in time");
    billing.at(1, 10);
    for (number, energy) in metered.into_iter().enumerate() {
        billing.read(number, 0, &[energy]).expect("in time");
    }
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    billing
}

#[test]
fn promises_kept_are_paid_as_promised() {
    let billing = day([2_000, -3_000]);
    assert_eq!(billing.amount(0, 0), 500_000);
    assert_eq!(billing.amount(1, 0), -780_000);
    let totals = billing.interval(0);
    assert_eq!(totals.grid.i128(), 280_000);
    assert_eq!(totals.dust.i128(), 0);
    assert_eq!(
        (totals.scheduled.i64(), totals.metered.i64()),
        (-1_000, -1_000)
    );
    assert_eq!(billing.net(0), 100_500_000);
    assert_eq!(billing.net(1), 99_220_000);
    billing.assert_closed(0);
    billing.assert_books_balance();
}

#[test]
fn deviations_settle_at_the_imbalance_prices() {
    // The producer is 500 Wh short at 0.275; the consumer draws 1 Wh less, sold at 0.234.
    let billing = day([1_500, -2_999]);
    assert_eq!(billing.amount(0, 0), 500_000 - 125_000 - 12_500);
    assert_eq!(billing.amount(1, 0), -780_000 + 260 - 26);
    assert_eq!(billing.line(0, 0).penalty.i128(), -12_500);
    billing.assert_closed(0);
    billing.assert_books_balance();
}

#[test]
fn dust_goes_to_the_reserve() {
    let mut billing = funded(1);
    billing.commit(&[(0, 0, 3, 333)]).expect("in time");
    billing.at(1, 10);
    billing.read(0, 0, &[2]).expect("in time");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    assert_eq!(billing.amount(0, 0), -2);
    let totals = billing.interval(0);
    assert_eq!((totals.grid.i128(), totals.dust.i128()), (-1, 3));
    assert_eq!(billing.books().reserve.u128(), 3);
    billing.assert_closed(0);
    billing.assert_books_balance();
}

#[test]
fn a_line_without_a_commitment_pays_the_reference_price_and_the_penalty() {
    let mut billing = funded(1);
    billing.at(1, 10);
    billing.read(0, 0, &[-1_000]).expect("in time");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    assert_eq!(billing.amount(0, 0), -330_000);
}

#[test]
fn paid_commitments_settle_their_deviation_only() {
    let mut billing = funded(2);
    let promised = [(0, 0, 2_000, 250_000), (1, 0, -2_000, 250_000)];
    billing.commit_as(&promised, true).expect("in time");
    billing.at(1, 10);
    billing.read(0, 0, &[2_000]).expect("in time");
    billing.read(1, 0, &[-2_400]).expect("in time");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    assert_eq!(billing.amount(0, 0), 0);
    assert_eq!(billing.amount(1, 0), -110_000);
    billing.assert_closed(0);
}

#[test]
fn terms_of_the_tariff_add_to_the_promised_price() {
    let mut billing = funded(1);
    let tariff = Tariff {
        terms: vec![
            Term::Dlmp {},
            Term::Flat {
                price: 10_000.into(),
            },
            Term::TimeOfUse {
                prices: vec![1_000.into(), 2_000.into()],
            },
        ],
        imbalance_bps: 0,
    };
    billing.set_tariff(1, tariff).expect("it lies ahead");
    let promised = [
        (0, 0, -1_000, 100_000),
        (0, 1, -1_000, 100_000),
        (0, 2, -1_000, 100_000),
    ];
    billing.commit(&promised).expect("in time");
    billing.at(3, 10);
    billing.read(0, 0, &[-1_000; 3]).expect("in time");
    billing.until_settlement(2);
    for (interval, amount) in [(0, -100_000), (1, -112_000), (2, -111_000)] {
        billing.settle(interval).expect("it is time");
        assert_eq!(billing.amount(0, interval), amount);
    }
}

#[test]
fn a_silent_meter_is_estimated_and_trued_up_when_it_speaks() {
    let mut billing = funded(1);
    billing.commit(&[(0, 0, -1_000, 200_000)]).expect("in time");
    billing.until_settlement(0);
    let response = billing.settle(0).expect("it is time");
    let line = events(&response, "line_settled")[0];
    assert_eq!(attribute(line, "origin"), "estimate");
    assert_eq!(billing.amount(0, 0), -200_000);
    assert_eq!(billing.interval(0).estimated, 1);
    assert_eq!(billing.account(0).silent, 1);

    let response = billing.read(0, 0, &[-1_500]).expect("the window is open");
    let line = events(&response, "line_adjusted")[0];
    assert_eq!(attribute(line, "amount"), "-310000");
    assert_eq!(billing.amount(0, 0), -310_000);
    assert_eq!(billing.net(0), 100_000_000 - 310_000);
    assert_eq!(billing.interval(0).estimated, 0);
    assert_eq!(billing.account(0).silent, 0);
    let statement = billing.statement(0, 0);
    assert_eq!((statement.estimated, statement.adjusted), (0, 1));
    assert_eq!(statement.total.i128(), -310_000);
    billing.assert_closed(0);
    billing.assert_books_balance();
}

#[test]
fn a_correction_after_settlement_is_booked_at_the_same_prices() {
    let mut billing = day([1_500, -3_000]);
    billing.correct(0, 0, &[2_100]).expect("the window is open");
    // As if it had been settled so in the first place: 100 Wh of surplus at 0.225.
    assert_eq!(billing.amount(0, 0), 500_000 + 25_000 - 2_500);
    assert_eq!(billing.net(0), 100_522_500);
    let line = billing.line(0, 0);
    assert_eq!(line.state.corrections, 1);
    assert_eq!(line.state.origin, Origin::Meter);
    billing.assert_closed(0);
    billing.assert_books_balance();
}

#[test]
fn settlement_waits_for_its_time_and_for_lines() {
    let mut billing = funded(1);
    billing.commit(&[(0, 0, -1_000, 200_000)]).expect("in time");
    billing.at(1, 10);
    billing.read(0, 0, &[-1_000]).expect("in time");
    let anyone = billing.chain.suite.address("anyone");
    let message = |interval| ExecuteMsg::Settle {
        interval,
        start_after: None,
        limit: None,
    };
    let opens = billing.genesis + 900 + 900;
    let expected = format!(
        "settlement of interval 0 opens at {opens}, now is {}",
        billing.now()
    );
    billing.refuses(&anyone, &message(0), &expected);
    billing.until_settlement(1);
    billing.refuses(&anyone, &message(1), "interval 1 has no lines");
    billing.settle(0).expect("it is time");
}

#[test]
fn pages_settle_all_lines_once() {
    let homes = 7;
    let mut billing = funded(homes);
    let promised: Vec<_> = (0..homes as usize)
        .map(|number| (number, 0, -1_000 - number as i64, 200_000))
        .collect();
    billing.commit(&promised).expect("in time");
    billing.until_settlement(0);
    let (mut next, mut settled) = (None, 0);
    loop {
        let response = billing
            .anyone(&ExecuteMsg::Settle {
                interval: 0,
                start_after: next.take(),
                limit: Some(3),
            })
            .expect("it is time");
        settled += events(&response, "line_settled").len();
        billing.assert_books_balance();
        let main = events(&response, "interval_closed");
        let mut attributes = response.events.iter().flat_map(|event| &event.attributes);
        next = attributes
            .find(|attribute| attribute.key == "next")
            .map(|attribute| attribute.value.clone());
        assert_eq!(main.len(), usize::from(billing.interval(0).open == 0));
        if next.is_none() {
            break;
        }
    }
    assert_eq!(settled, homes as usize);
    let again = billing.settle(0).expect("it changes nothing");
    assert!(events(&again, "line_settled").is_empty());
    billing.assert_closed(0);
}

#[test]
fn collateral_is_filled_before_the_balance() {
    let billing = funded(1);
    let account = billing.account(0);
    assert_eq!(account.collateral.u128(), COLLATERAL);
    assert_eq!(account.balance.u128(), 100_000_000 - COLLATERAL);
    assert!(!account.suspended);
}

#[test]
fn the_root_meter_shows_the_losses() {
    let mut billing = day([2_000, -3_000]);
    let message = billing.root.next(false, 0, &[1_040]);
    billing
        .anyone(&ExecuteMsg::SubmitReadings(message))
        .expect("the treasury has a meter");
    let totals = billing.interval(0);
    assert_eq!(totals.root.map(|root| root.i64()), Some(1_040));
    assert_eq!(totals.losses.map(|losses| losses.i64()), Some(40));
    assert_eq!(totals.lines, 2);
}
