//! A bank that refuses one recipient.

use cosmwasm_std::{
    Addr, Api, BankMsg, BankQuery, Binary, BlockInfo, CustomMsg, CustomQuery, Querier, StdError,
    StdResult, Storage, coins,
};
use cw_multi_test::{AppResponse, Bank, BankKeeper, BankSudo, CosmosRouter, Module};
use serde::de::DeserializeOwned;

use crate::DENOM;

/// Moves coins to everybody but the one.
pub struct Choosy {
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

impl Choosy {
    /// A bank that moves coins to everybody but `blocked`.
    pub fn new(blocked: &Addr) -> Self {
        Self {
            bank: BankKeeper::new(),
            blocked: blocked.clone(),
        }
    }

    /// Gives coins of the one denom to somebody who has none.
    ///
    /// # Panics
    /// When the bank refuses.
    pub fn give(&self, storage: &mut dyn Storage, address: &Addr, amount: u128) {
        let given = self
            .bank
            .init_balance(storage, address, coins(amount, DENOM));
        given.expect("the bank takes any balance");
    }
}
