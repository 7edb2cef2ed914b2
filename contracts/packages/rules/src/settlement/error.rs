//! Why a settlement could not be computed.

/// Why a settlement could not be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettlementError {
    /// A sum or product exceeds its type.
    #[error("{what} exceeds its range")]
    Overflow {
        /// The quantity.
        what: &'static str,
    },
    /// More was asked of a purse or pool than it holds.
    #[error("{what}: asked for {asked} µ, {held} µ are there")]
    Insufficient {
        /// The holder.
        what: &'static str,
        /// What was asked for (µ).
        asked: u128,
        /// What there is (µ).
        held: u128,
    },
}

/// The error of a quantity that exceeds its range.
pub(super) const fn overflow(what: &'static str) -> SettlementError {
    SettlementError::Overflow { what }
}
