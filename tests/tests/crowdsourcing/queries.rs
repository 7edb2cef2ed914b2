//! Pages of tasks, programmes and budgets; errors that name what is missing.

use gridweave_testkit::assert_refused;
use gridweave_testkit::coordinator::FEEDER;
use gridweave_testkit::crowdsourcing::{Crowd, FIRST, LENGTH};
use gridweave_types::crowdsourcing::{
    BudgetsResponse, Ledger, LedgerResponse, ProgrammesResponse, QueryMsg, StatementResponse,
    TaskState, TasksResponse,
};

fn numbers(crowd: &Crowd, question: &QueryMsg) -> Vec<u64> {
    let page: TasksResponse = crowd.ask(question).expect("a page");
    page.tasks.iter().map(|task| task.task).collect()
}

#[test]
fn tasks_are_found_by_programme_account_and_interval() {
    let mut crowd = Crowd::running(4);
    let places = [(3, FIRST + 1), (2, FIRST), (3, FIRST), (2, FIRST + 2)];
    let tasks: Vec<_> = places
        .map(|(number, interval)| crowd.task(number, interval, 1))
        .to_vec();
    crowd.offer(&tasks).expect("within the budget");
    crowd.decline(2, 2, 0).expect("open");
    let of = |state, start_after: Option<u64>, limit| QueryMsg::Tasks {
        programme: 1,
        state,
        start_after: start_after.map(Into::into),
        limit,
    };
    assert_eq!(numbers(&crowd, &of(None, None, None)), [1, 2, 3, 4]);
    assert_eq!(numbers(&crowd, &of(None, Some(1), Some(2))), [2, 3]);
    assert_eq!(
        numbers(&crowd, &of(Some(TaskState::Declined), None, None)),
        [2]
    );
    let account = crowd.billing.home(3).to_string();
    let own = QueryMsg::AccountTasks {
        account,
        from: FIRST,
        limit: None,
    };
    assert_eq!(numbers(&crowd, &own), [3, 1]);
    let open = QueryMsg::UnfinishedTasks {
        interval: FIRST,
        start_after: None,
        limit: None,
    };
    assert_eq!(numbers(&crowd, &open), [3]);
}

#[test]
fn programmes_and_budgets_are_listed() {
    let mut crowd = Crowd::running(2);
    let terms = crowd.terms();
    crowd.create(terms, &[1; 4]).expect("a programme");
    let question = QueryMsg::Programmes {
        start_after: Some(1),
        limit: None,
    };
    let page: ProgrammesResponse = crowd.ask(&question).expect("a page");
    assert_eq!(
        page.programmes
            .iter()
            .map(|found| found.programme)
            .collect::<Vec<_>>(),
        [2]
    );
    let question = QueryMsg::Budgets {
        programme: 2,
        feeder: FEEDER,
        start_after: Some(FIRST),
        limit: Some(2),
    };
    let page: BudgetsResponse = crowd.ask(&question).expect("a page");
    let intervals: Vec<u32> = page.budgets.iter().map(|budget| budget.interval).collect();
    assert_eq!(intervals, [FIRST + 1, FIRST + 2]);
}

#[test]
fn what_is_missing_is_named() {
    let crowd = Crowd::running(3);
    let question = QueryMsg::Budget {
        programme: 1,
        feeder: FEEDER,
        interval: FIRST + LENGTH,
    };
    let refused = crowd.ask::<BudgetsResponse>(&question);
    assert_refused(refused, &"interval: 6, expected 2 to 5");
    let stranger = crowd.billing.chain.suite.address("stranger");
    let ledger = Ledger::Programme { programme: 1 };
    let question = QueryMsg::Statement {
        account: stranger.to_string(),
        ledger,
    };
    let refused = crowd.ask::<StatementResponse>(&question);
    assert_refused(refused, &format!("enrolment: {stranger} does not exist"));
    let question = QueryMsg::Ledger {
        ledger: Ledger::Programme { programme: 5 },
    };
    let refused = crowd.ask::<LedgerResponse>(&question);
    assert_refused(refused, &"programme: 5 does not exist");
}
