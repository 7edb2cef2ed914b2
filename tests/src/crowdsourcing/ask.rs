//! Queries, and what must hold whenever they are asked.

use std::collections::BTreeMap;

use cosmwasm_std::{StdResult, Uint64, Uint128};
use gridweave_rules::crowdsourcing::{payment, reserve};
use gridweave_types::crowdsourcing::{
    AgreementResponse, BooksResponse, BudgetResponse, BudgetsResponse, EnrolmentResponse, Ledger,
    LedgerResponse, ProgrammesResponse, QueryMsg, StatementsResponse, TaskResponse, TaskState,
    TasksResponse, Totals, WillingnessResponse,
};
use serde::de::DeserializeOwned;

use super::Crowd;
use crate::coordinator::FEEDER;

impl Crowd {
    /// Any query.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn ask<T: DeserializeOwned>(&self, question: &QueryMsg) -> StdResult<T> {
        self.billing.chain.suite.query(&self.contract, question)
    }

    /// Totals of all money.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn books(&self) -> BooksResponse {
        self.ask(&QueryMsg::Books {}).expect("there are books")
    }

    /// Enrolment of a prosumer.
    ///
    /// # Errors
    /// When it has not asked.
    pub fn enrolment(&self, number: usize) -> StdResult<EnrolmentResponse> {
        let account = self.billing.home(number).to_string();
        self.ask(&QueryMsg::Enrolment { account })
    }

    /// Willingness of a prosumer.
    ///
    /// # Panics
    /// When it has not asked to take part.
    pub fn willingness(&self, number: usize) -> WillingnessResponse {
        let account = self.billing.home(number).to_string();
        self.ask(&QueryMsg::Willingness { account })
            .expect("an enrolled account")
    }

    /// Budget of the feeder in an interval of programme 1.
    ///
    /// # Panics
    /// When there is none.
    pub fn budget(&self, interval: u32) -> BudgetResponse {
        self.ask(&QueryMsg::Budget {
            programme: 1,
            feeder: FEEDER,
            interval,
        })
        .expect("there is a budget")
    }

    /// A task.
    ///
    /// # Panics
    /// When there is none.
    pub fn task_now(&self, task: u64) -> TaskResponse {
        let task = Uint64::new(task);
        self.ask(&QueryMsg::Task { task }).expect("there is a task")
    }

    /// An agreement.
    ///
    /// # Panics
    /// When there is none.
    pub fn agreement(&self, agreement: u64) -> AgreementResponse {
        let agreement = Uint64::new(agreement);
        self.ask(&QueryMsg::Agreement { agreement })
            .expect("there is an agreement")
    }

    /// A budget account.
    ///
    /// # Panics
    /// When there is none.
    pub fn ledger(&self, ledger: Ledger) -> LedgerResponse {
        self.ask(&QueryMsg::Ledger { ledger })
            .expect("there is an account")
    }

    /// All tasks of a programme.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn tasks(&self, programme: u32) -> Vec<TaskResponse> {
        let mut tasks: Vec<TaskResponse> = Vec::new();
        loop {
            let page: TasksResponse = self
                .ask(&QueryMsg::Tasks {
                    programme,
                    state: None,
                    start_after: tasks.last().map(|last| Uint64::new(last.task)),
                    limit: Some(100),
                })
                .expect("tasks are listed");
            if page.tasks.is_empty() {
                return tasks;
            }
            tasks.extend(page.tasks);
        }
    }

    /// Sum of a ledger's statements.
    ///
    /// # Panics
    /// When the contract does not answer, or there are more than a hundred.
    pub fn statements(&self, ledger: Ledger) -> Totals {
        let page: StatementsResponse = self
            .ask(&QueryMsg::Statements {
                ledger,
                start_after: None,
                limit: Some(100),
            })
            .expect("statements are listed");
        assert!(page.statements.len() < 100);
        let mut sums = Totals::default();
        for statement in page.statements {
            let own = statement.totals;
            sums.offered += own.offered;
            sums.accepted += own.accepted;
            sums.declined += own.declined;
            sums.expired += own.expired;
            sums.energy += own.energy;
            sums.delivered += own.delivered;
            sums.paid += own.paid;
            sums.agreed += own.agreed;
            sums.supplemented += own.supplemented;
        }
        sums
    }

    /// Asserts that money is conserved and that every budget is what its tasks make of it: spent +
    /// reserved + free = budget, and no more than that.
    ///
    /// # Panics
    /// When they do not.
    #[track_caller]
    pub fn assert_books_balance(&self) {
        let books = self.books();
        let held = books.escrow + books.unspent;
        assert_eq!(self.billing.coins(&self.contract), held.u128(), "{books:?}");
        assert_eq!(books.deposited - books.paid - books.withdrawn, held);
        let programmes: ProgrammesResponse = self
            .ask(&QueryMsg::Programmes {
                start_after: None,
                limit: Some(100),
            })
            .expect("programmes are listed");
        let numbers = programmes.programmes.iter().map(|found| found.programme);
        let numbers: Vec<u32> = numbers.collect();
        let budgets: Uint128 = numbers
            .iter()
            .map(|number| self.assert_budgets(*number))
            .sum();
        assert_eq!(books.deposited, budgets);
        self.billing.assert_books_balance();
    }

    /// The same for one programme; its budget (µ).
    #[track_caller]
    fn assert_budgets(&self, programme: u32) -> Uint128 {
        let mut expected: BTreeMap<u32, [u128; 3]> = BTreeMap::new();
        let mut open = 0;
        for task in self.tasks(programme) {
            let worst = reserve(task.incentive.u64(), task.energy.i64());
            let entry = expected.entry(task.interval).or_default();
            match task.state {
                TaskState::Open => entry[0] += worst,
                TaskState::Accepted => entry[1] += worst,
                TaskState::Settled => {
                    let paid = payment(task.incentive.u64(), task.delivered.u64());
                    assert_eq!(task.paid.u128(), paid);
                    entry[2] += paid;
                }
                TaskState::Declined | TaskState::Expired => {}
            }
            open += u32::from(matches!(task.state, TaskState::Open | TaskState::Accepted));
        }
        let page: BudgetsResponse = self
            .ask(&QueryMsg::Budgets {
                programme,
                feeder: FEEDER,
                start_after: None,
                limit: Some(100),
            })
            .expect("budgets are listed");
        let mut sums = [Uint128::zero(); 4];
        for budget in page.budgets {
            let [reserved, committed, paid] = expected.remove(&budget.interval).unwrap_or_default();
            assert_eq!(budget.reserved.u128(), reserved, "{budget:?}");
            assert_eq!(budget.committed.u128(), committed, "{budget:?}");
            assert_eq!(budget.paid.u128(), paid, "{budget:?}");
            let parts = [budget.reserved, budget.committed, budget.paid, budget.free];
            assert_eq!(budget.budget, parts.iter().sum::<Uint128>());
            for (sum, part) in sums.iter_mut().zip([budget.budget].iter().chain(&parts)) {
                *sum += part;
            }
        }
        let spent = expected.values().flatten().sum::<u128>();
        assert_eq!(spent, 0, "tasks without a budget");
        let account = self.ledger(Ledger::Programme { programme });
        assert_eq!(account.open, open);
        let parts = [account.budget, account.reserved, account.committed];
        assert_eq!(parts, [sums[0], sums[1], sums[2]]);
        assert_eq!(account.totals.paid, sums[3]);
        let rest = account.free + account.unspent + account.totals.paid;
        assert_eq!(account.budget, account.reserved + account.committed + rest);
        assert_eq!(account.totals, self.statements(account.ledger));
        account.budget
    }
}
