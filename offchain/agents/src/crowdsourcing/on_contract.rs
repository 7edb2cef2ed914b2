//! What algorithm 1 asks of a programme, done on the `crowdsourcing` contract.

use cosmwasm_std::{Int64, Uint64};
use gridweave_chain::Chain;
use gridweave_rules::crowdsourcing::Evidence;
use gridweave_types::crowdsourcing::{
    ExecuteMsg, Ledger, MAX_PAGE, Phase, QueryMsg, RaiseInput, SupplementInput, TaskInput,
    TaskState as OnChain, TasksResponse, WillingnessResponse,
};
use gridweave_units::Interval;

use super::chain::{OnContract, PAGE, evidence};
use super::plan::Ahead;
use super::platform::{
    Admitted, Book, Moment, NewTask, Platform, ProgrammeTerms, Raise, Supplement, Who,
};
use crate::AgentError;

impl<C: Chain> Platform for OnContract<'_, C> {
    async fn terms(&self) -> Result<ProgrammeTerms, AgentError> {
        let terms = self.programme().await?.terms;
        Ok(ProgrammeTerms {
            incentive_limit: self.config().await?.incentive_limit.u64(),
            cap: terms.cap.u64(),
            raises: terms.raises,
            supplement_price: terms.supplement_price.u64(),
        })
    }

    async fn moment(&self) -> Result<Moment, AgentError> {
        let programme = self.programme().await?;
        match programme.phase {
            Phase::Collecting => return Ok(Moment::Collecting),
            Phase::Closed => return Ok(Moment::Closed),
            Phase::Running => {}
        }
        let (now, timeline) = (self.chain.time().await?, self.config().await?.timeline());
        let terms = programme.terms;
        let mut all = terms.first..=terms.last();
        let next = all.find(|interval| timeline.begin(Interval(*interval)) > now);
        if next.is_none() {
            let ledger = self.ledger().await?;
            if now >= ledger.due.u64() && ledger.open == 0 {
                return Ok(Moment::Settled);
            }
        }
        let next = next.map(|interval| interval - terms.first);
        Ok(Moment::Running { next })
    }

    async fn proposed(&self, ahead: &[Ahead]) -> Result<Vec<bool>, AgentError> {
        let mut proposed = Vec::with_capacity(ahead.len());
        for row in ahead {
            proposed.push(self.is_agreed(row).await?);
        }
        Ok(proposed)
    }

    async fn book(&self, feeder: usize, interval: u32) -> Result<Book, AgentError> {
        let (at, now) = (self.absolute(interval).await?, self.chain.time().await?);
        let number = self.feeder(feeder)?;
        let budget = self.budget(feeder, interval).await?;
        let tasks = self.tasks().await?;
        let own = tasks
            .iter()
            .filter(|task| (task.feeder, task.interval) == (number, at));
        Ok(Book {
            tasks: own.filter_map(|task| self.task(task, now)).collect(),
            supplemented: budget.supplemented.i64(),
            free: budget.free.u128(),
        })
    }

    async fn accepted(&self, member: usize) -> Result<Vec<(u32, i64)>, AgentError> {
        let first = self.absolute(0).await?;
        let query = QueryMsg::AccountTasks {
            account: self.member(member)?.into(),
            from: first,
            limit: Some(PAGE),
        };
        let page: TasksResponse = self.chain.query(&self.contract, &query).await?;
        let done = [OnChain::Accepted, OnChain::Settled];
        let own = page
            .tasks
            .iter()
            .filter(|task| task.programme == self.programme && done.contains(&task.state));
        Ok(own
            .map(|task| (task.interval - first, task.energy.i64()))
            .collect())
    }

    async fn admitted(
        &self,
        who: Who,
        interval: u32,
        surplus: bool,
    ) -> Result<Option<Admitted>, AgentError> {
        self.admits(who, interval, surplus).await
    }

    async fn supplied(&self, generator: usize, interval: u32) -> Result<i64, AgentError> {
        let account = self.account(Who::Generator(generator))?.to_owned();
        let booked = self.booking(account, interval).await?;
        Ok(booked.supplemented.i64())
    }

    async fn evidence(&self, member: usize) -> Result<Evidence, AgentError> {
        let account = self.member(member)?.into();
        let query = QueryMsg::Willingness { account };
        let answer: WillingnessResponse = self.chain.query(&self.contract, &query).await?;
        Ok(evidence(&answer))
    }

    async fn propose(&self, ahead: &[Ahead]) -> Result<(), AgentError> {
        let mut messages = Vec::with_capacity(ahead.len());
        for row in ahead {
            messages.push(self.agreement(row).await?);
        }
        self.send(messages).await
    }

    async fn offer(&self, tasks: &[NewTask]) -> Result<(), AgentError> {
        let first = self.absolute(0).await?;
        let mut inputs = Vec::with_capacity(tasks.len());
        for task in tasks {
            inputs.push(TaskInput {
                account: self.member(task.member)?.into(),
                interval: first + task.interval,
                energy: Int64::new(task.energy),
                price: Int64::new(task.price),
                incentive: Uint64::new(task.incentive),
            });
        }
        self.send(vec![ExecuteMsg::OfferTasks {
            programme: self.programme,
            tasks: inputs,
        }])
        .await
    }

    async fn raise(&self, raises: &[Raise]) -> Result<(), AgentError> {
        let raises = raises.iter().map(|raise| RaiseInput {
            task: Uint64::new(raise.task),
            incentive: Uint64::new(raise.incentive),
        });
        let raises = raises.collect();
        self.send(vec![ExecuteMsg::RaiseTasks { raises }]).await
    }

    async fn expire(&self, interval: u32) -> Result<(), AgentError> {
        let interval = self.absolute(interval).await?;
        self.send(vec![ExecuteMsg::Sweep {
            interval,
            start_after: None,
            limit: Some(MAX_PAGE),
        }])
        .await
    }

    async fn supplement(&self, supplements: &[Supplement]) -> Result<(), AgentError> {
        let first = self.absolute(0).await?;
        let mut inputs = Vec::with_capacity(supplements.len());
        for row in supplements {
            inputs.push(SupplementInput {
                account: self.account(Who::Generator(row.generator))?.into(),
                feeder: self.feeder(row.feeder)?,
                interval: first + row.interval,
                energy: Int64::new(row.energy),
                price: Int64::new(row.price),
            });
        }
        self.send(vec![ExecuteMsg::Supplement {
            programme: self.programme,
            supplements: inputs,
        }])
        .await
    }

    async fn reconcile(&self) -> Result<(), AgentError> {
        let programme = self.programme;
        let ledger = Ledger::Programme { programme };
        let limit = Some(MAX_PAGE);
        self.send(vec![ExecuteMsg::Reconcile { ledger, limit }])
            .await
    }
}
