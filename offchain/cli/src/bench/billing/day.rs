//! Commitments that become bills: one interval for each size of page.

use anyhow::Result;
use cosmwasm_std::{Int64, Uint128};
use gridweave_chain::ContractKind::Billing;
use gridweave_chain::{Call, Chain, Coin, Signer, TxResponse};
use gridweave_types::billing::{
    AccountResponse, CommitmentInput, ConfigResponse, ExecuteMsg, MAX_COMMITMENTS, QueryMsg,
    SourceKind,
};

use super::super::report::Cost;
use super::super::stage::{BARE, Case, QUIET, Stage};
use super::super::until;
use super::readings::Meter;
use super::terms::{Clock, tariff, terms};

/// Seconds of an interval.
const INTERVAL: u32 = 3;
/// Seconds in which an estimate may be disputed.
const DISPUTE: u32 = 20;
/// What each account has at first.
const DEPOSIT: u128 = 1_000_000;
/// Deposits in one transaction.
const AT_ONCE: usize = 25;

/// Accounts with a line in each of some intervals.
pub struct Day<'a> {
    /// The accounts; even ones inject, odd ones draw.
    pub accounts: &'a [Signer],
    /// Lines of a page, by interval.
    pub pages: &'a [u32],
    /// Seconds until the first interval begins: all commitments must be recorded by then.
    pub lead: u64,
    /// Seconds after which an interval is final: it must be settled, and changed, by then.
    pub correction: u32,
}

impl Day<'_> {
    /// Makes the contract, with money in it.
    ///
    /// # Errors
    /// The contract refuses.
    pub async fn begin(&self, stage: &mut Stage) -> Result<()> {
        let clock = Clock {
            genesis: stage.chain.time().await? + self.lead,
            interval: INTERVAL,
            period: self.pages.len() as u32,
            dispute: DISPUTE,
            correction: self.correction,
        };
        let terms = terms(stage, &clock)?;
        stage.renew(Billing, &terms).await?;
        let operator = stage.operator.clone();
        let register = ExecuteMsg::RegisterSource {
            contract: operator.address.clone(),
            kind: SourceKind::Recorder,
        };
        stage.act(&operator, Billing, BARE, &register).await?;
        let later = ExecuteMsg::SetTariff {
            from: 1_000_000,
            tariff: tariff(),
        };
        stage.act(&operator, Billing, BARE, &later).await?;
        self.deposit(stage).await
    }

    async fn deposit(&self, stage: &mut Stage) -> Result<()> {
        let operator = stage.operator.clone();
        let coins = |amount| vec![Coin::new(amount, stage.denom.clone())];
        let (once, whole) = (coins(1u128), coins(DEPOSIT));
        let top_up = |account: &Signer| ExecuteMsg::TopUp {
            account: Some(account.address.clone()),
        };
        for name in ["new account", "known account"] {
            let message = top_up(&self.accounts[0]);
            let case = BARE.named(name);
            let funds = once.clone();
            stage.pay(&operator, Billing, case, &message, funds).await?;
        }
        let contract = stage.address(Billing)?;
        for accounts in self.accounts.chunks(AT_ONCE) {
            let calls: Result<Vec<Call>, _> = accounts
                .iter()
                .map(|account| Call::new(&contract, &top_up(account)))
                .collect();
            let calls = calls?.into_iter();
            let calls = calls.map(|call| call.with_funds(whole.clone())).collect();
            stage.chain.execute_many(&operator, calls).await?;
        }
        Ok(())
    }

    /// Records a commitment of each account in each interval.
    ///
    /// # Errors
    /// The contract refuses.
    pub async fn promise(&self, stage: &mut Stage) -> Result<()> {
        let operator = stage.operator.clone();
        for interval in 0..self.pages.len() as u32 {
            for (page, accounts) in self.accounts.chunks(MAX_COMMITMENTS).enumerate() {
                let rows = accounts.iter().enumerate().map(|(index, account)| {
                    let number = (page * MAX_COMMITMENTS + index) as i64;
                    let sign = if index % 2 == 0 { 1 } else { -1 };
                    CommitmentInput {
                        account: account.address.clone(),
                        interval,
                        energy: Int64::new(sign * (1_000 + number)),
                        price: Int64::new(240_000 + 11 * number),
                    }
                });
                let message = ExecuteMsg::RecordCommitments {
                    commitments: rows.collect(),
                    paid: false,
                };
                let case = Case {
                    name: "new lines",
                    agents: accounts.len() as u32,
                    horizon: 1,
                };
                stage.act(&operator, Billing, case, &message).await?;
            }
        }
        Ok(())
    }

    /// Settles the intervals on estimates, each in pages of its size.
    ///
    /// # Errors
    /// The contract refuses.
    pub async fn settle(&self, stage: &mut Stage) -> Result<()> {
        let last = self.pages.len() as u32 - 1;
        self.wait(stage, last, u64::from(DISPUTE)).await?;
        for (interval, &limit) in (0..).zip(self.pages) {
            self.all_pages(stage, limit, "settle", |start_after| ExecuteMsg::Settle {
                interval,
                start_after,
                limit: Some(limit),
            })
            .await?;
        }
        Ok(())
    }

    /// Sends page after page; notes the first of them, and what all of them cost.
    async fn all_pages(
        &self,
        stage: &mut Stage,
        limit: u32,
        name: &str,
        message: impl Fn(Option<String>) -> ExecuteMsg,
    ) -> Result<()> {
        let operator = stage.operator.clone();
        let count = self.accounts.len() as u32;
        let case = format!("page of an interval of {count}");
        let case = Case {
            name: &case,
            agents: limit,
            horizon: 0,
        };
        let mut sum = Cost::default();
        let mut start_after = None;
        loop {
            let page = message(start_after);
            let (response, cost) = stage.act_timed(&operator, Billing, case, &page).await?;
            sum.add(cost);
            start_after = next(&response);
            if start_after.is_none() {
                break;
            }
        }
        let whole = format!("all, in pages of {limit}");
        let whole = Case {
            name: &whole,
            agents: count,
            horizon: 0,
        };
        stage.note("billing", name, whole, sum);
        Ok(())
    }

    /// What changes a line that is settled: a reading after all, a correction, a decision.
    ///
    /// # Errors
    /// The contract refuses.
    pub async fn change(&self, stage: &mut Stage) -> Result<()> {
        let operator = stage.operator.clone();
        let mut meter = Meter::install(stage, &self.accounts[3]).await?;
        let late = meter.sign(stage, false, 0, 1)?;
        let again = meter.sign(stage, true, 0, 1)?;
        for (name, message) in [("settled on an estimate", late), ("settled", again)] {
            let case = Case {
                name,
                agents: 1,
                horizon: 1,
            };
            stage.act(&operator, Billing, case, &message).await?;
        }
        let dispute = ExecuteMsg::Dispute {
            account: None,
            interval: 0,
        };
        let resolve = ExecuteMsg::Resolve {
            account: self.accounts[3].address.clone(),
            interval: 0,
            reading: Some((-1_100).into()),
        };
        let settled = BARE.named("settled");
        stage
            .act(&self.accounts[3], Billing, settled, &dispute)
            .await?;
        stage.act(&operator, Billing, settled, &resolve).await?;
        Ok(())
    }

    /// Makes the statements final.
    ///
    /// # Errors
    /// The contract refuses.
    pub async fn end(&self, stage: &mut Stage) -> Result<()> {
        let operator = stage.operator.clone();
        let last = self.pages.len() as u32 - 1;
        self.wait(stage, last, self.correction.into()).await?;
        let open = ExecuteMsg::OpenPeriod { period: 0 };
        stage.act(&operator, Billing, BARE, &open).await?;
        let mut left = self.accounts.len() as u32;
        let name = format!("page of a period of {left}");
        let mut start_after = None;
        for &limit in self.pages.iter().cycle() {
            // Pages that are not full tell nothing.
            let case = Case {
                name: if left < limit { QUIET.name } else { &name },
                agents: limit,
                horizon: 0,
            };
            left = left.saturating_sub(limit);
            let message = ExecuteMsg::Reconcile {
                period: 0,
                start_after,
                limit: Some(limit),
            };
            let response = stage.act(&operator, Billing, case, &message).await?;
            start_after = next(&response);
            if start_after.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Money out, and what is left to measure.
    ///
    /// # Errors
    /// The contract refuses.
    pub async fn leave(&self, stage: &mut Stage) -> Result<()> {
        let operator = stage.operator.clone();
        let funds = vec![Coin::new(100_000_000u128, stage.denom.clone())];
        let fund = ExecuteMsg::FundGrid {};
        stage.pay(&operator, Billing, BARE, &fund, funds).await?;
        if let Some(account) = self.creditor(stage).await? {
            let collect = ExecuteMsg::Collect { account };
            stage.act(&operator, Billing, BARE, &collect).await?;
        }
        let withdraw = ExecuteMsg::Withdraw {
            amount: Uint128::new(1_000),
            recipient: None,
        };
        let release = ExecuteMsg::Release { recipient: None };
        let owner = &self.accounts[1];
        stage.act(owner, Billing, BARE, &withdraw).await?;
        stage.act(owner, Billing, BARE, &release).await?;
        let defund = ExecuteMsg::DefundGrid {
            amount: Uint128::new(1_000),
        };
        let remove = ExecuteMsg::RemoveSource {
            contract: operator.address.clone(),
        };
        stage.act(&operator, Billing, BARE, &defund).await?;
        stage.act(&operator, Billing, BARE, &remove).await?;
        Ok(())
    }

    /// An account that the grid account owes something.
    async fn creditor(&self, stage: &Stage) -> Result<Option<String>> {
        let contract = stage.address(Billing)?;
        for account in self.accounts.iter().take(10) {
            let account = account.address.clone();
            let question = QueryMsg::Account {
                account: account.clone(),
            };
            let held: AccountResponse = stage.chain.query(&contract, &question).await?;
            if !held.receivable.is_zero() {
                return Ok(Some(account));
            }
        }
        Ok(None)
    }

    /// Waits until `seconds` after the end of an interval.
    async fn wait(&self, stage: &Stage, interval: u32, seconds: u64) -> Result<()> {
        let contract = stage.address(Billing)?;
        let terms: ConfigResponse = stage.chain.query(&contract, &QueryMsg::Config {}).await?;
        let elapsed = u64::from(interval + 1) * u64::from(terms.interval_seconds);
        // One second more: a simulation sees the time of the block before.
        until(stage, u64::from(terms.genesis) + elapsed + seconds + 1).await
    }
}

/// Where the next page begins, if there is one.
fn next(response: &TxResponse) -> Option<String> {
    let mut events = response.events.iter();
    let found = events.find_map(|event| event.attribute("next"));
    found.map(str::to_owned)
}
