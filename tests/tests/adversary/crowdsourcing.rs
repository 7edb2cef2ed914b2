//! A crowd that wants the budget, and an operator that is not there.

use cosmwasm_std::{Int64, Uint64, coins};
use gridweave_rules::settlement::{MAX_ENERGY, MAX_PRICE};
use gridweave_testkit::DENOM;
use gridweave_testkit::billing::Billing;
use gridweave_testkit::coordinator::Coordinator;
use gridweave_testkit::crowdsourcing::{
    BUDGET, CAP, Crowd, FIRST, LENGTH, TYPE_2, accept, preferences,
};
use gridweave_types::crowdsourcing::{Ledger, TaskInput, TaskState, Terms};

const PROGRAMME: Ledger = Ledger::Programme { programme: 1 };

#[test]
fn repeated_refusals_overdraw_no_budget() {
    let mut crowd = Crowd::running(8);
    let tasks: Vec<_> = (TYPE_2..8)
        .map(|number| crowd.task(number, FIRST, 45_000))
        .collect();
    crowd.offer(&tasks).expect("270,000 of 300,000");
    let (mut raised, mut refused) = (0, 0);
    for round in 0..3 {
        for (number, task) in (TYPE_2..8).zip(1..) {
            let known = crowd.task_now(task);
            if known.state == TaskState::Open {
                crowd.decline(number, task, known.round).expect("open");
            }
            // What is free, and one more than that.
            let free = crowd.budget(FIRST).free.u128() as u64;
            assert!(crowd.raise(task, free + 1).is_err());
            match crowd.raise(task, 52_000 + 3_000 * round) {
                Ok(_) => raised += 1,
                Err(_) => refused += 1,
            }
            crowd.assert_books_balance();
            let budget = crowd.budget(FIRST);
            assert!(budget.reserved.u128() <= BUDGET, "{budget:?}");
        }
    }
    assert!(raised > 6 && refused > 3, "{raised} {refused}");
}

#[test]
fn a_programme_ends_without_its_operator_and_without_its_crowd() {
    let mut crowd = Crowd::running(4);
    let tasks: Vec<_> = (FIRST..FIRST + LENGTH)
        .map(|interval| crowd.task(2, interval, CAP))
        .collect();
    crowd.offer(&tasks).expect("within the budget");
    crowd.accept(2, 1, 0).expect("open");
    // From here on only strangers send anything; even the meter is dead.
    let stranger = crowd.billing.chain.suite.address("next operator");
    let propose = crowd.billing.chain.suite.propose_operator(&stranger);
    propose.expect("the last thing that it does");
    crowd.billing.until_final(FIRST + LENGTH - 1);
    crowd.billing.settle(FIRST).expect("anybody may");
    for interval in FIRST..FIRST + LENGTH {
        crowd.sweep(interval).expect("anybody may");
    }
    crowd.reconcile(PROGRAMME, 10).expect("anybody may");
    let account = crowd.ledger(PROGRAMME);
    assert!(account.complete);
    assert_eq!((account.totals.accepted, account.totals.expired), (1, 3));
    // Whoever is operator then takes the rest.
    let unspent = crowd.books().unspent;
    let suite = &mut crowd.billing.chain.suite;
    suite.accept_operator(&stranger).expect("proposed");
    assert!(crowd.withdraw(unspent.u128()).is_err());
    let message = gridweave_types::crowdsourcing::ExecuteMsg::Withdraw {
        amount: unspent,
        recipient: None,
    };
    crowd.send(&stranger, &message, 0).expect("the operator");
    assert_eq!(crowd.billing.coins(&stranger), unspent.u128());
    crowd.assert_books_balance();
}

#[test]
fn an_acceptance_and_a_raise_in_the_same_block_leave_one_commitment() {
    for raise_first in [true, false] {
        let mut crowd = Crowd::running(3);
        crowd
            .offer(&[crowd.task(2, FIRST, 50_000)])
            .expect("within the budget");
        if raise_first {
            crowd.raise(1, 80_000).expect("open");
            crowd.accept(2, 1, 0).expect("it pays more");
        } else {
            crowd.accept(2, 1, 0).expect("open");
            crowd.raise(1, 80_000).expect_err("accepted");
        }
        crowd.refuses_home(2, &accept(1, 0), "task 1 is accepted, expected open");
        let expected = if raise_first { 80_000 } else { 50_000 };
        assert_eq!(crowd.budget(FIRST).committed.u128(), expected);
        assert_eq!(crowd.billing.line(2, FIRST).energy.i64(), 1_000);
        crowd.assert_books_balance();
    }
}

#[test]
fn coins_past_the_messages_are_nobodys_budget() {
    let mut crowd = Crowd::running(3);
    let (home, contract) = (crowd.billing.home(0), crowd.contract.clone());
    use cw_multi_test::Executor;
    let app = &mut crowd.billing.chain.suite.app;
    app.send_tokens(home, contract, &coins(5, DENOM))
        .expect("a transfer");
    let books = crowd.books();
    assert_eq!(books.escrow, books.deposited);
    crowd.billing.until_final(FIRST + LENGTH - 1);
    crowd.reconcile(PROGRAMME, 10).expect("anybody may");
    let left = crowd.books().unspent.u128();
    assert_eq!(left, u128::from(LENGTH) * BUDGET);
    assert!(crowd.withdraw(left + 1).is_err());
}

/// Energies, prices and incentives as large as `billing` may admit.
fn largest() -> Crowd {
    let billing = Billing::with(Coordinator::new(3), |terms| {
        terms.limits.energy = Uint64::new(MAX_ENERGY);
        terms.limits.price = Uint64::new(MAX_PRICE);
    });
    let mut crowd = Crowd::on(billing, |terms| {
        terms.incentive_limit = Uint64::new(MAX_PRICE);
    });
    let operator = crowd.billing.chain.suite.operator.clone();
    crowd
        .billing
        .chain
        .suite
        .app
        .init_modules(|router, _, storage| {
            let purse = coins(u128::MAX / 2, DENOM);
            router
                .bank
                .init_balance(storage, &operator, purse)
                .expect("any balance");
        });
    crowd.enrol_all();
    crowd
}

#[test]
fn the_limits_of_all_types_are_exact() {
    let mut crowd = largest();
    let terms = Terms {
        cap: Uint64::new(MAX_PRICE),
        ..crowd.terms()
    };
    let worst = u128::from(MAX_PRICE) * u128::from(MAX_ENERGY) / 1_000;
    crowd.create(terms, &[worst, worst]).expect("a programme");
    let mut wanted = preferences();
    wanted.export.energy = Uint64::new(MAX_ENERGY);
    wanted.export.price = Int64::new(-(MAX_PRICE as i64));
    wanted.energy = Uint64::new(2 * MAX_ENERGY);
    crowd.prefer(2, 1, wanted).expect("in range");
    crowd.billing.at(0, 0);
    let task = |crowd: &Crowd, interval, energy: u64| TaskInput {
        energy: Int64::new(energy as i64),
        price: Int64::new(-(MAX_PRICE as i64)),
        ..crowd.task(2, interval, MAX_PRICE)
    };
    let beyond = task(&crowd, FIRST, MAX_ENERGY + 1);
    assert!(crowd.offer(&[beyond]).is_err());
    let least = TaskInput {
        energy: Int64::MIN,
        ..task(&crowd, FIRST, 1)
    };
    assert!(crowd.offer(&[least]).is_err());
    crowd
        .offer(&[
            task(&crowd, FIRST, MAX_ENERGY),
            task(&crowd, FIRST + 1, MAX_ENERGY),
        ])
        .expect("exactly the budget");
    assert_eq!(crowd.budget(FIRST).free.u128(), 0);
    crowd.accept(2, 1, 0).expect("open");
    crowd.assert_books_balance();
    crowd.billing.at(FIRST + 1, 10);
    let reading = [MAX_ENERGY as i64];
    crowd.billing.read(2, FIRST, &reading).expect("in range");
    crowd.billing.until_final(FIRST);
    crowd.billing.settle(FIRST).expect("it is time");
    crowd.sweep(FIRST).expect("anybody may");
    assert_eq!(crowd.task_now(1).paid.u128(), worst);
    crowd.assert_books_balance();
}

#[test]
fn far_ledgers_are_not_due_rather_than_overflowing() {
    let mut crowd = Crowd::running(3);
    for ledger in [
        Ledger::Week { week: u32::MAX },
        Ledger::Month { month: u32::MAX },
    ] {
        assert!(crowd.reconcile(ledger, 1).is_err());
        assert_eq!(crowd.ledger(ledger).budget.u128(), 0);
    }
}
