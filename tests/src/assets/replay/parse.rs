//! What an event says.

use cosmwasm_std::{Binary, Event};
use gridweave_types::assets::{ClaimClass, PermitClass, Side};

use crate::assets::{claim, permit};
use crate::billing::attribute;

/// A number of an event.
pub fn number<T: std::str::FromStr>(event: &Event, key: &str) -> T {
    let text = attribute(event, key);
    let parsed = text.parse();
    parsed.unwrap_or_else(|_| panic!("{}: {key} is {text}", event.ty))
}

/// A text of an event.
pub fn text(event: &Event, key: &str) -> String {
    attribute(event, key).to_owned()
}

/// The side of an event.
fn side(event: &Event) -> Side {
    match attribute(event, "side") {
        "sell" => Side::Sell,
        "buy" => Side::Buy,
        other => panic!("{}: side is {other}", event.ty),
    }
}

/// The permit of an event, with the intervals of this attribute.
pub fn permit_of(event: &Event, intervals: &str) -> PermitClass {
    let intervals = attribute(event, intervals);
    permit(side(event), number(event, "feeder"), intervals)
}

/// The claim of an event.
pub fn claim_of(event: &Event) -> ClaimClass {
    claim(
        side(event),
        number(event, "feeder"),
        number(event, "interval"),
    )
}

/// Numbers of `N` bytes each.
fn packed<const N: usize>(event: &Event, key: &str) -> Vec<[u8; N]> {
    let bytes = Binary::from_base64(attribute(event, key)).expect("base64");
    let (numbers, rest) = bytes.as_chunks::<N>();
    assert!(rest.is_empty(), "{N} bytes each");
    numbers.to_vec()
}

/// Packed 8-byte numbers.
pub fn longs(event: &Event, key: &str) -> Vec<u64> {
    let numbers = packed(event, key).into_iter();
    numbers.map(u64::from_le_bytes).collect()
}

/// Packed 16-byte numbers.
pub fn amounts(event: &Event, key: &str) -> Vec<u128> {
    let numbers = packed(event, key).into_iter();
    numbers.map(u128::from_le_bytes).collect()
}
