//! Actions, one helper each.

use cosmwasm_std::{Addr, StdResult, Uint64, Uint128, coins};
use cw_multi_test::AppResponse;
use gridweave_types::crowdsourcing::{
    AgreementProposal, ExecuteMsg, Kind, Ledger, Preferences, RaiseInput, SupplementInput,
    TaskInput, Terms,
};

use super::{Crowd, budgets};
use crate::{DENOM, assert_refused};

impl Crowd {
    /// Sends a message, with `amount` of the one denom.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn send(
        &mut self,
        sender: &Addr,
        message: &ExecuteMsg,
        amount: u128,
    ) -> StdResult<AppResponse> {
        let contract = self.contract.clone();
        let funds = match amount {
            0 => Vec::new(),
            _ => coins(amount, DENOM),
        };
        let suite = &mut self.billing.chain.suite;
        suite.execute(sender, &contract, message, &funds)
    }

    /// Sends a message as the operator.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn operate(&mut self, message: &ExecuteMsg) -> StdResult<AppResponse> {
        let operator = self.billing.chain.suite.operator.clone();
        self.send(&operator, message, 0)
    }

    /// Sends a message as prosumer `number`.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn home(&mut self, number: usize, message: &ExecuteMsg) -> StdResult<AppResponse> {
        let home = self.billing.home(number);
        self.send(&home, message, 0)
    }

    /// Sends a message as somebody without a role.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn anyone(&mut self, message: &ExecuteMsg) -> StdResult<AppResponse> {
        let anyone = self.billing.chain.suite.address("anyone");
        self.send(&anyone, message, 0)
    }

    /// Asserts that the contract refuses `message` with `expected` and keeps its state.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn refuses(&mut self, sender: &Addr, message: &ExecuteMsg, expected: &str) {
        let before = self.billing.chain.suite.state(&self.contract);
        assert_refused(self.send(sender, message, 0), &expected);
        let after = self.billing.chain.suite.state(&self.contract);
        assert_eq!(after, before, "a refused message left traces");
    }

    /// The same for a message of the operator.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn refuses_operator(&mut self, message: &ExecuteMsg, expected: &str) {
        let operator = self.billing.chain.suite.operator.clone();
        self.refuses(&operator, message, expected);
    }

    /// The same for a message of a prosumer.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn refuses_home(&mut self, number: usize, message: &ExecuteMsg, expected: &str) {
        let home = self.billing.home(number);
        self.refuses(&home, message, expected);
    }

    /// Prosumer `number` asks to take part.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn enrol(&mut self, number: usize, kind: Kind) -> StdResult<AppResponse> {
        let devices = Vec::new();
        self.home(number, &ExecuteMsg::Enrol { kind, devices })
    }

    /// The operator approves.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn approve(&mut self, number: usize) -> StdResult<AppResponse> {
        let account = self.billing.home(number).to_string();
        self.operate(&ExecuteMsg::ApproveEnrolment { account })
    }

    /// The operator revokes.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn revoke(&mut self, number: usize) -> StdResult<AppResponse> {
        let account = Some(self.billing.home(number).to_string());
        self.operate(&ExecuteMsg::RevokeEnrolment { account })
    }

    /// The operator starts a programme with budgets of the feeder.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn create(&mut self, terms: Terms, amounts: &[u128]) -> StdResult<AppResponse> {
        let mut budgets = budgets(amounts);
        budgets[0].from = terms.first;
        let operator = self.billing.chain.suite.operator.clone();
        let message = ExecuteMsg::CreateProgramme { terms, budgets };
        self.send(&operator, &message, amounts.iter().sum())
    }

    /// A prosumer submits preferences.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn prefer(
        &mut self,
        number: usize,
        programme: u32,
        preferences: Preferences,
    ) -> StdResult<AppResponse> {
        let message = ExecuteMsg::SubmitPreferences {
            programme,
            preferences,
        };
        self.home(number, &message)
    }

    /// The operator proposes an agreement for programme 1.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn propose(&mut self, proposal: AgreementProposal) -> StdResult<AppResponse> {
        let programme = 1;
        self.operate(&ExecuteMsg::ProposeAgreement {
            programme,
            proposal,
        })
    }

    /// The operator offers tasks in programme 1.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn offer(&mut self, tasks: &[TaskInput]) -> StdResult<AppResponse> {
        let (programme, tasks) = (1, tasks.to_vec());
        self.operate(&ExecuteMsg::OfferTasks { programme, tasks })
    }

    /// The operator raises a task.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn raise(&mut self, task: u64, incentive: u64) -> StdResult<AppResponse> {
        self.operate(&raise(task, incentive))
    }

    /// A prosumer accepts a task.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn accept(&mut self, number: usize, task: u64, round: u32) -> StdResult<AppResponse> {
        self.home(number, &accept(task, round))
    }

    /// A prosumer declines a task.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn decline(&mut self, number: usize, task: u64, round: u32) -> StdResult<AppResponse> {
        self.home(number, &decline(task, round))
    }

    /// The operator supplements in programme 1.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn supplements(&mut self, supplements: &[SupplementInput]) -> StdResult<AppResponse> {
        let (programme, supplements) = (1, supplements.to_vec());
        self.operate(&ExecuteMsg::Supplement {
            programme,
            supplements,
        })
    }

    /// Anyone sweeps an interval.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn sweep(&mut self, interval: u32) -> StdResult<AppResponse> {
        self.anyone(&ExecuteMsg::Sweep {
            interval,
            start_after: None,
            limit: Some(100),
        })
    }

    /// Anyone reconciles a page of a ledger.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn reconcile(&mut self, ledger: Ledger, limit: u32) -> StdResult<AppResponse> {
        let limit = Some(limit);
        self.anyone(&ExecuteMsg::Reconcile { ledger, limit })
    }

    /// The operator takes money out.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn withdraw(&mut self, amount: u128) -> StdResult<AppResponse> {
        self.operate(&ExecuteMsg::Withdraw {
            amount: Uint128::new(amount),
            recipient: None,
        })
    }
}

/// Accepts a task.
pub fn accept(task: u64, round: u32) -> ExecuteMsg {
    let task = Uint64::new(task);
    ExecuteMsg::AcceptTask { task, round }
}

/// Declines a task.
pub fn decline(task: u64, round: u32) -> ExecuteMsg {
    let task = Uint64::new(task);
    ExecuteMsg::DeclineTask { task, round }
}

/// Raises a task.
pub fn raise(task: u64, incentive: u64) -> ExecuteMsg {
    ExecuteMsg::RaiseTasks {
        raises: vec![RaiseInput {
            task: Uint64::new(task),
            incentive: Uint64::new(incentive),
        }],
    }
}
