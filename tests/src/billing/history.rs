//! A history in which everything happens once.

use cosmwasm_std::{Uint64, Uint128};
use gridweave_types::billing::{ExecuteMsg, InstantiateMsg, Tariff, Term};

use super::{Billing, COLLATERAL};
use crate::coordinator::exchange_config;
use crate::flexible;

/// Prosumers of [`two_periods`].
pub const HOMES: usize = 4;

fn tariff() -> Tariff {
    Tariff {
        terms: vec![
            Term::Dlmp {},
            Term::TimeOfUse {
                prices: vec![7_001.into(), (-3_003).into()],
            },
            Term::Demand {
                price: 90_007u64.into(),
            },
        ],
        imbalance_bps: 1_234,
    }
}

/// Two periods of four intervals, from the first deposit to the last statement.
///
/// # Panics
/// When the contracts refuse.
pub fn two_periods() -> Billing {
    let mut config = exchange_config();
    config.first_interval = Uint64::new(2);
    config.energy_unit = Uint64::new(250_000);
    let (chain, session) = flexible::run(HOMES, config);
    let mut billing = Billing::with(chain, |terms: &mut InstantiateMsg| {
        terms.tariff = tariff();
        terms.float = Uint128::new(1_000);
    });
    promise(&mut billing, session).expect("promises are taken");
    first_interval(&mut billing, session).expect("interval 0 is settled");
    rest(&mut billing).expect("the rest is settled");
    end(&mut billing).expect("the periods are reconciled");
    billing
}

type Done = cosmwasm_std::StdResult<()>;

fn record_session(billing: &mut Billing, session: u64, limit: u32) -> Done {
    let coordinator = billing.chain.contract.to_string();
    let limit = Some(limit);
    let message = ExecuteMsg::RecordSession {
        coordinator,
        session,
        limit,
    };
    billing.anyone(&message).map(drop)
}

fn promise(billing: &mut Billing, session: u64) -> Done {
    for home in 0..3 {
        billing.top_up(home, 40 * COLLATERAL)?;
    }
    billing.top_up(3, COLLATERAL)?;
    billing.fund(50_000)?;
    billing.commit(&[
        (0, 0, 2_000, 241_000),
        (1, 0, -1_500, 252_000),
        (2, 0, -800, 263_000),
        (3, 0, -9_000, 274_000),
        (0, 1, 2_100, 235_000),
        (1, 1, -1_400, 246_000),
    ])?;
    billing.commit_as(&[(0, 5, 1_300, 222_000), (1, 5, -1_300, 222_000)], true)?;
    record_session(billing, session, 3)?;
    let later = Tariff {
        imbalance_bps: 500,
        ..tariff()
    };
    billing.set_tariff(40, later).map(drop)
}

/// A dispute, corrections before and after settlement, a silent meter that reports after all.
fn first_interval(billing: &mut Billing, session: u64) -> Done {
    billing.at(1, 10);
    billing.read(0, 0, &[1_900])?;
    billing.read(1, 0, &[-1_700])?;
    billing.read(3, 0, &[-9_500])?;
    billing.correct(0, 0, &[1_950])?;
    billing.dispute(1, 0)?;
    billing.resolve(1, 0, Some(-1_600))?;
    billing.until_settlement(0);
    billing.settle(0)?;
    billing.correct(0, 0, &[1_801])?;
    billing.read(2, 0, &[-703])?;
    billing.commit(&[(3, 9, -100, 200_000), (0, 6, 900, 211_000)])?;
    billing.at(2, 10);
    record_session(billing, session, 3)
}

/// Everybody reads, the meter at the root included.
fn rest(billing: &mut Billing) -> Done {
    billing.at(7, 10);
    for (home, sign) in [(0, 1), (1, -1), (2, -1), (3, -1)] {
        let readings: Vec<i64> = (0..6).map(|t| sign * (1_111 + 137 * t)).collect();
        billing.read(home, 1, &readings)?;
    }
    let root = billing.root.next(false, 0, &[5_000, 5_100, 5_200]);
    billing.anyone(&ExecuteMsg::SubmitReadings(root))?;
    let root = billing.root.next(true, 1, &[5_050]);
    billing.anyone(&ExecuteMsg::CorrectReadings(root))?;
    billing.until_settlement(6);
    for interval in 1..=6 {
        for (after, limit) in [(None, 2), (Some(1), 200)] {
            let start_after = after.map(|home| billing.home(home).to_string());
            let limit = Some(limit);
            let message = ExecuteMsg::Settle {
                interval,
                start_after,
                limit,
            };
            billing.anyone(&message)?;
        }
    }
    Ok(())
}

fn end(billing: &mut Billing) -> Done {
    billing.until_final(7);
    billing.reconcile(0)?;
    billing.reconcile(1)?;
    billing.fund(30_000_000)?;
    let owed = billing.account(0).receivable.u128();
    if owed > 0 {
        let account = billing.home(0).to_string();
        billing.anyone(&ExecuteMsg::Collect { account })?;
    }
    billing.withdraw(0, 100_000)?;
    billing.top_up(3, 20 * COLLATERAL)?;
    billing.defund(70_000)?;
    let home = billing.home(1);
    billing.send(&home, &ExecuteMsg::Release { recipient: None }, 0)?;
    let contract = billing.market.to_string();
    billing
        .operate(&ExecuteMsg::RemoveSource { contract })
        .map(drop)
}
