//! What markets do: lock, settle, release.

use cosmwasm_std::{Addr, Binary};
use gridweave_testkit::assert_event;
use gridweave_testkit::assets::send::{lock, release, settle};
use gridweave_testkit::assets::{Assets, FAR, bought, buy, claim, permit, sell, sold, trade};
use gridweave_testkit::coordinator::attribute;
use gridweave_types::assets::{ExecuteMsg, MarketsResponse, QueryMsg, Side};

/// Ann sells from offer 1, bob buys with offer 2.
fn pair() -> (Assets, Addr, Addr) {
    let mut assets = Assets::new(2);
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    let entries = [(&ann, sell("0-5"), 1_000), (&bob, buy("2-7"), 800)];
    assets.issue(&entries).expect("it is safe");
    assets.fund(&bob, 500_000).expect("coins");
    assets
        .lock(1, &ann, sell("0-5"), 900, 0)
        .expect("she has it");
    assets
        .lock(2, &bob, buy("2-7"), 700, 400_000)
        .expect("he has it");
    (assets, ann, bob)
}

#[test]
fn a_lock_takes_permit_and_money() {
    let (mut assets, ann, bob) = pair();
    assert_eq!(assets.permit(&ann, sell("0-5")), 100);
    assert_eq!(assets.permit(&bob, buy("2-7")), 100);
    assert_eq!(assets.money(&bob), 100_000);
    assert_eq!(assets.locked(2), Some((700, 400_000)));
    let books = assets.books();
    assert_eq!((books.free.u128(), books.locked.u128()), (100_000, 400_000));
    let response = assets.lock(9, &bob, buy("2-7"), 100, 100_000);
    let response = response.expect("he has it");
    let market = assets.market.to_string();
    assert_event(
        &response,
        &assets.contract,
        &[
            ("action", "locked"),
            ("market", &market),
            ("offer", "9"),
            ("holder", bob.as_str()),
            ("side", "buy"),
            ("feeder", "1"),
            ("intervals", "2-7"),
            ("energy", "100"),
            ("money", "100000"),
        ],
    );
    assets.assert_conserved();
}

#[test]
fn a_lock_that_is_not_covered_names_both_amounts() {
    let (mut assets, ann, bob) = pair();
    for (holder, class, energy, money, shown) in [
        (&bob, buy("2-7"), 101, 0, (100, 100_000)),
        (&bob, buy("2-7"), 100, 100_001, (100, 100_000)),
        (&bob, buy("2-6"), 1, 0, (0, 100_000)),
        (&ann, sell("0-5"), 1, 1, (100, 0)),
        (&assets.far.clone(), sell("0-5"), 1, 0, (0, 0)),
    ] {
        let expected = format!(
            "offer 5: asked for {energy} Wh of permit ({:?}, feeder 1, intervals {}) and {money} µ, {holder} has {} Wh and {} µ",
            class.side, class.intervals, shown.0, shown.1
        );
        assets.refuses_market(&lock(5, holder, class, energy, money), &expected);
    }
    assets.refuses_market(
        &lock(5, &bob, buy("2-7"), 0, 5),
        "energy is 0, expected above 0",
    );
    let again = lock(2, &bob, buy("2-7"), 1, 0);
    assets.refuses_market(&again, "offer 2: it has a lock already");
    assets.assert_conserved();
}

#[test]
fn a_trade_makes_claims_of_both_and_pays_the_seller() {
    let (mut assets, ann, bob) = pair();
    let trades = [trade(1, 2, 300, 90_000), trade(1, 2, 50, 10_000)];
    let response = assets.settle(3, &trades).expect("both are locked");
    assert_eq!(assets.claims(&ann), [(sold(3), 350)]);
    assert_eq!(assets.claims(&bob), [(bought(3), 350)]);
    assert_eq!(assets.money(&ann), 100_000);
    assert_eq!(assets.locked(1), Some((550, 0)));
    assert_eq!(assets.locked(2), Some((350, 300_000)));
    assets.settle(4, &[trade(1, 2, 350, 0)]).expect("the rest");
    assert_eq!(assets.locked(2), Some((0, 300_000)));
    let value = |key: &str| attribute(&response, key);
    assert_eq!(value("interval").as_deref(), Some("3"));
    assert_eq!(value("energy").as_deref(), Some("350"));
    assert_eq!(value("payment").as_deref(), Some("100000"));
    let packed = |numbers: &[u64]| {
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        Some(Binary::from(bytes).to_base64())
    };
    assert_eq!(value("sellers"), packed(&[1, 1]));
    assert_eq!(value("buyers"), packed(&[2, 2]));
    assert_eq!(value("energies"), packed(&[300, 50]));
    assert_eq!(value("payments"), packed(&[90_000, 0, 10_000, 0]));
    assets.assert_conserved();
}

#[test]
fn released_locks_give_back_what_is_left() {
    let (mut assets, ann, bob) = pair();
    assets
        .settle(3, &[trade(1, 2, 300, 90_000)])
        .expect("locked");
    let response = assets.release(&[2, 1]).expect("the market's");
    assert_eq!(assets.permit(&ann, sell("0-5")), 700);
    assert_eq!(assets.permit(&bob, buy("2-7")), 500);
    assert_eq!(assets.money(&bob), 410_000);
    assert_eq!(assets.locked(1), None);
    let value = |key: &str| attribute(&response, key);
    assert_eq!(value("locks").as_deref(), Some("2"));
    assert_eq!(value("energy").as_deref(), Some("1000"));
    assert_eq!(value("money").as_deref(), Some("310000"));
    for message in [
        release(&[1]),
        settle(3, &[trade(1, 2, 1, 1)]),
        release(&[7, 1]),
    ] {
        let offer = if message == release(&[7, 1]) { 7 } else { 1 };
        assets.refuses_market(&message, &format!("offer {offer}: it has no lock"));
    }
    // The number may be used again by an offer that is covered.
    assets
        .lock(1, &ann, sell("0-5"), 700, 0)
        .expect("she has it");
    let books = assets.books();
    assert_eq!(books.locked.u128(), 0);
    assets.assert_conserved();
}

#[test]
fn a_lock_is_released_once_even_within_a_message() {
    let (mut assets, _, _) = pair();
    assets.refuses_market(&release(&[1, 2, 1]), "offer 1: it has no lock");
}

#[test]
fn trades_stay_within_their_locks() {
    let (mut assets, _, bob) = pair();
    assets.lock(4, &bob, buy("2-7"), 100, 0).expect("he has it");
    for (interval, trades, offer, fault) in [
        (
            3,
            vec![trade(2, 1, 1, 1)],
            2,
            "its permit is not for the side Sell",
        ),
        (
            3,
            vec![trade(1, 1, 1, 1)],
            1,
            "its permit is not for the side Buy",
        ),
        (1, vec![trade(1, 2, 1, 1)], 2, "its permit is for 2-7"),
        (6, vec![trade(1, 2, 1, 1)], 1, "its permit is for 0-5"),
        (
            3,
            vec![trade(1, 2, 0, 1)],
            1,
            "the energy is 0, expected above 0",
        ),
        (
            3,
            vec![trade(1, 2, 901, 1)],
            1,
            "901 Wh are more than the 900 Wh locked",
        ),
        (
            3,
            vec![trade(1, 2, 701, 1)],
            2,
            "701 Wh are more than the 700 Wh locked",
        ),
        (
            3,
            vec![trade(1, 2, 400, 0), trade(1, 2, 301, 0)],
            2,
            "301 Wh are more than the 300 Wh locked",
        ),
        (
            3,
            vec![trade(1, 2, 1, 400_000), trade(1, 2, 1, 1)],
            2,
            "1 µ are more than the 0 µ locked",
        ),
        (
            3,
            vec![trade(1, 4, 1, 1)],
            4,
            "1 µ are more than the 0 µ locked",
        ),
    ] {
        let expected = format!("trades: interval {interval}, offer {offer}: {fault}");
        assets.refuses_market(&settle(interval, &trades), &expected);
    }
    assets.refuses_market(&settle(3, &[trade(1, 3, 1, 1)]), "offer 3: it has no lock");
    assets.assert_conserved();
}

#[test]
fn feeders_of_seller_and_buyer_are_kept_apart() {
    let mut assets = Assets::new(1);
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    let there = permit(Side::Buy, FAR, "0");
    assets
        .issue(&[(&ann, sell("0"), 10), (&bob, there, 10)])
        .expect("safe");
    assets.fund(&bob, 100).expect("coins");
    assets.lock(1, &ann, sell("0"), 10, 0).expect("she has it");
    assets.lock(2, &bob, there, 10, 100).expect("he has it");
    assets.settle(0, &[trade(1, 2, 10, 7)]).expect("locked");
    assert_eq!(assets.claims(&bob), [(claim(Side::Buy, FAR, 0), 10)]);
    let delivery = assets.delivery(claim(Side::Buy, FAR, 0));
    assert_eq!((delivery.traded.u64(), delivery.value.u128()), (10, 7));
    assert_eq!(delivery.price.u64(), 700);
    assert_eq!(assets.delivery(bought(0)).traded.u64(), 0);
    assets.assert_conserved();
}

#[test]
fn locks_begin_before_the_last_interval_and_trades_may_come_later() {
    let (mut assets, ann, _) = pair();
    assets.begin(5);
    let now = assets.billing.now();
    let expected = format!(
        "permit (Sell, feeder 1, intervals 0-5): its last interval began at {now}, now is {now}"
    );
    assets.refuses_market(&lock(3, &ann, sell("0-5"), 1, 0), &expected);
    // A market that is late must still be able to finish what it has promised.
    assets.settle(5, &[trade(1, 2, 10, 100)]).expect("locked");
    assets.release(&[1, 2]).expect("the market's");
    assets.assert_conserved();
}

#[test]
fn markets_with_locks_cannot_be_removed() {
    let (mut assets, ann, _) = pair();
    let market = assets.market.to_string();
    let operator = assets.operator.clone();
    let register = ExecuteMsg::RegisterMarket {
        market: market.clone(),
    };
    let remove = ExecuteMsg::RemoveMarket {
        market: market.clone(),
    };
    let expected = format!("market: {market} has 2 locks, expected none");
    assets.refuses(&operator, &remove, &expected);
    let expected = format!("market: {market} is registered already");
    assets.refuses(&operator, &register, &expected);
    assets.release(&[1, 2]).expect("the market's");
    assets.operate(&remove).expect("it holds nothing");
    let expected = format!("market: {market} is not registered");
    assets.refuses(&operator, &remove, &expected);
    let expected = format!("sender: {market} is not a registered market");
    for message in [
        lock(1, &ann, sell("0-5"), 1, 0),
        settle(0, &[trade(1, 2, 1, 1)]),
        release(&[1]),
    ] {
        assets.refuses_market(&message, &expected);
    }
    assets.operate(&register).expect("it comes back");
    assets.lock(1, &ann, sell("0-5"), 1, 0).expect("she has it");
    let markets: MarketsResponse = assets.ask(&QueryMsg::Markets {}).expect("listed");
    let [only] = markets.markets.as_slice() else {
        panic!("one market: {markets:?}");
    };
    assert_eq!((only.index, only.active, only.locks.u64()), (0, true, 1));
}

#[test]
fn two_markets_do_not_see_each_others_locks() {
    let (mut assets, ann, _) = pair();
    let other = assets.billing.chain.suite.address("other market");
    let market = other.to_string();
    assets
        .operate(&ExecuteMsg::RegisterMarket { market })
        .expect("a second market");
    let foreign = settle(3, &[trade(1, 2, 1, 1)]);
    assets.refuses(&other, &foreign, "offer 1: it has no lock");
    assets.refuses(&other, &release(&[1]), "offer 1: it has no lock");
    let own = lock(1, &ann, sell("0-5"), 100, 0);
    assets.send(&other, &own, 0).expect("its own number 1");
    assert_eq!(assets.locked(1), Some((900, 0)));
    assets.assert_conserved();
}
