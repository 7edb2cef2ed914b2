//! The contracts, and what must hold after every operation.

use std::collections::BTreeMap;

use cosmwasm_std::{Int64, Uint128};
use gridweave_testkit::billing::COLLATERAL;
use gridweave_testkit::crowdsourcing::{Crowd, FIRST, GENERATOR, LENGTH, TYPE_2, budgets};
use gridweave_types::crowdsourcing::{
    EnrolmentState, ExecuteMsg, FeederBudget, Kind, Ledger, TaskInput, TaskResponse, TaskState,
    Term,
};
use proptest_state_machine::StateMachineTest;

use crate::operation::{Anything, Operation};

const CROWD: usize = 5;
const PROGRAMME: Ledger = Ledger::Programme { programme: 1 };

/// The system under test.
pub struct System {
    crowd: Crowd,
    /// Tasks as they were after the last operation.
    seen: BTreeMap<u64, TaskResponse>,
}

impl System {
    fn new() -> Self {
        let mut crowd = Crowd::running((TYPE_2 + CROWD) as u32);
        crowd.billing.fund(5_000_000).expect("coins");
        for number in 0..TYPE_2 + CROWD {
            crowd
                .billing
                .top_up(number, 20 * COLLATERAL)
                .expect("coins");
        }
        Self {
            crowd,
            seen: BTreeMap::new(),
        }
    }

    fn pick(&self, task: usize) -> Option<TaskResponse> {
        let at = task.checked_rem(self.seen.len())?;
        self.seen.values().nth(at).cloned()
    }

    fn answer(&mut self, task: usize, foreign: bool, accepts: Option<u32>) {
        let Some(known) = self.pick(task) else {
            return;
        };
        let mut homes = (TYPE_2..TYPE_2 + CROWD)
            .filter(|&number| (self.crowd.billing.home(number) == known.account) != foreign);
        let Some(home) = homes.next_back() else {
            return;
        };
        let in_time = self.crowd.billing.now() < known.until.u64();
        let open = known.state == TaskState::Open && in_time && !foreign;
        match accepts {
            Some(round) => {
                let state = self.crowd.enrolment(home).map(|found| found.state);
                let member = state.is_ok_and(|state| state == EnrolmentState::Enrolled);
                let account = self.crowd.billing.account(home);
                let valid = open && member && round <= known.round && !account.suspended;
                let sent = self.crowd.accept(home, known.task, round);
                assert_eq!(sent.is_ok(), valid, "{known:?} {sent:?}");
            }
            None => {
                let sent = self.crowd.decline(home, known.task, known.round);
                assert_eq!(sent.is_ok(), open, "{known:?} {sent:?}");
            }
        }
    }

    fn offer(&mut self, who: usize, ahead: u32, energy: i64, incentive: u64) {
        let interval = FIRST + ahead;
        let task = TaskInput {
            energy: Int64::new(energy),
            ..self.crowd.task(TYPE_2 + who, interval, incentive)
        };
        let free = self.crowd.budget(interval).free.u128();
        let worst = u128::from(incentive) * u128::from(energy.unsigned_abs());
        let sent = self.crowd.offer(&[task]);
        assert!(sent.is_err() || worst.div_ceil(1_000) <= free, "{sent:?}");
    }

    fn raise(&mut self, task: usize, by: u64) {
        if let Some(known) = self.pick(task) {
            let incentive = known.incentive.u64() + by;
            let sent = self.crowd.raise(known.task, incentive);
            assert!(sent.is_err() || by > 0);
        }
    }

    fn fund(&mut self, ahead: u32, amount: u128) {
        let budget = budgets(&[amount]).remove(0);
        let from = FIRST + ahead;
        let message = ExecuteMsg::AddBudget {
            programme: 1,
            budgets: vec![FeederBudget { from, ..budget }],
        };
        let operator = self.crowd.billing.chain.suite.operator.clone();
        let _ = self.crowd.send(&operator, &message, amount);
    }

    fn turn(&mut self, who: usize) {
        let home = TYPE_2 + who;
        if self.crowd.revoke(home).is_err() {
            self.crowd.enrol(home, Kind::Type2).expect("revoked before");
            self.crowd.approve(home).expect("a request");
        }
    }

    fn read(&mut self, who: usize, energy: i64) {
        let home = TYPE_2 + who;
        let (now, genesis) = (self.crowd.billing.now(), self.crowd.billing.genesis);
        let ended = (now.saturating_sub(genesis) / 900) as u32;
        let next = self.crowd.billing.account(home).next_reading.unwrap_or(0);
        if ended > next {
            let readings = vec![energy; (ended - next) as usize];
            // Refused when the correction window of the first has passed.
            let _ = self.crowd.billing.read(home, next, &readings);
        }
    }

    fn sweep(&mut self, interval: u32) {
        let _ = self.crowd.billing.settle(interval);
        self.crowd.sweep(interval).expect("anybody may");
    }

    fn close(&mut self) {
        let before = self.crowd.ledger(PROGRAMME);
        let due = self.crowd.billing.now() >= before.due.u64();
        let sent = self.crowd.reconcile(PROGRAMME, 2);
        let possible = due && before.open == 0 && !before.complete;
        assert_eq!(sent.is_ok(), possible, "{sent:?}");
    }

    fn perform(&mut self, operation: Operation) {
        match operation {
            Operation::Offer {
                who,
                ahead,
                energy,
                incentive,
            } => self.offer(who, ahead, energy, incentive),
            Operation::Raise { task, by } => self.raise(task, by),
            Operation::Accept {
                task,
                foreign,
                round,
            } => self.answer(task, foreign, Some(round)),
            Operation::Decline { task, foreign } => self.answer(task, foreign, None),
            Operation::Supplement { ahead, energy } => {
                let row = self.crowd.supplement(FIRST + ahead, energy);
                let _ = self.crowd.supplements(&[row]);
            }
            Operation::Agree { setpoint } => {
                let setpoints = [setpoint; LENGTH as usize];
                let proposal = self.crowd.proposal(GENERATOR, Term::Day, &setpoints);
                let _ = self.crowd.propose(proposal);
            }
            Operation::Fund { ahead, amount } => self.fund(ahead, amount),
            Operation::Turn(who) => self.turn(who),
            Operation::Pass(seconds) => self.crowd.billing.chain.pass(seconds),
            Operation::Read { who, energy } => self.read(who, energy),
            Operation::Sweep(ahead) => self.sweep(FIRST + ahead),
            Operation::Close => self.close(),
        }
    }

    /// Money and energy are conserved, and every task only moves forward.
    fn check(&mut self) {
        self.crowd.assert_books_balance();
        for task in self.crowd.tasks(1) {
            if let Some(before) = self.seen.get(&task.task) {
                assert!(task.incentive >= before.incentive, "{before:?} {task:?}");
                let raised = task.round - before.round;
                let higher = task.incentive > before.incentive;
                assert_eq!(raised > 0, higher, "{before:?} {task:?}");
                assert!(task.round <= 2 && task.incentive.u64() <= 120_000);
                use TaskState::{Accepted, Expired, Settled};
                let ended = matches!(before.state, Expired | Settled);
                assert!(!ended || task == *before, "{before:?} {task:?}");
                let promised = before.state == Accepted;
                assert!(!promised || matches!(task.state, Accepted | Settled));
            }
            self.seen.insert(task.task, task);
        }
    }

    /// Strangers bring everything to its end.
    fn finish(mut self) {
        let last = FIRST + LENGTH - 1;
        if self.crowd.billing.now() < self.crowd.ledger(PROGRAMME).due.u64() {
            self.crowd.billing.until_final(last);
        }
        for interval in FIRST..=last {
            // Without lines there is nothing to settle.
            let _ = self.crowd.billing.settle(interval);
            self.crowd.sweep(interval).expect("anybody may");
        }
        while !self.crowd.ledger(PROGRAMME).complete {
            let sent = self.crowd.reconcile(PROGRAMME, 3);
            sent.expect("nothing is unfinished");
        }
        self.check();
        let account = self.crowd.ledger(PROGRAMME);
        assert_eq!(account.totals, self.crowd.statements(PROGRAMME));
        assert_eq!((account.open, account.reserved), (0, Uint128::zero()));
        let books = self.crowd.books();
        assert_eq!((books.escrow.u128(), books.paid), (0, account.totals.paid));
        self.crowd.billing.assert_audited();
        self.crowd.assert_audited();
    }
}

impl StateMachineTest for System {
    type SystemUnderTest = Self;
    type Reference = Anything;

    fn init_test((): &()) -> Self {
        Self::new()
    }

    fn apply(mut self_: Self, (): &(), operation: Operation) -> Self {
        self_.perform(operation);
        self_.check();
        self_
    }

    fn teardown(self_: Self, (): ()) {
        self_.finish();
    }
}
