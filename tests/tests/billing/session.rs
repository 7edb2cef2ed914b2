//! A coordinator's session becomes commitments.

use cosmwasm_std::Uint64;
use gridweave_rules::settlement::{energy_of, price_of};
use gridweave_testkit::billing::{Billing, COLLATERAL, attribute, events};
use gridweave_testkit::coordinator::{
    Coordinator, HORIZON, consensus_config, exchange_config, group, numbers,
};
use gridweave_testkit::flexible;
use gridweave_types::billing::{ExecuteMsg, QueryMsg, SessionProgress};
use gridweave_types::coordinator as session;
use gridweave_types::coordinator::{PricesResponse, Projection};
use gridweave_units::Fx;

const HOMES: usize = 4;

/// Wh of one per unit over one interval.
const UNIT: u64 = 250_000;

/// An ended session for intervals 2 to 4, and the billing contract beside it.
fn scheduled() -> (Billing, u64) {
    let mut config = exchange_config();
    config.first_interval = Uint64::new(2);
    config.energy_unit = Uint64::new(UNIT);
    let (chain, id) = flexible::run(HOMES, config);
    (with_money(chain), id)
}

fn with_money(chain: Coordinator) -> Billing {
    let mut billing = Billing::with(chain, |_| {});
    for number in 0..HOMES {
        billing.top_up(number, 100 * COLLATERAL).expect("coins");
    }
    billing
}

fn message(billing: &Billing, session: u64, limit: Option<u32>) -> ExecuteMsg {
    ExecuteMsg::RecordSession {
        coordinator: billing.chain.contract.to_string(),
        session,
        limit,
    }
}

#[track_caller]
fn refused(billing: &mut Billing, session: u64, problem: &str) {
    let anyone = billing.chain.suite.address("anyone");
    let expected = format!("session {session} of {}: {problem}", billing.chain.contract);
    let message = message(billing, session, None);
    billing.refuses(&anyone, &message, &expected);
}

/// The DLMP at every bus, summed here from the paged query.
fn dlmp(billing: &Billing, session: u64, bus: u32) -> Vec<Fx> {
    let question = session::QueryMsg::Prices {
        session,
        start_after: None,
        limit: Some(100),
    };
    let prices: PricesResponse = billing.chain.ask(&question).expect("it has ended");
    let bus = prices.buses.iter().find(|prices| prices.bus == bus);
    let bus = bus.expect("the bus is in the session");
    let parts = numbers(&bus.energy).into_iter().zip(numbers(&bus.loss));
    let parts = parts.zip(numbers(&bus.voltage));
    parts.map(|((e, l), v)| e + l + v).collect()
}

#[test]
fn every_row_becomes_a_commitment_at_the_price_of_its_bus() {
    let (mut billing, id) = scheduled();
    let message = message(&billing, id, None);
    let response = billing.anyone(&message).expect("the session has ended");
    assert_eq!(events(&response, "commitments_recorded").len(), HOMES);
    let schedule = billing.chain.schedule(id);
    for (number, row) in schedule.iter().enumerate() {
        let prices = dlmp(&billing, id, number as u32 + 2);
        for t in 0..HORIZON {
            let line = billing.line(number, t + 2);
            let energy = energy_of(row[t as usize], UNIT).expect("a small one").0;
            let price = price_of(prices[t as usize], UNIT).expect("a small one").0;
            assert_eq!(line.energy.i64(), energy);
            assert_eq!(line.low.map(|low| low.i64()), Some(price));
            assert_eq!(line.value.i128(), i128::from(energy) * i128::from(price));
            assert!(energy < 0 && price > 0);
        }
    }
}

#[test]
fn pages_finish_and_record_nothing_twice() {
    let (mut billing, id) = scheduled();
    let page = message(&billing, id, Some(3));
    let first = billing.anyone(&page).expect("the session has ended");
    assert_eq!(events(&first, "commitments_recorded").len(), 3);
    let question = QueryMsg::Session {
        coordinator: billing.chain.contract.to_string(),
        session: id,
    };
    let progress: SessionProgress = billing.ask(&question).expect("a source");
    assert_eq!((progress.recorded, progress.complete), (3, false));
    let second = billing.anyone(&page).expect("one is left");
    assert_eq!(events(&second, "commitments_recorded").len(), 1);
    let progress: SessionProgress = billing.ask(&question).expect("a source");
    assert!(progress.complete);
    refused(&mut billing, id, "is recorded already (4 participants)");
    assert_eq!(billing.interval(2).lines, HOMES as u32);
}

#[test]
fn what_has_begun_is_left_out_and_said_so() {
    let (mut billing, id) = scheduled();
    billing.at(3, 0);
    let message = message(&billing, id, None);
    let response = billing.anyone(&message).expect("the rest goes on");
    let skipped = events(&response, "commitments_skipped");
    assert_eq!(skipped.len(), HOMES);
    assert_eq!(attribute(skipped[0], "reason"), "late");
    assert_eq!(attribute(skipped[0], "intervals"), "AgAAAAMAAAA=");
    assert_eq!(billing.interval(2).lines, 0);
    assert_eq!(billing.interval(4).lines, HOMES as u32);
}

#[test]
fn a_second_session_for_the_same_intervals_does_not_count() {
    let (mut billing, id) = scheduled();
    let mut config = exchange_config();
    config.first_interval = Uint64::new(4);
    let participants = (0..HOMES).map(|n| billing.chain.flexible(n, 8)).collect();
    let other = billing.chain.open(config, participants, Vec::new());
    let all: Vec<usize> = (0..HOMES).collect();
    while billing.chain.session(other).phase == session::Phase::Collecting {
        flexible::play(&mut billing.chain, other, &all, 8);
    }
    let first = message(&billing, id, None);
    billing.anyone(&first).expect("the first");
    let before = billing.line(0, 4);
    let second = message(&billing, other, None);
    let response = billing.anyone(&second).expect("the rest goes on");
    let skipped = events(&response, "commitments_skipped");
    assert_eq!(attribute(skipped[0], "reason"), "duplicate");
    assert_eq!(attribute(skipped[0], "intervals"), "BAAAAA==");
    assert_eq!(billing.line(0, 4), before);
    assert_eq!(billing.interval(5).lines, HOMES as u32);
}

#[test]
fn suspended_and_unregistered_accounts_are_left_out() {
    let mut config = exchange_config();
    config.first_interval = Uint64::new(2);
    let (chain, id) = flexible::run(HOMES, config);
    let mut billing = Billing::with(chain, |_| {});
    for number in [0, 2] {
        billing.top_up(number, 100 * COLLATERAL).expect("coins");
    }
    let gone = billing.home(3);
    billing
        .chain
        .suite
        .remove_account(&gone)
        .expect("it is registered");
    let message = message(&billing, id, None);
    let response = billing.anyone(&message).expect("the rest goes on");
    let reasons: Vec<_> = events(&response, "commitments_skipped")
        .into_iter()
        .map(|event| attribute(event, "reason"))
        .collect();
    assert_eq!(reasons, ["suspended", "unregistered"]);
    assert_eq!(billing.interval(2).lines, 2);
}

#[test]
fn sessions_that_have_no_prices_or_have_not_ended_are_refused() {
    let (chain, id) = flexible::start(HOMES, 8, exchange_config());
    let mut billing = with_money(chain);
    let problem = "is in phase Collecting, expected Converged or Exhausted";
    refused(&mut billing, id, problem);
    billing
        .chain
        .operate(&session::ExecuteMsg::Abort { session: id })
        .expect("the operator may");
    let problem = "is in phase Aborted, expected Converged or Exhausted";
    refused(&mut billing, id, problem);

    let chain = Coordinator::new(HOMES as u32);
    let mut billing = with_money(chain);
    let mut config = consensus_config();
    config.max_rounds = 1;
    let participants = (0..2).map(|n| billing.chain.sharing(n, 1)).collect();
    let groups = vec![group(1, Projection::Average, 2)];
    let id = billing.chain.open(config, participants, groups);
    for number in 0..2 {
        let sent = billing.chain.submit(id, number, 1, &[Fx::ONE], &[]);
        sent.expect("in bounds");
    }
    let problem = format!("session {id} is not in consensus between pairs of opposites mode");
    let anyone = billing.chain.suite.address("anyone");
    billing.refuses(&anyone, &message(&billing, id, None), &problem);
}

#[test]
fn only_registered_coordinators_are_read() {
    let (mut billing, session) = scheduled();
    let anyone = billing.chain.suite.address("anyone");
    let market = billing.market.clone();
    let message = ExecuteMsg::RecordSession {
        coordinator: market.to_string(),
        session,
        limit: None,
    };
    let expected = format!("source: {market} is not registered as an active source of sessions");
    billing.refuses(&anyone, &message, &expected);
}
