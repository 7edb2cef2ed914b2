//! What a contract announced, in the one form that both backends give it.

use crate::{ChainEvent, ContractAddr};

/// Attribute that the chain adds to every contract event.
const CONTRACT_ATTRIBUTE: &str = "_contract_address";

/// The event as actors see it; none when it is the chain's own and not a contract's.
pub(crate) fn contract_event(
    height: u64,
    kind: &str,
    attributes: impl IntoIterator<Item = (String, String)>,
) -> Option<ChainEvent> {
    if !kind.starts_with("wasm") {
        return None;
    }
    let mut contract = None;
    let mut kept = Vec::new();
    for (key, value) in attributes {
        if key == CONTRACT_ATTRIBUTE {
            contract = Some(ContractAddr::new(value));
        } else {
            kept.push((key, value));
        }
    }
    Some(ChainEvent {
        height,
        kind: kind.into(),
        contract,
        attributes: kept,
    })
}
