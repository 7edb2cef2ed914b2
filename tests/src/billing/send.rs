//! Actions, one helper each.

use cosmwasm_std::{Addr, Int64, StdResult, Uint128, coins};
use cw_multi_test::AppResponse;
use gridweave_types::billing::{CommitmentInput, ExecuteMsg, Tariff};

use super::Billing;
use crate::{DENOM, assert_refused};

impl Billing {
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
        let funds = if amount == 0 {
            Vec::new()
        } else {
            coins(amount, DENOM)
        };
        self.chain.suite.execute(sender, &contract, message, &funds)
    }

    /// Sends a message as somebody without a role.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn anyone(&mut self, message: &ExecuteMsg) -> StdResult<AppResponse> {
        let anyone = self.chain.suite.address("anyone");
        self.send(&anyone, message, 0)
    }

    /// Sends a message as the operator.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn operate(&mut self, message: &ExecuteMsg) -> StdResult<AppResponse> {
        let operator = self.chain.suite.operator.clone();
        self.send(&operator, message, 0)
    }

    /// Asserts that the contract refuses `message` with `expected` and keeps its state.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn refuses(&mut self, sender: &Addr, message: &ExecuteMsg, expected: &str) {
        let before = self.chain.suite.state(&self.contract);
        assert_refused(self.send(sender, message, 0), &expected);
        let after = self.chain.suite.state(&self.contract);
        assert_eq!(after, before, "a refused message left traces");
    }

    /// A prosumer tops up its own account.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn top_up(&mut self, number: usize, amount: u128) -> StdResult<AppResponse> {
        let home = self.home(number);
        self.send(&home, &ExecuteMsg::TopUp { account: None }, amount)
    }

    /// A prosumer withdraws.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn withdraw(&mut self, number: usize, amount: u128) -> StdResult<AppResponse> {
        let home = self.home(number);
        let message = ExecuteMsg::Withdraw {
            amount: Uint128::new(amount),
            recipient: None,
        };
        self.send(&home, &message, 0)
    }

    /// The treasury funds the grid account.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn fund(&mut self, amount: u128) -> StdResult<AppResponse> {
        let treasury = self.treasury.clone();
        self.send(&treasury, &ExecuteMsg::FundGrid {}, amount)
    }

    /// The treasury takes money out of the grid account.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn defund(&mut self, amount: u128) -> StdResult<AppResponse> {
        let treasury = self.treasury.clone();
        let amount = Uint128::new(amount);
        self.send(&treasury, &ExecuteMsg::DefundGrid { amount }, 0)
    }

    /// The market records unpaid commitments: prosumer, interval, energy, price.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn commit(&mut self, rows: &[(usize, u32, i64, i64)]) -> StdResult<AppResponse> {
        self.commit_as(rows, false)
    }

    /// The market records commitments.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn commit_as(
        &mut self,
        rows: &[(usize, u32, i64, i64)],
        paid: bool,
    ) -> StdResult<AppResponse> {
        let market = self.market.clone();
        let message = self.commitments(rows, paid);
        self.send(&market, &message, 0)
    }

    /// The message behind [`Billing::commit_as`].
    pub fn commitments(&self, rows: &[(usize, u32, i64, i64)], paid: bool) -> ExecuteMsg {
        let inputs = rows.iter().map(|&(number, interval, energy, price)| {
            let account = self.home(number).to_string();
            CommitmentInput {
                account,
                interval,
                energy: Int64::new(energy),
                price: Int64::new(price),
            }
        });
        ExecuteMsg::RecordCommitments {
            commitments: inputs.collect(),
            paid,
        }
    }

    /// A prosumer's meter reports; anyone carries the message.
    ///
    /// # Errors
    /// What the contract refuses; the meter keeps its nonce then.
    pub fn read(&mut self, number: usize, from: u32, readings: &[i64]) -> StdResult<AppResponse> {
        let message = self.meters[number].next(false, from, readings);
        let sent = self.anyone(&ExecuteMsg::SubmitReadings(message));
        self.meters[number].nonce -= u64::from(sent.is_err());
        sent
    }

    /// A prosumer's meter corrects itself; anyone carries the message.
    ///
    /// # Errors
    /// What the contract refuses; the meter keeps its nonce then.
    pub fn correct(
        &mut self,
        number: usize,
        from: u32,
        readings: &[i64],
    ) -> StdResult<AppResponse> {
        let message = self.meters[number].next(true, from, readings);
        let sent = self.anyone(&ExecuteMsg::CorrectReadings(message));
        self.meters[number].nonce -= u64::from(sent.is_err());
        sent
    }

    /// Settles all lines of an interval that can be settled, in one page.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn settle(&mut self, interval: u32) -> StdResult<AppResponse> {
        self.anyone(&ExecuteMsg::Settle {
            interval,
            start_after: None,
            limit: None,
        })
    }

    /// A prosumer disputes its own reading.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn dispute(&mut self, number: usize, interval: u32) -> StdResult<AppResponse> {
        let home = self.home(number);
        let account = None;
        self.send(&home, &ExecuteMsg::Dispute { account, interval }, 0)
    }

    /// The operator decides a dispute.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn resolve(
        &mut self,
        number: usize,
        interval: u32,
        reading: Option<i64>,
    ) -> StdResult<AppResponse> {
        let account = self.home(number).to_string();
        self.operate(&ExecuteMsg::Resolve {
            account,
            interval,
            reading: reading.map(Int64::new),
        })
    }

    /// Opens a period and reconciles all of it.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn reconcile(&mut self, period: u32) -> StdResult<AppResponse> {
        self.anyone(&ExecuteMsg::OpenPeriod { period })?;
        self.anyone(&ExecuteMsg::Reconcile {
            period,
            start_after: None,
            limit: None,
        })
    }

    /// The operator sets a tariff.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn set_tariff(&mut self, from: u32, tariff: Tariff) -> StdResult<AppResponse> {
        self.operate(&ExecuteMsg::SetTariff { from, tariff })
    }
}
