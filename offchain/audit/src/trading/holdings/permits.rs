//! Permits: issued, narrowed, expired, given up.

use gridweave_types::assets::{PermitClass, Side};

use super::super::announced::Announced;
use super::super::review::Review;
use super::{Holdings, give, take};
use crate::AuditError;

impl Holdings {
    pub(super) fn limit_set(&mut self, message: &Announced) -> Result<(), AuditError> {
        let fields = &message.response;
        let feeder = fields.number("feeder")?;
        match fields.text("limit")? {
            "none" => self.limits.remove(&feeder),
            _ => self.limits.insert(feeder, fields.number("limit")?),
        };
        Ok(())
    }

    pub(super) fn permits_issued(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let mut total = 0u64;
        for detail in &message.details {
            if detail.name()? != "asset_added" {
                return Err(detail.misplaced("asset_added"));
            }
            let (holder, class) = (review.about(detail, "holder")?, detail.permit("intervals")?);
            let energy: u64 = detail.number("energy")?;
            let begun = self.has_begun(class.intervals.last(), review.now);
            review.holds("intervals", !begun, "not begun");
            review.holds("energy", energy > 0, "above 0");
            let limit = self.limits.get(&class.feeder).copied().unwrap_or(u64::MAX);
            for interval in class.intervals.iter() {
                let key = (class.feeder, class.side, interval.0);
                let issued = self.issued.entry(key).or_default();
                *issued = issued.saturating_add(energy);
                let issued = *issued;
                review.holds("permits", issued <= limit, format!("at most {limit} Wh"));
            }
            give(&mut self.permits, (holder, class), energy);
            total = total.saturating_add(energy);
        }
        let fields = &message.response;
        review.same("entries", fields.number("entries")?, message.details.len());
        review.same("energy", fields.number("energy")?, total);
        Ok(())
    }

    pub(super) fn permit_split(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let (holder, class) = (review.about(fields, "holder")?, fields.permit("intervals")?);
        let mut total = 0u64;
        for detail in &message.details {
            let (narrow, wide) = (detail.permit("intervals")?, detail.permit("from")?);
            let energy: u64 = detail.number("energy")?;
            review.same("holder", detail.text("holder")?, &*holder);
            review.holds(
                "permit",
                wide == class,
                "a part of the permit that is split",
            );
            let within = narrow.intervals.is_subset(class.intervals);
            review.holds("intervals", within, "some of the permit's");
            take(
                &mut self.permits,
                (holder.clone(), class),
                energy,
                "permit",
                review,
            );
            if let Some(lost) = class.intervals.minus(narrow.intervals) {
                let rest = PermitClass {
                    intervals: lost,
                    ..class
                };
                self.unissue(&rest, energy, review);
            }
            give(&mut self.permits, (holder.clone(), narrow), energy);
            total = total.saturating_add(energy);
        }
        let left = self.permits.get(&(holder, class)).copied();
        review.same("energy", fields.number("energy")?, total);
        review.same("left", fields.number("left")?, left.unwrap_or_default());
        Ok(())
    }

    pub(super) fn permit_expired(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let (holder, class) = (review.about(fields, "holder")?, fields.permit("intervals")?);
        let begun = self.has_begun(class.intervals.last(), review.now);
        review.holds("intervals", begun, "begun");
        let held = self.permits.remove(&(holder, class)).unwrap_or_default();
        review.same("energy", fields.number("energy")?, held);
        review.holds("energy", held > 0, "above 0");
        Ok(())
    }

    pub(super) fn retired(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let (holder, energy) = (
            review.about(fields, "holder")?,
            fields.number::<u64>("energy")?,
        );
        fields.text("reason")?;
        if fields.optional("intervals")?.is_some() {
            let class = fields.permit("intervals")?;
            take(&mut self.permits, (holder, class), energy, "permit", review);
            self.unissue(&class, energy, review);
            return Ok(());
        }
        let class = fields.claim()?;
        review.of_interval(class.interval);
        review.holds("side", class.side == Side::Buy, "buy: sold energy is owed");
        take(&mut self.claims, (holder, class), energy, "claim", review);
        Ok(())
    }

    /// Energy that can no longer be used in these intervals.
    fn unissue(&mut self, class: &PermitClass, energy: u64, review: &mut Review) {
        for interval in class.intervals.iter() {
            let key = (class.feeder, class.side, interval.0);
            take(
                &mut self.issued,
                key,
                energy,
                "permits of an interval",
                review,
            );
        }
    }
}
