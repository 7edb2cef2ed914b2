//! Programmes and their budgets.

use cosmwasm_std::{Coin, Uint64, Uint128, coin, coins};
use gridweave_testkit::billing::INTERVAL;
use gridweave_testkit::coordinator::FEEDER;
use gridweave_testkit::crowdsourcing::{BUDGET, Crowd, FIRST, LENGTH, budgets};
use gridweave_testkit::{DENOM, assert_refused};
use gridweave_types::crowdsourcing::{
    ExecuteMsg, FeederBudget, Ledger, MAX_LENGTH, Phase, ProgrammeResponse, QueryMsg, Terms,
};

fn create(terms: Terms, amounts: &[u128]) -> ExecuteMsg {
    ExecuteMsg::CreateProgramme {
        terms,
        budgets: budgets(amounts),
    }
}

#[test]
fn a_programme_begins_with_its_budget_in_escrow() {
    let mut crowd = Crowd::enrolled(3);
    let terms = crowd.terms();
    crowd.create(terms, &[5, 0, 7, 9]).expect("a programme");
    assert_eq!(crowd.books().escrow.u128(), 21);
    assert_eq!(crowd.budget(FIRST).free.u128(), 5);
    assert_eq!(crowd.budget(FIRST + 1).budget.u128(), 0);
    assert_eq!(
        crowd
            .ledger(Ledger::Programme { programme: 1 })
            .budget
            .u128(),
        21
    );
    assert_eq!(crowd.ledger(Ledger::Week { week: 0 }).budget.u128(), 21);
    let found: ProgrammeResponse = crowd
        .ask(&QueryMsg::Programme { programme: 1 })
        .expect("one");
    assert_eq!((found.phase, found.terms), (Phase::Collecting, terms));
    crowd.assert_books_balance();
    crowd.billing.at(0, 0);
    let found: ProgrammeResponse = crowd
        .ask(&QueryMsg::Programme { programme: 1 })
        .expect("one");
    assert_eq!(found.phase, Phase::Running);
}

#[test]
fn only_the_operator_starts_one_and_only_with_its_whole_budget() {
    let mut crowd = Crowd::enrolled(3);
    let (terms, home) = (crowd.terms(), crowd.billing.home(0));
    let message = create(terms, &[5, 6]);
    crowd.refuses(
        &home,
        &message,
        &format!("sender: {home} is not the operator"),
    );
    let operator = crowd.billing.chain.suite.operator.clone();
    crowd.refuses(
        &operator,
        &message,
        "funds: received no coins, expected one coin of umoney",
    );
    let wrong: [(Vec<Coin>, &str); 2] = [
        (
            coins(10, DENOM),
            "funds: received 10umoney, expected 11umoney, the sum of the budgets",
        ),
        (
            coins(12, DENOM),
            "funds: received 12umoney, expected 11umoney, the sum of the budgets",
        ),
    ];
    let contract = crowd.contract.clone();
    for (funds, expected) in wrong {
        let sent = crowd
            .billing
            .chain
            .suite
            .execute(&operator, &contract, &message, &funds);
        assert_refused(sent, &expected);
    }
    crowd
        .billing
        .chain
        .suite
        .app
        .init_modules(|router, _, storage| {
            let purse = vec![coin(50, DENOM), coin(50, "uother")];
            router
                .bank
                .init_balance(storage, &operator, purse)
                .expect("any balance");
        });
    let foreign = coins(11, "uother");
    let sent = crowd
        .billing
        .chain
        .suite
        .execute(&operator, &contract, &message, &foreign);
    assert_refused(
        sent,
        &"funds: received 11uother, expected one coin of umoney",
    );
    let sent = crowd.send(&operator, &create(terms, &[0, 0]), 5);
    assert_refused(sent, &"funds: received 5umoney, expected no coins");
    crowd
        .send(&operator, &create(terms, &[0, 0]), 0)
        .expect("without a budget");
    assert_eq!(crowd.books().deposited.u128(), 0);
}

#[test]
fn terms_out_of_range_are_refused() {
    let mut crowd = Crowd::enrolled(2);
    crowd.billing.at(1, 0);
    let terms = crowd.terms();
    let begin = crowd.billing.genesis + u64::from(FIRST * INTERVAL);
    let cases: Vec<(Terms, String)> = vec![
        (
            Terms { length: 0, ..terms },
            format!("terms.length is 0, expected 1 to {MAX_LENGTH}"),
        ),
        (
            Terms {
                length: MAX_LENGTH + 1,
                ..terms
            },
            format!("terms.length is 201, expected 1 to {MAX_LENGTH}"),
        ),
        (
            Terms { first: 1, ..terms },
            "terms.first is 1, expected 2 to 9998".into(),
        ),
        (
            Terms {
                first: u32::MAX,
                ..terms
            },
            "terms.first is 4294967295, expected 2 to 9998".into(),
        ),
        (
            Terms {
                preferences_until: Uint64::new(begin + 1),
                ..terms
            },
            format!(
                "terms.preferences_until is {}, expected 0 to {begin}",
                begin + 1
            ),
        ),
        (
            Terms {
                cap: Uint64::new(160_001),
                ..terms
            },
            "terms.cap is 160001, expected 0 to 160000".into(),
        ),
        (
            Terms {
                raises: 17,
                ..terms
            },
            "terms.raises is 17, expected 0 to 16".into(),
        ),
        (
            Terms {
                task_seconds: 0,
                ..terms
            },
            "terms.task_seconds is 0, expected 1 to 31622400".into(),
        ),
        (
            Terms {
                supplement_price: Uint64::MAX,
                ..terms
            },
            "terms.supplement_price is 18446744073709551615, expected 0 to 10000000".into(),
        ),
    ];
    for (terms, expected) in cases {
        let message = ExecuteMsg::CreateProgramme {
            terms,
            budgets: Vec::new(),
        };
        crowd.refuses_operator(&message, &expected);
    }
}

#[test]
fn budgets_are_topped_up_until_their_interval_begins() {
    let mut crowd = Crowd::running(3);
    let operator = crowd.billing.chain.suite.operator.clone();
    let more = |from, amounts: &[u128]| ExecuteMsg::AddBudget {
        programme: 1,
        budgets: vec![FeederBudget {
            from,
            ..budgets(amounts).remove(0)
        }],
    };
    crowd
        .send(&operator, &more(FIRST + 1, &[10, 20]), 30)
        .expect("not begun");
    assert_eq!(crowd.budget(FIRST + 2).budget.u128(), BUDGET + 20);
    crowd.assert_books_balance();
    crowd.billing.at(FIRST, 0);
    let until = crowd.billing.now();
    let sent = crowd.send(&operator, &more(FIRST, &[1]), 1);
    assert_refused(
        sent,
        &format!("budgets was open until {until}, now is {until}"),
    );
    let sent = crowd.send(&operator, &more(FIRST + LENGTH - 1, &[1, 1]), 2);
    assert_refused(sent, &"interval: 6, expected 2 to 5");
    let home = crowd.billing.home(0);
    let sent = crowd.send(&home, &more(FIRST + 1, &[1]), 1);
    assert_refused(sent, &format!("sender: {home} is not the operator"));
    crowd.refuses_operator(
        &ExecuteMsg::AddBudget {
            programme: 2,
            budgets: budgets(&[1]),
        },
        "programme: 2 does not exist",
    );
}

#[test]
fn unknown_feeders_and_endless_budgets_are_refused() {
    let mut crowd = Crowd::enrolled(2);
    let terms = crowd.terms();
    let unknown = FeederBudget {
        feeder: FEEDER + 1,
        ..budgets(&[1]).remove(0)
    };
    let operator = crowd.billing.chain.suite.operator.clone();
    let message = ExecuteMsg::CreateProgramme {
        terms,
        budgets: vec![unknown],
    };
    assert!(crowd.send(&operator, &message, 1).is_err());
    let message = ExecuteMsg::CreateProgramme {
        terms,
        budgets: vec![budgets(&[1; 200]).remove(0); 3],
    };
    crowd.refuses_operator(&message, "number of budgets is 600, expected 0 to 400");
    let largest = FeederBudget {
        amounts: vec![Uint128::MAX],
        ..budgets(&[1]).remove(0)
    };
    let message = ExecuteMsg::CreateProgramme {
        terms,
        budgets: vec![largest.clone(), largest],
    };
    let sent = crowd.send(&operator, &message, 5);
    assert_refused(sent, &"budget exceeds its range");
}
