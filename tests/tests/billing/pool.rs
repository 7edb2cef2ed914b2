//! A pool's plan becomes commitments that cancel, and side payments.

use gridweave_audit::Auditor;
use gridweave_rules::pool::{bilateral, whole_row};
use gridweave_rules::settlement::price_of;
use gridweave_testkit::billing::{Billing, COLLATERAL, attribute, events};
use gridweave_testkit::coordinator::{numbers, pool_config};
use gridweave_testkit::pool::{Pool, three};
use gridweave_types::billing::ExecuteMsg;
use gridweave_types::coordinator::ScheduleRow;
use gridweave_units::Fx;

const HOMES: usize = 3;

/// Wh of a kilowatt over one interval.
const UNIT: u64 = 1_000;

/// A pool for intervals 2 to 4, in which the plan costs home 2 half more than it gains by it.
fn traded() -> Pool {
    let mut config = pool_config();
    config.first_interval = 2u64.into();
    (config.max_rounds, config.stop.gap) = (5, Some(Fx::ZERO));
    let mut pool = Pool::open(three(), config);
    while pool.is_running() {
        for number in 0..HOMES {
            let (payload, mut claims) = pool.honest(number);
            if number == 2 && claims.len() == 2 {
                claims[1] += Fx::ratio(1, 2);
            }
            pool.send(number, &payload, &claims).expect("an iterate");
        }
    }
    assert!(pool.totals().plan_round > 0 && !pool.totals().lost.is_zero());
    pool
}

/// What the session says, and the billing contract with deposits of homes `funded`.
fn beside(pool: Pool, funded: &[usize]) -> (Vec<ScheduleRow>, Vec<Fx>, Billing) {
    let (rows, price) = (pool.rows(), numbers(&pool.totals().settlement));
    let mut billing = Billing::with(pool.chain, |_| {});
    for &number in funded {
        billing.top_up(number, 100 * COLLATERAL).expect("coins");
    }
    (rows, price, billing)
}

fn record(billing: &mut Billing, limit: Option<u32>) -> cw_multi_test::AppResponse {
    let message = ExecuteMsg::RecordSession {
        coordinator: billing.chain.contract.to_string(),
        session: 1,
        limit,
    };
    billing.anyone(&message).expect("the session has ended")
}

#[test]
fn energies_cancel_to_the_watt_hour_at_one_price() {
    let (rows, price, mut billing) = beside(traded(), &[0, 1, 2]);
    // One participant a page: what rounding leaves is carried from page to page.
    (0..HOMES).for_each(|_| drop(record(&mut billing, Some(1))));
    let mut carries = Vec::new();
    let mut sales = vec![Vec::new(); 3];
    for (number, row) in rows.iter().enumerate() {
        let energies = whole_row(&numbers(&row.injection), UNIT, &mut carries);
        for (t, energy) in energies.into_iter().enumerate() {
            let line = billing.line(number, t as u32 + 2);
            let energy = energy.expect("a small one").0;
            assert_eq!(line.energy.i64(), energy);
            let own = price_of(price[t], UNIT).expect("a small one").0;
            assert_eq!(line.low.map(|low| low.i64()), Some(own));
            sales[t].push(energy);
        }
    }
    for (t, sales) in sales.iter().enumerate() {
        assert_eq!(sales.iter().sum::<i64>(), 0, "interval {t}");
        assert!(sales.iter().any(|&sold| sold != 0));
        let trades = bilateral(sales).expect("they cancel");
        let sold: u64 = trades.iter().map(|trade| trade.energy).sum();
        assert_eq!(
            sold as i64,
            sales.iter().filter(|&&sold| sold > 0).sum::<i64>()
        );
    }
}

#[test]
fn side_payments_are_booked_once_and_leave_the_rest_to_the_reserve() {
    let (rows, _, mut billing) = beside(traded(), &[0, 1, 2]);
    let before: Vec<i128> = (0..HOMES).map(|number| billing.net(number)).collect();
    let response = record(&mut billing, None);
    let own: Vec<i64> = rows.iter().map(|row| row.side_payment.i64()).collect();
    assert!(own[2] > 0 && own.iter().any(|&paid| paid < 0), "{own:?}");
    assert!((-2..=0).contains(&own.iter().sum::<i64>()), "{own:?}");
    let announced = events(&response, "side_payment");
    assert_eq!(
        announced.len(),
        own.iter().filter(|&&paid| paid != 0).count()
    );
    assert!(
        announced
            .iter()
            .all(|event| attribute(event, "session") == "1")
    );
    for number in 0..HOMES {
        let change = billing.net(number) - before[number];
        assert_eq!(change, i128::from(own[number]), "home {number}");
    }
    billing.assert_books_balance();
    billing.assert_audited();
}

/// A plan that is not recorded is not paid for either.
#[test]
fn a_home_whose_plan_is_left_out_neither_pays_nor_gets() {
    let (rows, _, mut billing) = beside(traded(), &[0, 1]);
    assert!(rows[2].side_payment.i64() > 0);
    let response = record(&mut billing, None);
    let skipped = events(&response, "commitments_skipped");
    assert_eq!(attribute(skipped[0], "reason"), "suspended");
    let unpaid = billing.home(2).to_string();
    let announced = events(&response, "side_payment");
    assert!(
        announced
            .iter()
            .all(|event| attribute(event, "account") != unpaid)
    );
    billing.assert_books_balance();
    billing.assert_audited();
}

#[test]
fn an_auditor_sees_a_side_payment_that_is_made_twice() {
    let (_, _, mut billing) = beside(traded(), &[0, 1, 2]);
    record(&mut billing, None);
    let mut events = billing.log();
    let at = events
        .iter()
        .position(|event| event.kind == "wasm-side_payment");
    let at = at.expect("there is one");
    events.insert(at, events[at].clone());
    let auditor = Auditor::of(billing.subject(), &events).expect("it can be read");
    let first = auditor.findings().first.clone().expect("a difference");
    assert_eq!(first.component, "side payment");
    assert_eq!(first.computed, "once, and not 0");
}
