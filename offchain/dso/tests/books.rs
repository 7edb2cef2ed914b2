//! Whatever happens in whatever order, the ledger's sums are those of what was done.

use std::collections::BTreeMap;
use std::path::Path;

use gridweave_dso::ledger::{
    Batch, Booking, EnergyDeposit, Entry, IN_MEMORY, MoneyDeposit, PayKey, Payment, Place,
};
use gridweave_dso::{Ledger, Participant, State};
use gridweave_types::assets::{PermitClass, Side};
use proptest::collection::vec;
use proptest::prelude::*;

const ACCOUNTS: [&str; 3] = ["alice", "bob", "carol"];

/// How a batch ends.
#[derive(Debug, Clone, Copy)]
enum End {
    Done,
    Undone,
    Refused,
}

/// Something that the operator does, or hears of.
#[derive(Debug, Clone)]
enum Act {
    Raise(usize, u128),
    /// The same few hashes come again and again.
    Pay(usize, u8, u128),
    /// Asks for money, which the purse may not hold.
    Ask(usize, u128),
    /// Issues the first that waits, or up to three unless the end is a refusal.
    Issue(End),
    Return {
        account: usize,
        amount: u128,
        as_coins: bool,
    },
    Deposit(usize, u32, u64),
    /// Hears of the last deposit once more.
    Again,
    /// Pays everybody; the payees of this bit set cannot receive.
    PayOut(u8),
    Retry,
}

fn act() -> impl Strategy<Value = Act> {
    let who = 0..ACCOUNTS.len();
    let end = prop_oneof![3 => Just(End::Done), 1 => Just(End::Undone), 1 => Just(End::Refused)];
    prop_oneof![
        1 => (who.clone(), 0..500u128).prop_map(|(who, amount)| Act::Raise(who, amount)),
        1 => (who.clone(), 0..4u8, 1..500u128).prop_map(|(who, hash, n)| Act::Pay(who, hash, n)),
        3 => (who.clone(), 0..400u128).prop_map(|(who, money)| Act::Ask(who, money)),
        3 => end.prop_map(Act::Issue),
        3 => (who.clone(), 1..400u128, any::<bool>())
            .prop_map(|(account, amount, as_coins)| Act::Return { account, amount, as_coins }),
        1 => (who, 0..4u32, 1..900u64).prop_map(|(who, at, energy)| Act::Deposit(who, at, energy)),
        1 => Just(Act::Again),
        2 => any::<u8>().prop_map(Act::PayOut),
        1 => Just(Act::Retry),
    ]
}

/// What should have come of it all.
struct Life {
    ledger: Ledger,
    /// What purses received.
    received: [u128; 3],
    hashes: BTreeMap<u8, usize>,
    returned: BTreeMap<PayKey, u128>,
    paid: BTreeMap<PayKey, u128>,
    failed: BTreeMap<PayKey, u128>,
    deposited: BTreeMap<(usize, u32), u64>,
    last: Vec<(Place, Entry)>,
    ids: Vec<i64>,
    at: Place,
}

impl Life {
    fn start() -> Self {
        let ledger = Ledger::open(Path::new(IN_MEMORY)).unwrap();
        for account in ACCOUNTS {
            let participant = Participant {
                account: account.into(),
                name: format!("home of {account}"),
                feeder: 1,
                sell_limit: 9_000,
                buy_limit: 9_000,
            };
            ledger.enrol(&participant).unwrap();
        }
        let mut life = Self {
            ledger,
            received: [0; 3],
            hashes: BTreeMap::new(),
            returned: BTreeMap::new(),
            paid: BTreeMap::new(),
            failed: BTreeMap::new(),
            deposited: BTreeMap::new(),
            last: Vec::new(),
            ids: Vec::new(),
            at: Place { height: 1, seen: 0 },
        };
        // Everybody has an address.
        (0..ACCOUNTS.len()).for_each(|who| life.ask(who, 0));
        life
    }

    fn ask(&mut self, who: usize, money: u128) {
        let booking = Booking {
            account: ACCOUNTS[who].into(),
            reference: None,
            holder: format!("holder of {}", ACCOUNTS[who]),
            class: PermitClass {
                side: Side::Buy,
                feeder: 1,
                intervals: "0-3".parse().unwrap(),
            },
            energy: 100,
            money,
        };
        let enough = money <= self.ledger.purse(ACCOUNTS[who]).unwrap();
        let verdict = if enough {
            Ok(())
        } else {
            Err("too little".into())
        };
        let record = self.ledger.book(&booking, |_| Ok(verdict)).unwrap();
        assert_eq!(record.state == State::Requested, enough);
        self.ids.push(record.id);
    }

    fn issue(&mut self, end: End) {
        let most = if matches!(end, End::Refused) { 1 } else { 3 };
        let waiting = self.ledger.requested().unwrap();
        let ids: Vec<i64> = waiting.iter().take(most).map(|record| record.id).collect();
        if ids.is_empty() {
            return;
        }
        let batch: Batch = self.ledger.begin_issue(&ids).unwrap();
        match end {
            End::Done => self.ledger.finish(batch, self.at.height, None).unwrap(),
            End::Undone => self.ledger.undo(batch).unwrap(),
            End::Refused => self.ledger.refuse(batch, "no").unwrap(),
        }
        assert_eq!(self.ledger.under_way().unwrap(), None);
    }

    fn hear(&mut self, entry: Entry) {
        let place = self.at;
        self.at.seen += 1;
        self.last = vec![(place, entry)];
        self.ledger.enter(&self.last, self.at).unwrap();
    }

    fn pay_out(&mut self, deaf: u8) {
        let waiting = self.ledger.unpaid().unwrap();
        if waiting.is_empty() {
            return;
        }
        let keys: Vec<PayKey> = waiting.keys().cloned().collect();
        self.ledger.begin_pay_out(&keys).unwrap();
        let mut entries = vec![Entry::PaidOut];
        for (at, (key, amount)) in waiting.into_iter().enumerate() {
            let comes_back = deaf & (1 << at) != 0;
            let sums = if comes_back {
                &mut self.failed
            } else {
                &mut self.paid
            };
            *sums.entry(key.clone()).or_default() += amount;
            if comes_back {
                entries.push(Entry::Unpaid(key));
            }
        }
        let place = |seen| Place { seen, ..self.at };
        let first = self.at.seen;
        let placed: Vec<_> = (first..).map(place).zip(entries).collect();
        self.at.seen += placed.len();
        self.ledger.enter(&placed, self.at).unwrap();
    }

    fn apply(&mut self, act: Act) {
        match act {
            Act::Raise(who, amount) => {
                self.ledger.raise_purse(ACCOUNTS[who], amount).unwrap();
                self.received[who] += amount;
            }
            Act::Pay(who, hash, amount) => {
                let payment = Payment {
                    hash: format!("{hash:064X}"),
                    account: ACCOUNTS[who].into(),
                    height: 3,
                    amount,
                };
                let new = self.ledger.take_payment(&payment).unwrap();
                assert_eq!(new, self.hashes.insert(hash, who).is_none());
                self.received[who] += if new { amount } else { 0 };
            }
            Act::Ask(who, money) => self.ask(who, money),
            Act::Issue(end) => self.issue(end),
            Act::Return {
                account,
                amount,
                as_coins,
            } => {
                let key = PayKey {
                    account: ACCOUNTS[account].into(),
                    as_coins,
                };
                *self.returned.entry(key).or_default() += amount;
                self.hear(Entry::Money(MoneyDeposit {
                    holder: format!("holder of {}", ACCOUNTS[account]),
                    amount,
                    as_coins,
                }));
            }
            Act::Deposit(who, interval, energy) => {
                *self.deposited.entry((who, interval)).or_default() += energy;
                self.hear(Entry::Energy(EnergyDeposit {
                    holder: format!("holder of {}", ACCOUNTS[who]),
                    side: Side::Buy,
                    interval,
                    energy,
                }));
            }
            Act::Again => self.ledger.enter(&self.last, self.at).unwrap(),
            Act::PayOut(deaf) => self.pay_out(deaf),
            Act::Retry => {
                self.ledger.retry_payments().unwrap();
                self.failed.clear();
            }
        }
    }

    /// Nothing is lost, nothing appears from nowhere.
    fn check(&self) {
        for (who, account) in ACCOUNTS.iter().enumerate() {
            let records = self.ids.iter();
            let records = records.map(|id| self.ledger.withdrawal(*id).unwrap().unwrap());
            let given: u128 = records
                .filter(|record| record.account == *account && record.state != State::Failed)
                .map(|record| record.money)
                .sum();
            let purse = self.ledger.purse(account).unwrap();
            assert_eq!(purse + given, self.received[who], "{account}");
        }
        let waiting = self.ledger.unpaid().unwrap();
        for (key, returned) in &self.returned {
            let of = |sums: &BTreeMap<PayKey, u128>| sums.get(key).copied().unwrap_or_default();
            let sum = of(&waiting) + of(&self.paid) + of(&self.failed);
            assert_eq!(sum, *returned, "{key:?}");
        }
        let credits = self.ledger.uncredited().unwrap();
        let found = credits.into_iter().map(|(key, credit)| {
            let who = ACCOUNTS.iter().position(|account| *account == key.account);
            ((who.unwrap(), key.interval), credit.bought)
        });
        assert_eq!(found.collect::<BTreeMap<_, _>>(), self.deposited);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn purses_payments_and_deposits_add_up(acts in vec(act(), 1..60)) {
        let mut life = Life::start();
        for act in acts {
            life.apply(act);
            life.check();
        }
    }
}
