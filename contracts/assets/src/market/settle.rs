//! `SettleTrades`: T(14), T(15) become claims and money.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use gridweave_types::assets::{ClaimClass, MAX_TRADES, Side, Trade};
use gridweave_units::Interval;

use crate::authority::require_market;
use crate::error::{ContractError, TradeFault, check_rows};
use crate::events::{done, packed};
use crate::ledger::{add, give_money, sub};
use crate::state::{HolderId, LockKey, MarketId};
use crate::work::Work;

/// Settles all trades or none. A lock, a class and a balance are each read and written once,
/// however many trades they are part of.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`],
/// [`ContractError::NoLock`], [`ContractError::Trade`].
pub fn settle(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    interval: u32,
    trades: &[Trade],
) -> Result<Response, ContractError> {
    let market = require_market(deps.storage, &info.sender)?;
    check_rows("number of trades", trades.len(), MAX_TRADES)?;
    let mut work = Work::begin(deps.storage, &env)?;
    let (mut energy, mut payment) = (0, 0);
    for trade in trades {
        settle_one(&mut work, market, interval, trade)?;
        add(&mut energy, trade.energy.u64(), "traded energy")?;
        add(&mut payment, trade.payment.u128(), "payments")?;
    }
    let sellers = trades.iter().map(|trade| trade.seller_offer.u64());
    let buyers = trades.iter().map(|trade| trade.buyer_offer.u64());
    let energies = trades.iter().map(|trade| trade.energy.u64());
    let payments = trades.iter().map(|trade| trade.payment.u128());
    let response = done("trades_settled")
        .add_attribute("market", info.sender)
        .add_attribute("interval", interval.to_string())
        .add_attribute("trades", trades.len().to_string())
        .add_attribute("energy", energy.to_string())
        .add_attribute("payment", payment.to_string())
        .add_attribute("sellers", packed(sellers))
        .add_attribute("buyers", packed(buyers))
        .add_attribute("energies", packed(energies))
        .add_attribute("payments", packed(payments));
    Ok(work.finish(response))
}

fn settle_one(
    work: &mut Work,
    market: MarketId,
    interval: u32,
    trade: &Trade,
) -> Result<(), ContractError> {
    let (energy, payment) = (trade.energy.u64(), trade.payment.u128());
    let leg = |offer, side, money| Leg {
        key: (market, offer),
        side,
        interval,
        energy,
        money,
        value: payment,
    };
    let seller = leg(trade.seller_offer.u64(), Side::Sell, 0).settle(work)?;
    leg(trade.buyer_offer.u64(), Side::Buy, payment).settle(work)?;
    sub(&mut work.books.locked, payment, "locked money")?;
    give_money(work, seller, payment)
}

/// One side of a trade.
struct Leg {
    key: LockKey,
    side: Side,
    interval: u32,
    energy: u64,
    /// Money that the lock pays (µ).
    money: u128,
    /// What the energy was traded for (µ).
    value: u128,
}

impl Leg {
    /// Takes energy and money out of the lock and makes the claim; who holds the lock. The caller
    /// books the money.
    fn settle(&self, work: &mut Work) -> Result<HolderId, ContractError> {
        let (holder, class) = self.take(work)?;
        let record = work.class(class)?;
        sub(&mut record.locked, self.energy, "locked energy")?;
        add(&mut record.consumed, self.energy, "consumed energy")?;
        let claim = ClaimClass {
            side: self.side,
            feeder: record.feeder,
            interval: self.interval,
        };
        add(work.claim(holder, &claim)?, self.energy, "claim")?;
        let delivery = work.delivery(&claim)?;
        add(&mut delivery.traded, self.energy, "traded energy")?;
        delivery.value = delivery.value.saturating_add(self.value);
        Ok(holder)
    }

    /// Holder and class of the lock, which has got less.
    fn take(&self, work: &mut Work) -> Result<(HolderId, u32), ContractError> {
        let lock = work.lock(self.key)?.clone();
        if lock.holder == 0 {
            return Err(ContractError::NoLock { offer: self.key.1 });
        }
        let permit = work.class(lock.class)?.permit()?;
        if permit.side != self.side {
            return Err(self.refused(TradeFault::Side {
                expected: self.side,
            }));
        }
        let intervals = permit.intervals;
        if !intervals.contains(Interval(self.interval)) {
            return Err(self.refused(TradeFault::Interval { intervals }));
        }
        if self.energy == 0 {
            return Err(self.refused(TradeFault::NoEnergy));
        }
        let energy = lock.energy.checked_sub(self.energy).ok_or_else(|| {
            self.refused(TradeFault::Energy {
                asked: self.energy,
                held: lock.energy,
            })
        })?;
        let money = lock.money.checked_sub(self.money).ok_or_else(|| {
            self.refused(TradeFault::Money {
                asked: self.money,
                held: lock.money,
            })
        })?;
        let left = work.lock(self.key)?;
        (left.energy, left.money) = (energy, money);
        Ok((lock.holder, lock.class))
    }

    fn refused(&self, fault: TradeFault) -> ContractError {
        ContractError::Trade {
            interval: self.interval,
            offer: self.key.1,
            fault,
        }
    }
}
