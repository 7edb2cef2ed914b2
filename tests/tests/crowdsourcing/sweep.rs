//! What ends without anybody in particular: expiry and settlement.

use cosmwasm_std::{Int64, StdResult, Uint64};
use cw_multi_test::AppResponse;
use gridweave_testkit::assert_refused;
use gridweave_testkit::billing::{COLLATERAL, attribute, events};
use gridweave_testkit::crowdsourcing::{Crowd, FIRST};
use gridweave_types::crowdsourcing::{ExecuteMsg, TaskInput, TaskState};

/// Expired, settled, held.
fn outcome(sent: StdResult<AppResponse>) -> [String; 3] {
    let sent = sent.expect("anybody may");
    let own = sent
        .events
        .iter()
        .find(|event| event.ty == "wasm")
        .expect("an action");
    ["expired", "settled", "held"].map(|key| attribute(own, key).into())
}

/// Prosumer 2 has accepted 1 kWh in the first interval for 50,000 on top.
fn accepted() -> Crowd {
    let mut crowd = Crowd::running(4);
    crowd
        .offer(&[crowd.task(2, FIRST, 50_000)])
        .expect("within the budget");
    crowd.accept(2, 1, 0).expect("open");
    crowd
}

fn finish(crowd: &mut Crowd, reading: i64) {
    crowd.billing.at(FIRST + 1, 10);
    crowd.billing.read(2, FIRST, &[reading]).expect("in time");
    crowd.billing.until_settlement(FIRST);
    crowd.billing.settle(FIRST).expect("it is time");
    crowd.billing.until_final(FIRST);
}

#[test]
fn a_silent_party_holds_nothing_up() {
    let mut crowd = Crowd::running(4);
    crowd
        .offer(&[crowd.task(2, FIRST, 50_000), crowd.task(3, FIRST, 20_000)])
        .expect("within");
    assert_eq!(outcome(crowd.sweep(FIRST)), ["0", "0", "2"]);
    crowd.decline(3, 2, 0).expect("open");
    crowd.billing.at(0, 600);
    assert_eq!(crowd.budget(FIRST).reserved.u128(), 50_000);
    assert_eq!(outcome(crowd.sweep(FIRST)), ["1", "0", "0"]);
    assert_eq!(crowd.budget(FIRST).reserved.u128(), 0);
    assert_eq!(crowd.task_now(1).state, TaskState::Expired);
    // Silence counts as a refusal.
    assert_eq!(crowd.willingness(2).answers, 1);
    assert!(crowd.willingness(2).rates[0] < crowd.willingness(0).rates[0]);
    assert_eq!(outcome(crowd.sweep(FIRST)), ["0", "0", "0"]);
    crowd.assert_books_balance();
}

#[test]
fn a_delivered_task_is_paid_into_billing() {
    let mut crowd = accepted();
    let before = crowd.billing.account(2).balance.u128();
    finish(&mut crowd, 1_000);
    let sent = crowd.sweep(FIRST);
    assert_eq!(
        events(sent.as_ref().expect("anybody may"), "task_settled").len(),
        1
    );
    assert_eq!(outcome(sent), ["0", "1", "0"]);
    let task = crowd.task_now(1);
    assert_eq!(
        (task.state, task.delivered.u64(), task.paid.u128()),
        (TaskState::Settled, 1_000, 50_000)
    );
    let account = crowd.billing.account(2);
    // λ comes from the grid account, which has no cash yet; λᵃ from here.
    assert_eq!(account.balance.u128(), before + 50_000);
    assert_eq!(account.receivable.u128(), 200_000);
    assert_eq!(
        (crowd.budget(FIRST).paid.u128(), crowd.books().paid.u128()),
        (50_000, 50_000)
    );
    crowd.assert_books_balance();
}

#[test]
fn what_is_not_delivered_is_not_paid_and_goes_back_to_the_budget() {
    let mut crowd = accepted();
    finish(&mut crowd, 399);
    assert_eq!(outcome(crowd.sweep(FIRST)), ["0", "1", "0"]);
    let task = crowd.task_now(1);
    assert_eq!((task.delivered.u64(), task.paid.u128()), (399, 19_950));
    let budget = crowd.budget(FIRST);
    assert_eq!((budget.committed.u128(), budget.paid.u128()), (0, 19_950));
    crowd.assert_books_balance();
}

#[test]
fn nothing_delivered_pays_nothing_and_still_ends() {
    let mut crowd = accepted();
    finish(&mut crowd, -5_000);
    assert_eq!(outcome(crowd.sweep(FIRST)), ["0", "1", "0"]);
    assert_eq!(crowd.books().paid.u128(), 0);
    assert_eq!(crowd.task_now(1).state, TaskState::Settled);
    crowd.assert_books_balance();
}

#[test]
fn other_promises_come_first_when_energy_is_missing() {
    let mut crowd = accepted();
    crowd
        .billing
        .commit(&[(2, FIRST, 3_000, 200_000)])
        .expect("in time");
    finish(&mut crowd, 3_700);
    crowd.sweep(FIRST).expect("anybody may");
    assert_eq!(crowd.task_now(1).delivered.u64(), 700);
}

#[test]
fn a_task_to_draw_is_paid_for_drawing() {
    let mut crowd = Crowd::running(3);
    let draw = TaskInput {
        energy: Int64::new(-1_000),
        ..crowd.task(2, FIRST, 30_000)
    };
    crowd.offer(&[draw]).expect("within the budget");
    crowd.accept(2, 1, 0).expect("open");
    crowd.billing.top_up(2, COLLATERAL).expect("coins");
    finish(&mut crowd, -800);
    crowd.sweep(FIRST).expect("anybody may");
    assert_eq!(
        (
            crowd.task_now(1).delivered.u64(),
            crowd.task_now(1).paid.u128()
        ),
        (800, 24_000)
    );
    crowd.assert_books_balance();
}

#[test]
fn nothing_is_paid_before_the_interval_is_final_and_its_line_settled() {
    let mut crowd = accepted();
    crowd.billing.at(FIRST + 1, 10);
    crowd.billing.read(2, FIRST, &[1_000]).expect("in time");
    crowd.billing.until_settlement(FIRST);
    assert_eq!(outcome(crowd.sweep(FIRST)), ["0", "0", "1"]);
    crowd.billing.until_final(FIRST);
    // Anybody may settle the line, and then the task.
    assert_eq!(outcome(crowd.sweep(FIRST)), ["0", "0", "1"]);
    crowd.billing.settle(FIRST).expect("it is time");
    assert_eq!(outcome(crowd.sweep(FIRST)), ["0", "1", "0"]);
}

#[test]
fn a_meter_that_is_silent_is_taken_at_its_promise_as_in_billing() {
    let mut crowd = accepted();
    crowd.billing.until_final(FIRST);
    crowd.billing.settle(FIRST).expect("it is time");
    crowd.sweep(FIRST).expect("anybody may");
    assert_eq!(crowd.task_now(1).delivered.u64(), 1_000);
}

#[test]
fn a_revoked_account_is_paid_for_what_it_has_accepted() {
    let mut crowd = accepted();
    crowd.revoke(2).expect("enrolled");
    finish(&mut crowd, 1_000);
    crowd.sweep(FIRST).expect("anybody may");
    assert_eq!(crowd.task_now(1).paid.u128(), 50_000);
}

#[test]
fn pages_are_clamped_and_go_on_where_the_last_one_ended() {
    let mut crowd = Crowd::running(6);
    let tasks: Vec<_> = (2..6).map(|number| crowd.task(number, FIRST, 1)).collect();
    crowd.offer(&tasks).expect("within the budget");
    crowd.billing.at(0, 600);
    let sweep = |start_after: Option<u64>, limit| ExecuteMsg::Sweep {
        interval: FIRST,
        start_after: start_after.map(Uint64::new),
        limit: Some(limit),
    };
    for limit in [0, 101] {
        let sent = crowd.anyone(&sweep(None, limit));
        assert_refused(sent, &format!("limit is {limit}, expected 1 to 100"));
    }
    assert_eq!(outcome(crowd.anyone(&sweep(Some(2), 1))), ["1", "0", "0"]);
    assert_eq!(crowd.task_now(3).state, TaskState::Expired);
    let sent = crowd.anyone(&sweep(None, 2)).expect("anybody may");
    let own = sent
        .events
        .iter()
        .find(|event| event.ty == "wasm")
        .expect("an action");
    assert_eq!(attribute(own, "next"), "2");
    assert_eq!(outcome(crowd.anyone(&sweep(Some(2), 2))), ["1", "0", "0"]);
}
