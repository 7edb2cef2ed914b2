//! An included transaction: its verdict, its events, the data of its calls.

use cosmrs::proto::cosmos::base::abci::v1beta1::TxMsgData;
use cosmrs::proto::prost::{Message, Name};
use cosmrs::tendermint::abci::{Event, types::ExecTxResult};
use cosmwasm_std::Binary;
use tendermint_rpc::endpoint::tx;

use super::refusal::contract_message;
use crate::events::contract_event;
use crate::{ChainError, ChainEvent, Receipt, Signer};

/// Code and codespace of a transaction that needed more gas than it had.
const OUT_OF_GAS: (u32, &str) = (11, "sdk");
/// Attribute that the chain adds last to each event of a message.
const MESSAGE_INDEX: &str = "msg_index";

/// A transaction in a block.
pub(super) struct Inclusion {
    pub(super) height: u64,
    pub(super) receipt: Receipt,
    result: ExecTxResult,
}

impl From<tx::Response> for Inclusion {
    fn from(found: tx::Response) -> Self {
        let gas = |signed| u64::try_from(signed).unwrap_or_default();
        Self {
            height: found.height.value(),
            receipt: Receipt {
                hash: found.hash.to_string(),
                gas_used: gas(found.tx_result.gas_used),
                gas_wanted: gas(found.tx_result.gas_wanted),
                bytes: found.tx.len(),
            },
            result: found.tx_result,
        }
    }
}

impl Inclusion {
    /// The chain's verdict, 0 for success.
    pub(super) fn code(&self) -> u32 {
        self.result.code.value()
    }

    pub(super) fn ran_out_of_gas(&self) -> bool {
        (self.code(), self.result.codespace.as_str()) == OUT_OF_GAS
    }

    /// Itself when it took effect, otherwise why it did not.
    pub(super) fn verdict(self, signer: &Signer) -> Result<Self, ChainError> {
        let sender = signer.name.clone();
        if self.code() == 0 {
            Ok(self)
        } else if self.ran_out_of_gas() {
            Err(ChainError::OutOfGas {
                sender,
                wanted: self.receipt.gas_wanted,
                used: self.receipt.gas_used,
            })
        } else {
            Err(ChainError::Refused {
                sender,
                reason: contract_message(&self.result.log),
            })
        }
    }

    /// What its contracts announced, in order.
    pub(super) fn events(&self) -> Vec<ChainEvent> {
        contract_events(self.height, &self.result.events)
    }

    /// The answers to its messages, each of type `A`.
    pub(super) fn answers<A: Message + Name + Default>(&self) -> Result<Vec<A>, String> {
        // The RPC client leaves the node's base64 as it is.
        let data = std::str::from_utf8(&self.result.data).map_err(|error| error.to_string())?;
        let data = Binary::from_base64(data).map_err(|error| error.to_string())?;
        let data = TxMsgData::decode(data.as_slice());
        let answers = data.map_err(|error| error.to_string())?.msg_responses;
        answers
            .iter()
            .map(|answer| answer.to_msg().map_err(|error| error.to_string()))
            .collect()
    }
}

/// The contracts' own events among `events`, in the form that every backend gives.
pub(super) fn contract_events(height: u64, events: &[Event]) -> Vec<ChainEvent> {
    let events = events.iter();
    events
        .filter_map(|event| contract_event(height, &event.kind, attributes(event)))
        .collect()
}

fn attributes(event: &Event) -> Vec<(String, String)> {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let attributes = event.attributes.iter();
    let mut attributes: Vec<_> = attributes
        .map(|attribute| (text(attribute.key_bytes()), text(attribute.value_bytes())))
        .collect();
    attributes.pop_if(|(key, _)| key == MESSAGE_INDEX);
    attributes
}
