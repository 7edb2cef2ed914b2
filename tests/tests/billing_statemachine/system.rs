//! The contract under test, driven by the same operations and compared after each.

use cosmwasm_std::{Addr, StdResult, Uint128};
use cw_multi_test::AppResponse;
use gridweave_testkit::billing::Billing;
use gridweave_testkit::coordinator::Coordinator;
use gridweave_types::billing::{ExecuteMsg, InstantiateMsg, SourceKind, Term};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::model::{DEMAND, FACTOR, FLOAT, HOMES, Model, SLOTS};
use crate::operation::{self, Operation};

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

/// The contract and a second market.
pub struct System {
    pub billing: Billing,
    markets: [Addr; 2],
}

impl System {
    pub fn new() -> Self {
        let chain = Coordinator::new(HOMES as u32);
        let mut billing = Billing::with(chain, terms);
        let second = billing.chain.suite.address("second market");
        billing
            .operate(&ExecuteMsg::RegisterSource {
                contract: second.to_string(),
                kind: SourceKind::Recorder,
            })
            .expect("a new source");
        Self {
            markets: [billing.market.clone(), second],
            billing,
        }
    }

    /// Sends an operation; whether the contract took it.
    pub fn send(&mut self, operation: &Operation) -> bool {
        self.dispatch(operation).is_ok()
    }

    fn dispatch(&mut self, operation: &Operation) -> StdResult<AppResponse> {
        use Operation as O;
        let billing = &mut self.billing;
        match operation {
            O::Pass(seconds) => {
                billing.chain.pass(*seconds);
                Ok(AppResponse::default())
            }
            O::TopUp(home, coins) => billing.top_up(*home, *coins),
            O::Withdraw(home, coins) => billing.withdraw(*home, *coins),
            O::Release(home) => {
                let home = billing.home(*home);
                billing.send(&home, &ExecuteMsg::Release { recipient: None }, 0)
            }
            O::Collect(home) => {
                let account = billing.home(*home).to_string();
                billing.anyone(&ExecuteMsg::Collect { account })
            }
            O::Fund(coins) => billing.fund(*coins),
            O::Defund(coins) => billing.defund(*coins),
            O::Commit { source, rows, paid } => {
                let message = billing.commitments(rows, *paid);
                billing.send(&self.markets[*source], &message, 0)
            }
            O::Read(home, from, energies) => billing.read(*home, *from, energies),
            O::Correct(home, from, energies) => billing.correct(*home, *from, energies),
            O::Settle {
                interval,
                after,
                limit,
            } => {
                let start_after = after.map(|home| billing.home(home).to_string());
                billing.anyone(&ExecuteMsg::Settle {
                    interval: *interval,
                    start_after,
                    limit: Some(*limit),
                })
            }
            O::Dispute(home, t) => billing.dispute(*home, *t),
            O::Resolve(home, t, reading) => billing.resolve(*home, *t, *reading),
            O::Open(period) => billing.anyone(&ExecuteMsg::OpenPeriod { period: *period }),
            O::Reconcile(period) => billing.anyone(&ExecuteMsg::Reconcile {
                period: *period,
                start_after: None,
                limit: None,
            }),
        }
    }

    /// Asserts that money and lines are as the model has them.
    fn assert_like(&self, model: &Model) {
        self.billing.assert_books_balance();
        let books = self.billing.books();
        let grid = books.grid + books.reserve;
        assert_eq!(grid.u128() as i128, model.grid.cash, "grid account");
        assert_eq!(books.dust.u128() as i128, model.grid.dust, "dust");
        let coins = books.deposited.u128() as i128 - books.withdrawn.u128() as i128;
        assert_eq!(coins, model.coins, "coins");
        for &home in &model.opened {
            let (held, expected) = (self.billing.account(home), model.homes[home].purse);
            let purse = [held.balance, held.collateral, held.receivable, held.arrears];
            let wanted = [
                expected.balance,
                expected.collateral,
                expected.receivable,
                expected.arrears,
            ];
            assert_eq!(purse.map(|part| part.u128() as i128), wanted, "home {home}");
        }
    }

    /// Asserts that a line is as the model has it, and pays no more than it must.
    fn assert_line(&self, model: &Model, t: u32, home: usize) {
        let Some(expected) = model.lines.get(&(t, home)) else {
            return;
        };
        let line = self.billing.line(home, t);
        let worth = [line.committed, line.imbalance, line.penalty, line.dust];
        assert_eq!(
            worth.map(|part| part.i128()),
            expected.worth,
            "line {t}/{home}"
        );
        assert_eq!(line.state.settled, expected.settled);
        assert_eq!(line.state.disputed, expected.disputed);
        assert_eq!(line.state.corrections, expected.corrections);
        let metered = expected.metered.map(|(energy, _)| energy);
        assert_eq!(line.metered.map(|energy| i128::from(energy.i64())), metered);
        let deviation = metered.unwrap_or(0) - expected.energy;
        let prices = expected.prices.iter().map(|price| price.unsigned_abs());
        let dearest = prices.max().unwrap_or(307_001);
        let imbalance = deviation.abs() * i128::from(dearest) * (10_000 + FACTOR) / 10_000;
        let most = (expected.value.abs() + imbalance) / 1_000 + 4;
        assert!(
            -self.billing.amount(home, t) <= most,
            "line {t}/{home} pays too much"
        );
        let totals = self.billing.interval(t);
        let sum = totals.accounts.i128() + totals.grid.i128() + totals.dust.i128();
        assert_eq!(sum, 0, "interval {t}");
    }
}

fn terms(terms: &mut InstantiateMsg) {
    terms.float = Uint128::new(FLOAT as u128);
    terms.tariff.imbalance_bps = FACTOR as u16;
    terms.tariff.terms = vec![
        Term::Dlmp {},
        Term::TimeOfUse {
            prices: SLOTS.map(Into::into).to_vec(),
        },
        Term::Demand {
            price: (DEMAND as u64).into(),
        },
    ];
}

impl StateMachineTest for System {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Model) -> Self {
        Self::new()
    }

    fn apply(mut system: Self, model: &Model, operation: Operation) -> Self {
        let took = system.send(&operation);
        assert_eq!(took, model.allowed, "{operation:?} at {}", model.now);
        system.assert_like(model);
        let touched: Vec<(usize, u32)> = match &operation {
            Operation::Settle { interval, .. } => {
                (0..HOMES).map(|home| (home, *interval)).collect()
            }
            Operation::Read(home, from, energies) | Operation::Correct(home, from, energies) => {
                let intervals = (*from..).take(energies.len());
                intervals.map(|t| (*home, t)).collect()
            }
            Operation::Dispute(home, t) | Operation::Resolve(home, t, _) => vec![(*home, *t)],
            _ => Vec::new(),
        };
        for (home, t) in touched {
            system.assert_line(model, t, home);
        }
        system
    }

    fn teardown(system: Self, model: Model) {
        for &(t, home) in model.lines.keys() {
            system.assert_line(&model, t, home);
        }
        system.billing.assert_audited();
    }
}
