//! What the chain says against a transaction or a query.

use tendermint_rpc::endpoint::broadcast::tx_sync;

use super::rpc::RpcError;
use crate::reason::strip_kinds;

/// What the chain puts before the message of a contract that another one called.
const SUBMESSAGE: &str = "dispatch: submessages: ";
/// What it puts behind a contract's message.
const BEHIND: &[&str] = &[
    ": execute wasm contract failed",
    ": instantiate wasm contract failed",
    ": migrate wasm contract failed",
    ": query wasm contract failed",
];

/// Codespace of the chain's own codes.
const SDK: &str = "sdk";
/// The transaction's number is not the account's next.
const WRONG_SEQUENCE: u32 = 32;
/// The node has the transaction already.
const IN_MEMPOOL: u32 = 19;
/// The node has too many transactions waiting.
const MEMPOOL_FULL: u32 = 20;
/// The transaction's last height is past.
const PAST_TIMEOUT: u32 = 30;

/// What the first check said of a transaction that was handed in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// It waits for a block.
    Taken,
    /// It may or may not wait for a block.
    Unclear(String),
    /// It was not taken: its number is not the account's next.
    Stale(String),
    /// It was not taken, for another reason.
    Refused(String),
}

impl From<Result<tx_sync::Response, RpcError>> for Check {
    fn from(answer: Result<tx_sync::Response, RpcError>) -> Self {
        match answer {
            Ok(answer) => match (answer.code.value(), answer.codespace.as_str()) {
                (0, _) | (IN_MEMPOOL, SDK) => Self::Taken,
                (WRONG_SEQUENCE, SDK) => Self::Stale(answer.log),
                (MEMPOOL_FULL | PAST_TIMEOUT, SDK) => Self::Unclear(answer.log),
                _ => Self::Refused(answer.log),
            },
            Err(RpcError::Refused(reason)) if reason.contains("already exists in cache") => {
                Self::Taken
            }
            Err(RpcError::Refused(reason)) if reason.contains("too large") => Self::Refused(reason),
            Err(error) => Self::Unclear(error.reason().into()),
        }
    }
}

/// Whether a simulation was refused because of its number.
pub(super) fn is_stale_sequence(log: &str) -> bool {
    log.contains("account sequence mismatch")
}

/// The contract's own message within `log`, the same that the embedded chain gives; what else was
/// refused keeps its words without the chain's wrapping.
pub(super) fn contract_message(log: &str) -> String {
    let mut rest = without_message_index(without_trace(log));
    while let Some(inner) = rest.strip_prefix(SUBMESSAGE) {
        rest = inner;
    }
    while let Some(inner) = BEHIND.iter().find_map(|words| rest.strip_suffix(words)) {
        rest = inner;
    }
    strip_kinds(rest).into()
}

/// Removes what a query's answer adds: the call's status, the place in the chain's source, the gas.
fn without_trace(log: &str) -> &str {
    let rest = match log.strip_prefix("rpc error: code = ") {
        Some(status) => status.split_once(" desc = ").map_or(log, |(_, rest)| rest),
        None => log,
    };
    let rest = rest.strip_suffix(": unknown request").unwrap_or(rest);
    let rest = rest
        .rsplit_once(" with gas used: '")
        .map_or(rest, |(rest, _)| rest);
    match rest.rsplit_once(" [") {
        Some((inner, place)) if place.contains(".go:") && place.ends_with(']') => inner,
        _ => rest,
    }
}

/// Removes the sentence that numbers the message of the transaction.
fn without_message_index(log: &str) -> &str {
    let numbered = log.strip_prefix("failed to execute message; message index: ");
    numbered
        .and_then(|rest| rest.split_once(": "))
        .filter(|(number, _)| number.bytes().all(|digit| digit.is_ascii_digit()))
        .map_or(log, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_contract_may_say_anything(words in "[^\\[\\]:]{1,40}(: [^\\[\\]:]{1,40})?") {
            prop_assume!(!words.starts_with("kind") && !words.contains(" failed"));
            let log = format!("failed to execute message; message index: 3: {words}: execute wasm contract failed");
            prop_assert_eq!(contract_message(&log), words.clone());
            let simulated = format!(
                "rpc error: code = Unknown desc = {log} [CosmWasm/wasmd@v0.70.3/x/wasm/keeper/keeper.go:452] with gas used: '116822': unknown request"
            );
            prop_assert_eq!(contract_message(&simulated), words);
        }

        #[test]
        fn no_text_is_too_odd(log: String) {
            prop_assert!(contract_message(&log).len() <= log.len());
        }
    }

    #[test]
    fn only_the_contracts_words_are_left() {
        let cases = [
            ("bus 7 is not on feeder 1", "bus 7 is not on feeder 1"),
            (
                "failed to execute message; message index: 12: bus 7: no such bus: execute wasm contract failed",
                "bus 7: no such bus",
            ),
            (
                "failed to execute message; message index: 0: dispatch: submessages: kind: Other, error: late: execute wasm contract failed: execute wasm contract failed",
                "late",
            ),
            (
                "limit: 31 is too many: query wasm contract failed: unknown request",
                "limit: 31 is too many",
            ),
            (
                "failed to execute message; message index: x: odd",
                "failed to execute message; message index: x: odd",
            ),
            ("list [1, 2]", "list [1, 2]"),
            (
                "rpc error: code = InvalidArgument desc = invalid address: empty",
                "invalid address: empty",
            ),
        ];
        for (log, words) in cases {
            assert_eq!(contract_message(log), words);
        }
    }
}
