//! Locks of markets: made, settled, released.

use gridweave_types::assets::{ClaimClass, Side};
use gridweave_units::Interval;

use super::super::announced::Announced;
use super::super::expected::{SettledTrade, settled};
use super::super::review::Review;
use super::{Holdings, Lock, give, take};
use crate::AuditError;

/// One side of a trade.
struct Leg<'a> {
    market: &'a str,
    offer: u64,
    side: Side,
    interval: u32,
    energy: u64,
    /// Money that the lock pays (µ).
    money: u128,
    /// What the energy was traded for (µ).
    value: u128,
}

impl Holdings {
    pub(super) fn locked(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let (market, offer) = (fields.owned("market")?, fields.number("offer")?);
        let lock = Lock {
            holder: fields.owned("holder")?,
            class: fields.permit("intervals")?,
            energy: fields.number("energy")?,
            money: fields.number("money")?,
        };
        review.of_offer(offer);
        review.of_account(&lock.holder);
        review.holds("market", self.is_market(&market), "a registered market");
        let begun = self.has_begun(lock.class.intervals.last(), review.now);
        review.holds("intervals", !begun, "not begun");
        review.holds("energy", lock.energy > 0, "above 0");
        let permit = (lock.holder.clone(), lock.class);
        take(&mut self.permits, permit, lock.energy, "permit", review);
        take(
            &mut self.money,
            lock.holder.clone(),
            lock.money,
            "money",
            review,
        );
        self.purse.locked = self.purse.locked.saturating_add(lock.money);
        let before = self.locks.insert((market, offer), lock);
        review.holds("lock", before.is_none(), "locked already");
        Ok(())
    }

    pub(super) fn trades_settled(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let (market, interval) = (fields.text("market")?, fields.number("interval")?);
        review.of_interval(interval);
        review.holds("market", self.is_market(market), "a registered market");
        let trades = settled(message)?;
        let (mut energies, mut payments) = (0u64, 0u128);
        for trade in &trades {
            self.settle(market, interval, *trade, review);
            energies = energies.saturating_add(trade.2);
            payments = payments.saturating_add(trade.3);
        }
        review.same("trades", fields.number("trades")?, trades.len());
        review.same("energy", fields.number("energy")?, energies);
        review.same("payment", fields.number("payment")?, payments);
        Ok(())
    }

    fn settle(&mut self, market: &str, interval: u32, trade: SettledTrade, review: &mut Review) {
        let (seller, buyer, energy, payment) = trade;
        let leg = |offer, side, money| Leg {
            market,
            offer,
            side,
            interval,
            energy,
            money,
            value: payment,
        };
        let holder = self.leg(&leg(seller, Side::Sell, 0), review);
        self.leg(&leg(buyer, Side::Buy, payment), review);
        self.purse.locked = self.purse.locked.saturating_sub(payment);
        if let Some(holder) = holder {
            give(&mut self.money, holder, payment);
        }
    }

    /// Takes a side of a trade out of its lock and makes the claim; who holds the lock.
    fn leg(&mut self, leg: &Leg, review: &mut Review) -> Option<String> {
        review.of_offer(leg.offer);
        let key = (leg.market.to_owned(), leg.offer);
        let Some(lock) = self.locks.get_mut(&key) else {
            review.differ("lock", "settled", "none");
            return None;
        };
        let (class, holder) = (lock.class, lock.holder.clone());
        review.holds("side", class.side == leg.side, "that of the lock");
        let within = class.intervals.contains(Interval(leg.interval));
        review.holds("interval", within, class.intervals);
        review.holds("energy", leg.energy <= lock.energy, lock.energy);
        review.holds("money", leg.money <= lock.money, lock.money);
        lock.energy = lock.energy.saturating_sub(leg.energy);
        lock.money = lock.money.saturating_sub(leg.money);
        let claim = ClaimClass {
            side: leg.side,
            feeder: class.feeder,
            interval: leg.interval,
        };
        give(&mut self.claims, (holder.clone(), claim), leg.energy);
        let delivery = self.deliveries.entry(claim).or_default();
        delivery.traded = delivery.traded.saturating_add(leg.energy);
        delivery.value = delivery.value.saturating_add(leg.value);
        Some(holder)
    }

    pub(super) fn locks_released(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let market = fields.text("market")?;
        review.holds("market", self.is_market(market), "a registered market");
        let offers = fields.words("offers")?;
        let (mut energies, mut amounts) = (Vec::new(), Vec::new());
        for &offer in &offers {
            let Some(lock) = self.locks.remove(&(market.to_owned(), offer)) else {
                review.of_offer(offer);
                review.differ("lock", "released", "none");
                continue;
            };
            self.purse.locked = self.purse.locked.saturating_sub(lock.money);
            give(
                &mut self.permits,
                (lock.holder.clone(), lock.class),
                lock.energy,
            );
            give(&mut self.money, lock.holder, lock.money);
            energies.push(lock.energy);
            amounts.push(lock.money);
        }
        review.same("locks", fields.number("locks")?, offers.len());
        let total = energies
            .iter()
            .fold(0u64, |sum, one| sum.saturating_add(*one));
        review.same("energy", fields.number("energy")?, total);
        let total = amounts
            .iter()
            .fold(0u128, |sum, one| sum.saturating_add(*one));
        review.same("money", fields.number("money")?, total);
        let same =
            fields.words("energies")? == energies && fields.wide_words("amounts")? == amounts;
        review.holds("amounts", same, "what was left in the locks");
        Ok(())
    }
}
