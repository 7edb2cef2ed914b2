//! Terms of a market, and the usual ones.

use cosmwasm_std::{Uint64, Uint128};
use gridweave_model::market::{MarketObjective, MarketPricing};
use gridweave_types::market::{
    Bond, InstantiateMsg, Limits, MAX_BOOK, MAX_HORIZON, MAX_INTERVAL_TRADES, MAX_OFFER_ENERGY,
    Objective, Pricing, Reveal, Reward,
};

/// Offers that one address may have open.
const ADDRESS_OFFERS: u32 = 200;
/// Highest price of an offer: 100 currency units per kWh (µ/kWh).
const OFFER_PRICE: u64 = 100_000_000;
/// Trades in one message, 84 kB where the contract sets prices.
const MESSAGE_TRADES: u32 = 6_000;
/// A solver's bond, and what it forfeits for an infeasible and for a withheld solution (µ).
const BOND: [u128; 3] = [1_000_000, 100_000, 50_000];
/// Reward of a million units of the objective, and most of an interval (µ).
const REWARD: (u64, u128) = (10_000, 1_000_000);
/// Share of its reward that a solver gets without a certificate (ppm).
const UNCERTIFIED_PPM: u32 = 500_000;

/// What a market is to be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarketChoice {
    /// What is maximized.
    pub objective: MarketObjective,
    /// Who sets prices.
    pub pricing: MarketPricing,
    /// `T_clear` (intervals).
    pub clear: u32,
    /// Seconds in which a solver must reveal what it has committed to; no commitments without it.
    pub reveal: Option<u32>,
}

impl Default for MarketChoice {
    /// Most energy, soon-expiring offers first; the middle of the reservation prices; final when an
    /// interval begins.
    fn default() -> Self {
        Self {
            objective: MarketObjective::ExpiringFirst,
            pricing: MarketPricing::Midpoint,
            clear: 1,
            reveal: None,
        }
    }
}

impl MarketChoice {
    /// What is maximized, as the rules know it.
    pub fn objective(&self) -> gridweave_rules::market::Objective {
        self.terms().objective.into()
    }

    /// What `market` is told at birth; the addresses of `grid` and `assets`
    /// are for whoever deploys to fill in.
    pub fn terms(&self) -> InstantiateMsg {
        let [amount, infeasible, withheld] = BOND.map(Uint128::new);
        InstantiateMsg {
            grid: String::new(),
            assets: String::new(),
            objective: match self.objective {
                MarketObjective::Energy => Objective::Energy,
                MarketObjective::ExpiringFirst => Objective::ExpiringFirst,
                MarketObjective::Welfare => Objective::Welfare,
            },
            pricing: match self.pricing {
                MarketPricing::Solver => Pricing::Solver,
                MarketPricing::Midpoint => Pricing::Midpoint,
            },
            clearing: self.clear,
            limits: Limits {
                address_offers: ADDRESS_OFFERS,
                book: MAX_BOOK,
                offer_energy: Uint64::new(MAX_OFFER_ENERGY),
                offer_price: Uint64::new(OFFER_PRICE),
                horizon: MAX_HORIZON,
                message_trades: MESSAGE_TRADES,
                interval_trades: MAX_INTERVAL_TRADES,
            },
            bond: Bond {
                amount,
                infeasible,
                withheld,
            },
            reward: Reward {
                rate: Uint64::new(REWARD.0),
                interval_cap: Uint128::new(REWARD.1),
                uncertified_ppm: UNCERTIFIED_PPM,
            },
            reveal: self.reveal.map(|seconds| Reveal { seconds }),
        }
    }
}
