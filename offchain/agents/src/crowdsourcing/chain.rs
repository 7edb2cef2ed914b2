//! The operator's view of a programme of the `crowdsourcing` contract.

use std::collections::BTreeMap;

use cosmwasm_std::{Int64, Uint64};
use gridweave_chain::{Call, Chain, ContractAddr, Signer};
use gridweave_rules::crowdsourcing::Evidence;
use gridweave_rules::settlement::Timeline;
use gridweave_types::billing::pack_readings;
use gridweave_types::crowdsourcing::{
    AgreementProposal, AgreementsResponse, BudgetResponse, ConfigResponse, ExecuteMsg, Ledger,
    LedgerResponse, MAX_PAGE, Phase, ProgrammeResponse, QueryMsg, RaiseInput, SupplementInput,
    TaskInput, TaskResponse, TaskState as OnChain, TasksResponse, Term, WillingnessResponse,
};
use gridweave_units::{Clock, Interval};

use super::plan::Ahead;
use super::platform::{
    Book, Moment, NewTask, Platform, ProgrammeTerms, Raise, Supplement, Task, TaskState,
};
use crate::AgentError;

/// Tasks read by one query.
const PAGE: u32 = 100;

/// Addresses of those who take part.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// By position in [`super::DayPlan::members`].
    pub members: Vec<String>,
    /// Generators and Type 1, by bus number.
    pub ahead: BTreeMap<u32, String>,
    /// By position in [`super::DayPlan::generators`].
    pub generators: Vec<String>,
    /// Feeder numbers, by position in [`super::DayPlan::shortage`].
    pub feeders: Vec<u32>,
}

/// A programme on a chain.
pub struct OnContract<'a, C> {
    chain: &'a C,
    operator: Signer,
    contract: ContractAddr,
    programme: u32,
    accounts: Accounts,
}

impl<'a, C: Chain> OnContract<'a, C> {
    /// Programme number `programme` of `contract`, run by `operator`.
    pub fn new(
        chain: &'a C,
        operator: Signer,
        contract: ContractAddr,
        programme: u32,
        accounts: Accounts,
    ) -> Self {
        Self {
            chain,
            operator,
            contract,
            programme,
            accounts,
        }
    }

    async fn config(&self) -> Result<ConfigResponse, AgentError> {
        Ok(self
            .chain
            .query(&self.contract, &QueryMsg::Config {})
            .await?)
    }

    /// The programme as it stands now.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn programme(&self) -> Result<ProgrammeResponse, AgentError> {
        let programme = self.programme;
        let query = QueryMsg::Programme { programme };
        Ok(self.chain.query(&self.contract, &query).await?)
    }

    /// The operator's budget account of the programme.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn ledger(&self) -> Result<LedgerResponse, AgentError> {
        let programme = self.programme;
        let ledger = Ledger::Programme { programme };
        Ok(self
            .chain
            .query(&self.contract, &QueryMsg::Ledger { ledger })
            .await?)
    }

    /// All tasks of the programme.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn tasks(&self) -> Result<Vec<TaskResponse>, AgentError> {
        let mut tasks: Vec<TaskResponse> = Vec::new();
        loop {
            let query = QueryMsg::Tasks {
                programme: self.programme,
                state: None,
                start_after: tasks.last().map(|last| Uint64::new(last.task)),
                limit: Some(PAGE),
            };
            let page: TasksResponse = self.chain.query(&self.contract, &query).await?;
            if page.tasks.is_empty() {
                return Ok(tasks);
            }
            tasks.extend(page.tasks);
        }
    }

    /// Budget of a feeder in an interval of the programme.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn budget(&self, feeder: usize, at: u32) -> Result<BudgetResponse, AgentError> {
        let query = QueryMsg::Budget {
            programme: self.programme,
            feeder: self.feeder(feeder)?,
            interval: self.absolute(at).await?,
        };
        Ok(self.chain.query(&self.contract, &query).await?)
    }

    fn feeder(&self, position: usize) -> Result<u32, AgentError> {
        let found = self.accounts.feeders.get(position).copied();
        found.ok_or_else(|| unknown("feeder", position))
    }

    fn member(&self, position: usize) -> Result<&str, AgentError> {
        let found = self.accounts.members.get(position);
        found
            .map(String::as_str)
            .ok_or_else(|| unknown("crowdsourcee", position))
    }

    /// Interval of the chain's clock.
    async fn absolute(&self, interval: u32) -> Result<u32, AgentError> {
        let first = self.programme().await?.terms.first;
        Ok(first.saturating_add(interval))
    }

    async fn send(&self, messages: Vec<ExecuteMsg>) -> Result<(), AgentError> {
        let calls = messages.iter().map(|msg| Call::new(&self.contract, msg));
        let calls = calls.collect::<Result<Vec<_>, _>>()?;
        self.chain.execute_many(&self.operator, calls).await?;
        Ok(())
    }

    fn task(&self, found: &TaskResponse, now: u64) -> Option<Task> {
        let address = found.account.as_str();
        let mut members = self.accounts.members.iter();
        let member = members.position(|known| known == address)?;
        let state = match found.state {
            OnChain::Open if now >= found.until.u64() => TaskState::Overdue,
            OnChain::Open => TaskState::Open,
            OnChain::Declined => TaskState::Declined,
            OnChain::Accepted | OnChain::Settled => TaskState::Accepted,
            OnChain::Expired => TaskState::Expired,
        };
        Some(Task {
            task: found.task,
            member,
            energy: found.energy.i64().unsigned_abs(),
            price: found.price.i64(),
            incentive: found.incentive.u64(),
            round: found.round,
            state,
        })
    }
}

fn unknown(what: &'static str, position: usize) -> AgentError {
    AgentError::Unexpected {
        what,
        found: position.to_string(),
        expected: "a position in the plan",
    }
}

/// The clock of `billing`, as the contract tells it.
pub(super) fn timeline(config: &ConfigResponse) -> Timeline {
    Timeline {
        clock: Clock {
            genesis: config.genesis,
            interval_seconds: config.interval_seconds,
        },
        reading: config.windows.reading,
        dispute: config.windows.dispute,
        correction: config.windows.correction,
    }
}

fn evidence(answer: &WillingnessResponse) -> Evidence {
    let mut evidence = Evidence {
        answers: answer.answers,
        ..Evidence::default()
    };
    let rows = evidence.accepted.iter_mut().zip(&mut evidence.refused);
    for ((accepted, refused), (a, r)) in rows.zip(&answer.evidence) {
        (*accepted, *refused) = (*a, *r);
    }
    evidence
}

fn term(term: gridweave_model::crowdsourcing::Term) -> Term {
    use gridweave_model::crowdsourcing::Term as Wanted;
    match term {
        Wanted::Day => Term::Day,
        Wanted::Month => Term::Month,
        Wanted::Year => Term::Year,
    }
}

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
        let (now, timeline) = (self.chain.time().await?, timeline(&self.config().await?));
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
            let query = QueryMsg::AccountAgreements {
                account: self.ahead(row.bus)?,
                start_after: None,
                limit: Some(PAGE),
            };
            let page: AgreementsResponse = self.chain.query(&self.contract, &query).await?;
            let mut own = page.agreements.iter();
            proposed.push(own.any(|agreement| agreement.programme == self.programme));
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
            supplemented: budget.supplemented.i64().unsigned_abs(),
            free: budget.free.u128(),
        })
    }

    async fn accepted(&self, member: usize) -> Result<Vec<(u32, u64)>, AgentError> {
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
            .map(|task| (task.interval - first, task.energy.i64().unsigned_abs()))
            .collect())
    }

    async fn supplied(&self, interval: u32) -> Result<u64, AgentError> {
        let mut sum = 0;
        for feeder in 0..self.accounts.feeders.len() {
            let budget = self.budget(feeder, interval).await?;
            sum += budget.supplemented.i64().unsigned_abs();
        }
        Ok(sum)
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
            let most = |sign: i64| {
                let energies = row.setpoints.iter().map(|energy| sign * energy);
                Uint64::new(energies.max().unwrap_or_default().max(0).unsigned_abs())
            };
            messages.push(ExecuteMsg::ProposeAgreement {
                programme: self.programme,
                proposal: AgreementProposal {
                    account: self.ahead(row.bus)?,
                    rate: Int64::new(row.rate),
                    term: term(row.term),
                    export: most(1),
                    import: most(-1),
                    setpoints: pack_readings(&row.setpoints),
                },
            });
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
                energy: Int64::new(i64::try_from(task.energy).unwrap_or(i64::MAX)),
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
            let account = self.accounts.generators.get(row.generator);
            inputs.push(SupplementInput {
                account: account
                    .ok_or_else(|| unknown("generator", row.generator))?
                    .clone(),
                feeder: self.feeder(row.feeder)?,
                interval: first + row.interval,
                energy: Int64::new(i64::try_from(row.energy).unwrap_or(i64::MAX)),
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

impl<C> OnContract<'_, C> {
    fn ahead(&self, bus: u32) -> Result<String, AgentError> {
        let found = self.accounts.ahead.get(&bus).cloned();
        found.ok_or_else(|| AgentError::Unexpected {
            what: "bus of an agreement",
            found: bus.to_string(),
            expected: "one with an account",
        })
    }
}
