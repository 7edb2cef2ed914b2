//! What the contract sends to `billing`, and whether it arrived.

use crate::AuditError;
use crate::trading::announced::Announced;
use crate::trading::review::Review;

/// A promise: account, interval, energy (Wh, injection positive), price (µ/kWh).
pub(crate) type Promise = (String, u32, i64, i64);

/// A message that must come next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sent {
    /// Promises, sorted.
    Promises(Vec<Promise>),
    /// An incentive (µ).
    Incentive { account: String, amount: u128 },
}

impl Sent {
    /// Promises in any order.
    pub fn promises(mut rows: Vec<Promise>) -> Self {
        rows.sort();
        Self::Promises(rows)
    }

    fn of(message: &Announced) -> Result<Self, AuditError> {
        let fields = &message.response;
        if message.name == "topped_up" {
            return Ok(Self::Incentive {
                account: fields.owned("account")?,
                amount: fields.number("amount")?,
            });
        }
        let mut rows = Vec::new();
        for detail in &message.details {
            if detail.name()? != "commitments_recorded" {
                continue;
            }
            let account = detail.owned("account")?;
            let values = detail.longs("energies")?.into_iter();
            let values = values.zip(detail.longs("prices")?);
            let own = detail.intervals("intervals")?.into_iter().zip(values);
            rows.extend(
                own.map(|(interval, (energy, price))| (account.clone(), interval, energy, price)),
            );
        }
        Ok(Self::promises(rows))
    }
}

/// Compares a message with the one that had to come.
pub(crate) fn compare(
    expected: Option<Sent>,
    message: &Announced,
    review: &mut Review,
) -> Result<(), AuditError> {
    let found = Some(Sent::of(message)?);
    if found != expected {
        review.differ("message", format!("{found:?}"), format!("{expected:?}"));
    }
    Ok(())
}
