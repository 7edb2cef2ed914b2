//! The packed records.

use cosmwasm_std::{StdError, StdResult};
use gridweave_types::assets::PermitClass;
use gridweave_types::packed::packed_struct;
use gridweave_units::{Interval, IntervalSet};

use super::keys::{side, side_of};

packed_struct! {
    /// Totals (96 bytes).
    pub struct Books {
        /// Coins that came in.
        pub paid_in: u128,
        /// Coins that went out.
        pub paid_out: u128,
        /// Sum of the holders' free money.
        pub free: u128,
        /// Sum of the money in locks.
        pub locked: u128,
        /// Returned to the operator and not paid out.
        pub deposited: u128,
        /// Energy of all permits ever issued (Wh). No sum of energies exceeds it.
        pub issued: u64,
        /// Number of addresses.
        pub holders: u32,
        /// Number of classes.
        pub classes: u32,
    }
}

packed_struct! {
    /// A class of permits and its totals (89 bytes).
    pub struct Class {
        /// Side as it is stored.
        pub side: u8,
        /// Feeder number.
        pub feeder: u32,
        /// First interval.
        pub first: u32,
        /// See [`IntervalSet::bitmap`].
        pub bitmap: u128,
        /// Issued by the operator (Wh).
        pub issued: u64,
        /// Came from wider classes (Wh).
        pub narrowed_in: u64,
        /// Went to narrower classes (Wh).
        pub narrowed_out: u64,
        /// In free balances (Wh).
        pub free: u64,
        /// Locked (Wh).
        pub locked: u64,
        /// Turned into claims (Wh).
        pub consumed: u64,
        /// Expired unused (Wh).
        pub expired: u64,
        /// Burnt (Wh).
        pub retired: u64,
    }
}

impl Class {
    /// A class without totals.
    pub fn new(class: &PermitClass) -> Self {
        Self {
            side: side_of(class.side),
            feeder: class.feeder,
            first: class.intervals.first().0,
            bitmap: class.intervals.bitmap(),
            ..Self::default()
        }
    }

    /// What it allows.
    ///
    /// # Errors
    /// When the stored set is broken, which only a defect can cause.
    pub fn permit(&self) -> StdResult<PermitClass> {
        let intervals = IntervalSet::new(Interval(self.first), self.bitmap);
        let broken = || StdError::msg("stored class has no intervals");
        Ok(PermitClass {
            side: side(self.side),
            feeder: self.feeder,
            intervals: intervals.ok_or_else(broken)?,
        })
    }
}

packed_struct! {
    /// What is left of what an offer locked (32 bytes). A lock always has a holder, so the default
    /// is none.
    pub struct Lock {
        /// Number of the holder.
        pub holder: u32,
        /// Number of the class of the permit.
        pub class: u32,
        /// Energy (Wh).
        pub energy: u64,
        /// Money (µ).
        pub money: u128,
    }
}

packed_struct! {
    /// Trades and deposits of one side, feeder and interval (48 bytes).
    pub struct Delivery {
        /// Energy traded (Wh).
        pub traded: u64,
        /// Sum of the payments (µ); saturates, since it only makes a price.
        pub value: u128,
        /// Deposited to the operator (Wh).
        pub deposited: u64,
        /// Credited to accounts (Wh).
        pub credited: u64,
        /// Retired (Wh).
        pub retired: u64,
    }
}

/// Wh per kWh.
const WH_PER_KWH: u128 = 1_000;

impl Delivery {
    /// Volume-weighted price of the trades (µ/kWh), rounded down and at most `limit`; 0 without
    /// trades.
    pub fn price(&self, limit: u64) -> u64 {
        let scaled = self.value.saturating_mul(WH_PER_KWH);
        let price = scaled.checked_div(self.traded.into()).unwrap_or(0);
        u64::try_from(price).unwrap_or(u64::MAX).min(limit)
    }
}

packed_struct! {
    /// Energy of the permits for each interval of a block (Wh); zeros at the end are left out.
    pub struct Tally {
        /// One number an interval.
        pub energies: Vec<u64>,
    }
}

packed_struct! {
    /// A market.
    pub struct Market {
        /// Whether it may lock assets.
        pub active: bool,
        /// Its locks.
        pub locks: u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_rounded_down_and_limited() {
        let delivery = |traded, value| Delivery {
            traded,
            value,
            ..Delivery::default()
        };
        assert_eq!(delivery(0, 5).price(100), 0);
        assert_eq!(delivery(3_000, 1_000).price(10_000), 333);
        assert_eq!(delivery(1, 1_000_000).price(10_000), 10_000);
        assert_eq!(delivery(1, u128::MAX).price(u64::MAX), u64::MAX);
    }
}
