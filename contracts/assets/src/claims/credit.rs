//! `CreditDeposits`: deposited claims become paid commitments of accounts.

use std::collections::BTreeMap;

use cosmwasm_std::{
    Addr, Deps, DepsMut, Env, Int64, MessageInfo, Response, WasmMsg, to_json_binary,
};
use gridweave_types::address::parse;
use gridweave_types::assets::{ClaimClass, ConfigResponse, DepositRow, MAX_CREDITS, Side};
use gridweave_types::billing::{CommitmentInput, ExecuteMsg};
use gridweave_types::parameter::invalid;

use crate::authority::{register, require_operator};
use crate::error::{ContractError, check_rows, overflow};
use crate::events::{deposit_credited, done};
use crate::ledger::add;
use crate::state::CONFIG;
use crate::work::Work;

/// What an account sold and bought for one interval.
#[derive(Default)]
struct Sums {
    feeder: u32,
    sold: u64,
    bought: u64,
}

/// Sums by account and interval.
type Rows = BTreeMap<(Addr, u32), Sums>;

/// Credits all rows or none. When `billing` refuses, the whole message fails and the deposits stay
/// where they are.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::NoBilling`],
/// [`ContractError::InvalidParameter`], [`ContractError::InvalidAddress`],
/// [`ContractError::NotRegistered`], [`ContractError::InsufficientDeposit`],
/// [`ContractError::Overflow`].
pub fn credit(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    rows: &[DepositRow],
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    check_rows("number of rows", rows.len(), MAX_CREDITS)?;
    let billing = config.billing.as_ref().ok_or(ContractError::NoBilling)?;
    let rows = sum_up(deps.as_ref(), &config, rows)?;
    let mut work = Work::begin(deps.storage, &env)?;
    let commitments = rows.iter().map(|(key, sums)| record(&mut work, key, sums));
    let commitments: Vec<CommitmentInput> = commitments.collect::<Result<_, _>>()?;
    announce(&mut work, &rows)?;
    let response = done("deposits_credited")
        .add_attribute("billing", billing)
        .add_attribute("commitments", commitments.len().to_string());
    let message = WasmMsg::Execute {
        contract_addr: billing.to_string(),
        msg: to_json_binary(&ExecuteMsg::RecordCommitments {
            commitments,
            paid: true,
        })?,
        funds: Vec::new(),
    };
    Ok(work.finish(response).add_message(message))
}

/// `billing` takes one commitment per account, interval and source, so rows are summed up.
fn sum_up(deps: Deps, config: &ConfigResponse, rows: &[DepositRow]) -> Result<Rows, ContractError> {
    let mut feeders: BTreeMap<Addr, u32> = BTreeMap::new();
    let mut sums = Rows::new();
    for row in rows {
        let account = parse(deps.api, "rows.account", &row.account)?;
        let feeder = match feeders.get(&account) {
            Some(feeder) => *feeder,
            None => register(deps.querier, config).account(&account)?.feeder,
        };
        feeders.insert(account.clone(), feeder);
        let sum = sums.entry((account, row.interval)).or_default();
        sum.feeder = feeder;
        let energy = row.energy.i64();
        match energy {
            0 => return Err(invalid("rows.energy", &energy, "above or below 0")),
            1.. => add(&mut sum.sold, energy.unsigned_abs(), "energy of an account")?,
            _ => add(
                &mut sum.bought,
                energy.unsigned_abs(),
                "energy of an account",
            )?,
        }
    }
    Ok(sums)
}

/// Tells how much was credited of which deposits; who got it, `billing` tells.
fn announce(work: &mut Work, rows: &Rows) -> Result<(), ContractError> {
    let mut totals: BTreeMap<ClaimClass, u64> = BTreeMap::new();
    for (key, sums) in rows {
        for (side, energy) in [(Side::Sell, sums.sold), (Side::Buy, sums.bought)] {
            let class = ClaimClass {
                side,
                feeder: sums.feeder,
                interval: key.1,
            };
            add(totals.entry(class).or_default(), energy, "credited energy")?;
        }
    }
    let limit = work.config.price_limit.u64();
    for (class, energy) in totals.into_iter().filter(|(_, energy)| *energy > 0) {
        let price = work.delivery(&class)?.price(limit);
        work.announce(deposit_credited(&class, energy, price));
    }
    Ok(())
}

/// Takes an account's energy out of the deposits; the commitment that `billing` records.
fn record(
    work: &mut Work,
    key: &(Addr, u32),
    sums: &Sums,
) -> Result<CommitmentInput, ContractError> {
    let (account, interval) = key;
    let class = |side| ClaimClass {
        side,
        feeder: sums.feeder,
        interval: *interval,
    };
    let sold = take(work, &class(Side::Sell), sums.sold)?;
    let bought = take(work, &class(Side::Buy), sums.bought)?;
    let net = i128::from(sums.sold) - i128::from(sums.bought);
    let energy = i64::try_from(net).map_err(|_| overflow("energy of an account"))?;
    let total = u128::from(sums.sold) + u128::from(sums.bought);
    // Both prices are within the limit, so the products cannot overflow.
    let value =
        u128::from(sold) * u128::from(sums.sold) + u128::from(bought) * u128::from(sums.bought);
    let price = value.checked_div(total).unwrap_or(0);
    let price = i64::try_from(price).map_err(|_| overflow("price"))?;
    Ok(CommitmentInput {
        account: account.to_string(),
        interval: *interval,
        energy: Int64::new(energy),
        price: Int64::new(price),
    })
}

/// Marks deposited energy as credited; the price of its trades (µ/kWh, rounded down).
fn take(work: &mut Work, class: &ClaimClass, energy: u64) -> Result<u64, ContractError> {
    let limit = work.config.price_limit.u64();
    let delivery = work.delivery(class)?;
    let held = delivery.deposited.saturating_sub(delivery.credited);
    if energy > held {
        return Err(ContractError::InsufficientDeposit {
            class: *class,
            asked: energy,
            held,
        });
    }
    add(&mut delivery.credited, energy, "credited energy")?;
    Ok(delivery.price(limit))
}
