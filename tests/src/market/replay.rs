//! An auditor who sees the market's events and nothing else: it keeps the book, verifies whatever
//! becomes final with the same rule, and knows what every trader has paid.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Binary, Event};
use gridweave_rules::market::{
    FeederLimits, Layout, Offer, PlainBook, Side, Terms, Trade, escrow, payment, unpack_trades,
};
use gridweave_types::market::ConfigResponse;
use gridweave_units::Interval;

use crate::billing::attribute;

/// An interval whose trades are being announced.
struct UnderWay {
    /// What it was verified against.
    book: PlainBook,
    interval: u32,
    expected: usize,
    energy: u128,
    objective: i128,
    trades: Vec<Trade>,
}

/// What the events so far add up to.
pub struct Replay {
    contract: String,
    config: ConfigResponse,
    book: PlainBook,
    owners: BTreeMap<u32, String>,
    cancelled: BTreeMap<u32, u32>,
    /// What offers have locked and not paid (µ).
    money: BTreeMap<u32, u128>,
    under_way: Option<UnderWay>,
    /// What each address has received less what it has paid (µ).
    pub balances: BTreeMap<String, i128>,
    /// Finalized intervals with trades.
    pub verified: u32,
}

fn number<T: std::str::FromStr>(event: &Event, key: &str) -> T {
    let text = attribute(event, key);
    let parsed = text.parse();
    parsed.unwrap_or_else(|_| panic!("{}: {key} is {text}", event.ty))
}

/// A list, which is left out when it is empty.
fn list(event: &Event, key: &str) -> Vec<u32> {
    let mut attributes = event.attributes.iter();
    let Some(found) = attributes.find(|attribute| attribute.key == key) else {
        return Vec::new();
    };
    let numbers = found.value.split(',').map(str::parse);
    numbers.collect::<Result<_, _>>().expect("numbers")
}

/// Everything here panics when an event does not say what the rule says.
impl Replay {
    /// An auditor who knows the terms.
    pub fn new(contract: &Addr, config: ConfigResponse) -> Self {
        Self {
            contract: contract.to_string(),
            config,
            book: PlainBook::default(),
            owners: BTreeMap::new(),
            cancelled: BTreeMap::new(),
            money: BTreeMap::new(),
            under_way: None,
            balances: BTreeMap::new(),
            verified: 0,
        }
    }

    /// Follows events in order.
    pub fn follow(&mut self, events: &[Event]) {
        for event in events {
            let own = event.attributes.first();
            if own.is_none_or(|first| first.value != self.contract) {
                continue;
            }
            let name = match event.ty.as_str() {
                "wasm" => attribute(event, "action"),
                other => other.trim_start_matches("wasm-"),
            };
            match name {
                "feeder_limits_set" => self.limit(event),
                "offer_posted" => self.post(event),
                "offer_cancelled" => {
                    let round = number(event, "round");
                    self.cancelled.insert(number(event, "offer"), round);
                }
                "interval_finalized" => self.fix(event),
                "trades_finalized" => self.settle(event),
                "offers_ended" => self.end(event),
                _ => {}
            }
        }
    }

    /// Asserts that the book is the contract's.
    pub fn assert_like(&self, book: &PlainBook) {
        assert!(self.under_way.is_none(), "an interval is not complete");
        assert_eq!(self.book.offers, book.offers);
        assert_eq!(self.book.limits, book.limits);
        assert_eq!(self.owners.len(), book.offers.len());
    }

    fn limit(&mut self, event: &Event) {
        let limits = FeederLimits {
            export: number(event, "export"),
            import: number(event, "import"),
            consumption: number(event, "consumption"),
            production: number(event, "production"),
        };
        self.book.limits.insert(number(event, "feeder"), limits);
    }

    fn post(&mut self, event: &Event) {
        let side = match attribute(event, "side") {
            "sell" => Side::Sell,
            _ => Side::Buy,
        };
        let offer = Offer {
            side,
            feeder: number(event, "feeder"),
            intervals: number(event, "intervals"),
            price: number(event, "price"),
            left: number(event, "energy"),
        };
        let locked = match side {
            Side::Sell => 0,
            Side::Buy => escrow(offer.left, offer.price),
        };
        assert_eq!(locked, number::<u128>(event, "money"));
        let id = number(event, "offer");
        self.book.offers.insert(id, offer);
        self.money.insert(id, locked);
        self.owners.insert(id, attribute(event, "owner").into());
    }

    fn fix(&mut self, event: &Event) {
        assert!(self.under_way.is_none(), "an interval is not complete");
        let expected = number(event, "trades");
        if expected == 0 {
            return;
        }
        self.under_way = Some(UnderWay {
            book: self.book.clone(),
            interval: number(event, "interval"),
            expected,
            energy: number(event, "energy"),
            objective: number(event, "objective"),
            trades: Vec::new(),
        });
    }

    fn settle(&mut self, event: &Event) {
        let mut under_way = self.under_way.take().expect("an interval under way");
        let interval: u32 = number(event, "interval");
        assert_eq!(interval, under_way.interval);
        assert_eq!(number::<usize>(event, "from"), under_way.trades.len());
        let packed = Binary::from_base64(attribute(event, "trades")).expect("base64");
        let trades = unpack_trades(Layout::Stored, Interval(interval), &packed);
        for trade in trades.expect("whole trades") {
            let trade = trade.expect("whole trades");
            self.pay(&trade);
            under_way.trades.push(trade);
        }
        for filled in list(event, "filled") {
            assert_eq!(self.book.offers[&filled].left, 0, "offer {filled}");
            self.remove(filled);
        }
        if under_way.trades.len() < under_way.expected {
            self.under_way = Some(under_way);
        } else {
            self.verify(under_way);
        }
    }

    fn pay(&mut self, trade: &Trade) {
        let amount = payment(trade.energy, trade.price);
        let locked = self.money.get_mut(&trade.buyer).expect("an open offer");
        *locked = locked.checked_sub(amount).expect("the lock covers it");
        for (offer, gets) in [(trade.seller, 1), (trade.buyer, -1)] {
            let left = &mut self
                .book
                .offers
                .get_mut(&offer)
                .expect("an open offer")
                .left;
            *left = left.checked_sub(trade.energy).expect("energy is left");
            let owner = self.owners[&offer].clone();
            *self.balances.entry(owner).or_default() += gets * amount as i128;
        }
    }

    fn verify(&mut self, mut under_way: UnderWay) {
        let interval = Interval(under_way.interval);
        let terms = Terms {
            objective: self.config.objective.into(),
            pricing: self.config.pricing.into(),
            next: interval,
            last: interval,
            interval_trades: self.config.limits.interval_trades,
        };
        let verified = under_way.book.verify(terms, &under_way.trades);
        let verified = verified.expect("what is final is feasible");
        assert_eq!(verified.trades, under_way.trades, "prices");
        assert_eq!(verified.value.energy, under_way.energy);
        let objective = terms.objective.total(verified.value, interval);
        assert_eq!(objective, Some(under_way.objective));
        self.verified += 1;
    }

    fn end(&mut self, event: &Event) {
        let interval: u32 = number(event, "interval");
        for expired in list(event, "expired") {
            assert!(self.book.offers[&expired].intervals.last().0 <= interval);
            self.remove(expired);
        }
        for cancelled in list(event, "cancelled") {
            assert!(self.cancelled[&cancelled] <= interval);
            self.remove(cancelled);
        }
        for kept in list(event, "kept") {
            assert!(self.cancelled.remove(&kept).is_some());
        }
    }

    fn remove(&mut self, offer: u32) {
        self.book.offers.remove(&offer).expect("an open offer");
        self.owners.remove(&offer);
        self.money.remove(&offer);
        self.cancelled.remove(&offer);
    }
}
