//! Payments: bank transfers to the operator raise a purse, each once.

use gridweave_chain::{Chain, Route};

use super::Dso;
use crate::ledger::Payment;
use crate::{DsoError, Refusal, RefusalKind};

impl<C: Chain> Dso<C> {
    /// Raises the purse of `account` by what it has sent to the operator in the transaction `hash`
    /// (64 hex digits). Naming it again changes nothing.
    ///
    /// # Errors
    /// [`DsoError::Refused`] when the chain knows no such transfer of this account;
    /// [`DsoError::Chain`], [`DsoError::Ledger`].
    pub async fn take_payment(&self, account: &str, hash: &str) -> Result<Payment, DsoError> {
        let refused = |kind, expected: &str| Refusal::new(kind, "hash", hash, expected);
        let is_hex = hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if hash.len() != 64 || !is_hex {
            return Err(refused(RefusalKind::Invalid, "64 hex digits").into());
        }
        let hash = hash.to_ascii_uppercase();
        if let Some(known) = self.ledger.payment(&hash)? {
            let expected = "a transfer that was not counted for another account";
            return match known.account == account {
                true => Ok(known),
                false => Err(refused(RefusalKind::Conflict, expected).into()),
            };
        }
        let route = Route {
            from: account,
            to: &self.signer.address,
            denom: &self.denom,
        };
        let found = self.chain.transfer(&hash, route).await?;
        let Some(transfer) = found.filter(|transfer| transfer.amount > 0) else {
            let (from, to, denom) = (route.from, route.to, route.denom);
            let expected = format!("a transfer of {denom} from {from} to {to} in a block");
            return Err(refused(RefusalKind::Invalid, &expected).into());
        };
        let payment = Payment {
            hash,
            account: account.into(),
            height: transfer.height,
            amount: transfer.amount,
        };
        self.ledger.take_payment(&payment)?;
        tracing::info!(height = payment.height, "payment taken");
        Ok(payment)
    }
}
