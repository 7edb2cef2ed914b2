//! What is offered: what it takes, and how it is posted.

use cosmwasm_std::Uint64;
use gridweave_chain::{Call, ChainError, ContractAddr};
use gridweave_rules::market::escrow;
use gridweave_types::assets::{PermitClass, Side};
use gridweave_types::market::ExecuteMsg;

use super::permits::Withdrawal;

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Side, feeder and intervals.
    pub class: PermitClass,
    /// Energy (Wh).
    pub energy: u64,
    /// Reservation price (µ/kWh).
    pub price: u64,
}

impl Plan {
    /// Money that the offer locks (µ).
    pub fn money(&self) -> u128 {
        match self.class.side {
            Side::Sell => 0,
            Side::Buy => escrow(self.energy, self.price),
        }
    }

    /// All that `holder` must be given before it can post the offer.
    pub fn needs(&self, holder: &str) -> Withdrawal {
        Withdrawal {
            holder: holder.into(),
            class: self.class,
            energy: self.energy,
            money: self.money(),
        }
    }

    /// The call that posts the offer on `market`.
    ///
    /// # Errors
    /// [`ChainError::Encode`].
    pub fn post(&self, market: &ContractAddr) -> Result<Call, ChainError> {
        let post = ExecuteMsg::PostOffer {
            permit: self.class,
            energy: Uint64::new(self.energy),
            price: Uint64::new(self.price),
        };
        Call::new(market, &post)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buyers_need_money_and_sellers_do_not() {
        let plan = |side| Plan {
            class: PermitClass {
                side,
                feeder: 1,
                intervals: "3-4".parse().unwrap(),
            },
            energy: 700,
            price: 200_000,
        };
        let needs = |side| plan(side).needs("holder");
        assert_eq!(
            (needs(Side::Buy).energy, needs(Side::Buy).money),
            (700, 140_000)
        );
        assert_eq!(needs(Side::Sell).money, 0);
    }
}
