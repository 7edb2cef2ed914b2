//! Permits and money: what the operator gives out.

use anyhow::Result;
use gridweave_chain::ContractKind::Assets;
use gridweave_chain::{Coin, Signer};
use gridweave_types::assets::{Asset, ExecuteMsg, PermitClass, PermitEntry, PermitPart, Side};
use gridweave_units::{Interval, IntervalSet};

use super::super::agents::Crowd;
use super::super::stage::{BARE, Case, QUIET, Stage};
use super::book::{ENERGY, GROUPS, class};
use super::terms::BOND;
use super::{FEEDERS, rival, solver, strangers, trader};

/// Entries of the measured messages.
const COUNTS: [u32; 3] = [1, 10, 100];
/// Entries of the others.
const PAGE: usize = 120;
/// Money of a trader, and what is left to its key (µ).
const MONEY: u128 = 1_000_000_000;

/// Gives traders permits and money for `offers` in all, and solvers their bonds.
///
/// # Errors
/// A contract refuses.
pub async fn stock(stage: &mut Stage, crowd: &Crowd, offers: u32) -> Result<()> {
    let operator = stage.operator.clone();
    for feeder in 1..=FEEDERS {
        for name in ["new holder", "known holder"] {
            give(stage, trader(crowd, feeder), name).await?;
        }
    }
    let energy = ENERGY * u64::from(offers);
    let mut entries = Vec::new();
    for feeder in 1..=FEEDERS {
        for group in 0..GROUPS {
            for side in [Side::Sell, Side::Buy] {
                let class = class(side, feeder, group);
                entries.push(entry(trader(crowd, feeder), class, energy));
            }
        }
    }
    for entries in entries.chunks(PAGE) {
        let issue = ExecuteMsg::IssuePermits {
            entries: entries.to_vec(),
        };
        stage.act(&operator, Assets, QUIET, &issue).await?;
    }
    let coin = Coin::new(4 * BOND, stage.denom.clone());
    let bonds = [solver(crowd), rival(crowd)].map(|own| (own.address.clone(), coin.clone()));
    stage.chain.send_coins(&operator, &bonds).await?;
    Ok(())
}

async fn give(stage: &mut Stage, holder: &Signer, name: &str) -> Result<()> {
    let operator = stage.operator.clone();
    let add = ExecuteMsg::AddFinancialBalance {
        holder: holder.address.clone(),
    };
    let funds = vec![Coin::new(MONEY, stage.denom.clone())];
    let case = BARE.named(name);
    stage.pay(&operator, Assets, case, &add, funds).await?;
    Ok(())
}

/// What the operator and a holder do with permits.
///
/// # Errors
/// The contract refuses.
pub async fn measure(stage: &mut Stage, crowd: &Crowd) -> Result<()> {
    let operator = stage.operator.clone();
    let limit = ExecuteMsg::SetIssueLimit {
        feeder: FEEDERS,
        limit: Some(u64::MAX.into()),
    };
    stage.act(&operator, Assets, BARE, &limit).await?;
    for (count, holder) in COUNTS.into_iter().zip(strangers(crowd)) {
        // Each entry is a class that nobody has yet.
        let entries = (0..count).map(|at| entry(holder, span(FEEDERS - 1, count, at), ENERGY));
        let issue = ExecuteMsg::IssuePermits {
            entries: entries.collect(),
        };
        for name in ["new classes", "known classes and holder"] {
            let case = Case {
                name,
                agents: count,
                horizon: 0,
            };
            stage.act(&operator, Assets, case, &issue).await?;
        }
    }
    let holder = &strangers(crowd)[0];
    let class = span(FEEDERS - 1, COUNTS[0], 0);
    let part = PermitPart {
        intervals: IntervalSet::single(class.intervals.first()),
        energy: ENERGY.into(),
    };
    let split = ExecuteMsg::Split {
        class,
        parts: vec![part],
    };
    let retire = ExecuteMsg::Retire {
        asset: Asset::Permit(class),
        energy: 1u64.into(),
        reason: "measured".into(),
    };
    // Not noted: the first transaction of a key costs more, as the chain keeps its public key.
    stage.act(holder, Assets, QUIET, &retire).await?;
    stage.act(holder, Assets, BARE, &split).await?;
    stage
        .act(holder, Assets, BARE.named("permit"), &retire)
        .await?;
    Ok(())
}

/// A class of its own for each place in a message of `count` entries.
fn span(feeder: u32, count: u32, at: u32) -> PermitClass {
    let first = Interval(1 + at % 90);
    let intervals = IntervalSet::span(first, 2 + 3 * count.ilog10() + at / 90);
    PermitClass {
        side: Side::Sell,
        feeder,
        intervals: intervals.unwrap_or(IntervalSet::single(first)),
    }
}

fn entry(holder: &Signer, class: PermitClass, energy: u64) -> PermitEntry {
    PermitEntry {
        holder: holder.address.clone(),
        class,
        energy: energy.into(),
    }
}
