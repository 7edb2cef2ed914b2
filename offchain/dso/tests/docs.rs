//! The JSON examples of `docs/dso.md` are what goes over the wire.

use gridweave_dso::State;
use gridweave_dso::api::wire::{
    AccountAnswer, ErrorAnswer, PaymentAnswer, PaymentBody, WithdrawalAnswer, WithdrawalBody,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/dso.md");

/// The example as `T`, when writing it again gives the same.
fn read<T: DeserializeOwned + Serialize>(example: &Value) -> Option<T> {
    let parsed: T = serde_json::from_value(example.clone()).ok()?;
    (serde_json::to_value(&parsed).unwrap() == *example).then_some(parsed)
}

fn all<T: DeserializeOwned + Serialize>(examples: &[Value]) -> Vec<T> {
    examples.iter().filter_map(read).collect()
}

#[test]
fn the_examples_are_what_goes_over_the_wire() {
    let blocks = PAGE.split("```json\n").skip(1);
    let text = blocks.map(|block| block.split("```").next().unwrap());
    let examples: Vec<Value> = text
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    let states: Vec<State> = all::<WithdrawalAnswer>(&examples)
        .iter()
        .map(|answer| answer.state)
        .collect();
    assert_eq!(states, [State::Requested, State::Failed]);
    assert_eq!(all::<WithdrawalBody>(&examples).len(), 1);
    assert_eq!(all::<PaymentBody>(&examples).len(), 1);
    assert_eq!(all::<PaymentAnswer>(&examples).len(), 1);
    assert_eq!(all::<AccountAnswer>(&examples).len(), 1);
    assert_eq!(all::<ErrorAnswer>(&examples).len(), 1);
    assert_eq!(examples.len(), 7, "each example is one of these");
}
