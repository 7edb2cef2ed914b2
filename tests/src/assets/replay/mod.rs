//! An auditor who sees the contract's events and nothing else, and keeps the books again.

mod parse;

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Event};
use gridweave_types::assets::{ClaimClass, DeliveryResponse, PermitClass};

use super::{Assets, claim};
use crate::billing::attribute;
use parse::{amounts, claim_of, longs, number, permit_of, text};

/// Market and offer.
type LockKey = (String, u64);

/// What is left of what an offer locked.
struct Lock {
    holder: String,
    class: PermitClass,
    energy: u64,
    money: u128,
}

/// Trades and deposits of one side, feeder and interval.
#[derive(Default)]
struct Delivery {
    traded: u64,
    value: u128,
    deposited: u64,
    credited: u64,
    retired: u64,
}

/// What the events so far add up to. Everything here panics when they say the impossible.
pub struct Replay {
    contract: String,
    permits: BTreeMap<(String, PermitClass), u64>,
    money: BTreeMap<String, u128>,
    locks: BTreeMap<LockKey, Lock>,
    claims: BTreeMap<(String, ClaimClass), u64>,
    deliveries: BTreeMap<ClaimClass, Delivery>,
    returned: u128,
    coins: u128,
}

/// Takes from a balance that must have so much.
fn take<K: Ord + std::fmt::Debug>(balances: &mut BTreeMap<K, u64>, key: K, energy: u64) {
    let Some(left) = balances.get(&key).and_then(|held| held.checked_sub(energy)) else {
        panic!("{key:?} has no {energy} Wh");
    };
    balances.insert(key, left);
}

impl Replay {
    /// An auditor who has seen nothing yet.
    pub fn new(assets: &Assets) -> Self {
        Self {
            contract: assets.contract.to_string(),
            permits: BTreeMap::new(),
            money: BTreeMap::new(),
            locks: BTreeMap::new(),
            claims: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            returned: 0,
            coins: 0,
        }
    }

    /// Follows the events of one transaction.
    pub fn follow(&mut self, events: &[Event]) {
        for event in events {
            let first = event.attributes.first();
            if first.is_none_or(|first| first.value != self.contract) {
                continue;
            }
            match event.ty.strip_prefix("wasm") {
                Some("") => self.action(event),
                Some(name) => self.detail(&name[1..], event),
                None => {}
            }
        }
    }

    fn action(&mut self, event: &Event) {
        match attribute(event, "action") {
            "financial_added" => {
                self.coins += number::<u128>(event, "amount");
                *self.money(event) += number::<u128>(event, "amount");
            }
            "financial_deposited" => {
                self.returned += number::<u128>(event, "amount");
                *self.money(event) -= number::<u128>(event, "amount");
            }
            "withdrawn" => {
                self.coins -= number::<u128>(event, "amount");
                *self.money(event) -= number::<u128>(event, "amount");
            }
            "permit_expired" => {
                let key = (text(event, "holder"), permit_of(event, "intervals"));
                take(&mut self.permits, key, number(event, "energy"));
            }
            "retired" => self.retired(event),
            "locked" => self.locked(event),
            "trades_settled" => self.settled(event),
            "locks_released" => self.released(event),
            _ => {}
        }
    }

    fn detail(&mut self, name: &str, event: &Event) {
        match name {
            "asset_added" => {
                let key = (text(event, "holder"), permit_of(event, "intervals"));
                *self.permits.entry(key).or_default() += number::<u64>(event, "energy");
            }
            "permit_narrowed" => {
                let (holder, energy) = (text(event, "holder"), number::<u64>(event, "energy"));
                let from = (holder.clone(), permit_of(event, "from"));
                take(&mut self.permits, from, energy);
                let into = (holder, permit_of(event, "intervals"));
                *self.permits.entry(into).or_default() += energy;
            }
            "energy_deposited" => {
                let (class, energy) = (claim_of(event), number(event, "energy"));
                take(&mut self.claims, (text(event, "holder"), class), energy);
                self.delivery(class).deposited += energy;
            }
            "deposit_credited" => {
                self.delivery(claim_of(event)).credited += number::<u64>(event, "energy");
            }
            "paid_out" => {
                self.returned -= number::<u128>(event, "amount");
                self.coins -= number::<u128>(event, "amount");
            }
            "payout_failed" => {
                self.returned += number::<u128>(event, "amount");
                self.coins += number::<u128>(event, "amount");
            }
            other => panic!("unknown event {other}"),
        }
    }

    fn money(&mut self, event: &Event) -> &mut u128 {
        self.money.entry(text(event, "holder")).or_default()
    }

    fn delivery(&mut self, class: ClaimClass) -> &mut Delivery {
        self.deliveries.entry(class).or_default()
    }

    fn retired(&mut self, event: &Event) {
        let (holder, energy) = (text(event, "holder"), number(event, "energy"));
        let of_permit = event.attributes.iter().any(|part| part.key == "intervals");
        if of_permit {
            let key = (holder, permit_of(event, "intervals"));
            take(&mut self.permits, key, energy);
        } else {
            let class = claim_of(event);
            take(&mut self.claims, (holder, class), energy);
            self.delivery(class).retired += energy;
        }
    }

    fn locked(&mut self, event: &Event) {
        let lock = Lock {
            holder: text(event, "holder"),
            class: permit_of(event, "intervals"),
            energy: number(event, "energy"),
            money: number(event, "money"),
        };
        take(
            &mut self.permits,
            (lock.holder.clone(), lock.class),
            lock.energy,
        );
        *self.money(event) -= lock.money;
        let key = (text(event, "market"), number(event, "offer"));
        assert!(self.locks.insert(key, lock).is_none(), "locked twice");
    }

    fn settled(&mut self, event: &Event) {
        let (market, interval) = (text(event, "market"), number(event, "interval"));
        let offers = longs(event, "sellers").into_iter();
        let offers = offers.zip(longs(event, "buyers"));
        let sums = longs(event, "energies").into_iter();
        let sums = sums.zip(amounts(event, "payments"));
        for ((seller, buyer), (energy, payment)) in offers.zip(sums) {
            self.leg((market.clone(), seller), interval, energy, (0, payment));
            self.leg(
                (market.clone(), buyer),
                interval,
                energy,
                (payment, payment),
            );
            let holder = self.locks[&(market.clone(), seller)].holder.clone();
            *self.money.entry(holder).or_default() += payment;
        }
    }

    /// One side of a trade; `money` is what the lock pays and what the energy is worth.
    fn leg(&mut self, key: LockKey, interval: u32, energy: u64, money: (u128, u128)) {
        let lock = self.locks.get_mut(&key).expect("a lock");
        lock.energy -= energy;
        lock.money -= money.0;
        let class = claim(lock.class.side, lock.class.feeder, interval);
        let holder = lock.holder.clone();
        *self.claims.entry((holder, class)).or_default() += energy;
        let delivery = self.delivery(class);
        delivery.traded += energy;
        delivery.value += money.1;
    }

    fn released(&mut self, event: &Event) {
        let market = text(event, "market");
        let sums = longs(event, "energies").into_iter();
        let sums = sums.zip(amounts(event, "amounts"));
        for (offer, (energy, money)) in longs(event, "offers").into_iter().zip(sums) {
            let lock = self.locks.remove(&(market.clone(), offer));
            let lock = lock.expect("a lock");
            assert_eq!((lock.energy, lock.money), (energy, money), "offer {offer}");
            let key = (lock.holder.clone(), lock.class);
            *self.permits.entry(key).or_default() += energy;
            *self.money.entry(lock.holder).or_default() += money;
        }
    }

    /// Asserts that the contract has what the events add up to.
    ///
    /// # Panics
    /// When it does not.
    pub fn assert_like(&self, assets: &Assets) {
        let address = Addr::unchecked;
        for ((holder, class), energy) in &self.permits {
            assert_eq!(assets.permit(&address(holder), *class), *energy);
        }
        for (holder, money) in &self.money {
            assert_eq!(assets.money(&address(holder)), *money);
        }
        for ((holder, class), energy) in &self.claims {
            let claims = assets.claims(&address(holder)).into_iter();
            let held: u64 = (claims.filter(|(own, _)| own == class))
                .map(|(_, energy)| energy)
                .sum();
            assert_eq!(held, *energy);
        }
        for (class, own) in &self.deliveries {
            let DeliveryResponse {
                traded,
                value,
                deposited,
                credited,
                retired,
                ..
            } = assets.delivery(*class);
            assert_eq!(value.u128(), own.value, "{class:?}");
            let shown = [traded, deposited, credited, retired].map(|energy| energy.u64());
            let expected = [own.traded, own.deposited, own.credited, own.retired];
            assert_eq!(shown, expected, "{class:?}");
        }
        let books = assets.books();
        let locked: u128 = self.locks.values().map(|lock| lock.money).sum();
        assert_eq!(books.locked.u128(), locked);
        assert_eq!(books.deposited.u128(), self.returned);
        assert_eq!((books.paid_in - books.paid_out).u128(), self.coins);
    }
}
