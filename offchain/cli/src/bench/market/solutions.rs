//! Solutions of several sizes, in one message and in chunks.

use anyhow::{Context, Result, ensure};
use cosmwasm_std::Binary;
use gridweave_chain::Coin;
use gridweave_chain::ContractKind::Market;
use gridweave_optim::market::{Book, CompactProblem};
use gridweave_rules::market::{Certificate, FeederLimits, Layout, Objective, Trade, pack_trade};
use gridweave_types::assets::Side;
use gridweave_types::market::ExecuteMsg;
use gridweave_units::Interval;

use super::super::agents::Crowd;
use super::super::stage::{BARE, Case, Stage};
use super::book::{GROUPS, Orders};
use super::terms::{BOND, limits};
use super::{DAY, FEEDERS, Size, solver};

/// Price of every trade (µ/kWh).
const PRICE: u64 = 16_000;
/// The round: nothing is final yet.
pub const ROUND: u32 = 0;

/// Registers a solver and sends what it has found, each better than the one before; the number of
/// trades in the first interval at the end.
///
/// # Errors
/// The contract refuses or rejects a solution.
pub async fn measure(
    stage: &mut Stage,
    crowd: &Crowd,
    orders: &Orders,
    size: &Size,
) -> Result<u32> {
    register(stage, crowd).await?;
    let certificate = certificate(orders)?;
    let mut energy = 0;
    for &count in size.trades {
        for (spread, name) in [(true, "over 96 intervals"), (false, "in one interval")] {
            for certified in [false, true] {
                energy += 1;
                let trades = trades(orders, count, spread, energy)?;
                let tail = if certified { ", certified" } else { "" };
                let name = format!("{name}{tail}, book of {}", size.offers);
                let certificate = certified.then(|| certificate.clone());
                submit(stage, crowd, &name, &trades, certificate).await?;
            }
        }
    }
    let count = size.trades.last().copied().unwrap_or_default();
    let last = trades(orders, count, false, energy + 1)?;
    chunks(stage, crowd, size, &last, certificate).await?;
    Ok(count)
}

/// Registers the solver, and measures that where it is new to the market.
pub async fn register(stage: &mut Stage, crowd: &Crowd) -> Result<()> {
    let funds = vec![Coin::new(BOND, stage.denom.clone())];
    let register = ExecuteMsg::RegisterSolver {};
    stage
        .pay(solver(crowd), Market, BARE, &register, funds)
        .await?;
    Ok(())
}

async fn submit(
    stage: &mut Stage,
    crowd: &Crowd,
    name: &str,
    trades: &[Trade],
    certificate: Option<Binary>,
) -> Result<()> {
    let case = Case {
        name,
        agents: trades.len() as u32,
        horizon: 0,
    };
    let message = ExecuteMsg::SubmitSolution {
        round: ROUND,
        trades: packed(trades)?,
        certificate,
        salt: None,
    };
    let response = stage.act(solver(crowd), Market, case, &message).await?;
    accepted(response.attribute("action")?)
}

/// Fails unless a solution has been accepted.
pub fn accepted(action: &str) -> Result<()> {
    ensure!(
        action == "solution_accepted",
        "a solution had the outcome '{action}'"
    );
    Ok(())
}

/// The same solution message by message, after one that is given up.
async fn chunks(
    stage: &mut Stage,
    crowd: &Crowd,
    size: &Size,
    trades: &[Trade],
    certificate: Binary,
) -> Result<()> {
    let solver = solver(crowd);
    let begin = ExecuteMsg::BeginSolution { round: ROUND };
    stage.act(solver, Market, BARE, &begin).await?;
    let abandon = ExecuteMsg::AbandonSolution {};
    stage.act(solver, Market, BARE, &abandon).await?;
    stage.act(solver, Market, BARE, &begin).await?;
    for (sequence, page) in (0..).zip(trades.chunks(size.chunk as usize)) {
        let name = if sequence == 0 { "first" } else { "next" };
        let case = Case {
            name,
            agents: page.len() as u32,
            horizon: 0,
        };
        let append = ExecuteMsg::AppendTrades {
            sequence,
            trades: packed(page)?,
        };
        stage.act(solver, Market, case, &append).await?;
    }
    let name = format!("certified, book of {}", size.offers);
    let case = Case {
        name: &name,
        agents: trades.len() as u32,
        horizon: 0,
    };
    let seal = ExecuteMsg::SealSolution {
        certificate: Some(certificate),
        salt: None,
    };
    let response = stage.act(solver, Market, case, &seal).await?;
    accepted(response.attribute("action")?)
}

/// `count` trades of `energy` Wh each, spread over the day or all in its first interval.
///
/// # Errors
/// The orders do not suffice.
pub fn trades(orders: &Orders, count: u32, spread: bool, energy: u64) -> Result<Vec<Trade>> {
    let mut found = Vec::with_capacity(count as usize);
    let intervals = if spread { DAY } else { 1 };
    for interval in 0..intervals {
        let group = spread.then_some(interval / (DAY / GROUPS));
        let sellers = orders.numbers(Side::Sell, group);
        let buyers = orders.numbers(Side::Buy, group);
        let wanted = count / intervals + u32::from(interval < count % intervals);
        for at in 0..wanted as usize {
            // The second time around everybody has another partner.
            let partner = (at + at / sellers.len()) % buyers.len();
            found.push(Trade {
                interval: Interval(interval),
                seller: sellers[at % sellers.len()],
                buyer: buyers[partner],
                energy,
                price: PRICE,
            });
        }
    }
    found.sort_by_key(Trade::key);
    let distinct = found.windows(2).all(|pair| pair[0].key() < pair[1].key());
    ensure!(distinct, "{count} trades are too many for the orders");
    Ok(found)
}

/// Trades as in messages.
///
/// # Errors
/// They do not fit.
pub fn packed(trades: &[Trade]) -> Result<Binary> {
    let mut bytes = Vec::new();
    for trade in trades {
        pack_trade(Layout::Priced, Interval(ROUND), trade, &mut bytes)
            .context("a trade does not fit")?;
    }
    Ok(bytes.into())
}

/// Duals of the optimum of the orders.
fn certificate(orders: &Orders) -> Result<Binary> {
    let offers = (1..).zip(&orders.0);
    let limits = FeederLimits::from(limits());
    let book = Book {
        objective: Objective::Energy,
        next: Interval(ROUND),
        last: Interval(DAY - 1),
        offers: offers
            .map(|(number, order)| (number, order.offer()))
            .collect(),
        feeders: (1..=FEEDERS).map(|feeder| (feeder, limits)).collect(),
    };
    let solved = CompactProblem::new(&book).solve()?;
    let duals: Certificate = solved.certificate;
    Ok(duals.to_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solutions_are_as_large_as_asked_and_within_the_orders() {
        for (offers, most) in [(1_000, 100), (1_000, 5_000), (5_000, 5_000)] {
            let orders = Orders::new(offers);
            for spread in [true, false] {
                let trades = trades(&orders, most, spread, 1).unwrap();
                assert_eq!(trades.len(), most as usize);
                for trade in trades {
                    let of = |number: u32| orders.0[number as usize - 1];
                    for number in [trade.seller, trade.buyer] {
                        let intervals = of(number).class().intervals;
                        assert!(intervals.contains(trade.interval), "{trade:?}");
                    }
                    assert_eq!(of(trade.seller).side, Side::Sell);
                    assert_eq!(of(trade.buyer).side, Side::Buy);
                    assert!(of(trade.seller).price <= PRICE && PRICE <= of(trade.buyer).price);
                }
            }
        }
    }

    #[test]
    fn more_trades_than_pairs_are_refused() {
        assert!(trades(&Orders::new(10), 100, false, 1).is_err());
    }
}
