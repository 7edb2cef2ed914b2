//! Terms of the measured contracts.

use anyhow::Result;
use cosmwasm_std::{Uint64, Uint128};
use gridweave_chain::ContractKind::{Assets, Billing, Grid, Market};
use gridweave_types::billing::SourceKind;
use gridweave_types::market::{
    Bond, ExecuteMsg, FeederLimits, InstantiateMsg, Limits, MAX_BOOK, Objective, Pricing, Reveal,
    Reward,
};
use gridweave_types::{assets, billing};

use super::super::billing::terms as bills;
use super::super::stage::{BARE, QUIET, Stage};
use super::{DAY, FEEDERS};

/// Seconds of an interval: what follows trading must be done in one.
const INTERVAL: u32 = 900;
/// A solver's bond.
pub const BOND: u128 = 1_000_000;

/// Terms of a market whose siblings are named later.
pub fn plain() -> InstantiateMsg {
    InstantiateMsg {
        grid: String::new(),
        assets: String::new(),
        objective: Objective::Energy,
        pricing: Pricing::Solver,
        // The first interval is due one interval before it begins.
        clearing: 2,
        limits: Limits {
            address_offers: MAX_BOOK,
            book: MAX_BOOK,
            offer_energy: Uint64::new(1_000_000),
            offer_price: Uint64::new(1_000_000),
            horizon: 128,
            message_trades: 6_000,
            interval_trades: 6_000,
        },
        bond: Bond {
            amount: Uint128::new(BOND),
            infeasible: Uint128::new(BOND / 2),
            withheld: Uint128::new(BOND / 2),
        },
        reward: Reward {
            rate: Uint64::new(1_000_000),
            interval_cap: Uint128::new(1_000_000),
            uncertified_ppm: 500_000,
        },
        reveal: None,
    }
}

/// New `billing` and `assets` whose first interval is due at `due` (Unix seconds).
///
/// # Errors
/// A contract refuses.
pub async fn found(stage: &mut Stage, due: u64) -> Result<()> {
    let clock = bills::Clock {
        genesis: due + u64::from(INTERVAL),
        interval: INTERVAL,
        period: DAY,
        dispute: 0,
        correction: 0,
    };
    let terms = bills::terms(stage, &clock)?;
    stage.renew(Billing, &terms).await?;
    let own = assets::InstantiateMsg {
        grid: stage.address(Grid)?.to_string(),
        billing: Some(stage.address(Billing)?.to_string()),
        denom: terms.denom,
        genesis: terms.genesis,
        interval_seconds: terms.interval_seconds,
        price_limit: terms.limits.price,
    };
    stage.renew(Assets, &own).await?;
    let source = billing::ExecuteMsg::RegisterSource {
        contract: stage.address(Assets)?.to_string(),
        kind: SourceKind::Recorder,
    };
    let operator = stage.operator.clone();
    stage.act(&operator, Billing, QUIET, &source).await?;
    Ok(())
}

/// A new market over `assets`, with limits for every feeder.
///
/// # Errors
/// A contract refuses.
pub async fn renew_market(stage: &mut Stage, reveal: Option<Reveal>) -> Result<()> {
    let terms = InstantiateMsg {
        grid: stage.address(Grid)?.to_string(),
        assets: stage.address(Assets)?.to_string(),
        reveal,
        ..plain()
    };
    stage.renew(Market, &terms).await?;
    let operator = stage.operator.clone();
    let market = stage.address(Market)?.to_string();
    let register = assets::ExecuteMsg::RegisterMarket { market };
    stage.act(&operator, Assets, BARE, &register).await?;
    for feeder in 1..=FEEDERS {
        let limits = ExecuteMsg::SetFeederLimits {
            feeder,
            limits: limits(),
        };
        stage.act(&operator, Market, BARE, &limits).await?;
    }
    Ok(())
}

/// Limits that do not bind.
pub fn limits() -> FeederLimits {
    let most = Uint64::new(1_000_000_000);
    FeederLimits {
        export: most,
        import: most,
        consumption: most,
        production: most,
    }
}
