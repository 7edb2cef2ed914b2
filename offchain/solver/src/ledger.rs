//! Trades under construction, never more than offers and feeders allow.

use std::collections::BTreeMap;

use gridweave_optim::market::Book;
use gridweave_rules::market::{Flow, Offer, OfferId, Pair, Trade, TradeKey, midpoint};
use gridweave_units::Interval;

/// What has been traded, and with it what may still be.
pub(crate) struct Ledger<'a> {
    book: &'a Book,
    left: BTreeMap<OfferId, u64>,
    flows: BTreeMap<(Interval, u32), Flow>,
    trades: BTreeMap<TradeKey, u64>,
    log: Vec<(TradeKey, i128)>,
}

impl<'a> Ledger<'a> {
    /// Nothing traded yet.
    pub fn new(book: &'a Book) -> Self {
        let left = book.offers.iter().map(|(&id, offer)| (id, offer.left));
        Self {
            book,
            left: left.collect(),
            flows: BTreeMap::new(),
            trades: BTreeMap::new(),
            log: Vec::new(),
        }
    }

    /// The book.
    pub fn book(&self) -> &'a Book {
        self.book
    }

    /// What is left of an offer (Wh).
    pub fn left(&self, offer: OfferId) -> u64 {
        self.left.get(&offer).copied().unwrap_or_default()
    }

    /// Trades up to `energy` (Wh) between two matchable offers of the book that are open in the
    /// interval, as far as T(3) to T(8) allow; returns how much.
    pub fn trade(&mut self, key: TradeKey, energy: u64) -> u64 {
        let (interval, seller, buyer) = key;
        let book = self.book;
        let (Some(from), Some(to)) = (book.offers.get(&seller), book.offers.get(&buyer)) else {
            return 0;
        };
        let energy = energy
            .min(self.left(seller))
            .min(self.left(buyer))
            .min(self.room(interval, from, to));
        self.shift(key, energy);
        energy
    }

    /// Adds to a trade; both offers have as much left.
    fn shift(&mut self, key: TradeKey, energy: u64) {
        if energy == 0 {
            return;
        }
        let (interval, seller, buyer) = key;
        for offer in [seller, buyer] {
            let left = self.left.entry(offer).or_default();
            *left = left.saturating_sub(energy);
        }
        let (from, to) = (self.feeder(seller), self.feeder(buyer));
        if let (Some(from), Some(to)) = (from, to) {
            self.flow_mut(interval, from).sold += u128::from(energy);
            self.flow_mut(interval, to).bought += u128::from(energy);
        }
        *self.trades.entry(key).or_default() += energy;
        self.log.push((key, energy.into()));
    }

    /// Takes back part of a trade, at most what is traded.
    pub fn take_back(&mut self, key: TradeKey, energy: u64) {
        let energy = energy.min(self.traded(key));
        self.log.push((key, -i128::from(energy)));
        let (interval, seller, buyer) = key;
        for offer in [seller, buyer] {
            *self.left.entry(offer).or_default() += energy;
        }
        let (from, to) = (self.feeder(seller), self.feeder(buyer));
        if let (Some(from), Some(to)) = (from, to) {
            self.flow_mut(interval, from).sold -= u128::from(energy);
            self.flow_mut(interval, to).bought -= u128::from(energy);
        }
        if let Some(traded) = self.trades.get_mut(&key) {
            *traded -= energy;
            if *traded == 0 {
                self.trades.remove(&key);
            }
        }
    }

    /// Trades all pairs of one interval, then takes back what its feeders do not carry, as little as
    /// possible. One by one they would have to wait for each other: what flows into a feeder makes
    /// room for what flows out.
    pub fn trade_together(&mut self, interval: Interval, pairs: &[Pair]) {
        for pair in pairs {
            let energy = pair
                .energy
                .min(self.left(pair.seller))
                .min(self.left(pair.buyer));
            self.shift((interval, pair.seller, pair.buyer), energy);
        }
        while let Some((key, energy)) = self.excess(interval, pairs) {
            self.take_back(key, energy);
        }
    }

    /// Of a feeder that carries too much, a trade and how much of it must go.
    fn excess(&self, interval: Interval, pairs: &[Pair]) -> Option<(TradeKey, u64)> {
        pairs.iter().find_map(|pair| {
            let key = (interval, pair.seller, pair.buyer);
            let traded = self.traded(key);
            let (from, to) = (self.feeder(pair.seller)?, self.feeder(pair.buyer)?);
            let (source, sink) = (self.book.feeders.get(&from)?, self.book.feeders.get(&to)?);
            let (out, into) = (self.flow(interval, from), self.flow(interval, to));
            let gross = over(out.sold, source.production.into())
                .max(over(into.bought, sink.consumption.into()));
            let net = match from == to {
                true => 0,
                false => over(out.sold, u128::from(source.export) + out.bought)
                    .max(over(into.bought, u128::from(sink.import) + into.sold)),
            };
            let energy = gross.max(net).min(traded);
            (energy > 0).then_some((key, energy))
        })
    }

    /// A point to come back to.
    pub fn mark(&self) -> usize {
        self.log.len()
    }

    /// Undoes all since `mark`.
    pub fn undo(&mut self, mark: usize) {
        for (key, change) in self
            .log
            .split_off(mark.min(self.log.len()))
            .into_iter()
            .rev()
        {
            let energy = u64::try_from(change.unsigned_abs()).unwrap_or(u64::MAX);
            match change > 0 {
                true => self.take_back(key, energy),
                false => self.shift(key, energy),
            }
            self.log.pop();
        }
    }

    /// Whether the feeders of `offers` carry what they trade: taking back what flows one way may
    /// leave too much the other way.
    pub fn carries(&self, interval: Interval, offers: &[OfferId]) -> bool {
        offers.iter().all(|offer| {
            let Some(feeder) = self.feeder(*offer) else {
                return false;
            };
            let limits = self.book.feeders.get(&feeder);
            let flow = self.flow(interval, feeder);
            limits.is_some_and(|limits| limits.check(feeder, interval, flow).is_ok())
        })
    }

    /// What a pair trades in an interval (Wh).
    pub fn traded(&self, key: TradeKey) -> u64 {
        self.trades.get(&key).copied().unwrap_or_default()
    }

    /// The trades so far.
    pub fn keys(&self) -> Vec<TradeKey> {
        self.trades.keys().copied().collect()
    }

    fn feeder(&self, offer: OfferId) -> Option<u32> {
        self.book.offers.get(&offer).map(|offer| offer.feeder)
    }

    /// What the feeders of two offers leave open between them (Wh), T(5) to T(8).
    fn room(&self, interval: Interval, from: &Offer, to: &Offer) -> u64 {
        let feeders = &self.book.feeders;
        let (Some(source), Some(sink)) = (feeders.get(&from.feeder), feeders.get(&to.feeder))
        else {
            return 0;
        };
        let (out, into) = (
            self.flow(interval, from.feeder),
            self.flow(interval, to.feeder),
        );
        let gross = rest(source.production.into(), out.sold)
            .min(rest(sink.consumption.into(), into.bought));
        if from.feeder == to.feeder {
            return gross;
        }
        gross
            .min(rest(u128::from(source.export) + out.bought, out.sold))
            .min(rest(u128::from(sink.import) + into.sold, into.bought))
    }

    fn flow(&self, interval: Interval, feeder: u32) -> Flow {
        let flow = self.flows.get(&(interval, feeder));
        flow.copied().unwrap_or_default()
    }

    fn flow_mut(&mut self, interval: Interval, feeder: u32) -> &mut Flow {
        self.flows.entry((interval, feeder)).or_default()
    }

    /// What the trades are worth, in units of the objective.
    pub fn objective(&self) -> i128 {
        let weight = |offer: &OfferId| {
            let offer = self.book.offers.get(offer);
            offer.map_or(0, |offer| self.book.objective.weight(offer, self.book.next))
        };
        let worth = |((_, seller, buyer), energy): (&TradeKey, &u64)| {
            i128::from(*energy).saturating_mul(weight(seller) + weight(buyer))
        };
        self.trades.iter().map(worth).sum()
    }

    /// The trades in the order that the rules demand, at the middle of the reservation prices.
    pub fn into_trades(self) -> Vec<Trade> {
        let price = |offer| self.book.offers.get(&offer).map_or(0, |offer| offer.price);
        let trades = self.trades.iter();
        trades
            .map(|(&(interval, seller, buyer), &energy)| Trade {
                interval,
                seller,
                buyer,
                energy,
                price: midpoint(price(seller), price(buyer)),
            })
            .collect()
    }
}

/// `used − limit`, at least 0 and at most what fits.
fn over(used: u128, limit: u128) -> u64 {
    rest(used, limit)
}

/// `limit − used`, at least 0 and at most what fits.
fn rest(limit: u128, used: u128) -> u64 {
    u64::try_from(limit.saturating_sub(used)).unwrap_or(u64::MAX)
}
