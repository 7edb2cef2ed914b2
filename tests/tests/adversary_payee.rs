//! A payee that cannot receive, on a chain whose bank refuses it.

use cosmwasm_std::{
    Addr, Api, BankMsg, BankQuery, Binary, BlockInfo, CustomMsg, CustomQuery, Querier, StdError,
    StdResult, Storage, Uint128, coins,
};
use cw_multi_test::{
    AppBuilder, AppResponse, Bank, BankKeeper, BankSudo, ContractWrapper, CosmosRouter, Executor,
    Module,
};
use gridweave_testkit::DENOM;
use gridweave_testkit::billing::terms;
use gridweave_testkit::fixtures::{feeder, prosumer};
use gridweave_types::billing::{AccountResponse, BooksResponse, ExecuteMsg, QueryMsg};
use gridweave_types::grid;
use serde::de::DeserializeOwned;

/// Moves coins to everybody but the one.
struct Choosy {
    bank: BankKeeper,
    blocked: Addr,
}

impl Module for Choosy {
    type ExecT = BankMsg;
    type QueryT = BankQuery;
    type SudoT = BankSudo;

    fn execute<ExecC, QueryC>(
        &self,
        api: &dyn Api,
        storage: &mut dyn Storage,
        router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        block: &BlockInfo,
        sender: Addr,
        msg: BankMsg,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        match &msg {
            BankMsg::Send { to_address, .. } if *to_address == self.blocked.as_str() => {
                Err(StdError::msg("blocked"))
            }
            _ => self.bank.execute(api, storage, router, block, sender, msg),
        }
    }

    fn query(
        &self,
        api: &dyn Api,
        storage: &dyn Storage,
        querier: &dyn Querier,
        block: &BlockInfo,
        request: BankQuery,
    ) -> StdResult<Binary> {
        self.bank.query(api, storage, querier, block, request)
    }

    fn sudo<ExecC, QueryC>(
        &self,
        api: &dyn Api,
        storage: &mut dyn Storage,
        router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        block: &BlockInfo,
        msg: BankSudo,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        self.bank.sudo(api, storage, router, block, msg)
    }
}

impl Bank for Choosy {}

#[test]
fn a_payee_that_cannot_receive_blocks_nobody_and_may_be_paid_elsewhere() -> StdResult<()> {
    let api = cosmwasm_std::testing::MockApi::default();
    let [operator, blocked, neighbour, safe] =
        ["operator", "blocked", "neighbour", "safe"].map(|name| api.addr_make(name));
    let bank = Choosy {
        bank: BankKeeper::new(),
        blocked: blocked.clone(),
    };
    let mut app = AppBuilder::new()
        .with_bank(bank)
        .build(|router, _, storage| {
            for rich in [&blocked, &neighbour] {
                let purse = coins(10_000_000, DENOM);
                let given = router.bank.bank.init_balance(storage, rich, purse);
                given.expect("the bank takes any balance");
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
    let accounts = vec![prosumer(&blocked, 1, 1), prosumer(&neighbour, 1, 1)];
    for message in [
        grid::ExecuteMsg::AddFeeder { feeder: feeder(1) },
        grid::ExecuteMsg::RegisterAccounts { accounts },
    ] {
        app.execute_contract(operator.clone(), register.clone(), &message, &[])?;
    }
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
