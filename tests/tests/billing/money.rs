//! Coins in and out, arrears, and who bears which risk.

use cosmwasm_std::{Coin, Uint128, coin, coins};
use gridweave_testkit::billing::{Billing, COLLATERAL, attribute, events};
use gridweave_testkit::coordinator::Coordinator;
use gridweave_testkit::{DENOM, assert_refused};
use gridweave_types::billing::ExecuteMsg;

fn amount(amount: u128) -> Uint128 {
    Uint128::new(amount)
}

/// Home 0 produces for 2 currency units, home 1 draws for 3 and has only its collateral of 1.
fn unpaid() -> Billing {
    let mut billing = Billing::new(2);
    billing.top_up(0, COLLATERAL).expect("coins");
    billing.top_up(1, COLLATERAL).expect("coins");
    let rows = [(0, 0, 2_000, 1_000_000), (1, 0, -3_000, 1_000_000)];
    billing.commit(&rows).expect("in time");
    billing.at(1, 10);
    billing.read(0, 0, &[2_000]).expect("in time");
    billing.read(1, 0, &[-3_000]).expect("in time");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    billing
}

#[test]
fn other_coins_than_the_one_denom_are_refused() {
    let mut billing = Billing::new(1);
    let (home, contract) = (billing.home(0), billing.contract.clone());
    let foreign = vec![coin(5, "uother")];
    let both = vec![coin(5, DENOM), coin(5, "uother")];
    let app = &mut billing.chain.suite.app;
    app.init_modules(|router, _, storage| {
        let purse = [coin(50, DENOM), coin(50, "uother")].to_vec();
        router.bank.init_balance(storage, &home, purse)
    })
    .expect("the bank takes any balance");
    for message in [ExecuteMsg::TopUp { account: None }, ExecuteMsg::FundGrid {}] {
        for (funds, shown) in [
            (Vec::<Coin>::new(), "no coins"),
            (foreign.clone(), "5uother"),
            (both.clone(), "5umoney, 5uother"),
        ] {
            let sent = billing
                .chain
                .suite
                .execute(&home, &contract, &message, &funds);
            let expected = format!("funds: received {shown}, expected one coin of umoney");
            assert_refused(sent, &expected);
        }
    }
    let message = ExecuteMsg::Withdraw {
        amount: amount(1),
        recipient: None,
    };
    let sent = (billing.chain.suite).execute(&home, &contract, &message, &coins(5, DENOM));
    assert_refused(sent, &"funds: received 5umoney, expected no coins");
    assert_eq!(billing.books().deposited, Uint128::zero());
}

#[test]
fn anyone_may_top_up_a_registered_account_only() {
    let mut billing = Billing::new(1);
    let home = billing.home(0);
    let friend = billing.chain.suite.funded("friend");
    let account = Some(home.to_string());
    billing
        .send(&friend, &ExecuteMsg::TopUp { account }, 5_000_000)
        .expect("a gift");
    assert_eq!(billing.account(0).balance, amount(4_000_000));
    let sent = billing.send(&friend, &ExecuteMsg::TopUp { account: None }, 5);
    let expected = format!("account: {friend} is not registered in grid");
    assert_refused(sent, &expected);
    billing.assert_books_balance();
}

#[test]
fn the_balance_may_be_withdrawn_and_the_collateral_not() {
    let mut billing = Billing::new(1);
    billing.top_up(0, 3 * COLLATERAL).expect("coins");
    let home = billing.home(0);
    let before = billing.coins(&home);
    let expected = "balance: asked for 2000001 µ, 2000000 µ are there";
    assert_refused(billing.withdraw(0, 2 * COLLATERAL + 1), &expected);
    assert_refused(billing.withdraw(0, 0), &"amount is 0, expected above 0");
    billing.withdraw(0, 2 * COLLATERAL).expect("the balance");
    assert_eq!(billing.coins(&home), before + 2 * COLLATERAL);
    let expected = "balance: asked for 1 µ, 0 µ are there";
    assert_refused(billing.withdraw(0, 1), &expected);
    billing.assert_books_balance();
}

#[test]
fn a_withdrawal_may_go_elsewhere() {
    let mut billing = Billing::new(1);
    billing.top_up(0, 3 * COLLATERAL).expect("coins");
    let (home, safe) = (billing.home(0), billing.chain.suite.address("safe"));
    let message = ExecuteMsg::Withdraw {
        amount: amount(500),
        recipient: Some(safe.to_string()),
    };
    billing.send(&home, &message, 0).expect("the balance");
    assert_eq!(billing.coins(&safe), 500);
    let stranger = billing.chain.suite.address("stranger");
    let expected = format!("account: {stranger} has no account here");
    billing.refuses(&stranger, &message, &expected);
}

#[test]
fn who_cannot_pay_owes_visibly_and_the_payee_is_owed_by_the_grid() {
    let mut billing = unpaid();
    let (payee, payer) = (billing.account(0), billing.account(1));
    // The payer's collateral is gone, 2 of its 3 are owed; the grid had that 1 and owes the rest.
    assert_eq!(payer.collateral + payer.balance, Uint128::zero());
    assert_eq!(payer.arrears, amount(2_000_000));
    assert!(payer.suspended);
    // The payee was settled first, when the grid account was empty.
    assert_eq!(payee.receivable, amount(2_000_000));
    assert!(!payee.suspended);
    assert_eq!(billing.books().grid, amount(1_000_000));
    assert_eq!(billing.net(0), 3_000_000);
    billing.assert_books_balance();

    billing.withdraw(0, 1_000_000).expect("what the grid has");
    assert_eq!(billing.account(0).receivable, amount(1_000_000));
    let account = billing.home(0).to_string();
    let collect = ExecuteMsg::Collect { account };
    let expected = format!("account: {} has nothing to pay out", billing.home(0));
    assert_refused(billing.anyone(&collect), &expected);

    // Arrears are paid first, and what comes in is there for the payee.
    let response = billing.top_up(1, 5_000_000).expect("coins");
    assert_eq!(
        attribute(events(&response, "arrears_changed")[0], "arrears"),
        "0"
    );
    let payer = billing.account(1);
    assert_eq!(
        (payer.collateral, payer.balance),
        (amount(COLLATERAL), amount(2_000_000))
    );
    assert!(!payer.suspended);
    billing.anyone(&collect).expect("the grid has it now");
    assert_eq!(billing.account(0).receivable, Uint128::zero());
    assert_eq!(billing.account(0).balance, amount(1_000_000));
    // In the end the grid account has what the lines left it.
    assert_eq!(billing.books().grid, amount(1_000_000));
    billing.assert_books_balance();
}

#[test]
fn the_grids_own_money_pays_at_once() {
    let mut billing = Billing::new(2);
    billing.fund(10_000_000).expect("coins");
    billing.top_up(0, COLLATERAL).expect("coins");
    let row = [(0, 0, 2_000, 1_000_000)];
    billing.commit(&row).expect("in time");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    assert_eq!(billing.account(0).balance, amount(2_000_000));
    assert_eq!(billing.books().grid, amount(8_000_000));
    billing.assert_books_balance();
}

#[test]
fn the_treasury_leaves_the_float_and_what_is_owed() {
    let chain = Coordinator::new(2);
    let mut billing = Billing::with(chain, |terms| terms.float = amount(4_000_000));
    let treasury = billing.treasury.clone();
    billing.fund(10_000_000).expect("coins");
    let defund = |micro| ExecuteMsg::DefundGrid {
        amount: amount(micro),
    };
    let expected = "grid account: asked for 6000001 µ, 6000000 µ are there";
    billing.refuses(&treasury, &defund(6_000_001), expected);
    billing.refuses(&treasury, &defund(0), "amount is 0, expected above 0");
    let home = billing.home(0);
    let expected = format!("sender: {home} is not the treasury {treasury}");
    billing.refuses(&home, &defund(1), &expected);
    let before = billing.coins(&treasury);
    billing
        .send(&treasury, &defund(6_000_000), 0)
        .expect("it is free");
    assert_eq!(billing.coins(&treasury), before + 6_000_000);
    billing.assert_books_balance();

    // Owed 12, the grid account has 4: 8 stay owed and nothing is free.
    billing.top_up(0, COLLATERAL).expect("coins");
    billing
        .commit(&[(0, 0, 12_000, 1_000_000)])
        .expect("in time");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    assert_eq!(billing.books().receivables, amount(8_000_000));
    billing.fund(10_000_000).expect("coins");
    let expected = "grid account: asked for 1 µ, 0 µ are there";
    billing.refuses(&treasury, &defund(1), expected);
}

#[test]
fn the_collateral_comes_back_when_every_statement_is_final() {
    let mut billing = unpaid();
    billing.top_up(1, 5_000_000).expect("coins");
    let home = billing.home(1);
    let release = ExecuteMsg::Release { recipient: None };
    let expected = format!(
        "account: {home} has 1 open statements, 0 µ of arrears and 0 µ to receive, expected none"
    );
    billing.refuses(&home, &release, &expected);
    billing.until_final(3);
    billing.reconcile(0).expect("the period is over");
    let before = billing.coins(&home);
    billing.send(&home, &release, 0).expect("nothing is open");
    assert_eq!(billing.coins(&home), before + 3_000_000);
    let account = billing.account(1);
    assert_eq!(account.collateral + account.balance, Uint128::zero());
    assert!(account.suspended);
    let expected = format!("account: {home} has nothing to pay out");
    billing.refuses(&home, &release, &expected);
    billing.assert_books_balance();
}

#[test]
fn an_account_in_arrears_cannot_leave() {
    let mut billing = unpaid();
    billing.until_final(3);
    billing.reconcile(0).expect("the period is over");
    let home = billing.home(1);
    let expected = format!(
        "account: {home} has 0 open statements, 2000000 µ of arrears and 0 µ to receive, expected none"
    );
    let release = ExecuteMsg::Release { recipient: None };
    billing.refuses(&home, &release, &expected);
}
