//! Days one after another on one stage, a programme each.

use anyhow::{Result, bail};
use gridweave_agents::crowdsourcing::{DayPlan, EquilibriumPlanner, Line, Step};
use gridweave_model::crowdsourcing::{Crowd, Reserve};
use gridweave_optim::CentralSolution;

use super::cranks::Cranks;
use super::date::Date;
use super::day::Day;
use super::stage::Stage;
use crate::args::AcceptanceArg;
use crate::run::problem::Problem;

/// Steps of a day after which something is wrong: it takes some hundreds.
const MOST_STEPS: usize = 20_000;
/// Intervals before the end of a day in which the programme of the next takes preferences.
const EVENING: u32 = 2;

/// Days of one crowd.
pub struct Month<'a> {
    problem: &'a Problem,
    crowd: &'a Crowd,
    /// The equilibrium, which is that of every day: the network and its loads are.
    central: &'a CentralSolution,
    stage: &'a Stage,
    acceptance: AcceptanceArg,
    days: u32,
    cranks: Cranks<'a>,
    /// What is left behind each meter of Type 2, by position in the plan.
    pub(super) reserves: Vec<Reserve>,
    /// Days that are over.
    lived: Vec<Day<'a>>,
}

impl<'a> Month<'a> {
    /// So many days on `stage`, beginning with `plan`.
    pub async fn new(
        (problem, crowd): (&'a Problem, &'a Crowd),
        central: &'a CentralSolution,
        stage: &'a Stage,
        (days, acceptance): (u32, AcceptanceArg),
    ) -> Result<Self> {
        let horizon = problem.instance.horizon as u32;
        let first = stage.first_day().first;
        let mut month = Self {
            cranks: Cranks::new(stage, first, days * horizon).await?,
            reserves: Vec::new(),
            lived: Vec::new(),
            problem,
            crowd,
            central,
            stage,
            acceptance,
            days,
        };
        let plan = month.plan(0);
        month.reserves = plan.members.into_iter().map(|who| who.reserve).collect();
        Ok(month)
    }

    /// Lives through all days until the last programme is closed.
    pub async fn live(mut self) -> Result<Vec<Day<'a>>> {
        let mut date = self.stage.first_day();
        self.open(date).await?;
        for _ in 0..self.days {
            let plan = (self.crowd, self.plan(date.day));
            let mut day = Day::new(self.stage, date, plan, self.acceptance);
            self.live_through(&mut day).await?;
            self.lived.push(day);
            date = date.next(self.horizon());
        }
        self.close().await?;
        Ok(self.lived)
    }

    fn horizon(&self) -> u32 {
        self.problem.instance.horizon as u32
    }

    /// The plan of a day: the equilibrium, its own shortage, and what its devices have left.
    fn plan(&self, day: u32) -> DayPlan {
        let crowd = self.crowd.on_day(day);
        let planner = EquilibriumPlanner {
            instance: &self.problem.instance,
            crowd: &crowd,
        };
        let mut plan = planner.of(self.central);
        for (member, reserve) in plan.members.iter_mut().zip(&self.reserves) {
            member.reserve = reserve.clone();
        }
        plan
    }

    /// Everybody has the money for a day, and its programme takes preferences.
    async fn open(&self, date: Date) -> Result<()> {
        self.stage.fund(self.problem).await?;
        let instance = &self.problem.instance;
        self.stage.open(instance, self.crowd, date).await
    }

    /// Until every interval of the day has begun.
    async fn live_through(&mut self, day: &mut Day<'a>) -> Result<()> {
        for _ in 0..MOST_STEPS {
            match day.step().await? {
                Step::Did(Line::Contracts) => day.sign().await?,
                Step::Did(_) => {}
                Step::Waits(Line::Preferences) => {
                    self.stage.until(self.stage.deadline(day.date)).await?;
                }
                Step::Waits(Line::Answers) => day.answers().await?,
                Step::Waits(Line::Reconcile) | Step::Done => return Ok(()),
                Step::Waits(_) => self.next_interval(day).await?,
            }
        }
        bail!("day {} does not end after {MOST_STEPS} steps", day.date.day)
    }

    /// The next interval begins; what was promised for it is what its meters will read.
    async fn next_interval(&mut self, day: &Day<'a>) -> Result<()> {
        let next = self.cranks.next_interval(day.date.first).await?;
        let readings = self.readings(day, next - day.date.first).await?;
        self.cranks.note(next, readings);
        self.turn().await?;
        let end = day.date.first + self.horizon();
        if next + EVENING == end && day.date.day + 1 < self.days {
            // Those who deliver tomorrow have what today leaves them.
            self.open(day.date.next(self.horizon())).await?;
        }
        Ok(())
    }

    /// Cranks turn, and operators reconcile programmes that have become final.
    async fn turn(&mut self) -> Result<()> {
        self.cranks.turn().await?;
        for day in self.lived.iter_mut().filter(|day| !day.closed) {
            while let Step::Did(_) = day.step().await? {}
        }
        Ok(())
    }

    /// All days are over: time passes until the last programme is closed.
    async fn close(&mut self) -> Result<()> {
        for _ in 0..MOST_STEPS {
            self.turn().await?;
            if self.lived.iter().all(|day| day.closed) {
                return Ok(());
            }
            let seconds = self.stage.terms.interval_seconds;
            self.stage.chain.advance_block(seconds.into()).await?;
        }
        bail!("programmes are not closed after {MOST_STEPS} intervals")
    }
}
