//! One day: the operator's algorithm against its programme, and the answers of those it asks.

use anyhow::{Context, Result};
use gridweave_agents::AgentError;
use gridweave_agents::crowdsourcing::{
    DayPlan, Decision, OnContract, Operator, Planner, Platform, Step,
};
use gridweave_chain::embedded::EmbeddedChain;
use gridweave_model::crowdsourcing::{Answer, Crowd, Crowdsourcee};
use gridweave_rules::crowdsourcing::level_of;

use super::date::Date;
use super::stage::Stage;
use crate::args::AcceptanceArg;

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

/// A day and its operator.
pub struct Day<'a> {
    stage: &'a Stage,
    crowd: &'a Crowd,
    acceptance: AcceptanceArg,
    operator: Operator<Known>,
    /// Which day.
    pub date: Date,
    /// Its plan.
    pub plan: DayPlan,
    /// Its programme as the chain has it.
    pub platform: OnContract<'a, EmbeddedChain>,
    /// First offers and what became of them.
    pub predictions: Vec<Prediction>,
    /// Whether its programme is reconciled.
    pub closed: bool,
}

impl<'a> Day<'a> {
    /// The day `date` on `stage`, whose programme is open.
    pub fn new(
        stage: &'a Stage,
        date: Date,
        (crowd, plan): (&'a Crowd, DayPlan),
        acceptance: AcceptanceArg,
    ) -> Self {
        let (operator, contract) = (stage.operator.clone(), stage.crowd.clone());
        let (programme, accounts) = (date.programme, stage.accounts(crowd, &plan));
        Self {
            platform: OnContract::new(&stage.chain, operator, contract, programme, accounts),
            operator: Operator::new(Known(plan.clone())),
            predictions: Vec::new(),
            closed: false,
            stage,
            crowd,
            acceptance,
            date,
            plan,
        }
    }

    /// Largest relative distance of a linearised program from its offers so far.
    pub fn relaxation_gap(&self) -> f64 {
        self.operator.relaxation_gap()
    }

    /// One line of the algorithm.
    pub async fn step(&mut self) -> Result<Step> {
        let step = self.operator.step(&self.platform).await;
        let programme = self.date.programme;
        let step = step.with_context(|| format!("the operator of programme {programme} stops"))?;
        self.closed |= step == Step::Done;
        Ok(step)
    }

    /// Generators and Type 1 sign.
    pub async fn sign(&self) -> Result<()> {
        for part in self.stage.ahead() {
            let person = self.stage.person(part);
            person.sign(&self.stage.chain, i64::MIN).await?;
        }
        Ok(())
    }

    /// Everybody with an open task answers; where nobody does, time passes until offers are over.
    pub async fn answers(&mut self) -> Result<()> {
        let mut answered = 0;
        for member in 0..self.plan.members.len() {
            answered += self.answer(member).await?;
        }
        if answered == 0 {
            let programme = self.platform.programme().await?;
            let seconds = programme.terms.task_seconds;
            self.stage.chain.advance_block(seconds.into()).await?;
        }
        Ok(())
    }

    /// Member number `member` answers; how many tasks.
    async fn answer(&mut self, member: usize) -> Result<usize> {
        let accepted = self.platform.accepted(member).await?;
        let expected = self.platform.evidence(member).await?;
        let limit = self.platform.terms().await?.incentive_limit;
        let (decision, decided) = (self.decision(member)?, std::sync::Mutex::new(None));
        let person = self.stage.person(member);
        let first = self.date.first;
        let count = person.answer(&self.stage.chain, first, |task| {
            let said = decision.answer(task, &accepted);
            if task.round == 0 && said != Answer::Silent {
                let level = level_of(task.incentive.u64(), limit);
                let prediction = Prediction {
                    expected: expected.rate(level).to_bits() as f64 / (1u64 << 32) as f64,
                    accepted: said == Answer::Accept,
                };
                if let Ok(mut place) = decided.lock() {
                    *place = Some(prediction);
                }
            }
            said
        });
        let count = count.await?;
        self.predictions.extend(decided.into_inner().ok().flatten());
        Ok(count)
    }

    /// How member number `member` decides.
    fn decision(&self, member: usize) -> Result<Decision<'_>> {
        let own = |(_, who): &(usize, &Crowdsourcee)| who.acceptance().is_some();
        let mut everybody = self.crowd.crowdsourcees.iter().enumerate().filter(own);
        let found = everybody.nth(member);
        let (who, data) = found.context("a member of the plan is not in the crowd")?;
        let acceptance = data.acceptance();
        Ok(Decision {
            member: &self.plan.members[member],
            acceptance: acceptance.filter(|_| self.acceptance == AcceptanceArg::Model),
            seed: self.crowd.seed,
            who: who as u32,
            day: self.date.day,
            first: self.date.first,
        })
    }
}
