//! Prices of trades and the money behind them.

/// Wh per kWh: a price in µ/kWh times an energy in Wh, over this, is µ.
const WH_PER_KWH: u128 = 1_000;

/// Who sets the price of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pricing {
    /// The solver, anywhere between the reservation prices, T(9).
    Solver,
    /// The rule: [`midpoint`]. A solver gains nothing by choosing.
    Midpoint,
}

/// The middle between two reservation prices (µ/kWh), rounded down; within T(9).
pub const fn midpoint(ask: u64, bid: u64) -> u64 {
    ask.midpoint(bid)
}

/// What a trade moves from buyer to seller (µ), rounded down: whatever trades an offer is split
/// into, they cannot cost more than its [`escrow`].
pub fn payment(energy: u64, price: u64) -> u128 {
    u128::from(energy) * u128::from(price) / WH_PER_KWH
}

/// The most a buying offer can cost (µ), rounded up.
pub fn escrow(energy: u64, price: u64) -> u128 {
    (u128::from(energy) * u128::from(price)).div_ceil(WH_PER_KWH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn payments_stay_within_the_escrow(
            parts in proptest::collection::vec((0..1_000_000u64, 0..=1_000u64), 1..9),
            price in 0..u64::MAX / 1_001,
        ) {
            let energy = parts.iter().map(|part| part.0).sum();
            let paid: u128 = parts
                .iter()
                .map(|(energy, share)| payment(*energy, price / 1_000 * share))
                .sum();
            prop_assert!(paid <= escrow(energy, price));
        }

        #[test]
        fn the_midpoint_is_between(ask in any::<u64>(), spread in any::<u64>()) {
            let bid = ask.saturating_add(spread);
            let price = midpoint(ask, bid);
            prop_assert!(ask <= price && price <= bid);
        }
    }

    #[test]
    fn nothing_overflows() {
        assert!(payment(u64::MAX, u64::MAX) < escrow(u64::MAX, u64::MAX));
        assert_eq!((payment(1, 999), escrow(1, 999)), (0, 1));
    }
}
