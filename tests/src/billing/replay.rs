//! An auditor who sees the contract's events and nothing else, and computes everything again with
//! the same pure rule.

use std::collections::BTreeMap;

use cosmwasm_std::{Binary, Event, from_json};
use gridweave_rules::settlement::{
    Commitment, Pool, Position, Purse, Settlement, Tariff, book, collect, deposit, settle, withdraw,
};
use gridweave_types::billing::{ConfigResponse, unpack_readings};
use gridweave_units::{Energy, Interval, Money, Price};

use super::{Billing, attribute};

/// Interval and account.
type Key = (u32, String);

/// What the events so far add up to.
pub struct Replay {
    contract: String,
    treasury: String,
    config: ConfigResponse,
    tariffs: BTreeMap<u32, Tariff>,
    positions: BTreeMap<Key, Position>,
    /// Energy that counts, and whether the operator has decided it.
    energies: BTreeMap<Key, (i64, bool)>,
    settled: BTreeMap<Key, (i64, Settlement)>,
    purses: BTreeMap<String, Purse>,
    pool: Pool,
}

/// A number of an event.
fn number<T: std::str::FromStr>(event: &Event, key: &str) -> T {
    let text = attribute(event, key);
    let parsed = text.parse();
    parsed.unwrap_or_else(|_| panic!("{}: {key} is {text}", event.ty))
}

fn bytes(event: &Event, key: &str) -> Binary {
    Binary::from_base64(attribute(event, key)).expect("base64")
}

fn longs(event: &Event, key: &str) -> Vec<i64> {
    unpack_readings(&bytes(event, key)).expect("8 bytes each")
}

fn intervals(event: &Event) -> Vec<u32> {
    let bytes = bytes(event, "intervals");
    let (chunks, rest) = bytes.as_chunks::<4>();
    assert!(rest.is_empty(), "4 bytes each");
    chunks
        .iter()
        .map(|chunk| u32::from_le_bytes(*chunk))
        .collect()
}

/// Everything here panics when an event does not say what the rule says.
impl Replay {
    /// An auditor who has seen the instantiation and nothing after it.
    pub fn new(billing: &Billing) -> Self {
        let event = &billing.instantiated;
        let config: ConfigResponse =
            from_json(attribute(event, "config")).expect("the config is announced");
        let mut replay = Self {
            contract: billing.contract.to_string(),
            treasury: config.treasury.to_string(),
            config,
            tariffs: BTreeMap::new(),
            positions: BTreeMap::new(),
            energies: BTreeMap::new(),
            settled: BTreeMap::new(),
            purses: BTreeMap::new(),
            pool: Pool::default(),
        };
        replay.tariff(0, event);
        replay
    }

    /// Follows the events of one transaction.
    pub fn follow(&mut self, events: &[Event]) {
        for event in events {
            let of_contract = event
                .attributes
                .first()
                .is_some_and(|first| first.value == self.contract);
            match event.ty.strip_prefix("wasm") {
                Some("") if of_contract => self.action(event),
                Some(name) if of_contract => self.detail(&name[1..], event),
                _ => {}
            }
        }
    }

    fn action(&mut self, event: &Event) {
        match attribute(event, "action") {
            "tariff_set" => self.tariff(number(event, "from"), event),
            "topped_up" => self.cash(event, |purse, pool, required| {
                deposit(purse, pool, number(event, "amount"), required)?;
                collect(purse, pool, required).map(drop)
            }),
            "collected" => self.cash(event, |purse, pool, required| {
                collect(purse, pool, required).map(drop)
            }),
            "withdrawn" => self.cash(event, |purse, pool, required| {
                collect(purse, pool, required)?;
                withdraw(purse, number(event, "amount"))
            }),
            "released" => self.cash(event, |purse, pool, required| {
                collect(purse, pool, required)?;
                let all = purse.balance + purse.collateral;
                assert_eq!(all, number::<u128>(event, "amount"));
                (purse.balance, purse.collateral) = (0, 0);
                Ok(())
            }),
            "grid_funded" => self.pool.cash += number::<u128>(event, "amount"),
            "grid_defunded" => self.pool.cash -= number::<u128>(event, "amount"),
            "readings_submitted" | "readings_corrected" => self.readings(event),
            "dispute_resolved" => {
                let key = (
                    number(event, "interval"),
                    attribute(event, "account").into(),
                );
                self.energies.insert(key, (number(event, "metered"), true));
            }
            _ => {}
        }
    }

    fn detail(&mut self, name: &str, event: &Event) {
        match name {
            "commitments_recorded" => self.commitments(event),
            "line_settled" | "line_adjusted" => self.line(event),
            "statement" => self.statement(event),
            "arrears_changed" => {
                let purse = self.purses.get(attribute(event, "account"));
                let arrears = purse.map(|purse| purse.arrears);
                assert_eq!(arrears, Some(number(event, "arrears")));
            }
            _ => {}
        }
    }

    fn tariff(&mut self, from: u32, event: &Event) {
        let tariff: gridweave_types::billing::Tariff =
            from_json(attribute(event, "tariff")).expect("the tariff is announced");
        self.tariffs.insert(from, tariff.rule().expect("in range"));
    }

    fn tariff_at(&self, interval: u32) -> &Tariff {
        let (_, tariff) = self.tariffs.range(..=interval).next_back().expect("from 0");
        tariff
    }

    fn cash(
        &mut self,
        event: &Event,
        rule: impl FnOnce(
            &mut Purse,
            &mut Pool,
            u128,
        ) -> Result<(), gridweave_rules::settlement::SettlementError>,
    ) {
        let account = attribute(event, "account").to_owned();
        let purse = self.purses.entry(account).or_default();
        rule(purse, &mut self.pool, self.config.collateral.u128()).expect("in range");
        assert_eq!(purse.balance, number::<u128>(event, "balance"));
        assert_eq!(purse.collateral, number::<u128>(event, "collateral"));
        assert_eq!(purse.receivable, number::<u128>(event, "receivable"));
        assert_eq!(purse.arrears, number::<u128>(event, "arrears"));
    }

    fn readings(&mut self, event: &Event) {
        let account = attribute(event, "account");
        if account == self.treasury {
            return;
        }
        let from: u32 = number(event, "from");
        for (interval, energy) in (from..).zip(longs(event, "readings")) {
            let entry = self.energies.entry((interval, account.into()));
            let held = entry.or_insert((energy, false));
            if !held.1 {
                held.0 = energy;
            }
        }
    }

    fn commitments(&mut self, event: &Event) {
        let account = attribute(event, "account");
        let rows = intervals(event).into_iter().zip(longs(event, "energies"));
        for ((interval, energy), price) in rows.zip(longs(event, "prices")) {
            let tariff = self.tariff_at(interval);
            let commitment = Commitment {
                energy: Energy(energy),
                price: tariff
                    .price(Interval(interval), Price(price))
                    .expect("in range"),
                paid: number(event, "paid"),
            };
            let key = (interval, account.to_owned());
            let position = self.positions.entry(key).or_default();
            *position = position.with(&commitment).expect("in range");
        }
    }

    fn line(&mut self, event: &Event) {
        let interval: u32 = number(event, "interval");
        let account = attribute(event, "account").to_owned();
        let key = (interval, account.clone());
        let position = self.positions.get(&key).copied().unwrap_or_default();
        let known = self.energies.get(&key).map(|held| held.0);
        let metered = known.unwrap_or(position.energy.0);
        assert_eq!(metered, number::<i64>(event, "metered"));
        let tariff = self.tariff_at(interval);
        let reference = Price(self.config.reference_price.i64());
        let reference = tariff
            .price(Interval(interval), reference)
            .expect("in range");
        let now = settle(&position, Energy(metered), reference, tariff.imbalance);
        let now = now.expect("in range");
        assert_eq!(now.committed.0, number::<i128>(event, "committed"));
        assert_eq!(now.imbalance.0, number::<i128>(event, "imbalance"));
        assert_eq!(now.penalty.0, number::<i128>(event, "penalty"));
        assert_eq!(now.dust.0, number::<i128>(event, "dust"));
        let before = self.settled.insert(key, (metered, now));
        let before = before.map(|(_, before)| before).unwrap_or_default();
        let amount = now.amount().expect("in range").0 - before.amount().expect("in range").0;
        self.book(account, amount, now.dust.0 - before.dust.0);
    }

    fn statement(&mut self, event: &Event) {
        let account = attribute(event, "account");
        let first = number::<u32>(event, "period") * self.config.period_intervals;
        let own = (first..first + self.config.period_intervals)
            .filter_map(|interval| self.settled.get(&(interval, account.to_owned())));
        let (mut peak, mut total) = (0, 0);
        for (metered, settlement) in own {
            peak = peak.max(-metered);
            total += settlement.amount().expect("in range").0;
        }
        let charge = self
            .tariff_at(first)
            .demand(Energy(peak))
            .expect("in range");
        assert_eq!(charge.amount.0, number::<i128>(event, "demand"));
        assert_eq!(total + charge.amount.0, number::<i128>(event, "total"));
        self.book(account.to_owned(), charge.amount.0, charge.dust.0);
    }

    fn book(&mut self, account: String, amount: i128, dust: i128) {
        let purse = self.purses.entry(account).or_default();
        let required = self.config.collateral.u128();
        let (amount, dust) = (Money(amount), Money(dust));
        book(purse, &mut self.pool, amount, dust, required).expect("in range");
    }

    /// Asserts that the contract has exactly what its events add up to.
    ///
    /// # Panics
    /// When it has not.
    #[track_caller]
    pub fn assert_like(&self, billing: &Billing) {
        let books = billing.books();
        assert_eq!(self.pool.cash, (books.grid + books.reserve).u128());
        assert_eq!(self.pool.dust, books.dust.u128());
        for held in billing.accounts() {
            let purse = self.purses.get(held.account.as_str());
            let purse = purse.copied().unwrap_or_default();
            assert_eq!(purse.balance, held.balance.u128());
            assert_eq!(purse.collateral, held.collateral.u128());
            assert_eq!(purse.receivable, held.receivable.u128());
            assert_eq!(purse.arrears, held.arrears.u128());
        }
    }

    /// Lines computed again so far.
    pub fn lines(&self) -> usize {
        self.settled.len()
    }
}
