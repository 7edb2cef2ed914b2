//! Money: paid in, returned, paid out.

use std::collections::VecDeque;

use super::super::announced::Announced;
use super::super::expected::Expected;
use super::super::review::Review;
use super::{Holdings, give, take};
use crate::AuditError;
use crate::event::Fields;

/// Who is paid how much; whether it is an account in `billing`.
fn payment(detail: &Fields, review: &mut Review) -> Result<(bool, String, u128), AuditError> {
    let is_account = match detail.text("kind")? {
        "account" => true,
        "address" => false,
        other => return Err(detail.wrong("kind", other, "account or address")),
    };
    let payee = review.about(detail, "payee")?;
    Ok((is_account, payee, detail.number("amount")?))
}

impl Holdings {
    pub(super) fn financial_added(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let (holder, amount) = self.moved(message, review)?;
        give(&mut self.money, holder.clone(), amount);
        self.purse.paid_in = self.purse.paid_in.saturating_add(amount);
        self.has(message, &holder, review)
    }

    pub(super) fn financial_deposited(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let (holder, amount) = self.moved(message, review)?;
        take(&mut self.money, holder.clone(), amount, "money", review);
        self.purse.returned = self.purse.returned.saturating_add(amount);
        let credit = message.response.text("credit")?;
        if !["account", "coins"].contains(&credit) {
            return Err(message.response.wrong("credit", credit, "account or coins"));
        }
        self.has(message, &holder, review)
    }

    pub(super) fn withdrawn(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let (holder, amount) = self.moved(message, review)?;
        take(&mut self.money, holder.clone(), amount, "money", review);
        self.purse.paid_out = self.purse.paid_out.saturating_add(amount);
        self.has(message, &holder, review)
    }

    pub(super) fn paid_out(
        &mut self,
        message: &Announced,
        review: &mut Review,
        sent: &mut VecDeque<Expected>,
    ) -> Result<(), AuditError> {
        let mut total = 0u128;
        for detail in &message.details {
            let (is_account, payee, amount) = payment(detail, review)?;
            review.holds("amount", amount > 0, "above 0");
            total = total.saturating_add(amount);
            if is_account {
                sent.push_back(Expected::ToppedUp {
                    account: payee,
                    amount,
                });
            }
        }
        let fields = &message.response;
        review.same("rows", fields.number("rows")?, message.details.len());
        review.same("amount", fields.number("amount")?, total);
        let held = self.purse.returned;
        review.holds(
            "amount",
            total <= held,
            format!("at most {held} µ returned"),
        );
        self.purse.returned = held.saturating_sub(total);
        self.purse.paid_out = self.purse.paid_out.saturating_add(total);
        Ok(())
    }

    /// A payment that could not be received goes back to the returned money.
    pub fn failed(
        &mut self,
        message: &Announced,
        review: &mut Review,
        sent: &mut VecDeque<Expected>,
    ) -> Result<(), AuditError> {
        let mut total = 0u128;
        for detail in &message.details {
            let (is_account, payee, amount) = payment(detail, review)?;
            total = total.saturating_add(amount);
            if is_account {
                let wanted = Expected::ToppedUp {
                    account: payee,
                    amount,
                };
                let place = sent.iter().position(|message| *message == wanted);
                review.holds("payee", place.is_some(), "a payment under way");
                sent.remove(place.unwrap_or(usize::MAX));
            }
        }
        review.same("amount", message.response.number("amount")?, total);
        self.purse.returned = self.purse.returned.saturating_add(total);
        self.purse.paid_out = self.purse.paid_out.saturating_sub(total);
        Ok(())
    }

    /// Holder and amount of a movement of money.
    fn moved(
        &self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(String, u128), AuditError> {
        let holder = review.about(&message.response, "holder")?;
        let amount = message.response.number("amount")?;
        review.holds("amount", amount > 0, "above 0");
        review.findings.payments = review.findings.payments.saturating_add(1);
        Ok((holder, amount))
    }

    /// What the holder has then.
    fn has(
        &self,
        message: &Announced,
        holder: &str,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let held = self.money.get(holder).copied().unwrap_or_default();
        review.same("money", message.response.number("money")?, held);
        Ok(())
    }
}
