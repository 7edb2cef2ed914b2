//! When an interval is finalized: from the end of interval `t − T_clear` on, T(14), T(15).

use gridweave_types::market::ConfigResponse;

/// From when on an interval may be finalized (unix seconds).
pub fn due_at(config: &ConfigResponse, interval: u32) -> u64 {
    let length = u64::from(config.interval_seconds);
    let end = u64::from(config.genesis) + (u64::from(interval) + 1) * length;
    end.saturating_sub(u64::from(config.clearing) * length)
}

/// Whether an interval may be finalized.
pub fn is_due(config: &ConfigResponse, interval: u32, now: u64) -> bool {
    now >= due_at(config, interval)
}

/// The first interval that may not be finalized yet, so that can still be traded; `None` past the
/// last interval there is.
pub fn first_open(config: &ConfigResponse, now: u64) -> Option<u32> {
    let length = u64::from(config.interval_seconds);
    let ahead = now + u64::from(config.clearing) * length;
    let elapsed = ahead.saturating_sub(config.genesis.into());
    u32::try_from(elapsed.checked_div(length)?).ok()
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{Addr, Uint64, Uint128};
    use gridweave_types::market::{Bond, Limits, Objective, Pricing, Reward};

    use super::*;

    fn config(clearing: u32) -> ConfigResponse {
        ConfigResponse {
            grid: Addr::unchecked("grid"),
            assets: Addr::unchecked("assets"),
            denom: "umoney".into(),
            genesis: 10_000,
            interval_seconds: 900,
            objective: Objective::Energy,
            pricing: Pricing::Solver,
            clearing,
            limits: Limits {
                address_offers: 1,
                book: 1,
                offer_energy: Uint64::one(),
                offer_price: Uint64::one(),
                horizon: 1,
                message_trades: 1,
                interval_trades: 1,
            },
            bond: Bond {
                amount: Uint128::zero(),
                infeasible: Uint128::zero(),
                withheld: Uint128::zero(),
            },
            reward: Reward {
                rate: Uint64::zero(),
                interval_cap: Uint128::zero(),
                uncertified_ppm: 0,
            },
            reveal: None,
        }
    }

    #[test]
    fn intervals_close_t_clear_before_the_end_of_their_predecessor() {
        // One interval ahead: when interval 5 begins, it is final.
        assert_eq!(due_at(&config(1), 5), 10_000 + 5 * 900);
        assert_eq!(due_at(&config(3), 5), 10_000 + 3 * 900);
        // Intervals right after genesis that would have closed before it.
        assert_eq!(due_at(&config(100), 5), 0);
    }

    #[test]
    fn the_first_open_interval_is_the_first_that_is_not_due() {
        for clearing in [1, 2, 7, 20] {
            let config = config(clearing);
            for now in [0, 5_000, 9_999, 10_000, 10_899, 10_900, 123_456] {
                let first = first_open(&config, now).unwrap();
                assert!(!is_due(&config, first, now), "{clearing} {now} {first}");
                assert!(first == 0 || is_due(&config, first - 1, now));
            }
        }
    }
}
