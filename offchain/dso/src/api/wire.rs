//! What goes over the wire, as JSON. Integers that may be large are decimal text.

use gridweave_types::assets::{PermitClass, Side};
use gridweave_units::IntervalSet;
use serde::{Deserialize, Serialize};

use crate::ledger::Payment;
use crate::{Request, State, WithdrawalRecord};

/// `POST /v1/withdrawals`: the paper's `withdrawAssets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalBody {
    /// The participant's own name for it, at most 64 bytes: asking again under the same name is
    /// the same request.
    #[serde(default)]
    pub reference: Option<String>,
    /// Address that is to receive; a fresh one.
    pub holder: String,
    /// Side on which it is to offer.
    pub side: Side,
    /// Feeder, the account's own.
    pub feeder: u32,
    /// Intervals among which the energy may be spread, such as `40-47`.
    pub intervals: IntervalSet,
    /// Energy (Wh).
    #[serde(with = "crate::decimal")]
    pub energy: u64,
    /// Money (µ); a buyer's worst case, 0 to sell.
    #[serde(with = "crate::decimal")]
    pub money: u128,
}

impl From<WithdrawalBody> for Request {
    fn from(body: WithdrawalBody) -> Self {
        Self {
            holder: body.holder,
            class: PermitClass {
                side: body.side,
                feeder: body.feeder,
                intervals: body.intervals,
            },
            energy: body.energy,
            money: body.money,
            reference: body.reference,
        }
    }
}

impl From<&Request> for WithdrawalBody {
    fn from(request: &Request) -> Self {
        Self {
            reference: request.reference.clone(),
            holder: request.holder.clone(),
            side: request.class.side,
            feeder: request.class.feeder,
            intervals: request.class.intervals,
            energy: request.energy,
            money: request.money,
        }
    }
}

/// A withdrawal: answer to `POST /v1/withdrawals` and `GET /v1/withdrawals/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawalAnswer {
    /// Its number.
    pub id: i64,
    /// How it stands.
    pub state: State,
    /// Why it failed.
    pub reason: Option<String>,
    /// Height of the block that it was issued in.
    pub height: Option<u64>,
    /// What was asked for.
    #[serde(flatten)]
    pub asked: WithdrawalBody,
}

impl From<WithdrawalRecord> for WithdrawalAnswer {
    fn from(record: WithdrawalRecord) -> Self {
        Self {
            id: record.id,
            state: record.state,
            reason: record.reason,
            height: record.height,
            asked: WithdrawalBody {
                reference: record.reference,
                holder: record.holder,
                side: record.class.side,
                feeder: record.class.feeder,
                intervals: record.class.intervals,
                energy: record.energy,
                money: record.money,
            },
        }
    }
}

/// `POST /v1/payments`: a bank transfer from the account to the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentBody {
    /// Hash of its transaction, 64 hex digits.
    pub hash: String,
}

/// Answer to `POST /v1/payments`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentAnswer {
    /// Hash of the transaction.
    pub hash: String,
    /// Height of its block.
    pub height: u64,
    /// Amount (µ).
    #[serde(with = "crate::decimal")]
    pub amount: u128,
    /// What the purse holds now (µ).
    #[serde(with = "crate::decimal")]
    pub purse: u128,
}

impl PaymentAnswer {
    /// `payment`, with what the purse holds now.
    pub fn new(payment: Payment, purse: u128) -> Self {
        Self {
            hash: payment.hash,
            height: payment.height,
            amount: payment.amount,
            purse,
        }
    }
}

/// Answer to `GET /v1/account`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountAnswer {
    /// The account.
    pub account: String,
    /// Its feeder.
    pub feeder: u32,
    /// Most energy to sell per interval (Wh).
    #[serde(with = "crate::decimal")]
    pub sell_limit: u64,
    /// Most energy to buy per interval (Wh).
    #[serde(with = "crate::decimal")]
    pub buy_limit: u64,
    /// Money that may still be asked for (µ).
    #[serde(with = "crate::decimal")]
    pub purse: u128,
    /// Where payments go.
    pub operator: String,
    /// Bank denom of payments.
    pub denom: String,
}

/// Body of every answer that is an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorAnswer {
    /// What was wrong.
    pub error: Fault,
}

/// What was wrong, where, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Header, field or path.
    pub field: String,
    /// Its value.
    pub value: String,
    /// What was expected.
    pub expected: String,
}
