//! What a line costs in storage: the contract writes one for every account and interval.

use std::collections::BTreeMap;

use gridweave_testkit::billing::{Billing, COLLATERAL};

const HOMES: usize = 20;
const INTERVALS: u32 = 8;

/// Bytes stored (keys and values) and number of entries by namespace.
fn stored(billing: &Billing) -> BTreeMap<String, (usize, usize)> {
    let mut sums = BTreeMap::new();
    for (key, value) in billing.chain.suite.state(&billing.contract) {
        // A map's key begins with the length of its name; an item's key is its name.
        let length = usize::from(u16::from_be_bytes([key[0], key[1]]));
        let name = key.get(2..2 + length).unwrap_or(&key);
        let name = String::from_utf8_lossy(name).into_owned();
        let sum: &mut (usize, usize) = sums.entry(name).or_default();
        sum.0 += key.len() + value.len();
        sum.1 += 1;
    }
    sums
}

/// A settled stretch; every home promised and reported.
fn settled() -> Billing {
    let mut billing = Billing::new(HOMES as u32);
    for number in 0..HOMES {
        billing.top_up(number, 50 * COLLATERAL).expect("coins");
        let rows: Vec<_> = (0..INTERVALS).map(|t| (number, t, -900, 250_000)).collect();
        billing.commit(&rows).expect("in time");
    }
    billing.at(INTERVALS, 10);
    for number in 0..HOMES {
        billing
            .read(number, 0, &[-1_000; INTERVALS as usize])
            .expect("in time");
    }
    billing.until_settlement(INTERVALS - 1);
    for interval in 0..INTERVALS {
        billing.settle(interval).expect("it is time");
    }
    billing
}

#[test]
fn a_line_takes_seventy_seven_bytes() {
    let stored = stored(&settled());
    let lines = HOMES * INTERVALS as usize;
    assert_eq!(stored["lines"], (77 * lines, lines));
    // Two periods a home.
    assert_eq!(stored["statements"].1, 2 * HOMES);
    assert!(stored["statements"].0 <= 150 * 2 * HOMES, "{stored:?}");
    assert!(
        stored["intervals"].0 <= 130 * INTERVALS as usize,
        "{stored:?}"
    );
    assert!(stored["accounts"].0 <= 105 * HOMES, "{stored:?}");
    assert!(!stored.contains_key("corrections"));
}

#[test]
fn a_superseded_reading_takes_thirteen_more() {
    let mut billing = settled();
    let before: usize = stored(&billing).values().map(|sum| sum.0).sum();
    billing
        .correct(0, 7, &[-1_001])
        .expect("the window is open");
    let once: usize = stored(&billing).values().map(|sum| sum.0).sum();
    billing
        .correct(0, 7, &[-1_002])
        .expect("the window is open");
    let twice: usize = stored(&billing).values().map(|sum| sum.0).sum();
    assert!(once - before <= 40);
    assert_eq!(twice - once, 13);
}

#[test]
fn settling_changes_no_sizes() {
    let mut billing = settled();
    let before = stored(&billing);
    billing.settle(3).expect("it changes nothing");
    assert_eq!(stored(&billing), before);
}
