//! The contract under test, driven by the same operations and compared after each.

use std::collections::BTreeMap;

use cosmwasm_std::Addr;
use gridweave_testkit::assets::{Assets, Replay};
use gridweave_types::assets::{IssuedResponse, LockResponse, QueryMsg, Side};
use gridweave_types::billing;
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::claims::feeder_of;
use crate::model::{HOLDERS, Lock, MARKETS, Model};
use crate::operation::{self, Operation};
use crate::send::{claim_class, class};

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Operation;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::new()).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Operation> {
        operation::next(state)
    }

    fn apply(mut state: Self, operation: &Operation) -> Self {
        state.take(operation);
        state
    }
}

/// The contract, everybody around it, and an auditor who sees events only.
pub struct System {
    pub assets: Assets,
    pub holders: [Addr; HOLDERS],
    pub markets: [Addr; MARKETS],
    replay: Replay,
    steps: usize,
}

/// Operations from one look at all locks and classes to the next.
const SUMS: usize = 8;

impl System {
    fn new() -> Self {
        let mut assets = Assets::new(2);
        let names = ["ann", "bob", "cem", "dua"];
        let holders = names.map(|name| assets.holder(name));
        let second = assets.billing.chain.suite.address("second market");
        Self {
            markets: [assets.market.clone(), second],
            holders,
            replay: Replay::new(&assets),
            assets,
            steps: 0,
        }
    }

    /// An account of the model.
    pub fn account(&self, number: usize) -> Addr {
        match feeder_of(number) {
            1 => self.assets.billing.home(number),
            _ => self.assets.far.clone(),
        }
    }

    /// Asserts that everybody has what the model says, and nothing was made or lost.
    fn assert_like(&self, model: &Model) {
        for (number, holder) in self.holders.iter().enumerate() {
            assert_eq!(self.assets.money(holder), model.money[number]);
            let own = model
                .permits
                .iter()
                .filter(|(key, left)| key.0 == number && **left > 0);
            let own: BTreeMap<_, _> = own.map(|(key, left)| (class(&key.1), *left)).collect();
            let held: BTreeMap<_, _> = self.assets.permits(holder).into_iter().collect();
            assert_eq!(held, own, "permits of {number}");
            let own = model
                .claims
                .iter()
                .filter(|(key, left)| key.0 == number && **left > 0);
            let own: BTreeMap<_, _> = own.map(|(key, left)| (claim_class(key.1), *left)).collect();
            let held: BTreeMap<_, _> = self.assets.claims(holder).into_iter().collect();
            assert_eq!(held, own, "claims of {number}");
        }
        let books = self.assets.books();
        assert_eq!(books.deposited.u128(), model.returned);
        assert_eq!(books.paid_in.u128(), model.paid_in);
        assert_eq!(books.paid_out.u128(), model.paid_out);
        let locked: u128 = model.locks.values().map(|lock| lock.money).sum();
        assert_eq!(books.locked.u128(), locked);
    }

    fn assert_locks(&self, model: &Model) {
        for (&(market, offer), expected) in &model.locks {
            let lock: LockResponse = self
                .assets
                .ask(&QueryMsg::Lock {
                    market: self.markets[market].to_string(),
                    offer: offer.into(),
                })
                .expect("it is locked");
            let Lock { energy, money, .. } = expected;
            assert_eq!((lock.energy.u64(), lock.money.u128()), (*energy, *money));
            assert_eq!(lock.permit, class(&expected.class));
            assert_eq!(lock.holder, self.holders[expected.holder]);
        }
    }

    fn assert_totals(&self, model: &Model) {
        assert_eq!(self.assets.classes().len(), model.classes.len());
        for (key, sums) in &model.classes {
            let shown = self.assets.class(class(key));
            let shown = [
                shown.issued,
                shown.narrowed_in,
                shown.narrowed_out,
                shown.locked,
                shown.consumed,
                shown.expired,
                shown.retired,
            ];
            let expected = [
                sums.issued,
                sums.narrowed_in,
                sums.narrowed_out,
                sums.locked,
                sums.consumed,
                sums.expired,
                sums.retired,
            ];
            assert_eq!(shown.map(|total| total.u64()), expected, "{key:?}");
        }
        for (key, expected) in &model.deliveries {
            let shown = self.assets.delivery(claim_class(*key));
            assert_eq!(shown.traded.u64(), expected.traded);
            assert_eq!(shown.value.u128(), expected.value);
            assert_eq!(shown.deposited.u64(), expected.deposited);
            assert_eq!(shown.credited.u64(), expected.credited);
            assert_eq!(shown.retired.u64(), expected.retired);
        }
        self.assert_tallies(model);
    }

    fn assert_tallies(&self, model: &Model) {
        for (side, feeder) in [Side::Sell, Side::Buy].into_iter().zip([1, 2]) {
            let question = QueryMsg::Issued {
                feeder,
                side,
                from: 0,
                limit: Some(64),
            };
            let answer: IssuedResponse = self.assets.ask(&question).expect("numbers");
            for row in answer.intervals {
                let expected = model.issued(side, feeder, row.interval);
                assert_eq!(
                    row.energy.u64(),
                    expected,
                    "{side:?} {feeder} {}",
                    row.interval
                );
            }
        }
    }

    /// Asserts that `billing` has recorded what was credited, as paid.
    fn assert_commitments(&self, model: &Model) {
        for (&(account, t), &energy) in &model.committed {
            let question = billing::QueryMsg::Line {
                account: self.account(account).into(),
                interval: t,
            };
            let line: billing::LineResponse = self.assets.billing.ask(&question).expect("a line");
            assert_eq!((line.energy.i64(), line.committed.i128()), (energy, 0));
        }
        self.assets.billing.assert_books_balance();
    }
}

impl StateMachineTest for System {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Model) -> Self {
        Self::new()
    }

    fn apply(mut system: Self, model: &Model, operation: Operation) -> Self {
        let took = system.dispatch(&operation);
        let reason = took.as_ref().err().map(ToString::to_string);
        assert_eq!(
            took.is_ok(),
            model.allowed,
            "{operation:?} at {}: {reason:?}",
            model.now
        );
        if let Ok(response) = &took {
            system.replay.follow(&response.events);
        }
        system.assert_like(model);
        system.steps += 1;
        if system.steps.is_multiple_of(SUMS) {
            system.assert_locks(model);
            system.assets.assert_books_balance();
        }
        system
    }

    fn teardown(system: Self, model: Model) {
        system.assert_locks(&model);
        system.assets.assert_conserved();
        system.assert_totals(&model);
        system.assert_commitments(&model);
        system.replay.assert_like(&system.assets);
        system.assets.assert_audited();
    }
}
