//! The day on the embedded chain: the operator's algorithm, answers, meters and cranks, while the
//! clock jumps to whatever is waited for.

use anyhow::{Context, Result, bail};
use gridweave_agents::crowdsourcing::{
    DayPlan, Line, OnContract, Operator, Planner, Platform, Step,
};
use gridweave_agents::meter::Concentrator;
use gridweave_agents::settler::Settler;
use gridweave_agents::{AgentError, ledger};
use gridweave_chain::embedded::EmbeddedChain;
use gridweave_chain::{Call, Chain};
use gridweave_model::crowdsourcing::{Answer, Crowd, Reserve, TaskKey};
use gridweave_rules::crowdsourcing::level_of;
use gridweave_types::crowdsourcing::{ExecuteMsg, MAX_PAGE, QueryMsg, TaskResponse, TasksResponse};
use gridweave_units::Interval;

use super::meters;
use super::stage::{PROGRAMME, Stage};
use crate::args::AcceptanceArg;

/// Steps after which something is wrong: a day takes some hundreds.
const MOST_STEPS: usize = 20_000;
/// µ of a currency unit, and Wh of a kWh.
const MICRO_PER_KILO: f64 = 1e9;

/// What the operator thought of a first offer, and whether it was accepted.
#[derive(Debug, Clone, Copy)]
pub struct Prediction {
    /// Probability by the history.
    pub expected: f64,
    /// What came.
    pub accepted: bool,
}

/// A plan that is known already.
struct Known(DayPlan);

impl Planner for Known {
    fn plan(&self) -> Result<DayPlan, AgentError> {
        Ok(self.0.clone())
    }
}

/// A day that begins.
pub struct Day<'a> {
    pub(super) stage: &'a Stage,
    crowd: &'a Crowd,
    pub(super) plan: &'a DayPlan,
    acceptance: AcceptanceArg,
    pub(super) platform: OnContract<'a, EmbeddedChain>,
    /// What is left behind each meter of Type 2, by position in the plan.
    pub(super) reserves: Vec<Reserve>,
    pub(super) meters: Concentrator,
    settler: Settler,
    predictions: Vec<Prediction>,
}

/// What is known after a day, beside what the chain knows.
pub struct Lived {
    /// Offers and answers.
    pub predictions: Vec<Prediction>,
    /// Largest relative distance of a linearised program from its offers.
    pub relaxation_gap: f64,
}

impl<'a> Day<'a> {
    /// A day on `stage`.
    pub async fn new(
        stage: &'a Stage,
        crowd: &'a Crowd,
        plan: &'a DayPlan,
        acceptance: AcceptanceArg,
    ) -> Result<Self> {
        let (chain, operator) = (&stage.chain, stage.operator.clone());
        let accounts = stage.accounts(crowd, plan);
        let horizon = plan.shortage.first().map_or(0, Vec::len);
        let contracts = stage.contracts.clone();
        let settler = Settler::new(stage.keeper.clone(), contracts, stage.first);
        Ok(Self {
            platform: OnContract::new(chain, operator, stage.crowd.clone(), PROGRAMME, accounts),
            reserves: plan
                .members
                .iter()
                .map(|member| member.reserve.clone())
                .collect(),
            meters: meters::of_stage(stage, plan, horizon).await?,
            settler: settler.until(stage.first + horizon as u32),
            predictions: Vec::new(),
            stage,
            crowd,
            plan,
            acceptance,
        })
    }

    /// The programme as the chain has it.
    pub fn platform(&self) -> &OnContract<'a, EmbeddedChain> {
        &self.platform
    }

    /// Lives through the day until the programme is closed.
    pub async fn live(&mut self) -> Result<Lived> {
        let mut operator = Operator::new(Known(self.plan.clone()));
        for _ in 0..MOST_STEPS {
            let step = operator.step(&self.platform).await;
            match step.context("the operator cannot go on")? {
                Step::Done => {
                    return Ok(Lived {
                        predictions: std::mem::take(&mut self.predictions),
                        relaxation_gap: operator.relaxation_gap(),
                    });
                }
                Step::Did(Line::Contracts) => self.sign().await?,
                Step::Did(_) => {}
                Step::Waits(Line::Preferences) => self.until(self.stage.deadline()).await?,
                Step::Waits(Line::Answers) => self.answers().await?,
                Step::Waits(Line::Reconcile) => self.settle().await?,
                Step::Waits(_) => self.next_interval().await?,
            }
        }
        bail!("the programme is not closed after {MOST_STEPS} steps")
    }

    async fn sign(&self) -> Result<()> {
        for part in self.stage.ahead() {
            self.stage
                .person(part)
                .sign(&self.stage.chain, i64::MIN)
                .await?;
        }
        Ok(())
    }

    /// Everybody of Type 2 answers; where nobody does, time passes until offers are over.
    async fn answers(&mut self) -> Result<()> {
        let mut answered = 0;
        let mut predictions = Vec::new();
        for member in 0..self.plan.members.len() {
            let accepted = self.platform.accepted(member).await?;
            let expected = self.platform.evidence(member).await?;
            let limit = self.platform.terms().await?.incentive_limit;
            let (answer, decided) = (self.decider(member, &accepted), std::sync::Mutex::new(None));
            let person = self.stage.person(member);
            let count = person.answer(&self.stage.chain, self.stage.first, |task| {
                let said = answer(task);
                if task.round == 0 && said != Answer::Silent {
                    let level = level_of(task.incentive.u64(), limit);
                    let rate = expected.rate(level).to_bits() as f64 / (1u64 << 32) as f64;
                    let prediction = Prediction {
                        expected: rate,
                        accepted: said == Answer::Accept,
                    };
                    if let Ok(mut place) = decided.lock() {
                        *place = Some(prediction);
                    }
                }
                said
            });
            answered += count.await?;
            predictions.extend(decided.into_inner().ok().flatten());
        }
        self.predictions.append(&mut predictions);
        if answered == 0 {
            let programme = self.platform.programme().await?;
            let seconds = programme.terms.task_seconds;
            self.stage.chain.advance_block(seconds.into()).await?;
        }
        Ok(())
    }

    /// How member number `member` answers, having accepted so much already.
    fn decider<'b>(
        &'b self,
        member: usize,
        accepted: &'b [(u32, u64)],
    ) -> impl Fn(&TaskResponse) -> Answer + 'b {
        let (data, first) = (&self.plan.members[member], self.stage.first);
        let own = |(_, who): &(usize, &gridweave_model::crowdsourcing::Crowdsourcee)| {
            who.acceptance().is_some()
        };
        let mut everybody = self.crowd.crowdsourcees.iter().enumerate().filter(own);
        let person = everybody.nth(member);
        move |task| {
            let acceptance = person.and_then(|(who, data)| Some((who, data.acceptance()?)));
            let Some((who, acceptance)) = acceptance else {
                return Answer::Silent;
            };
            if self.acceptance == AcceptanceArg::All {
                return Answer::Accept;
            }
            let interval = task.interval - first;
            let available = data.available(interval, accepted).max(1);
            let micro = task.price.i64() as f64 + task.incentive.u64() as f64;
            let key = TaskKey {
                who: who as u32,
                day: 0,
                interval: interval as u16,
            };
            let share = task.energy.i64() as f64 / available as f64;
            acceptance.answer(
                self.crowd.seed,
                key,
                micro * data.wh / MICRO_PER_KILO,
                share,
            )
        }
    }

    /// The next interval begins; what was promised for it is what its meters will read.
    async fn next_interval(&mut self) -> Result<()> {
        let timeline = ledger::timeline_of(&self.stage.terms);
        let now = self.stage.chain.time().await?;
        let present = timeline.clock.interval_at(now).unwrap_or_default().0;
        let next = (present + 1).max(self.stage.first);
        self.until(timeline.begin(Interval(next))).await?;
        self.read(next - self.stage.first).await?;
        self.turn().await
    }

    /// The day is over: meters report, intervals are settled, tasks paid.
    async fn settle(&mut self) -> Result<()> {
        let seconds = self.stage.terms.interval_seconds;
        self.stage.chain.advance_block(seconds.into()).await?;
        self.turn().await?;
        let timeline = ledger::timeline_of(&self.stage.terms);
        let now = self.stage.chain.time().await?;
        let horizon = self.plan.shortage.first().map_or(0, Vec::len) as u32;
        for interval in self.stage.first..self.stage.first + horizon {
            if now >= timeline.final_at(Interval(interval)) {
                self.sweep(interval).await?;
            }
        }
        Ok(())
    }

    async fn sweep(&self, interval: u32) -> Result<()> {
        let (chain, crowd) = (&self.stage.chain, &self.stage.crowd);
        let query = QueryMsg::UnfinishedTasks {
            interval,
            start_after: None,
            limit: Some(1),
        };
        let left: TasksResponse = chain.query(crowd, &query).await?;
        if left.tasks.is_empty() {
            return Ok(());
        }
        let sweep = ExecuteMsg::Sweep {
            interval,
            start_after: None,
            limit: Some(MAX_PAGE),
        };
        let call = Call::new(crowd, &sweep)?;
        chain.execute_many(&self.stage.keeper, vec![call]).await?;
        Ok(())
    }

    async fn turn(&mut self) -> Result<()> {
        self.meters.turn(&self.stage.chain).await?;
        self.settler.turn(&self.stage.chain).await?;
        Ok(())
    }

    async fn until(&self, time: u64) -> Result<()> {
        let wait = time.saturating_sub(self.stage.chain.time().await?);
        Ok(self.stage.chain.advance_block(wait.max(1)).await?)
    }
}
