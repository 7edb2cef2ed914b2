//! Events of the `billing` contract, decoded.

mod action;
mod amounts;
mod detail;
mod fields;
mod message;

use serde::{Deserialize, Serialize};

pub(crate) use action::{Action, Movement, Readings};
pub(crate) use amounts::{Closing, LineFigures, StatementFigures, origin_name};
pub(crate) use detail::{Commitments, Detail};
pub(crate) use fields::Fields;
pub(crate) use message::{Message, messages};

/// An event of a contract, with the time of its block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedEvent {
    /// Block height.
    pub height: u64,
    /// Time of the block (Unix seconds).
    pub time: u64,
    /// Address of the contract; empty where the event names none.
    pub contract: String,
    /// Event type, `wasm` or `wasm-…`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Attributes in order, the contract's address left out.
    pub attributes: Vec<(String, String)>,
}

impl LoggedEvent {
    /// The name of an event beside a response; `None` for the response's own.
    pub(crate) fn name(&self) -> Option<&str> {
        self.kind.strip_prefix("wasm-")
    }
}
