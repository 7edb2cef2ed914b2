//! Money: paid in for an address, returned to the operator, paid out, withdrawn.

use cosmwasm_std::{coin, coins};
use gridweave_testkit::assets::send::{pay_out, withdraw};
use gridweave_testkit::assets::{Assets, buy};
use gridweave_testkit::billing::{attribute, events};
use gridweave_testkit::{DENOM, assert_event, assert_refused};
use gridweave_types::assets::{Credit, ExecuteMsg, Payee};

fn address(address: &cosmwasm_std::Addr) -> Payee {
    Payee::Address(address.to_string())
}

fn account(account: &cosmwasm_std::Addr) -> Payee {
    Payee::Account(account.to_string())
}

#[test]
fn anyone_may_pay_in_for_an_address() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    let response = assets.fund(&ann, 700).expect("coins");
    assert_event(
        &response,
        &assets.contract,
        &[
            ("action", "financial_added"),
            ("holder", ann.as_str()),
            ("amount", "700"),
            ("money", "700"),
        ],
    );
    assets.fund(&ann, 300).expect("coins");
    assert_eq!(assets.money(&ann), 1_000);
    assert_eq!(assets.books().paid_in.u128(), 1_000);
    assets.assert_conserved();
}

#[test]
fn only_one_coin_of_the_one_denom_is_taken() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    let (far, contract) = (assets.far.clone(), assets.contract.clone());
    assets
        .billing
        .chain
        .suite
        .app
        .init_modules(|router, _, storage| {
            let purse = vec![coin(50, DENOM), coin(50, "uother")];
            router.bank.init_balance(storage, &far, purse)
        })
        .expect("the bank takes any balance");
    let message = ExecuteMsg::AddFinancialBalance {
        holder: ann.to_string(),
    };
    for (funds, shown) in [
        (Vec::new(), "no coins"),
        (coins(5, "uother"), "5uother"),
        (vec![coin(5, DENOM), coin(5, "uother")], "5umoney, 5uother"),
    ] {
        let suite = &mut assets.billing.chain.suite;
        let sent = suite.execute(&far, &contract, &message, &funds);
        let expected = format!("funds: received {shown}, expected one coin of umoney");
        assert_refused(sent, &expected);
    }
    for message in [
        withdraw(1),
        pay_out(&[(address(&ann), 1)]),
        ExecuteMsg::IssuePermits {
            entries: Vec::new(),
        },
    ] {
        let suite = &mut assets.billing.chain.suite;
        let sent = suite.execute(&far, &contract, &message, &coins(5, DENOM));
        assert_refused(sent, &"funds: received 5umoney, expected no coins");
    }
    assets.assert_conserved();
}

#[test]
fn holders_withdraw_what_is_free() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    assets.fund(&ann, 1_000).expect("coins");
    assets.issue(&[(&ann, buy("0"), 5)]).expect("it is safe");
    assets.lock(1, &ann, buy("0"), 5, 400).expect("she has it");
    let expected = format!("amount: asked for 601 µ, {ann} has 600 µ");
    assets.refuses(&ann, &withdraw(601), &expected);
    assets.refuses(&ann, &withdraw(0), "amount is 0, expected above 0");
    assets.send(&ann, &withdraw(600), 0).expect("it is free");
    assert_eq!(assets.billing.coins(&ann), 600);
    assert_eq!(assets.money(&ann), 0);
    assets.release(&[1]).expect("the market's");
    assets.send(&ann, &withdraw(400), 0).expect("it is free");
    assert_eq!(assets.books().paid_out.u128(), 1_000);
    assets.assert_conserved();
}

#[test]
fn returned_money_is_paid_out_in_bulk() {
    let mut assets = Assets::new(2);
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    assets.fund(&ann, 1_000).expect("coins");
    assets.fund(&bob, 500).expect("coins");
    let message = ExecuteMsg::DepositFinancial {
        amount: 900u128.into(),
        credit: Credit::Coins,
    };
    let response = assets.send(&ann, &message, 0).expect("her own");
    assert_event(
        &response,
        &assets.contract,
        &[
            ("action", "financial_deposited"),
            ("holder", ann.as_str()),
            ("amount", "900"),
            ("credit", "coins"),
            ("money", "100"),
        ],
    );
    assets.return_money(&bob, 500).expect("his own");
    assert_eq!(assets.books().deposited.u128(), 1_400);
    let (home, person) = (
        assets.billing.home(0),
        assets.billing.chain.suite.address("person"),
    );
    let rows = [(account(&home), 500), (address(&person), 600)];
    let response = assets.pay_out(&rows).expect("so much was returned");
    let paid = events(&response, "paid_out");
    assert_eq!(attribute(paid[0], "kind"), "account");
    assert_eq!(attribute(paid[1], "payee"), person.as_str());
    assert_eq!(assets.billing.coins(&person), 600);
    assert_eq!(assets.billing.account(0).collateral.u128(), 500);
    let operator = assets.operator.clone();
    assets.refuses(
        &operator,
        &pay_out(&[(address(&person), 200), (account(&home), 101)]),
        "rows: 301 µ to pay, 300 µ were returned and not paid out",
    );
    assets
        .pay_out(&[(address(&person), 300)])
        .expect("the rest");
    assets.assert_conserved();
    assets.billing.assert_books_balance();
}

#[test]
fn a_payment_that_cannot_be_received_stays_with_the_returned_money() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    assets.fund(&ann, 1_000).expect("coins");
    assets.return_money(&ann, 1_000).expect("her own");
    let stranger = assets.billing.chain.suite.address("stranger");
    let person = assets.billing.chain.suite.address("person");
    let rows = [
        (account(&stranger), 300),
        (address(&person), 200),
        (account(&stranger), 100),
    ];
    let response = assets.pay_out(&rows).expect("others must not wait");
    let failed = events(&response, "payout_failed");
    assert_eq!(failed.len(), 2);
    assert_eq!(attribute(failed[0], "payee"), stranger.as_str());
    assert_eq!(attribute(failed[0], "amount"), "300");
    assert_eq!(assets.billing.coins(&person), 200);
    let books = assets.books();
    assert_eq!(books.deposited.u128(), 800);
    assert_eq!(books.paid_out.u128(), 200);
    assets
        .pay_out(&[(address(&person), 800)])
        .expect("it is there");
    assets.assert_conserved();
}

#[test]
fn the_contract_does_not_pay_itself() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    assets.fund(&ann, 10).expect("coins");
    assets.return_money(&ann, 10).expect("her own");
    let (operator, contract) = (assets.operator.clone(), assets.contract.clone());
    let expected = format!("rows.payee.address is {contract}, expected another than this contract");
    assets.refuses(&operator, &pay_out(&[(address(&contract), 5)]), &expected);
}
