//! Tasks that are accepted and declined.

use gridweave_testkit::billing::{COLLATERAL, events};
use gridweave_testkit::crowdsourcing::{Crowd, FIRST, PRICE, accept, decline};
use gridweave_types::billing::ExecuteMsg as BillingMsg;
use gridweave_types::crowdsourcing::TaskState;
use gridweave_types::grid::ExecuteMsg as GridMsg;
use gridweave_units::Fx;

fn offered() -> Crowd {
    let mut crowd = Crowd::running(4);
    crowd
        .offer(&[crowd.task(2, FIRST, 50_000)])
        .expect("within the budget");
    crowd
}

#[test]
fn an_acceptance_becomes_a_commitment_at_lambda() {
    let mut crowd = offered();
    let sent = crowd.accept(2, 1, 0).expect("open");
    let line = crowd.billing.line(2, FIRST);
    assert_eq!(line.energy.i64(), 1_000);
    assert_eq!(line.high.expect("a price").i64(), PRICE);
    assert_eq!(events(&sent, "answer_counted").len(), 1);
    let budget = crowd.budget(FIRST);
    assert_eq!(
        (budget.reserved.u128(), budget.committed.u128()),
        (0, 50_000)
    );
    assert_eq!(budget.accepted.i64(), 1_000);
    assert_eq!(crowd.task_now(1).state, TaskState::Accepted);
    crowd.assert_books_balance();
}

#[test]
fn a_refusal_frees_what_was_reserved() {
    let mut crowd = offered();
    crowd.decline(2, 1, 0).expect("open");
    let budget = crowd.budget(FIRST);
    assert_eq!((budget.reserved.u128(), budget.committed.u128()), (0, 0));
    assert_eq!(crowd.task_now(1).state, TaskState::Declined);
    crowd.refuses_home(2, &accept(1, 0), "task 1 is declined, expected open");
    crowd.refuses_home(2, &decline(1, 0), "task 1 is declined, expected open");
    crowd.assert_books_balance();
}

#[test]
fn a_task_is_accepted_once() {
    let mut crowd = offered();
    crowd.accept(2, 1, 0).expect("open");
    crowd.refuses_home(2, &accept(1, 0), "task 1 is accepted, expected open");
    crowd.refuses_home(2, &decline(1, 0), "task 1 is accepted, expected open");
    assert_eq!(crowd.billing.line(2, FIRST).energy.i64(), 1_000);
}

#[test]
fn only_its_own_account_answers_a_task() {
    let mut crowd = offered();
    let (own, other) = (crowd.billing.home(2), crowd.billing.home(3));
    let expected = format!("sender: {other} is not {own}");
    crowd.refuses_home(3, &accept(1, 0), &expected);
    crowd.refuses_home(3, &decline(1, 0), &expected);
    let operator = crowd.billing.chain.suite.operator.clone();
    crowd.refuses_operator(&accept(1, 0), &format!("sender: {operator} is not {own}"));
    crowd.refuses_home(2, &accept(2, 0), "task: 2 does not exist");
}

#[test]
fn an_expired_task_cannot_be_answered() {
    let mut crowd = offered();
    crowd.billing.at(0, 600);
    let now = crowd.billing.now();
    let expected = format!("the task was open until {now}, now is {now}");
    crowd.refuses_home(2, &accept(1, 0), &expected);
    crowd.refuses_home(2, &decline(1, 0), &expected);
}

#[test]
fn an_acceptance_stands_for_a_raise_that_it_has_not_seen_and_a_refusal_does_not() {
    let mut crowd = offered();
    crowd.raise(1, 60_000).expect("open");
    crowd.refuses_home(2, &decline(1, 0), "round: 0, task 1 is in round 1");
    crowd.refuses_home(2, &accept(1, 2), "round: 2, task 1 is in round 1");
    crowd
        .accept(2, 1, 0)
        .expect("it pays more than it has seen");
    assert_eq!(crowd.budget(FIRST).committed.u128(), 60_000);
}

#[test]
fn whoever_is_suspended_in_billing_cannot_accept() {
    let mut crowd = offered();
    let home = crowd.billing.home(2);
    let recipient = None;
    crowd
        .billing
        .send(&home, &BillingMsg::Release { recipient }, 0)
        .expect("nothing is open");
    let expected = format!(
        "account: {home} takes no commitments in billing: pay arrears and collateral first"
    );
    crowd.refuses_home(2, &accept(1, 0), &expected);
    crowd.billing.top_up(2, COLLATERAL).expect("coins");
    crowd.accept(2, 1, 0).expect("solvent again");
}

#[test]
fn whoever_was_revoked_or_left_grid_cannot_accept_but_decline() {
    let mut crowd = offered();
    crowd
        .offer(&[crowd.task(3, FIRST, 1)])
        .expect("within the budget");
    crowd.revoke(2).expect("enrolled");
    let home = crowd.billing.home(2);
    crowd.refuses_home(
        2,
        &accept(1, 0),
        &format!("account: {home} is not enrolled as type 2"),
    );
    crowd.decline(2, 1, 0).expect("it frees the budget");
    let home = crowd.billing.home(3);
    let remove = GridMsg::RemoveAccount {
        address: home.to_string(),
    };
    let operator = crowd.billing.chain.suite.operator.clone();
    crowd
        .billing
        .chain
        .suite
        .on_grid(&operator, &remove)
        .expect("an account");
    crowd.refuses_home(
        3,
        &accept(2, 0),
        &format!("account: {home} is not registered in grid"),
    );
}

#[test]
fn what_billing_refuses_is_not_accepted() {
    let mut crowd = offered();
    let contract = crowd.contract.to_string();
    crowd
        .billing
        .operate(&BillingMsg::RemoveSource { contract })
        .expect("a source");
    let before = crowd.billing.chain.suite.state(&crowd.contract);
    assert!(crowd.accept(2, 1, 0).is_err());
    assert_eq!(crowd.billing.chain.suite.state(&crowd.contract), before);
}

#[test]
fn answers_make_the_history() {
    let mut crowd = Crowd::running(4);
    let fresh = crowd.willingness(2);
    assert_eq!((fresh.answers, fresh.reservation.u64()), (0, 70_000));
    let tasks: Vec<_> = (2..4)
        .map(|number| crowd.task(number, FIRST, 30_000))
        .collect();
    crowd.offer(&tasks).expect("within the budget");
    crowd.accept(2, 1, 0).expect("open");
    crowd.decline(3, 2, 0).expect("open");
    let (willing, unwilling) = (crowd.willingness(2), crowd.willingness(3));
    assert_eq!((willing.answers, unwilling.answers), (1, 1));
    assert!(willing.eta < fresh.eta && fresh.eta < unwilling.eta);
    assert!(willing.zeta > fresh.zeta && fresh.zeta > unwilling.zeta);
    assert_eq!(
        (willing.reservation.u64(), unwilling.reservation.u64()),
        (30_000, 70_000)
    );
    assert!(willing.rates.iter().all(|rate| *rate <= Fx::ONE));
}
