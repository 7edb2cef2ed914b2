//! What assets cost in storage: bytes of each record, and how often a settlement reads and writes.

use std::cell::Cell;
use std::collections::BTreeMap;

use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, message_info, mock_env};
use cosmwasm_std::{Addr, DepsMut, Order, QuerierWrapper, Record, Storage};
use gridweave_assets::contract;
use gridweave_testkit::assets::send::settle;
use gridweave_testkit::assets::{Assets, buy, sell, trade};
use gridweave_types::assets::Trade;

/// Sellers, and as many buyers.
const OFFERS: u64 = 10;

/// Counts what is asked of it.
#[derive(Default)]
struct Counting {
    inner: MockStorage,
    reads: Cell<usize>,
    writes: usize,
}

impl Storage for Counting {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.reads.set(self.reads.get() + 1);
        self.inner.get(key)
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        self.inner.range(start, end, order)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.writes += 1;
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.writes += 1;
        self.inner.remove(key);
    }
}

/// Ten sellers and ten buyers, each with a lock; all of one class a side.
fn locked() -> Assets {
    let mut assets = Assets::new(1);
    for number in 0..OFFERS {
        let seller = assets.holder(&format!("seller {number}"));
        let buyer = assets.holder(&format!("buyer {number}"));
        let entries = [(&seller, sell("0-9"), 9_000), (&buyer, buy("0-9"), 9_000)];
        assets.issue(&entries).expect("it is safe");
        assets.fund(&buyer, 1_000_000).expect("coins");
        assets
            .lock(number, &seller, sell("0-9"), 8_000, 0)
            .expect("covered");
        let offer = OFFERS + number;
        assets
            .lock(offer, &buyer, buy("0-9"), 8_000, 900_000)
            .expect("covered");
    }
    assets
}

/// Every pair of a seller and a buyer, `times` over.
fn everybody(times: u64) -> Vec<Trade> {
    let pairs = (0..times * OFFERS * OFFERS).map(|at| {
        let (seller, buyer) = (at / OFFERS % OFFERS, at % OFFERS);
        trade(seller, OFFERS + buyer, 1, 100)
    });
    pairs.collect()
}

/// Reads and writes of one settlement.
fn cost(assets: &Assets, trades: &[Trade]) -> (usize, usize) {
    let mut storage = Counting::default();
    for (key, value) in assets.billing.chain.suite.state(&assets.contract) {
        storage.inner.set(&key, &value);
    }
    let api = MockApi::default();
    let querier: MockQuerier = MockQuerier::default();
    let deps = DepsMut {
        storage: &mut storage,
        api: &api,
        querier: QuerierWrapper::new(&querier),
    };
    let market = message_info(&Addr::unchecked(assets.market.as_str()), &[]);
    let sent = contract::execute(deps, mock_env(), market, settle(3, trades));
    sent.expect("all is locked");
    (storage.reads.get(), storage.writes)
}

#[test]
fn a_settlement_reads_and_writes_each_record_once_however_many_trades() {
    let assets = locked();
    let (reads, writes) = cost(&assets, &everybody(1));
    // Locks, claims, money of the sellers; two classes, two deliveries, the books.
    assert_eq!(writes, 20 + 20 + 10 + 2 + 2 + 1);
    // Beside these the terms and the market's number and record.
    assert_eq!(reads, writes + 3);
    assert_eq!(cost(&assets, &everybody(10)), (reads, writes));
}

/// Bytes stored (keys and values) and number of entries by namespace.
fn stored(assets: &Assets) -> BTreeMap<String, (usize, usize)> {
    let mut sums = BTreeMap::new();
    for (key, value) in assets.billing.chain.suite.state(&assets.contract) {
        // A map's key begins with the length of its name; an item's key is its name.
        let length = usize::from(u16::from_be_bytes([key[0], key[1]]));
        let name = key.get(2..2 + length).unwrap_or(&key);
        let sum: &mut (usize, usize) = sums
            .entry(String::from_utf8_lossy(name).into_owned())
            .or_default();
        sum.0 += key.len() + value.len();
        sum.1 += 1;
    }
    sums
}

#[test]
fn records_are_small() {
    let mut assets = locked();
    assets.settle(3, &everybody(1)).expect("all is locked");
    let stored = stored(&assets);
    let each = |name: &str| {
        let (bytes, entries) = stored[name];
        (bytes / entries, entries)
    };
    assert_eq!(each("locks"), (53, 20));
    assert_eq!(each("claims"), (31, 20));
    assert_eq!(each("permits"), (27, 20));
    assert_eq!(each("money"), (27, 20));
    assert_eq!(each("classes"), (102, 2));
    assert_eq!(each("deliveries"), (73, 2));
    assert_eq!(each("tallies"), (22 + 10 * 8, 2));
}

#[test]
fn what_is_empty_is_not_stored() {
    let mut assets = locked();
    assets.settle(3, &everybody(1)).expect("all is locked");
    let offers: Vec<u64> = (0..2 * OFFERS).collect();
    assets.release(&offers).expect("the market's");
    let stored = stored(&assets);
    assert!(!stored.contains_key("locks"));
    assert!(!stored.contains_key("holder_locks"));
}
