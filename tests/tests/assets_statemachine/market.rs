//! The model's markets.

use gridweave_types::assets::Side;

use crate::model::{Class, Lock, Model};
use crate::operation::Trade;

impl Model {
    pub fn lock(&mut self, market: usize, offer: u64, wanted: &Lock) -> Option<()> {
        let Lock {
            holder,
            class,
            energy,
            money,
        } = wanted;
        let fresh = !self.locks.contains_key(&(market, offer));
        let open = self.registered[market] && fresh && !self.over(class);
        (open && *energy > 0).then_some(())?;
        self.take_permit(*holder, class, *energy)?;
        self.money[*holder] = self.money[*holder].checked_sub(*money)?;
        self.totals(class).locked += energy;
        self.locks.insert((market, offer), wanted.clone());
        Some(())
    }

    pub fn settle(&mut self, market: usize, t: u32, trades: &[Trade]) -> Option<()> {
        self.registered[market].then_some(())?;
        for trade in trades {
            let legs = [
                (trade.seller, Side::Sell, 0),
                (trade.buyer, Side::Buy, trade.payment),
            ];
            for (offer, side, money) in legs {
                let holder = self.settle_leg((market, offer), side, t, trade, money)?;
                if side == Side::Sell {
                    self.money[holder] += trade.payment;
                }
            }
        }
        Some(())
    }

    fn settle_leg(
        &mut self,
        key: (usize, u64),
        side: Side,
        t: u32,
        trade: &Trade,
        money: u128,
    ) -> Option<usize> {
        let lock = self.locks.get_mut(&key)?;
        let Class {
            side: own,
            feeder,
            set,
        } = lock.class.clone();
        (own == side && set.contains(&t) && trade.energy > 0).then_some(())?;
        lock.energy = lock.energy.checked_sub(trade.energy)?;
        lock.money = lock.money.checked_sub(money)?;
        let (holder, class) = (lock.holder, lock.class.clone());
        let totals = self.totals(&class);
        totals.locked -= trade.energy;
        totals.consumed += trade.energy;
        let claim = (side, feeder, t);
        *self.claims.entry((holder, claim)).or_default() += trade.energy;
        let delivery = self.deliveries.entry(claim).or_default();
        delivery.traded += trade.energy;
        delivery.value += trade.payment;
        Some(holder)
    }

    pub fn release(&mut self, market: usize, offers: &[u64]) -> Option<()> {
        self.registered[market].then_some(())?;
        for &offer in offers {
            let lock = self.locks.remove(&(market, offer))?;
            self.totals(&lock.class).locked -= lock.energy;
            self.put_permit(lock.holder, &lock.class, lock.energy);
            self.money[lock.holder] += lock.money;
        }
        Some(())
    }
}
