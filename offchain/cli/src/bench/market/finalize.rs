//! Finalization of an interval, page by page, and the solvers' rewards.

use anyhow::{Context, Result};
use gridweave_chain::Coin;
use gridweave_chain::ContractKind::Market;
use gridweave_types::market::{ExecuteMsg, MAX_PAGE};

use super::super::report::Cost;
use super::super::stage::{BARE, Case, Stage};

/// Finalizes the first interval with its `trades`; notes the first page and what all of them cost.
///
/// # Errors
/// The contract refuses.
pub async fn measure(stage: &mut Stage, trades: u32) -> Result<()> {
    let operator = stage.operator.clone();
    let fund = ExecuteMsg::FundRewards {};
    let coins = vec![Coin::new(1_000_000u128, stage.denom.clone())];
    stage.pay(&operator, Market, BARE, &fund, coins).await?;
    let name = format!("page of an interval of {trades} trades");
    let case = Case {
        name: &name,
        agents: trades.min(MAX_PAGE),
        horizon: 0,
    };
    let finalize = ExecuteMsg::FinalizeInterval {
        interval: 0,
        limit: Some(MAX_PAGE),
    };
    let mut sum = Cost::default();
    loop {
        let (response, cost) = stage.act_timed(&operator, Market, case, &finalize).await?;
        sum.add(cost);
        if response.attribute("complete")? == "true" {
            break;
        }
    }
    let name = format!("all trades, in pages of {MAX_PAGE}");
    let whole = Case {
        name: &name,
        agents: trades,
        horizon: 0,
    };
    stage.note("market", "finalize_interval", whole, sum);
    let spent = ExecuteMsg::DefundRewards {
        amount: 1u128.into(),
    };
    let done = stage.act(&operator, Market, BARE, &spent).await;
    done.context("the rewards have used up the pool")?;
    Ok(())
}
