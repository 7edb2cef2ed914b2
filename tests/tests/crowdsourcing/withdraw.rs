//! What closed programmes have left over.

use cosmwasm_std::Uint128;
use gridweave_testkit::assert_refused;
use gridweave_testkit::crowdsourcing::{BUDGET, Crowd, FIRST, LENGTH};
use gridweave_types::crowdsourcing::{ExecuteMsg, Ledger};

#[test]
fn the_operator_takes_out_what_is_unspent_and_nothing_else() {
    let mut crowd = Crowd::running(2);
    let operator = crowd.billing.chain.suite.operator.clone();
    assert_refused(crowd.withdraw(1), &"amount: asked for 1 µ, 0 µ are there");
    crowd.billing.until_final(FIRST + LENGTH - 1);
    crowd
        .reconcile(Ledger::Programme { programme: 1 }, 1)
        .expect("anybody may");
    crowd
        .reconcile(Ledger::Programme { programme: 1 }, 1)
        .expect_err("it is closed");
    let whole = u128::from(LENGTH) * BUDGET;
    let expected = format!("amount: asked for {} µ, {whole} µ are there", whole + 1);
    assert_refused(crowd.withdraw(whole + 1), &expected);
    assert_refused(crowd.withdraw(0), &"amount is 0, expected more than 0");
    let home = crowd.billing.home(0);
    let message = ExecuteMsg::Withdraw {
        amount: Uint128::new(1),
        recipient: None,
    };
    crowd.refuses(
        &home,
        &message,
        &format!("sender: {home} is not the operator"),
    );
    let before = crowd.billing.coins(&operator);
    crowd.withdraw(whole - 5).expect("unspent");
    assert_eq!(crowd.billing.coins(&operator), before + whole - 5);
    let recipient = Some(home.to_string());
    let message = ExecuteMsg::Withdraw {
        amount: Uint128::new(5),
        recipient,
    };
    crowd.operate(&message).expect("unspent");
    assert_eq!(crowd.billing.coins(&crowd.contract), 0);
    crowd.assert_books_balance();
}
