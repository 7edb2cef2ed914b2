//! What traders and the operator do with claims and money afterwards.

use anyhow::Result;
use cosmwasm_std::{Int64, Uint64, Uint128};
use gridweave_chain::ContractKind::{Assets, Market};
use gridweave_types::assets::{
    Asset, ClaimBalance, ClaimClass, Credit, DepositRow, ExecuteMsg, Payee, Payout, Side,
};
use gridweave_types::market;

use super::super::agents::Crowd;
use super::super::stage::{BARE, Case, QUIET, Stage};
use super::{rival, solver, trader};

/// Rows of the measured messages.
const COUNTS: [usize; 3] = [1, 10, 80];
/// The feeder of the accounts.
const FEEDER: u32 = 1;

/// Deposits, credits and payments; `accounts` are on feeder [`FEEDER`].
///
/// # Errors
/// A contract refuses.
pub async fn measure(stage: &mut Stage, crowd: &Crowd, accounts: &Crowd) -> Result<()> {
    claims(stage, crowd).await?;
    credits(stage, accounts).await?;
    money(stage, crowd, accounts).await?;
    let claim = market::ExecuteMsg::ClaimReward { solver: None };
    stage.act(solver(crowd), Market, BARE, &claim).await?;
    let leave = market::ExecuteMsg::UnregisterSolver {};
    stage.act(solver(crowd), Market, QUIET, &leave).await?;
    // A market without locks: nobody's.
    let operator = stage.operator.clone();
    let market = rival(crowd).address.clone();
    let register = ExecuteMsg::RegisterMarket {
        market: market.clone(),
    };
    stage.act(&operator, Assets, QUIET, &register).await?;
    let remove = ExecuteMsg::RemoveMarket { market };
    stage.act(&operator, Assets, BARE, &remove).await?;
    Ok(())
}

async fn claims(stage: &mut Stage, crowd: &Crowd) -> Result<()> {
    let trader = trader(crowd, FEEDER);
    for (sides, energy) in [(&[Side::Sell][..], 500u64), (&[Side::Sell, Side::Buy], 100)] {
        let claims = sides.iter().map(|side| ClaimBalance {
            class: class(*side),
            energy: energy.into(),
        });
        let deposit = ExecuteMsg::DepositEnergy {
            holder: None,
            claims: claims.collect(),
        };
        let case = Case {
            name: "claims",
            agents: sides.len() as u32,
            horizon: 1,
        };
        stage.act(trader, Assets, case, &deposit).await?;
    }
    let retire = ExecuteMsg::Retire {
        asset: Asset::Claim(class(Side::Buy)),
        energy: Uint64::one(),
        reason: "measured".into(),
    };
    stage
        .act(trader, Assets, BARE.named("claim"), &retire)
        .await?;
    Ok(())
}

fn class(side: Side) -> ClaimClass {
    ClaimClass {
        side,
        feeder: FEEDER,
        interval: 0,
    }
}

/// Each message credits others, so that all their lines in `billing` are new.
async fn credits(stage: &mut Stage, accounts: &Crowd) -> Result<()> {
    let operator = stage.operator.clone();
    let mut rest = accounts.signers.as_slice();
    for count in COUNTS {
        let count = count.min(rest.len());
        let (now, later) = rest.split_at(count);
        rest = later;
        let rows = now.iter().map(|account| DepositRow {
            account: account.address.clone(),
            interval: 0,
            energy: Int64::one(),
        });
        let credit = ExecuteMsg::CreditDeposits {
            rows: rows.collect(),
        };
        let case = Case {
            name: "new lines",
            agents: count as u32,
            horizon: 1,
        };
        stage.act(&operator, Assets, case, &credit).await?;
    }
    Ok(())
}

async fn money(stage: &mut Stage, crowd: &Crowd, payees: &Crowd) -> Result<()> {
    let operator = stage.operator.clone();
    let trader = trader(crowd, FEEDER);
    let deposit = ExecuteMsg::DepositFinancial {
        amount: Uint128::new(1_000_000),
        credit: Credit::Coins,
    };
    let withdraw = ExecuteMsg::Withdraw {
        amount: Uint128::new(1_000),
    };
    stage.act(trader, Assets, BARE, &deposit).await?;
    stage.act(trader, Assets, BARE, &withdraw).await?;
    for count in COUNTS {
        let rows = payees.signers.iter().take(count).map(|payee| Payout {
            payee: Payee::Address(payee.address.clone()),
            amount: Uint128::new(10),
        });
        let pay = ExecuteMsg::PayOut {
            rows: rows.collect(),
        };
        let case = Case {
            name: "to addresses",
            agents: count as u32,
            horizon: 0,
        };
        stage.act(&operator, Assets, case, &pay).await?;
    }
    Ok(())
}
