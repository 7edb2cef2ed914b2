//! Tasks that are offered.

use cosmwasm_std::{Int64, Uint64};
use gridweave_testkit::assert_refused;
use gridweave_testkit::billing::events;
use gridweave_testkit::crowdsourcing::{BUDGET, CAP, Crowd, FIRST, OPEN};
use gridweave_types::crowdsourcing::{ExecuteMsg, TaskInput, TaskState};

/// What makes a task wrong.
type Change = &'static dyn Fn(&mut TaskInput);

fn offer(tasks: Vec<TaskInput>) -> ExecuteMsg {
    ExecuteMsg::OfferTasks {
        programme: 1,
        tasks,
    }
}

#[test]
fn an_offer_reserves_its_worst_case() {
    let mut crowd = Crowd::running(4);
    let odd = TaskInput {
        energy: Int64::new(-1_001),
        ..crowd.task(3, FIRST, 100_001)
    };
    let sent = crowd
        .offer(&[crowd.task(2, FIRST, 50_000), odd])
        .expect("within the budget");
    assert_eq!(events(&sent, "task_offered").len(), 2);
    // 100.001 · 1001 = 100,101.001 rounds up.
    assert_eq!(crowd.budget(FIRST).reserved.u128(), 50_000 + 100_102);
    let task = crowd.task_now(2);
    assert_eq!(
        (task.state, task.round, task.energy.i64()),
        (TaskState::Open, 0, -1_001)
    );
    assert_eq!(task.until.u64(), crowd.billing.now() + u64::from(OPEN));
    crowd.assert_books_balance();
}

#[test]
fn no_offer_exceeds_the_budget_of_its_interval() {
    let mut crowd = Crowd::running(6);
    let tasks: Vec<_> = (2..5)
        .map(|number| crowd.task(number, FIRST, 100_000))
        .collect();
    crowd.offer(&tasks).expect("exactly the budget");
    assert_eq!(crowd.budget(FIRST).free.u128(), 0);
    let one = TaskInput {
        energy: Int64::new(1),
        ..crowd.task(5, FIRST, 1)
    };
    let expected = "budget: feeder 1, interval 2: asked for 1 µ, 0 µ are free";
    crowd.refuses_operator(&offer(vec![one]), expected);
    // Without an incentive there is nothing to reserve.
    crowd
        .offer(&[crowd.task(5, FIRST, 0)])
        .expect("free of charge");
    // All or none, and the other intervals have their own.
    let both = vec![
        crowd.task(2, FIRST + 1, CAP),
        crowd.task(2, FIRST + 2, CAP + 1),
    ];
    crowd.refuses_operator(
        &offer(both),
        "tasks.incentive is 120001, expected 0 to 120000",
    );
    assert_eq!(crowd.budget(FIRST + 1).free.u128(), BUDGET);
    crowd.assert_books_balance();
}

#[test]
fn one_task_for_an_account_and_interval_whatever_becomes_of_it() {
    let mut crowd = Crowd::running(3);
    crowd
        .offer(&[crowd.task(2, FIRST, 50_000)])
        .expect("the first");
    let home = crowd.billing.home(2);
    let again = offer(vec![crowd.task(2, FIRST, 40_000)]);
    let expected = format!("task: {home} has task 1 for interval 2 already");
    crowd.refuses_operator(&again, &expected);
    crowd.decline(2, 1, 0).expect("open");
    crowd.refuses_operator(&again, &expected);
}

#[test]
fn tasks_stay_within_preferences() {
    let mut crowd = Crowd::running(3);
    let home = crowd.billing.home(2);
    let cases: [(Change, String); 6] = [
        (
            &|task| task.energy = Int64::new(2_001),
            format!("energy: 2001 for {home} in interval 2, expected -2000 to 2000"),
        ),
        (
            &|task| task.energy = Int64::new(-2_001),
            format!("energy: -2001 for {home} in interval 2, expected -2000 to 2000"),
        ),
        (
            &|task| (task.price, task.incentive) = (Int64::new(60_000), Uint64::new(39_999)),
            format!(
                "price: 60000 and 39999 for {home} in interval 2, expected at least 100000 with the incentive"
            ),
        ),
        (
            &|task| (task.energy, task.price) = (Int64::new(-1), Int64::new(350_001)),
            format!(
                "price: 350001 and 50000 for {home} in interval 2, expected at most 300000 less the incentive"
            ),
        ),
        (
            &|task| task.energy = Int64::new(0),
            "tasks.energy is 0, expected 1 to 1000000".into(),
        ),
        (
            &|task| task.price = Int64::MAX,
            "tasks.price is 9223372036854775807, expected at most 10000000 either way".into(),
        ),
    ];
    for (change, expected) in cases {
        let mut task = crowd.task(2, FIRST, 50_000);
        change(&mut task);
        crowd.refuses_operator(&offer(vec![task]), &expected);
    }
}

#[test]
fn the_energy_of_a_programme_is_used_up_by_offers_and_given_back() {
    let mut crowd = Crowd::running(3);
    let full = |crowd: &Crowd, interval| TaskInput {
        energy: Int64::new(2_000),
        ..crowd.task(2, interval, 0)
    };
    let all: Vec<_> = (FIRST..FIRST + 4)
        .map(|interval| full(&crowd, interval))
        .collect();
    crowd.offer(&all).expect("8 kWh in all");
    assert_eq!(used(&crowd), 8_000);
    crowd.decline(2, 1, 0).expect("open");
    assert_eq!(used(&crowd), 6_000);
    crowd.raise(1, 10).expect("declined");
    assert_eq!(used(&crowd), 8_000);
}

fn used(crowd: &Crowd) -> u64 {
    use gridweave_types::crowdsourcing::{PreferencesResponse, QueryMsg};
    let account = crowd.billing.home(2).to_string();
    let question = QueryMsg::Preferences {
        programme: 1,
        account,
    };
    let found: PreferencesResponse = crowd.ask(&question).expect("submitted");
    found.used.u64()
}

#[test]
fn only_the_operator_offers_only_to_type_2_and_only_in_time() {
    let mut crowd = Crowd::running(3);
    let (one, home) = (offer(vec![crowd.task(2, FIRST, 1)]), crowd.billing.home(2));
    crowd.refuses_home(2, &one, &format!("sender: {home} is not the operator"));
    for number in [0, 1] {
        let home = crowd.billing.home(number);
        let message = offer(vec![crowd.task(number, FIRST, 1)]);
        crowd.refuses_operator(
            &message,
            &format!("account: {home} is not enrolled as type 2"),
        );
    }
    crowd.refuses_operator(
        &offer(Vec::new()),
        "number of tasks is 0, expected 1 to 100",
    );
    let outside = offer(vec![crowd.task(2, FIRST + 4, 1)]);
    crowd.refuses_operator(&outside, "interval: 6, expected 2 to 5");
    let unknown = ExecuteMsg::OfferTasks {
        programme: 2,
        tasks: vec![crowd.task(2, FIRST, 1)],
    };
    crowd.refuses_operator(&unknown, "programme: 2 does not exist");
    crowd.billing.at(FIRST, 0);
    let now = crowd.billing.now();
    crowd.refuses_operator(&one, &format!("tasks was open until {now}, now is {now}"));
}

#[test]
fn nothing_is_offered_before_preferences_are_complete_or_without_them() {
    let mut crowd = Crowd::enrolled(3);
    let terms = crowd.terms();
    crowd.create(terms, &[BUDGET; 4]).expect("a programme");
    let (opens, now) = (crowd.billing.genesis, crowd.billing.now());
    let one = offer(vec![crowd.task(2, FIRST, 1)]);
    crowd.refuses_operator(&one, &format!("tasks opens at {opens}, now is {now}"));
    crowd.billing.at(0, 0);
    let home = crowd.billing.home(2);
    let expected = format!("preferences: of {home} in programme 1 does not exist");
    assert_refused(crowd.offer(&[crowd.task(2, FIRST, 1)]), &expected);
}

#[test]
fn an_offer_ends_at_the_latest_when_its_interval_begins() {
    let mut crowd = Crowd::running(3);
    crowd.billing.at(FIRST - 1, 800);
    crowd.offer(&[crowd.task(2, FIRST, 1)]).expect("in time");
    assert_eq!(crowd.task_now(1).until.u64(), crowd.billing.now() + 100);
}
