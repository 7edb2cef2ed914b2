//! Prices of the run and how far they are from the central duals.

use anyhow::Result;
use gridweave_agents::marginal::marginal_prices;
use gridweave_agents::observer::{Observer, Prices};
use gridweave_chain::Chain;
use gridweave_model::{Instance, SessionMode};

/// Prices below this fraction of the largest one are compared against it instead.
const SMALL_PRICE: f64 = 0.05;

/// The contract's prices in exchange sessions; in consensus sessions, where the contract holds no
/// network, the marginal prices of the final schedule by the same rules.
pub async fn collect<C: Chain>(
    observer: &Observer<'_, C>,
    instance: &Instance,
    mode: SessionMode,
    injections: &[Vec<f64>],
) -> Result<Vec<Prices>> {
    Ok(match mode {
        SessionMode::Exchange | SessionMode::ExchangeAdmm => observer.prices().await?,
        SessionMode::Nodal | SessionMode::Lateral => marginal_prices(instance, injections)?,
    })
}

/// Largest relative difference between `prices` and the central duals `[bus][interval]`.
pub fn largest_error(instance: &Instance, prices: &[Prices], central: &[Vec<f64>]) -> f64 {
    let cells = central.iter().flatten();
    let floor = SMALL_PRICE * cells.fold(0.0, |most: f64, price| most.max(price.abs()));
    let mut largest: f64 = 0.0;
    for row in prices {
        let Some(bus) = instance.network.index_of(row.bus) else {
            continue;
        };
        for (ours, theirs) in row.dlmp().iter().zip(&central[bus]) {
            largest = largest.max((ours - theirs).abs() / theirs.abs().max(floor));
        }
    }
    largest
}
