//! Helpers for the `grid`, one per message.

use cosmwasm_std::{Addr, Binary, StdResult};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use gridweave_grid::contract;
use gridweave_types::grid::{
    Account, AccountInput, AccountsResponse, Branch, BranchesResponse, ExecuteMsg, Feeder,
    FeedersResponse, InstantiateMsg, MigrateMsg, OperatorResponse, QueryMsg,
};
use serde::de::DeserializeOwned;

use crate::{Suite, assert_refused, fixtures};

/// Uploads the code; returns its number.
pub(crate) fn store(app: &mut App) -> u64 {
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
        .with_migrate(contract::migrate);
    app.store_code(Box::new(code))
}

/// Uploads and instantiates the contract.
pub(crate) fn instantiate(app: &mut App, operator: &Addr, admin: &Addr) -> Addr {
    let code = store(app);
    let msg = InstantiateMsg {
        operator: operator.to_string(),
    };
    let admin_address = Some(admin.to_string());
    app.instantiate_contract(code, admin.clone(), &msg, &[], "grid", admin_address)
        .expect("a valid operator is accepted")
}

/// Actions; those without a `sender` are the operator's.
impl Suite {
    /// Sends any message to the `grid`.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn on_grid(&mut self, sender: &Addr, msg: &ExecuteMsg) -> StdResult<AppResponse> {
        let grid = self.grid.clone();
        self.execute(sender, &grid, msg, &[])
    }

    /// Asserts that the `grid` refuses `msg` with `expected` and keeps its state.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn grid_refuses(
        &mut self,
        sender: &Addr,
        msg: &ExecuteMsg,
        expected: &impl std::fmt::Display,
    ) {
        let before = self.state(&self.grid);
        assert_refused(self.on_grid(sender, msg), expected);
        assert_eq!(
            self.state(&self.grid),
            before,
            "a refused message left traces"
        );
    }

    fn as_operator(&mut self, msg: &ExecuteMsg) -> StdResult<AppResponse> {
        let operator = self.operator.clone();
        self.on_grid(&operator, msg)
    }

    /// [`ExecuteMsg::ProposeOperator`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn propose_operator(&mut self, operator: &Addr) -> StdResult<AppResponse> {
        self.as_operator(&ExecuteMsg::ProposeOperator {
            operator: operator.to_string(),
        })
    }

    /// [`ExecuteMsg::CancelProposal`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn cancel_proposal(&mut self) -> StdResult<AppResponse> {
        self.as_operator(&ExecuteMsg::CancelProposal {})
    }

    /// [`ExecuteMsg::AcceptOperator`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn accept_operator(&mut self, sender: &Addr) -> StdResult<AppResponse> {
        self.on_grid(sender, &ExecuteMsg::AcceptOperator {})
    }

    /// [`ExecuteMsg::AddFeeder`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn add_feeder(&mut self, feeder: Feeder) -> StdResult<AppResponse> {
        self.as_operator(&ExecuteMsg::AddFeeder { feeder })
    }

    /// [`ExecuteMsg::SetFeederLimits`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn set_feeder_limits(
        &mut self,
        feeder: u32,
        external: u64,
        internal: u64,
    ) -> StdResult<AppResponse> {
        self.as_operator(&ExecuteMsg::SetFeederLimits {
            feeder,
            external_limit: external.into(),
            internal_limit: internal.into(),
        })
    }

    /// [`ExecuteMsg::AddBranches`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn add_branches(&mut self, feeder: u32, branches: Vec<Branch>) -> StdResult<AppResponse> {
        self.as_operator(&ExecuteMsg::AddBranches { feeder, branches })
    }

    /// [`ExecuteMsg::RegisterAccounts`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn register_accounts(&mut self, accounts: Vec<AccountInput>) -> StdResult<AppResponse> {
        self.as_operator(&ExecuteMsg::RegisterAccounts { accounts })
    }

    /// [`ExecuteMsg::RemoveAccount`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn remove_account(&mut self, address: &Addr) -> StdResult<AppResponse> {
        self.as_operator(&ExecuteMsg::RemoveAccount {
            address: address.to_string(),
        })
    }

    /// [`ExecuteMsg::SetMeterKey`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn set_meter_key(
        &mut self,
        address: &Addr,
        meter_key: Option<Binary>,
    ) -> StdResult<AppResponse> {
        self.as_operator(&ExecuteMsg::SetMeterKey {
            address: address.to_string(),
            meter_key,
        })
    }

    /// Migrates the `grid` to a fresh upload of its code.
    ///
    /// # Errors
    /// What the chain or the contract refuses.
    pub fn migrate_grid(&mut self, sender: &Addr) -> StdResult<AppResponse> {
        let code = store(&mut self.app);
        let grid = self.grid.clone();
        self.app
            .migrate_contract(sender.clone(), grid, &MigrateMsg {}, code)
    }

    /// Adds feeder `id` of the [`fixtures`] with a chain of `buses` below its root.
    ///
    /// # Panics
    /// When the contract refuses.
    pub fn feeder_with_buses(&mut self, id: u32, buses: u32) {
        self.add_feeder(fixtures::feeder(id)).expect("a new feeder");
        self.add_branches(id, fixtures::chain(buses))
            .expect("a radial chain");
    }
}

/// Queries.
impl Suite {
    /// Any query of the `grid`.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn ask_grid<T: DeserializeOwned>(&self, msg: &QueryMsg) -> StdResult<T> {
        self.query(&self.grid, msg)
    }

    /// [`QueryMsg::Operator`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn operator(&self) -> StdResult<OperatorResponse> {
        self.ask_grid(&QueryMsg::Operator {})
    }

    /// [`QueryMsg::Feeder`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn feeder(&self, feeder: u32) -> StdResult<Feeder> {
        self.ask_grid(&QueryMsg::Feeder { feeder })
    }

    /// [`QueryMsg::Feeders`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn feeders(&self, start_after: Option<u32>, limit: Option<u32>) -> StdResult<Vec<Feeder>> {
        let page: FeedersResponse = self.ask_grid(&QueryMsg::Feeders { start_after, limit })?;
        Ok(page.feeders)
    }

    /// [`QueryMsg::Branches`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn branches(
        &self,
        feeder: u32,
        seen: Option<u32>,
        limit: Option<u32>,
    ) -> StdResult<Vec<Branch>> {
        let page: BranchesResponse = self.ask_grid(&QueryMsg::Branches {
            feeder,
            start_after: seen,
            limit,
        })?;
        Ok(page.branches)
    }

    /// [`QueryMsg::Account`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn account(&self, address: &Addr) -> StdResult<Account> {
        self.ask_grid(&QueryMsg::Account {
            address: address.to_string(),
        })
    }

    /// [`QueryMsg::Accounts`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn accounts(
        &self,
        start_after: Option<&Addr>,
        limit: Option<u32>,
    ) -> StdResult<Vec<Account>> {
        let page: AccountsResponse = self.ask_grid(&QueryMsg::Accounts {
            start_after: start_after.map(Addr::to_string),
            limit,
        })?;
        Ok(page.accounts)
    }

    /// [`QueryMsg::FeederAccounts`].
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn feeder_accounts(
        &self,
        feeder: u32,
        start_after: Option<&Addr>,
        limit: Option<u32>,
    ) -> StdResult<Vec<Account>> {
        let page: AccountsResponse = self.ask_grid(&QueryMsg::FeederAccounts {
            feeder,
            start_after: start_after.map(Addr::to_string),
            limit,
        })?;
        Ok(page.accounts)
    }
}
