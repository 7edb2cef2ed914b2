//! A market with nothing but its events: good histories pass, tampered ones do not.

mod changes;

use std::sync::OnceLock;

use cosmwasm_std::{Addr, Binary};
use gridweave_audit::{Auditor, LoggedEvent, Subject};
use gridweave_testkit::assets::{FAR, buy, claim, permit, sell};
use gridweave_testkit::coordinator::FEEDER;
use gridweave_testkit::market::{Market, trade};
use gridweave_types::assets::{Payee, Side};
use gridweave_types::market::ExecuteMsg;

/// Energy (Wh) of the trades in interval 1 and 2 between the feeders.
const TRADED: [u64; 2] = [400, 300];

/// Two sellers and two buyers trade in two intervals; claims and money find their way to accounts.
fn market() -> Market {
    let mut market = Market::new();
    let funder = market.assets.billing.chain.suite.funded("funder");
    market
        .send(&funder, &ExecuteMsg::FundRewards {}, 500_000)
        .unwrap();
    market.post("a", sell("1-4"), 1_000, 10_000);
    market.post("b", permit(Side::Sell, FAR, "1-4"), 1_000, 12_000);
    market.post("c", buy("1-4"), 1_000, 20_000);
    market.post("d", permit(Side::Buy, FAR, "1-2"), 1_000, 15_000);
    market.reject(&[trade(1, 1, 3, 1_001, 15_000)]);
    refill(&mut market);
    market.accept(&[trade(1, 1, 4, TRADED[0], 13_000)]);
    market.accept(&[
        trade(1, 1, 4, TRADED[0], 13_000),
        trade(2, 1, 3, TRADED[1], 15_000),
        trade(2, 2, 3, 100, 15_500),
    ]);
    market.cancel("b", 2).unwrap();
    market.finalize(1);
    hand_over(&mut market);
    market.finalize(2);
    market.finalize(4);
    let solver = market.solver.clone();
    let claim = ExecuteMsg::ClaimReward { solver: None };
    market.send(&solver, &claim, 0).unwrap();
    market
}

fn refill(market: &mut Market) {
    let solver = market.solver.clone();
    let missing = gridweave_testkit::market::INFEASIBLE;
    let register = ExecuteMsg::RegisterSolver {};
    market.send(&solver, &register, missing).unwrap();
}

/// What interval 1 has brought is deposited, credited and paid out.
fn hand_over(market: &mut Market) {
    let [a, d] = ["a", "d"].map(|name| market.assets.holder(name));
    let energy = TRADED[0];
    let (sold, bought) = (claim(Side::Sell, FEEDER, 1), claim(Side::Buy, FAR, 1));
    let assets = &mut market.assets;
    assets.deposit_energy(&a, &[(sold, energy)]).unwrap();
    assets.deposit_energy(&d, &[(bought, energy)]).unwrap();
    let (home, far) = (assets.billing.home(0), assets.far.clone());
    let rows: [(&Addr, u32, i64); 2] = [(&home, 1, energy as i64), (&far, 1, -(energy as i64))];
    assets.credit(&rows).unwrap();
    let money = assets.money(&a);
    assets.return_money(&a, money).unwrap();
    let rows = [
        (Payee::Account(home.to_string()), money - 100),
        (Payee::Address(far.to_string()), 100),
    ];
    assets.pay_out(&rows).unwrap();
}

/// The events of [`market`], and whose they are.
fn history() -> &'static (Subject, Vec<LoggedEvent>) {
    static HISTORY: OnceLock<(Subject, Vec<LoggedEvent>)> = OnceLock::new();
    HISTORY.get_or_init(|| {
        let market = market();
        (market.subject(), market.events())
    })
}

/// The action or event, as the tables name it.
fn name(event: &LoggedEvent) -> &str {
    let mut attributes = event.attributes.iter();
    let action = attributes.find(|(key, _)| key == "action");
    let own = event.kind.strip_prefix("wasm-");
    own.or(action.map(|(_, name)| name.as_str())).unwrap_or("")
}

/// What an audit of these events says first.
fn first(events: &[LoggedEvent]) -> Option<String> {
    match Auditor::of(history().0.clone(), events) {
        Err(error) => Some(error.to_string()),
        Ok(auditor) => {
            let first = auditor.findings().first.as_ref();
            first.map(ToString::to_string)
        }
    }
}

/// The first finding after `change` was applied to the `nth` event of this name.
#[track_caller]
fn after(wanted: &str, nth: usize, change: impl FnOnce(&mut LoggedEvent)) -> String {
    let mut events = history().1.clone();
    let mut own = events.iter_mut().filter(|event| name(event) == wanted);
    change(own.nth(nth).expect("it is in the history"));
    first(&events).unwrap_or_else(|| panic!("a changed {wanted} is not found"))
}

fn set(key: &str, value: &str) -> impl FnOnce(&mut LoggedEvent) {
    move |event| {
        let found = event.attributes.iter_mut().find(|(name, _)| name == key);
        found.expect("the attribute is there").1 = value.into();
    }
}

/// Changes the trades of an event, 20 bytes each.
fn retrade(change: impl FnOnce(&mut Vec<[u8; 20]>)) -> impl FnOnce(&mut LoggedEvent) {
    move |event| {
        let found = event.attributes.iter_mut().find(|(key, _)| key == "trades");
        let packed = &mut found.expect("there are trades").1;
        let bytes = Binary::from_base64(packed).expect("they are packed");
        let mut trades = bytes.as_chunks::<20>().0.to_vec();
        change(&mut trades);
        *packed = Binary::from(trades.concat()).to_base64();
    }
}

#[test]
fn an_honest_history_has_no_difference() {
    let (subject, events) = history();
    let auditor = Auditor::of(subject.clone(), events).expect("it can be read");
    let found = auditor.findings();
    assert_eq!(found.first, None);
    assert_eq!((found.offers, found.solutions), (4, 2));
    assert_eq!((found.trades, found.credits), (3, 1));
}

#[test]
fn trades_are_verified_against_the_book_of_their_moment() {
    let more = |trade: &mut [u8; 20]| trade[9] += 4;
    // 1,024 Wh more than was traded: more than the offers have.
    let said = after(
        "trades_finalized",
        0,
        retrade(|trades| more(&mut trades[0])),
    );
    assert!(
        said.contains("trades_finalized") || said.contains("finalized"),
        "{said}"
    );
    assert!(said.contains("energy is announced as accepted"), "{said}");
    // A trade that nobody proposed.
    let extra = retrade(|trades| {
        let mut own = trades[0];
        own[8] = 1;
        trades.push(own);
    });
    assert!(after("trades_finalized", 0, extra).contains("finalized"));
    // Two trades in another order.
    let said = after("trades_finalized", 1, retrade(|trades| trades.reverse()));
    assert!(said.contains("finalized"), "{said}");
    // A trade that is dearer by 1,024 µ/kWh, which both offers would allow.
    let said = after("trades_finalized", 0, retrade(|trades| trades[0][13] ^= 4));
    assert!(said.contains("trades_settled: message"), "{said}");
    // An interval that trades what belongs to another.
    let said = after("interval_finalized", 1, set("interval", "2"));
    assert!(said.contains("interval is announced as 2"), "{said}");
}

#[test]
fn intervals_are_final_in_time_and_order() {
    let mut events = history().1.clone();
    let at = events.iter().position(|event| name(event) == "finalized");
    let height = events[at.expect("there is one")].height;
    let early = events.iter().map(|event| event.time).min().unwrap();
    for event in events.iter_mut().filter(|event| event.height == height) {
        event.time = early;
    }
    let said = first(&events).expect("it was too early");
    assert!(
        said.contains("expected") || said.contains("computed"),
        "{said}"
    );
}

#[test]
fn credits_become_the_commitments_of_billing() {
    let own = |event: &mut LoggedEvent| {
        let key = event
            .attributes
            .iter_mut()
            .find(|(key, _)| key == "energies");
        let bytes = Binary::from_base64(&key.as_ref().unwrap().1).unwrap();
        let mut bytes = bytes.to_vec();
        bytes[0] ^= 1;
        key.unwrap().1 = Binary::from(bytes).to_base64();
    };
    let mut events = history().1.clone();
    let row = events
        .iter_mut()
        .find(|event| event.kind == "wasm-commitments_recorded")
        .expect("deposits were credited");
    own(row);
    let said = first(&events).expect("it is found");
    assert!(said.contains("energy is announced as"), "{said}");
    let said = after("topped_up", 0, set("amount", "1"));
    assert!(said.contains("topped_up"), "{said}");
}

#[test]
fn an_offer_that_disappears_is_found() {
    let said = after("offers_ended", 0, |event| {
        let kept = event
            .attributes
            .iter_mut()
            .find(|(key, _)| key != "interval");
        *kept.expect("a list") = ("expired".into(), "1".into());
    });
    assert!(said.contains("offer"), "{said}");
}
