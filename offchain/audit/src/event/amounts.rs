//! Figures that the contract announces and the auditor computes: the same types for both.

use gridweave_types::billing::Origin;

use super::Fields;
use crate::AuditError;

/// What a settled line is worth (Wh, µ).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineFigures {
    pub energy: i64,
    pub metered: i64,
    pub origin: Origin,
    pub committed: i128,
    pub imbalance: i128,
    pub penalty: i128,
    pub dust: i128,
    pub amount: i128,
}

impl LineFigures {
    pub(crate) fn read(fields: Fields) -> Result<Self, AuditError> {
        let origin = match fields.text("origin")? {
            "meter" => Origin::Meter,
            "estimate" => Origin::Estimate,
            "operator" => Origin::Operator,
            other => return Err(fields.wrong("origin", other, "meter, estimate or operator")),
        };
        Ok(Self {
            energy: fields.number("energy")?,
            metered: fields.number("metered")?,
            origin,
            committed: fields.number("committed")?,
            imbalance: fields.number("imbalance")?,
            penalty: fields.number("penalty")?,
            dust: fields.number("dust")?,
            amount: fields.number("amount")?,
        })
    }

    pub(crate) fn parts(&self) -> [(&'static str, String); 8] {
        [
            ("energy", self.energy.to_string()),
            ("metered", self.metered.to_string()),
            ("origin", origin_name(self.origin).into()),
            ("committed", self.committed.to_string()),
            ("imbalance", self.imbalance.to_string()),
            ("penalty", self.penalty.to_string()),
            ("dust", self.dust.to_string()),
            ("amount", self.amount.to_string()),
        ]
    }
}

/// The name of an origin in events.
pub(crate) fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::None => "none",
        Origin::Meter => "meter",
        Origin::Estimate => "estimate",
        Origin::Operator => "operator",
    }
}

macro_rules! figures {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub(crate) struct $name {
            $(pub $field: $kind,)+
        }

        impl $name {
            pub(crate) fn read(fields: Fields) -> Result<Self, AuditError> {
                Ok(Self { $($field: fields.number(stringify!($field))?,)+ })
            }

            pub(crate) fn parts(&self) -> Vec<(&'static str, String)> {
                vec![$((stringify!($field), self.$field.to_string()),)+]
            }
        }
    };
}

figures! {
    /// Totals of an interval whose lines are all settled (Wh, µ).
    Closing {
        lines: u32,
        estimated: u32,
        scheduled: i64,
        metered: i64,
        accounts: i128,
        grid: i128,
        dust: i128,
    }
}

figures! {
    /// A final statement (Wh, µ).
    StatementFigures {
        lines: u32,
        estimated: u32,
        adjusted: u32,
        scheduled: i64,
        metered: i64,
        peak: u64,
        committed: i128,
        imbalance: i128,
        penalty: i128,
        demand: i128,
        dust: i128,
        total: i128,
    }
}
