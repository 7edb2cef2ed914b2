//! Whatever is asked for in whatever order, nobody gets more than its limit, and no feeder more than
//! is safe; and whoever is refused had no room.

mod common;

use common::{ISSUE_LIMIT, World, account_of, accounts, class, key, participants, request};
use gridweave_chain::embedded::EmbeddedChain;
use gridweave_chain::{Chain, Signer};
use gridweave_dso::ledger::{Participant, WithdrawalRecord};
use gridweave_dso::{Dso, State};
use gridweave_types::assets::{IssuedResponse, QueryMsg, Side};
use proptest::collection::vec;
use proptest::prelude::*;

/// Intervals that are asked for, all in the future.
const FIRST: u32 = 4;
const INTERVALS: u32 = 4;

/// What happens.
#[derive(Debug, Clone)]
enum Act {
    /// One of the sellers, or the buyer, asks.
    Ask {
        who: usize,
        from: u32,
        length: u32,
        energy: u64,
    },
    /// What waits is issued.
    Issue,
    /// The operator's process starts again.
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    let ask = (0..4usize, 0..INTERVALS, 1..=INTERVALS, 1..4_000u64);
    prop_oneof![
        8 => ask.prop_map(|(who, from, length, energy)| Act::Ask { who, from, length, energy }),
        2 => Just(Act::Issue),
        1 => Just(Act::Restart),
    ]
}

/// Three sellers on feeder 1, with limits of their own, and a buyer on feeder 2.
fn people() -> [Participant; 4] {
    let [seller, buyer] = participants();
    let other = |byte, name: &str, sell_limit| Participant {
        account: account_of(&key(byte)),
        name: name.into(),
        sell_limit,
        ..seller.clone()
    };
    let (second, third) = (other(9, "second", 2_500), other(10, "third", 9_000));
    [seller, second, third, buyer]
}

/// The operator with its four participants.
struct Office {
    world: World,
    folder: tempfile::TempDir,
    dso: Option<Dso<EmbeddedChain>>,
    people: [Participant; 4],
    holders: Vec<Signer>,
    asked: Vec<i64>,
}

impl Office {
    async fn open() -> Self {
        let world = World::start().await;
        let mut holders = Vec::new();
        for name in ["a", "b", "c", "d"] {
            holders.push(world.holder(name).await);
        }
        let mut office = Self {
            world,
            folder: tempfile::tempdir().unwrap(),
            dso: None,
            people: people(),
            holders,
            asked: Vec::new(),
        };
        office.restart().await;
        office
            .dso()
            .raise_purse(&accounts()[1], 1_000_000_000)
            .unwrap();
        office
    }

    fn dso(&self) -> &Dso<EmbeddedChain> {
        self.dso.as_ref().unwrap()
    }

    async fn restart(&mut self) {
        self.dso = None;
        let path = self.folder.path().join("ledger.sqlite");
        let dso = self.world.dso(&path).await;
        for person in &self.people {
            dso.enrol(person).unwrap();
        }
        self.dso = Some(dso);
    }

    async fn apply(&mut self, act: &Act) {
        match *act {
            Act::Ask {
                who,
                from,
                length,
                energy,
            } => self.ask(who, from, length, energy).await,
            Act::Issue => {
                self.dso().issue_batch().await.unwrap();
            }
            Act::Restart => self.restart().await,
        }
    }

    async fn ask(&mut self, who: usize, from: u32, length: u32, energy: u64) {
        let last = (from + length).min(INTERVALS) - 1;
        let set = match (FIRST + from, FIRST + last) {
            (only, last) if only == last => only.to_string(),
            (first, last) => format!("{first}-{last}"),
        };
        let side = if who == 3 { Side::Buy } else { Side::Sell };
        let name = self.asked.len().to_string();
        let wish = request(&self.holders[who], class(side, &set), energy, &name);
        let account = &self.people[who].account;
        let room = self.room(who, FIRST + from, FIRST + last);
        let record = self.dso().request(account, &wish).await.unwrap();
        let expected = if energy <= room {
            State::Requested
        } else {
            State::Failed
        };
        assert_eq!(record.state, expected, "room for {room} Wh: {record:?}");
        self.asked.push(record.id);
    }

    fn records(&self) -> impl Iterator<Item = WithdrawalRecord> {
        let ledger = self.dso().ledger();
        let records = self.asked.iter();
        let records = records.map(|id| ledger.withdrawal(*id).unwrap().unwrap());
        records.filter(|record| record.state != State::Failed)
    }

    /// Energy that those of `of` have been promised or given in an interval.
    fn held(&self, interval: u32, of: impl Fn(&WithdrawalRecord) -> bool) -> u64 {
        let there = self.records().filter(|record| {
            let mut all = record.class.intervals.iter();
            of(record) && all.any(|each| each.0 == interval)
        });
        there.map(|record| record.energy).sum()
    }

    fn limit(&self, who: usize) -> u64 {
        let person = &self.people[who];
        if who == 3 {
            person.buy_limit
        } else {
            person.sell_limit
        }
    }

    /// What account number `who` could still get in all intervals from `from` to `last`.
    fn room(&self, who: usize, from: u32, last: u32) -> u64 {
        let person = &self.people[who];
        let room = |interval| {
            let own = self.held(interval, |record| record.account == person.account);
            let feeder = self.held(interval, |record| record.class.feeder == person.feeder);
            (self.limit(who) - own).min(ISSUE_LIMIT - feeder)
        };
        (from..=last).map(room).min().unwrap()
    }

    /// Limits hold in the ledger and on the chain.
    async fn check(&self) {
        for interval in FIRST..FIRST + INTERVALS {
            for (who, person) in self.people.iter().enumerate() {
                let held = self.held(interval, |record| record.account == person.account);
                assert!(held <= self.limit(who), "{}: {held} Wh", person.name);
            }
        }
        for (feeder, side) in [(1, Side::Sell), (2, Side::Buy)] {
            let query = QueryMsg::Issued {
                feeder,
                side,
                from: FIRST,
                limit: Some(INTERVALS),
            };
            let assets = &self.world.contracts.market().unwrap().assets;
            let issued: IssuedResponse = self.world.chain.query(assets, &query).await.unwrap();
            for (interval, issued) in (FIRST..).zip(issued.intervals) {
                let issued = issued.energy.u64();
                let given = self.held(interval, |record| {
                    record.class.feeder == feeder && record.state == State::Issued
                });
                assert_eq!(issued, given, "feeder {feeder}, interval {interval}");
                assert!(issued <= ISSUE_LIMIT);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn limits_of_participants_and_feeders_are_never_exceeded(acts in vec(act(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut office = Office::open().await;
            for act in &acts {
                office.apply(act).await;
                office.check().await;
            }
        });
    }
}
