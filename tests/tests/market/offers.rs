//! Offers: what they lock, how they end, what is refused.

use gridweave_market::ContractError;
use gridweave_testkit::assets::{FAR, buy, permit, sell};
use gridweave_testkit::coordinator::FEEDER;
use gridweave_testkit::market::{Market, trade};
use gridweave_testkit::{assert_event, assert_refused};
use gridweave_types::assets::Side;
use gridweave_types::market::{ExecuteMsg, OfferState, Phase};

#[test]
fn an_offer_locks_its_permit_and_the_buyers_worst_case() {
    let mut market = Market::new();
    let seller = market.assets.holder("seller");
    market.equip(&seller, sell("1-3"), 500, 20);
    let response = market.offer(&seller, sell("1-3"), 500, 20).unwrap();
    let feeder = FEEDER.to_string();
    assert_event(
        &response,
        &market.contract,
        &[
            ("action", "offer_posted"),
            ("offer", "1"),
            ("owner", seller.as_str()),
            ("side", "sell"),
            ("feeder", &feeder),
            ("intervals", "1-3"),
            ("energy", "500"),
            ("price", "20"),
            ("money", "0"),
        ],
    );
    assert_eq!(market.locked(1), Some((500, 0)));
    // 501 Wh at 21 µ/kWh are 10.521 µ.
    let number = market.post("buyer", buy("2"), 501, 21);
    assert_eq!(number, 2);
    assert_eq!(market.locked(2), Some((501, 11)));
    let buyer = market.assets.holder("buyer");
    assert_eq!(market.assets.money(&buyer), 0);
    assert_eq!(market.assets.permits(&buyer), []);
    market.assert_conserved();
}

#[test]
fn what_is_not_backed_or_out_of_range_is_refused() {
    let mut market = Market::with(|terms| {
        terms.limits.offer_energy = 1_000u64.into();
        terms.limits.offer_price = 100u64.into();
        terms.limits.horizon = 10;
    });
    let holder = market.assets.holder("holder");
    market.equip(&holder, sell("1-3"), 400, 20);
    let message = |permit, energy: u64, price: u64| ExecuteMsg::PostOffer {
        permit,
        energy: energy.into(),
        price: price.into(),
    };
    for (permit, energy, price, expected) in [
        (sell("1-3"), 0, 20, "energy is 0, expected 1 to 1000"),
        (sell("1-3"), 1_001, 20, "energy is 1001, expected 1 to 1000"),
        (sell("1-3"), 1, 101, "price is 101, expected 0 to 100"),
        (
            sell("1-11"),
            1,
            1,
            "permit.intervals: 1-11, expected the last one between 0 and 10",
        ),
        (
            permit(Side::Sell, 77, "1"),
            1,
            1,
            "feeder: 77 has no limits in this market",
        ),
    ] {
        market.refuses(&holder, &message(permit, energy, price), expected);
    }
    // The permit is for other intervals, for less, or somebody else's.
    let stranger = market.assets.holder("stranger");
    for (who, permit, energy) in [
        (&holder, sell("1-2"), 1),
        (&holder, sell("1-3"), 401),
        (&stranger, sell("1-3"), 1),
    ] {
        assert!(market.offer(who, permit, energy, 1).is_err());
    }
    assert_eq!(market.status().last_offer, 0);
    market.assert_conserved();
}

#[test]
fn the_book_has_room_for_so_many() {
    let mut market = Market::with(|terms| {
        terms.limits.address_offers = 2;
        terms.limits.book = 3;
    });
    let [holder, stranger] = ["holder", "stranger"].map(|name| market.assets.holder(name));
    market.equip(&holder, sell("1-3"), 400, 20);
    market.equip(&stranger, sell("1"), 100, 20);
    for _ in 0..2 {
        market.offer(&holder, sell("1-3"), 100, 20).unwrap();
    }
    let expected = format!("offers: 2 of {holder} are open, at most 2");
    let message = |permit| ExecuteMsg::PostOffer {
        permit,
        energy: 100u64.into(),
        price: 20u64.into(),
    };
    market.refuses(&holder, &message(sell("1-3")), &expected);
    market.post("another", sell("1"), 100, 20);
    let expected = "offers: 3 of all are open, at most 3";
    market.refuses(&stranger, &message(sell("1")), expected);
    market.assert_conserved();
}

#[test]
fn what_is_closed_cannot_be_offered() {
    let mut market = Market::with(|terms| terms.clearing = 3);
    // Interval 0 would have been finalized two intervals before it begins.
    assert_eq!(market.status().next, 1);
    let holder = market.assets.holder("holder");
    market.equip(&holder, sell("0-1"), 100, 20);
    market.offer(&holder, sell("0-1"), 100, 20).unwrap();
    market.equip(&holder, sell("3"), 100, 20);
    market.begin(1);
    // Nobody has finalized anything, but the time for interval 3 is over.
    let message = ExecuteMsg::PostOffer {
        permit: sell("3"),
        energy: 100u64.into(),
        price: 20u64.into(),
    };
    let expected = "permit.intervals: 3, expected the last one between 4 and 129";
    market.refuses(&holder, &message, expected);
}

#[test]
fn a_cancelled_offer_ends_with_the_round() {
    let mut market = Market::new();
    let offer = market.post("seller", sell("1-9"), 500, 20);
    let stranger = market.assets.holder("stranger");
    let expected = format!("sender: {stranger} is not the owner of offer 1");
    market.refuses(&stranger, &ExecuteMsg::CancelOffer { offer }, &expected);
    market.cancel("seller", offer).unwrap();
    assert_eq!(market.open(offer).unwrap().state, OfferState::Closing);
    let twice = market.cancel("seller", offer);
    assert_refused(twice, &ContractError::AlreadyCancelled { offer });
    assert_eq!(market.locked(offer), Some((500, 0)));
    market.finalize(0);
    assert_eq!(market.open(offer), None);
    assert_eq!(market.locked(offer), None);
    let seller = market.assets.holder("seller");
    assert_eq!(market.assets.permit(&seller, sell("1-9")), 500);
    let gone = market.cancel("seller", offer);
    assert_refused(gone, &ContractError::NoOffer { offer });
    market.assert_conserved();
}

/// Solutions on their way stay feasible, and what the candidate has matched stays matched.
#[test]
fn a_cancellation_is_void_when_the_candidate_uses_the_offer() {
    let mut market = Market::new();
    let seller = market.post("seller", sell("1-9"), 500, 20);
    let buyer = market.post("buyer", buy("4"), 500, 30);
    market.cancel("seller", seller).unwrap();
    market.accept(&[trade(4, seller, buyer, 300, 25)]);
    market.finalize(0);
    let offer = market.open(seller).unwrap();
    assert_eq!(offer.state, OfferState::Open);
    assert_eq!(offer.candidate.u64(), 300);
    // It may be cancelled again, and is free once the trade is final.
    market.finalize(4);
    market.cancel("seller", seller).unwrap();
    market.finalize(5);
    assert_eq!(market.open(seller), None);
    market.assert_conserved();
}

#[test]
fn offers_expire_with_their_last_interval() {
    let mut market = Market::new();
    let short = market.post("seller", sell("1-2"), 500, 20);
    let long = market.post("seller", permit(Side::Sell, FAR, "1-4"), 500, 20);
    market.finalize(1);
    assert!(market.open(short).is_some());
    market.finalize(2);
    assert_eq!(market.open(short), None);
    assert_eq!(market.locked(short), None);
    assert!(market.open(long).is_some());
    assert_eq!(market.status().open_offers, 1);
    market.assert_conserved();
}

/// Lists stay cheap when most offers have ended, and one crank ends a bounded number.
#[test]
fn pages_and_tombstones() {
    let mut market = Market::with(|terms| terms.limits.address_offers = 200);
    for number in 1..=150 {
        let class = if number % 50 == 0 {
            sell("9")
        } else {
            sell("1")
        };
        assert_eq!(market.post("seller", class, 10, 20), number);
    }
    assert_eq!(market.offers().len(), 150);
    market.begin(1);
    market.crank(0, Some(1)).unwrap();
    // Nothing ends with interval 0. Interval 1 counts one, and 100 offers fit.
    market.crank(0, Some(101)).unwrap();
    assert_eq!(market.status().phase, Phase::Sweeping);
    assert_eq!(market.status().open_offers, 50);
    market.crank(1, Some(500)).unwrap();
    assert_eq!(market.status().phase, Phase::Open);
    let left: Vec<u32> = market.offers().iter().map(|offer| offer.offer).collect();
    assert_eq!(left, [50, 100, 150]);
    assert_eq!(market.post("seller", sell("9"), 10, 20), 151);
    assert_eq!(market.offers().len(), 4);
    market.assert_conserved();
}
