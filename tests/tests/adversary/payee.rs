//! A payee that cannot receive, on a chain whose bank refuses it.

use cosmwasm_std::{Addr, StdResult, Uint128, coins};
use cw_multi_test::{App, AppBuilder, ContractWrapper, Executor};
use gridweave_testkit::DENOM;
use gridweave_testkit::billing::terms;
use gridweave_testkit::choosy::Choosy;
use gridweave_testkit::fixtures::{feeder, prosumer};
use gridweave_types::billing::{AccountResponse, BooksResponse, ExecuteMsg, QueryMsg};
use gridweave_types::{assets, grid};

/// A chain whose bank refuses `blocked`, with both rich and registered on feeder 1 of its `grid`.
fn chain(operator: &Addr, blocked: &Addr, neighbour: &Addr) -> StdResult<(App<Choosy>, Addr)> {
    let bank = Choosy::new(blocked);
    let mut app = AppBuilder::new()
        .with_bank(bank)
        .build(|router, _, storage| {
            for rich in [blocked, neighbour] {
                router.bank.give(storage, rich, 10_000_000);
            }
        });
    let code = app.store_code(Box::new(ContractWrapper::new(
        gridweave_grid::contract::execute,
        gridweave_grid::contract::instantiate,
        gridweave_grid::contract::query,
    )));
    let message = grid::InstantiateMsg {
        operator: operator.to_string(),
    };
    let register = app.instantiate_contract(code, operator.clone(), &message, &[], "grid", None)?;
    let accounts = vec![prosumer(blocked, 1, 1), prosumer(neighbour, 1, 1)];
    for message in [
        grid::ExecuteMsg::AddFeeder { feeder: feeder(1) },
        grid::ExecuteMsg::RegisterAccounts { accounts },
    ] {
        app.execute_contract(operator.clone(), register.clone(), &message, &[])?;
    }
    Ok((app, register))
}

#[test]
fn a_payee_that_cannot_receive_blocks_nobody_and_may_be_paid_elsewhere() -> StdResult<()> {
    let api = cosmwasm_std::testing::MockApi::default();
    let [operator, blocked, neighbour, safe] =
        ["operator", "blocked", "neighbour", "safe"].map(|name| api.addr_make(name));
    let (mut app, register) = chain(&operator, &blocked, &neighbour)?;
    let code = app.store_code(Box::new(ContractWrapper::new(
        gridweave_billing::contract::execute,
        gridweave_billing::contract::instantiate,
        gridweave_billing::contract::query,
    )));
    let genesis = app.block_info().time.seconds();
    let message = terms(&register, &operator, genesis);
    let contract = app.instantiate_contract(code, operator, &message, &[], "billing", None)?;
    for rich in [&blocked, &neighbour] {
        let funds = coins(5_000_000, DENOM);
        let message = ExecuteMsg::TopUp { account: None };
        app.execute_contract(rich.clone(), contract.clone(), &message, &funds)?;
    }

    let withdraw = |recipient: Option<&Addr>| ExecuteMsg::Withdraw {
        amount: Uint128::new(4_000_000),
        recipient: recipient.map(Addr::to_string),
    };
    let refused = app.execute_contract(blocked.clone(), contract.clone(), &withdraw(None), &[]);
    assert!(refused.unwrap_err().to_string().contains("blocked"));
    let question = QueryMsg::Account {
        account: blocked.to_string(),
    };
    let held: AccountResponse = app.wrap().query_wasm_smart(&contract, &question)?;
    assert_eq!(held.balance, Uint128::new(4_000_000), "nothing was lost");
    app.execute_contract(neighbour, contract.clone(), &withdraw(None), &[])?;
    app.execute_contract(blocked, contract.clone(), &withdraw(Some(&safe)), &[])?;
    let received = app.wrap().query_balance(&safe, DENOM)?;
    assert_eq!(received.amount.to_string(), "4000000");
    let books: BooksResponse = app
        .wrap()
        .query_wasm_smart(&contract, &QueryMsg::Books {})?;
    assert_eq!(books.withdrawn, Uint128::new(8_000_000));
    Ok(())
}

#[test]
fn an_address_that_cannot_receive_keeps_its_assets_and_delays_no_payout() -> StdResult<()> {
    let api = cosmwasm_std::testing::MockApi::default();
    let [operator, blocked, neighbour, safe] =
        ["operator", "blocked", "neighbour", "safe"].map(|name| api.addr_make(name));
    let (mut app, register) = chain(&operator, &blocked, &neighbour)?;
    let code = app.store_code(Box::new(
        ContractWrapper::new(
            gridweave_assets::contract::execute,
            gridweave_assets::contract::instantiate,
            gridweave_assets::contract::query,
        )
        .with_reply(gridweave_assets::contract::reply),
    ));
    let message = assets::InstantiateMsg {
        grid: register.to_string(),
        billing: None,
        denom: DENOM.into(),
        genesis: app.block_info().time.seconds() as u32,
        interval_seconds: 900,
        price_limit: 1_000_000u64.into(),
    };
    let contract =
        app.instantiate_contract(code, operator.clone(), &message, &[], "assets", None)?;
    let fund = assets::ExecuteMsg::AddFinancialBalance {
        holder: blocked.to_string(),
    };
    app.execute_contract(neighbour, contract.clone(), &fund, &coins(1_000, DENOM))?;

    let withdraw = assets::ExecuteMsg::Withdraw {
        amount: Uint128::new(1_000),
    };
    let refused = app.execute_contract(blocked.clone(), contract.clone(), &withdraw, &[]);
    assert!(refused.unwrap_err().to_string().contains("blocked"));
    let giving_back = assets::ExecuteMsg::DepositFinancial {
        amount: Uint128::new(1_000),
        credit: assets::Credit::Coins,
    };
    app.execute_contract(blocked.clone(), contract.clone(), &giving_back, &[])?;
    let row = |payee: &Addr, amount| assets::Payout {
        payee: assets::Payee::Address(payee.to_string()),
        amount: Uint128::new(amount),
    };
    let rows = vec![row(&safe, 300), row(&blocked, 200), row(&safe, 400)];
    let pay_out = assets::ExecuteMsg::PayOut { rows };
    app.execute_contract(operator, contract.clone(), &pay_out, &[])?;
    let received = app.wrap().query_balance(&safe, DENOM)?;
    assert_eq!(received.amount.to_string(), "700");
    let books: assets::BooksResponse = app
        .wrap()
        .query_wasm_smart(&contract, &assets::QueryMsg::Books {})?;
    assert_eq!(books.deposited, Uint128::new(300), "nothing was lost");
    assert_eq!(books.paid_out, Uint128::new(700));
    Ok(())
}
