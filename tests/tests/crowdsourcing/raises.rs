//! Incentives that rise.

use cosmwasm_std::{Int64, Uint64};
use gridweave_testkit::crowdsourcing::{CAP, Crowd, FIRST, OPEN, preferences, raise};
use gridweave_types::crowdsourcing::{ExecuteMsg, RaiseInput, TaskInput, TaskState};

fn offered(incentive: u64) -> Crowd {
    let mut crowd = Crowd::running(5);
    crowd
        .offer(&[crowd.task(2, FIRST, incentive)])
        .expect("within the budget");
    crowd
}

#[test]
fn a_declined_task_opens_again_and_a_silent_one_goes_on() {
    let mut crowd = offered(50_000);
    crowd.billing.at(0, 500);
    crowd.raise(1, 60_000).expect("open");
    let task = crowd.task_now(1);
    assert_eq!((task.incentive.u64(), task.round), (60_000, 1));
    assert_eq!(task.until.u64(), crowd.billing.now() + u64::from(OPEN));
    assert_eq!(crowd.budget(FIRST).reserved.u128(), 60_000);
    crowd.decline(2, 1, 1).expect("open");
    crowd.assert_books_balance();
    crowd.raise(1, 70_000).expect("declined");
    assert_eq!(crowd.budget(FIRST).reserved.u128(), 70_000);
    crowd.accept(2, 1, 2).expect("open");
    assert_eq!(crowd.budget(FIRST).committed.u128(), 70_000);
    crowd.assert_books_balance();
}

#[test]
fn incentives_only_rise_up_to_the_cap_and_so_often() {
    let mut crowd = offered(50_000);
    for incentive in [49_999, 50_000] {
        let expected = format!("incentive: {incentive} for task 1, expected more than 50000");
        crowd.refuses_operator(&raise(1, incentive), &expected);
    }
    let expected = "raises.incentive is 120001, expected 0 to 120000";
    crowd.refuses_operator(&raise(1, CAP + 1), expected);
    crowd.raise(1, 50_001).expect("upward");
    crowd.raise(1, 50_002).expect("upward");
    let expected = "task 1: has been raised 2 times, which is the most";
    crowd.refuses_operator(&raise(1, 50_003), expected);
}

#[test]
fn a_raise_stays_within_what_is_left_of_the_budget() {
    let mut crowd = offered(100_000);
    let rest: Vec<_> = (3..5)
        .map(|number| crowd.task(number, FIRST, 95_000))
        .collect();
    crowd.offer(&rest).expect("10,000 µ are left");
    let expected = "budget: feeder 1, interval 2: asked for 10001 µ, 10000 µ are free";
    crowd.refuses_operator(&raise(1, 110_001), expected);
    crowd.raise(1, 110_000).expect("all that is left");
    // Another one's refusal leaves room, and its own raise must find it gone.
    crowd.decline(3, 2, 0).expect("open");
    crowd.raise(3, CAP).expect("25,000 of 95,000");
    let expected = "budget: feeder 1, interval 2: asked for 95001 µ, 70000 µ are free";
    crowd.refuses_operator(&raise(2, 95_001), expected);
    crowd.assert_books_balance();
}

#[test]
fn raises_of_a_message_are_all_made_or_none() {
    let mut crowd = offered(50_000);
    let raises = [(1, 60_000), (9, 60_000)].map(|(task, incentive)| RaiseInput {
        task: Uint64::new(task),
        incentive: Uint64::new(incentive),
    });
    let message = ExecuteMsg::RaiseTasks {
        raises: raises.to_vec(),
    };
    crowd.refuses_operator(&message, "task: 9 does not exist");
    let message = ExecuteMsg::RaiseTasks { raises: Vec::new() };
    crowd.refuses_operator(&message, "number of raises is 0, expected 1 to 100");
}

#[test]
fn only_the_operator_raises_and_only_what_may_still_be_accepted() {
    let mut crowd = offered(50_000);
    let home = crowd.billing.home(2);
    crowd.refuses_home(
        2,
        &raise(1, 60_000),
        &format!("sender: {home} is not the operator"),
    );
    crowd
        .offer(&[crowd.task(3, FIRST, 1), crowd.task(4, FIRST, 1)])
        .expect("within the budget");
    crowd.accept(2, 1, 0).expect("open");
    crowd.refuses_operator(
        &raise(1, 60_000),
        "task 1 is accepted, expected open or declined",
    );
    crowd.decline(3, 2, 0).expect("open");
    crowd.billing.at(0, 600);
    let now = crowd.billing.now();
    // Silent until its time was over: it can only expire.
    crowd.refuses_operator(
        &raise(3, 60_000),
        &format!("raises was open until {now}, now is {now}"),
    );
    crowd.sweep(FIRST).expect("anybody may");
    assert_eq!(crowd.task_now(3).state, TaskState::Expired);
    crowd.refuses_operator(
        &raise(3, 60_000),
        "task 3 is expired, expected open or declined",
    );
    // Declined: until its interval begins.
    crowd.billing.at(FIRST, 0);
    let now = crowd.billing.now();
    crowd.refuses_operator(
        &raise(2, 60_000),
        &format!("raises was open until {now}, now is {now}"),
    );
}

#[test]
fn a_revoked_crowdsourcee_is_not_raised() {
    let mut crowd = offered(50_000);
    crowd.revoke(2).expect("enrolled");
    let home = crowd.billing.home(2);
    crowd.refuses_operator(
        &raise(1, 60_000),
        &format!("account: {home} is not enrolled as type 2"),
    );
}

#[test]
fn a_declined_task_needs_its_energy_again() {
    let full = |crowd: &Crowd, interval| TaskInput {
        energy: Int64::new(2_000),
        ..crowd.task(2, interval, 0)
    };
    let mut wanted = preferences();
    wanted.energy = Uint64::new(3_000);
    let mut crowd = Crowd::enrolled(3);
    let terms = crowd.terms();
    crowd.create(terms, &[1_000; 4]).expect("a programme");
    crowd.prefer(2, 1, wanted).expect("in time");
    crowd.billing.at(0, 0);
    crowd.offer(&[full(&crowd, FIRST)]).expect("2 of 3 kWh");
    crowd.decline(2, 1, 0).expect("open");
    crowd.offer(&[full(&crowd, FIRST + 1)]).expect("2 of 3 kWh");
    let home = crowd.billing.home(2);
    let expected = format!("energy: 2000 for {home} in interval 2, expected at most 1000");
    crowd.refuses_operator(&raise(1, 1), &expected);
}
