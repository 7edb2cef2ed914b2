//! Assertions on what a contract answered.

use std::fmt::{Debug, Display};

use cosmwasm_std::{Addr, StdResult};
use cw_multi_test::AppResponse;

/// Asserts that `result` is exactly the error `expected`, under whatever context the chain added.
///
/// # Panics
/// When it succeeded or failed otherwise.
#[track_caller]
pub fn assert_refused<T: Debug>(result: StdResult<T>, expected: &impl Display) {
    let expected = expected.to_string();
    match result {
        Ok(answer) => panic!("accepted with {answer:?}, expected: {expected}"),
        Err(error) => {
            let error = error.to_string();
            assert!(error.ends_with(&expected), "{error}\nexpected: {expected}");
        }
    }
}

/// Asserts that `contract` announced exactly these attributes, in this order.
///
/// # Panics
/// When it announced others.
#[track_caller]
pub fn assert_event(response: &AppResponse, contract: &Addr, attributes: &[(&str, &str)]) {
    let announced: Vec<_> = response
        .events
        .iter()
        .filter(|event| event.ty == "wasm")
        .filter(|event| event.attributes[0].value == contract.as_str())
        .map(|event| {
            let own = event.attributes[1..].iter();
            own.map(|attribute| (attribute.key.as_str(), attribute.value.as_str()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(announced, [attributes]);
}
