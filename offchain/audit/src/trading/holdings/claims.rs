//! Claims: deposited by their holders, credited by the operator.

use std::collections::VecDeque;

use gridweave_types::assets::Side;

use super::super::announced::Announced;
use super::super::expected::{Credited, Expected};
use super::super::review::Review;
use super::{Delivery, Holdings, take};
use crate::AuditError;

/// Wh per kWh.
const WH_PER_KWH: u128 = 1_000;

impl Delivery {
    /// Volume-weighted price of the trades (µ/kWh), rounded down and at most `limit`.
    fn price(&self, limit: u64) -> u64 {
        let scaled = self.value.saturating_mul(WH_PER_KWH);
        let price = scaled.checked_div(self.traded.into()).unwrap_or(0);
        u64::try_from(price).unwrap_or(u64::MAX).min(limit)
    }
}

impl Holdings {
    pub(super) fn energy_deposited(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let (holder, sender) = (review.about(fields, "holder")?, fields.text("sender")?);
        for detail in &message.details {
            let (class, energy) = (detail.claim()?, detail.number::<u64>("energy")?);
            review.of_interval(class.interval);
            review.same("holder", detail.text("holder")?, &*holder);
            let own = sender == holder || class.side == Side::Sell;
            review.holds("sender", own, "the holder of bought energy");
            review.holds("energy", energy > 0, "above 0");
            take(
                &mut self.claims,
                (holder.clone(), class),
                energy,
                "claim",
                review,
            );
            let delivery = self.deliveries.entry(class).or_default();
            delivery.deposited = delivery.deposited.saturating_add(energy);
        }
        review.same("claims", fields.number("claims")?, message.details.len());
        Ok(())
    }

    pub(super) fn deposits_credited(
        &mut self,
        message: &Announced,
        review: &mut Review,
        sent: &mut VecDeque<Expected>,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let own = self
            .terms
            .billing
            .as_ref()
            .map_or("none", |own| own.as_str());
        review.same("billing", fields.text("billing")?, own);
        let mut credited = Credited {
            commitments: fields.number("commitments")?,
            ..Credited::default()
        };
        let limit = self.terms.price_limit.u64();
        for detail in &message.details {
            let (class, energy) = (detail.claim()?, detail.number::<u64>("energy")?);
            review.of_interval(class.interval);
            let delivery = self.deliveries.entry(class).or_default();
            let held = delivery.deposited.saturating_sub(delivery.credited);
            review.holds(
                "energy",
                energy <= held,
                format!("at most {held} Wh deposited"),
            );
            delivery.credited = delivery.credited.saturating_add(energy);
            let price = delivery.price(limit);
            review.same("price", detail.number("price")?, price);
            let before = credited.classes.insert(class, (energy, price));
            review.holds("deposit", before.is_none(), "credited once in a message");
        }
        review.findings.credits = review.findings.credits.saturating_add(1);
        sent.push_back(Expected::Recorded(credited));
        Ok(())
    }
}
