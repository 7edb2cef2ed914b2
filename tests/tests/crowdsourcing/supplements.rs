//! Generators in the place of the crowd.

use cosmwasm_std::Int64;
use gridweave_testkit::crowdsourcing::{Crowd, FIRST, GENERATOR};
use gridweave_types::crowdsourcing::{ExecuteMsg, Ledger, SupplementInput, Term};

fn supplement(supplements: Vec<SupplementInput>) -> ExecuteMsg {
    ExecuteMsg::Supplement {
        programme: 1,
        supplements,
    }
}

#[test]
fn a_supplement_is_a_commitment_and_costs_the_budget_nothing() {
    let mut crowd = Crowd::running(3);
    crowd
        .propose(crowd.proposal(GENERATOR, Term::Day, &[500, 0, 0, 0]))
        .expect("in time");
    // Beyond the setpoint, and twice in the same interval: they add.
    crowd
        .supplements(&[crowd.supplement(FIRST, 400), crowd.supplement(FIRST, 100)])
        .expect("within its limit");
    assert_eq!(crowd.billing.line(GENERATOR, FIRST).energy.i64(), 1_000);
    let budget = crowd.budget(FIRST);
    assert_eq!(
        (budget.supplemented.i64(), budget.free),
        (500, budget.budget)
    );
    let totals = crowd.ledger(Ledger::Week { week: 0 }).totals;
    assert_eq!((totals.agreed.i64(), totals.supplemented.i64()), (500, 500));
    crowd.assert_books_balance();
}

#[test]
fn a_generator_gives_what_it_prefers_and_no_more() {
    let mut crowd = Crowd::running(3);
    let home = crowd.billing.home(GENERATOR);
    crowd
        .supplements(&[crowd.supplement(FIRST, 1_500)])
        .expect("within its limit");
    let beyond = supplement(vec![crowd.supplement(FIRST, 501)]);
    let expected = format!("energy: 2001 for {home} in interval 2, expected -2000 to 2000");
    crowd.refuses_operator(&beyond, &expected);
    let cheap = SupplementInput {
        price: Int64::new(99_999),
        ..crowd.supplement(FIRST, 1)
    };
    let expected = format!(
        "price: 99999 and 0 for {home} in interval 2, expected at least 100000 with the incentive"
    );
    crowd.refuses_operator(&supplement(vec![cheap]), &expected);
    let rest: Vec<_> = (FIRST + 1..FIRST + 4)
        .map(|interval| crowd.supplement(interval, 2_000))
        .collect();
    crowd.supplements(&rest).expect("7.5 of 8 kWh");
    crowd.assert_books_balance();
}

#[test]
fn prices_are_within_the_bound_of_the_programme() {
    let mut crowd = Crowd::running(3);
    for price in [400_001, -10_000_001] {
        let dear = SupplementInput {
            price: Int64::new(price),
            ..crowd.supplement(FIRST, 1)
        };
        let expected = format!("supplements.price is {price}, expected -10000000 to 400000");
        crowd.refuses_operator(&supplement(vec![dear]), &expected);
    }
    let at = SupplementInput {
        price: Int64::new(400_000),
        ..crowd.supplement(FIRST, 1)
    };
    crowd.supplements(&[at]).expect("at the bound");
}

#[test]
fn only_the_operator_only_generators_and_only_in_time() {
    let mut crowd = Crowd::running(3);
    let (one, home) = (
        supplement(vec![crowd.supplement(FIRST, 1)]),
        crowd.billing.home(0),
    );
    crowd.refuses_home(0, &one, &format!("sender: {home} is not the operator"));
    for number in [1, 2] {
        let account = crowd.billing.home(number);
        let wrong = SupplementInput {
            account: account.to_string(),
            ..crowd.supplement(FIRST, 1)
        };
        let expected = format!("account: {account} is not enrolled as a generator");
        crowd.refuses_operator(&supplement(vec![wrong]), &expected);
    }
    let empty = "number of supplements is 0, expected 1 to 100";
    crowd.refuses_operator(&supplement(Vec::new()), empty);
    let nothing = "supplements.energy is 0, expected 1 to 1000000";
    crowd.refuses_operator(&supplement(vec![crowd.supplement(FIRST, 0)]), nothing);
    let unknown = SupplementInput {
        feeder: 9,
        ..crowd.supplement(FIRST, 1)
    };
    crowd.supplements(&[unknown]).expect_err("no such feeder");
    crowd.billing.at(FIRST, 0);
    let now = crowd.billing.now();
    crowd.refuses_operator(
        &one,
        &format!("supplements was open until {now}, now is {now}"),
    );
}
