//! Permits: issued within the operator's limits, narrowed, expired, retired.

use gridweave_testkit::assert_event;
use gridweave_testkit::assets::send::{expire, issue, retire, split};
use gridweave_testkit::assets::{Assets, buy, permit, sell, sold};
use gridweave_testkit::billing::{attribute, events};
use gridweave_types::assets::{Asset, ExecuteMsg, Side};

#[test]
fn permits_are_issued_to_addresses_that_nobody_has_seen() {
    let mut assets = Assets::new(1);
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    let entries = [
        (&ann, sell("0-3"), 500),
        (&ann, sell("0-3"), 70),
        (&bob, buy("2,5"), 900),
    ];
    let response = assets.issue(&entries).expect("it is safe");
    assert_eq!(assets.permits(&ann), [(sell("0-3"), 570)]);
    assert_eq!(assets.permits(&bob), [(buy("2,5"), 900)]);
    let added = events(&response, "asset_added");
    assert_eq!(added.len(), 3);
    for (key, value) in [
        ("holder", bob.as_str()),
        ("side", "buy"),
        ("feeder", "1"),
        ("intervals", "2,5"),
        ("energy", "900"),
    ] {
        assert_eq!(attribute(added[2], key), value);
    }
    let own = ("action", "permits_issued");
    assert_event(
        &response,
        &assets.contract,
        &[own, ("entries", "3"), ("energy", "1470")],
    );
    let books = assets.books();
    assert_eq!(
        (books.issued.u64(), books.holders, books.classes),
        (1_470, 2, 2)
    );
    assets.assert_conserved();
}

#[test]
fn the_remainder_of_a_split_stays_on_every_interval() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    assets
        .issue(&[(&ann, sell("0-9"), 1_000)])
        .expect("it is safe");
    let response = assets
        .send(&ann, &split(sell("0-9"), &[("3", 200), ("4-6,8", 300)]), 0)
        .expect("her own");
    assert_eq!(assets.permit(&ann, sell("0-9")), 500);
    assert_eq!(assets.permit(&ann, sell("3")), 200);
    assert_eq!(assets.permit(&ann, sell("4-6,8")), 300);
    assert_event(
        &response,
        &assets.contract,
        &[
            ("action", "permit_split"),
            ("holder", ann.as_str()),
            ("side", "sell"),
            ("feeder", "1"),
            ("intervals", "0-9"),
            ("energy", "500"),
            ("left", "500"),
        ],
    );
    assert_eq!(events(&response, "permit_narrowed").len(), 2);
    // The remainder can still be locked for any of its intervals.
    assets
        .lock(1, &ann, sell("0-9"), 500, 0)
        .expect("she has it");
    assets.assert_conserved();
}

#[test]
fn permits_are_narrowed_and_never_widened() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    assets
        .issue(&[(&ann, sell("2-5"), 100)])
        .expect("it is safe");
    for part in ["1-2", "6", "2-6", "0-9", "2-5"] {
        let expected = format!("parts: {part} is not narrower than 2-5");
        assets.refuses(&ann, &split(sell("2-5"), &[(part, 10)]), &expected);
    }
    let expected =
        format!("permit (Sell, feeder 1, intervals 2-5): asked for 51 Wh, {ann} has 50 Wh");
    assets.refuses(
        &ann,
        &split(sell("2-5"), &[("2", 50), ("3", 51)]),
        &expected,
    );
    let none = split(sell("2-5"), &[("2", 0)]);
    assets.refuses(&ann, &none, "parts.energy is 0, expected above 0");
    // Parts merge with what is there.
    for _ in 0..2 {
        let message = split(sell("2-5"), &[("2-3", 20)]);
        assets.send(&ann, &message, 0).expect("her own");
    }
    assets
        .send(&ann, &split(sell("2-3"), &[("2", 40)]), 0)
        .expect("again");
    assert_eq!(assets.permits(&ann), [(sell("2-5"), 60), (sell("2"), 40)]);
    assets.assert_conserved();
}

#[test]
fn permits_expire_when_their_last_interval_begins() {
    let mut assets = Assets::new(1);
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    let class = sell("0,3");
    assets.issue(&[(&ann, class, 100)]).expect("it is safe");
    assets.lock(7, &ann, class, 40, 0).expect("she has it");
    let begins = assets.billing.genesis + 3 * 900;
    assets.billing.at(2, 899);
    let expected = format!(
        "permit (Sell, feeder 1, intervals 0,3): its last interval begins at {begins}, now is {}",
        begins - 1
    );
    assets.refuses(&bob, &expire(&ann, class), &expected);
    assets.begin(3);
    let response = assets
        .send(&bob, &expire(&ann, class), 0)
        .expect("it is time");
    assert_event(
        &response,
        &assets.contract,
        &[
            ("action", "permit_expired"),
            ("holder", ann.as_str()),
            ("side", "sell"),
            ("feeder", "1"),
            ("intervals", "0,3"),
            ("energy", "60"),
        ],
    );
    let nothing = format!("permit (Sell, feeder 1, intervals 0,3): asked for 1 Wh, {ann} has 0 Wh");
    assets.refuses(&bob, &expire(&ann, class), &nothing);
    // What was locked expires when it is released.
    assets.release(&[7]).expect("the market's");
    assets
        .send(&bob, &expire(&ann, class), 0)
        .expect("it is time");
    let totals = assets.class(class);
    assert_eq!((totals.expired.u64(), totals.locked.u64()), (100, 0));
    assets.assert_conserved();
}

#[test]
fn permits_of_the_past_are_not_issued() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    assets.begin(3);
    let operator = assets.operator.clone();
    let now = assets.billing.now();
    let expected = format!(
        "permit (Sell, feeder 1, intervals 1-3): its last interval began at {now}, now is {now}"
    );
    assets.refuses(&operator, &issue(&[(&ann, sell("1-3"), 1)]), &expected);
    assets
        .issue(&[(&ann, sell("1-4"), 1)])
        .expect("interval 4 is ahead");
}

#[test]
fn issuing_checks_feeders_amounts_and_sizes() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    let operator = assets.operator.clone();
    let unknown = permit(Side::Buy, 77, "0-3");
    let expected = "feeder: 77 is not registered in grid";
    assets.refuses(&operator, &issue(&[(&ann, unknown, 5)]), expected);
    let none = issue(&[(&ann, sell("0"), 0)]);
    assets.refuses(&operator, &none, "entries.energy is 0, expected above 0");
    for (count, shown) in [(0, "0"), (201, "201")] {
        let expected = format!("number of entries is {shown}, expected 1 to 200");
        let entries = vec![(&ann, sell("0"), 1); count];
        assets.refuses(&operator, &issue(&entries), &expected);
    }
    assets
        .issue(&vec![(&ann, sell("0-3"), 1); 200])
        .expect("as many as fit");
    assert_eq!(assets.permit(&ann, sell("0-3")), 200);
}

#[test]
fn holders_burn_permits_with_a_reason() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    assets
        .issue(&[(&ann, buy("0-3"), 100)])
        .expect("it is safe");
    let message = retire(Asset::Permit(buy("0-3")), 30);
    let response = assets.send(&ann, &message, 0).expect("her own");
    assert_event(
        &response,
        &assets.contract,
        &[
            ("action", "retired"),
            ("holder", ann.as_str()),
            ("side", "buy"),
            ("feeder", "1"),
            ("intervals", "0-3"),
            ("energy", "30"),
            ("reason", "no longer needed"),
        ],
    );
    assert_eq!(assets.permit(&ann, buy("0-3")), 70);
    assert_eq!(assets.class(buy("0-3")).retired.u64(), 30);
    let short = format!("permit (Buy, feeder 1, intervals 0-3): asked for 71 Wh, {ann} has 70 Wh");
    assets.refuses(&ann, &retire(Asset::Permit(buy("0-3")), 71), &short);
    for (bytes, shown) in [(0, 0), (257, 257)] {
        let message = ExecuteMsg::Retire {
            asset: Asset::Permit(buy("0-3")),
            energy: 1u64.into(),
            reason: "x".repeat(bytes),
        };
        let expected = format!("length of reason is {shown}, expected 1 to 256");
        assets.refuses(&ann, &message, &expected);
    }
    let expected = "claim (Sell, feeder 1, interval 0): sold energy cannot be retired";
    assets.refuses(&ann, &retire(Asset::Claim(sold(0)), 1), expected);
    assets.assert_conserved();
}
