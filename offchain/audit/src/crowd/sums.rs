//! What statements and budget accounts add up.

use crate::AuditError;
use crate::event::Fields;
use crate::trading::review::Review;

/// Sums of a statement, see [`gridweave_types::crowdsourcing::Totals`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub offered: u32,
    pub accepted: u32,
    pub declined: u32,
    pub expired: u32,
    pub energy: u64,
    pub delivered: u64,
    pub paid: u128,
    pub agreed: i64,
    pub supplemented: i64,
}

impl Sums {
    /// Sum of both.
    pub fn plus(self, other: Self) -> Self {
        Self {
            offered: self.offered.saturating_add(other.offered),
            accepted: self.accepted.saturating_add(other.accepted),
            declined: self.declined.saturating_add(other.declined),
            expired: self.expired.saturating_add(other.expired),
            energy: self.energy.saturating_add(other.energy),
            delivered: self.delivered.saturating_add(other.delivered),
            paid: self.paid.saturating_add(other.paid),
            agreed: self.agreed.saturating_add(other.agreed),
            supplemented: self.supplemented.saturating_add(other.supplemented),
        }
    }

    /// Compares with what an event says.
    pub fn compare(&self, fields: &Fields, review: &mut Review) -> Result<(), AuditError> {
        for (key, own) in [
            ("offered", self.offered),
            ("accepted", self.accepted),
            ("declined", self.declined),
            ("expired", self.expired),
        ] {
            review.same(key, fields.number(key)?, own);
        }
        review.same("energy", fields.number("energy")?, self.energy);
        review.same("delivered", fields.number("delivered")?, self.delivered);
        review.same("paid", fields.number("paid")?, self.paid);
        review.same("agreed", fields.number("agreed")?, self.agreed);
        let supplemented = fields.number("supplemented")?;
        review.same("supplemented", supplemented, self.supplemented);
        Ok(())
    }
}
