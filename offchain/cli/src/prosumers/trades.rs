//! Trades between two homes each, derived from what every home sells net.

use anyhow::{Context, Result};
use gridweave_agents::fixed::to_fx;
use gridweave_rules::pool::{bilateral, whole};

/// What one home sells to another in an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trade {
    /// The interval.
    pub interval: usize,
    /// Position of the seller.
    pub seller: usize,
    /// Position of the buyer.
    pub buyer: usize,
    /// Energy (Wh).
    pub energy_wh: u64,
    /// Price (currency per kWh).
    pub price: f64,
}

/// The trades behind `plans`, net sales by home (kW), paid at `price` (currency per kW and interval)
/// in intervals of `hours`, by the rule of the contracts: whole watt-hours, sellers fill buyers in
/// order.
///
/// # Errors
/// The plans do not balance.
pub fn derive(plans: &[Vec<f64>], price: &[f64], hours: f64) -> Result<Vec<Trade>> {
    let unit = (1e3 * hours).round() as u64;
    let mut trades = Vec::new();
    for (interval, price) in price.iter().enumerate() {
        let mut carry = 0;
        let mut sales = Vec::with_capacity(plans.len());
        for plan in plans {
            let power = to_fx("plan", plan[interval])?;
            let (energy, left) = whole(power, unit, carry).context("a plan is beyond the range")?;
            sales.push(energy.0);
            carry = left;
        }
        let pairs = bilateral(&sales)
            .with_context(|| format!("the plans of interval {interval} do not balance"))?;
        trades.extend(pairs.into_iter().map(|pair| Trade {
            interval,
            seller: pair.seller,
            buyer: pair.buyer,
            energy_wh: pair.energy,
            price: price / hours,
        }));
    }
    Ok(trades)
}
