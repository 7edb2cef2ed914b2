//! Work per submission does not grow with the number of homes.

use cosmwasm_std::{Addr, Binary};
use gridweave_testkit::coordinator::{HORIZON, filled, pool_config};
use gridweave_testkit::counting::{Deps, account, coordinator, run};
use gridweave_types::coordinator::{ExecuteMsg, ParticipantInput};
use gridweave_units::{Fx, pack};

const T: usize = HORIZON as usize;

fn participant(account: &Addr) -> ParticipantInput {
    ParticipantInput {
        account: account.to_string(),
        bus: 2,
        lower: filled(T, -100),
        upper: filled(T, 100),
        baseline: Binary::default(),
        baseline_cost: Fx::ONE,
        reactive: Binary::default(),
        reports: 0,
        mobility: Some(Fx::ONE),
    }
}

fn open(homes: u32) -> Deps {
    let (mut deps, operator) = coordinator();
    let config = pool_config();
    run(&mut deps, &operator, ExecuteMsg::CreateSession { config });
    for page in (0..homes).collect::<Vec<u32>>().chunks(50) {
        let accounts = page.iter().map(|&number| account(&deps, number));
        let participants = accounts.map(|account| participant(&account)).collect();
        let message = ExecuteMsg::AddParticipants {
            session: 1,
            participants,
        };
        run(&mut deps, &operator, message);
    }
    run(&mut deps, &operator, ExecuteMsg::Open { session: 1 });
    deps
}

/// Largest `(read, written)` bytes of a submission of round 4, and those of the one that closes it.
/// By then a plan has been confirmed, and kept answers have moved.
fn submissions(homes: u32) -> [(usize, usize); 2] {
    let mut deps = open(homes);
    let mut counts = Vec::new();
    for round in 1..=4u32 {
        for number in 0..homes {
            let sender = account(&deps, number);
            let value = Fx::ratio(1 + number as i32 % 7, 10);
            let mut claims = vec![Fx::ONE];
            if round > 1 {
                claims.push(Fx::ratio(9, 10 + round as i32));
            }
            deps.storage.take();
            let message = ExecuteMsg::SubmitIterate {
                session: 1,
                round,
                payload: pack(&[value; T]).into(),
                claims,
            };
            run(&mut deps, &sender, message);
            if round == 4 {
                counts.push(deps.storage.take());
            }
        }
    }
    let closing = counts.pop().expect("submissions");
    let most = |of: fn(&(usize, usize)) -> usize| counts.iter().map(of).max().expect("more");
    [(most(|count| count.0), most(|count| count.1)), closing]
}

fn assert_flat(few: [(usize, usize); 2], found: [(usize, usize); 2]) {
    for (at, (read, written)) in found.into_iter().enumerate() {
        // Counters in JSON gain a digit or two; nothing else may grow.
        assert!(read.abs_diff(few[at].0) <= 40, "{found:?} and {few:?}");
        assert!(written.abs_diff(few[at].1) <= 60, "{found:?} and {few:?}");
    }
}

#[test]
fn a_submission_touches_the_same_bytes_at_10_100_and_1000_homes() {
    let [few, some, many] = [10, 100, 1_000].map(submissions);
    println!("10 homes: {few:?}, 100: {some:?}, 1,000: {many:?} bytes read and written");
    assert_flat(few, some);
    assert_flat(few, many);
}

/// `cargo test -p gridweave-testkit --test coordinator_pool -- --ignored --nocapture 10_000`
#[test]
#[ignore = "a minute: 40,000 submissions"]
fn nor_at_10_000_homes() {
    let (few, many) = (submissions(10), submissions(10_000));
    println!("10,000 homes: {many:?} bytes read and written");
    assert_flat(few, many);
}
