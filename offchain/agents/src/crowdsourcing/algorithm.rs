//! Algorithm 1, line by line.

use gridweave_optim::crowdsourcing::learned::next_incentive;
use gridweave_rules::crowdsourcing::reserve;

use super::design::{self, Asked};
use super::plan::{DayPlan, Planner};
use super::platform::{Book, Moment, Platform, ProgrammeTerms, Raise, Supplement, Task, TaskState};
use crate::AgentError;

/// A line of algorithm 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// 1: crowdsourcees input preferences and operational constraints.
    Preferences = 1,
    /// 2: solve C(1).
    Equilibrium = 2,
    /// 3: contracts with generators and Type 1.
    Contracts = 3,
    /// 4: solve C(2), send incentives to Type 2.
    Incentives = 4,
    /// 5: does the user accept?
    Answers = 5,
    /// 7: who has not answered in time has not accepted.
    Otherwise = 7,
    /// 8 and 9: raise with updated parameters.
    Raise = 8,
    /// 10: supplement from generators.
    Supplement = 10,
    /// 12: reconcile payments.
    Reconcile = 12,
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The work of this line.
    Did(Line),
    /// Nothing: this line waits for others, or for time to pass.
    Waits(Line),
    /// The programme is closed.
    Done,
}

/// The operator of a programme.
pub struct Operator<P> {
    planner: P,
    /// The equilibrium, once solved; lost with the operator and found again.
    plan: Option<DayPlan>,
    relaxation_gap: f64,
}

impl<P: Planner> Operator<P> {
    /// An operator that knows nothing yet.
    pub fn new(planner: P) -> Self {
        Self {
            planner,
            plan: None,
            relaxation_gap: 0.0,
        }
    }

    /// Largest relative distance of a linearised program C(2) from its offers so far.
    pub fn relaxation_gap(&self) -> f64 {
        self.relaxation_gap
    }

    /// The plan, once it is solved.
    pub fn plan(&self) -> Option<&DayPlan> {
        self.plan.as_ref()
    }

    /// Does the work of one line.
    ///
    /// # Errors
    /// Those of planner and platform. The step may be repeated: it reads again what was done.
    pub async fn step<X: Platform>(&mut self, platform: &X) -> Result<Step, AgentError> {
        let moment = platform.moment().await?;
        // 1: Crowdsourcees input preferences and operational constraints X
        if moment == Moment::Collecting {
            return Ok(Step::Waits(Line::Preferences));
        }
        if moment == Moment::Closed {
            return Ok(Step::Done);
        }
        // 2: Solve CES-OPF (1); obtain generator setpoints for i in G and C_T1
        let Some(plan) = &self.plan else {
            self.plan = Some(self.planner.plan()?);
            return Ok(Step::Did(Line::Equilibrium));
        };
        match moment {
            // 12: Reconcile payments weekly or monthly
            Moment::Settled => {
                platform.reconcile().await?;
                Ok(Step::Did(Line::Reconcile))
            }
            Moment::Running { next: Some(next) } => {
                // 3: Establish smart contracts for users i in G and C_T1
                if next == 0 && establish(plan, platform).await? {
                    return Ok(Step::Did(Line::Contracts));
                }
                real_time(plan, platform, next, &mut self.relaxation_gap).await
            }
            _ => Ok(Step::Waits(Line::Reconcile)),
        }
    }
}

/// Line 3; whether there was anything to propose.
async fn establish<X: Platform>(plan: &DayPlan, platform: &X) -> Result<bool, AgentError> {
    let proposed = platform.proposed(&plan.ahead).await?;
    let pairs = plan.ahead.iter().zip(proposed);
    let missing: Vec<_> = pairs
        .filter(|(_, proposed)| !proposed)
        .map(|(ahead, _)| ahead.clone())
        .collect();
    if missing.is_empty() {
        return Ok(false);
    }
    platform.propose(&missing).await?;
    Ok(true)
}

/// Lines 4 to 11 for the next interval, feeder by feeder.
async fn real_time<X: Platform>(
    plan: &DayPlan,
    platform: &X,
    interval: u32,
    gap: &mut f64,
) -> Result<Step, AgentError> {
    let terms = platform.terms().await?;
    let mut waits = false;
    for (feeder, shortages) in plan.shortage.iter().enumerate() {
        let shortage = shortages
            .get(interval as usize)
            .copied()
            .unwrap_or_default();
        if shortage == 0 {
            continue;
        }
        let mut desk = Desk {
            plan,
            platform,
            terms,
            feeder,
            interval,
            shortage,
            book: platform.book(feeder, interval).await?,
            gap,
        };
        match desk.turn().await? {
            Some(Step::Waits(_)) => waits = true,
            Some(step) => return Ok(step),
            None => {}
        }
    }
    let line = if waits {
        Line::Answers
    } else {
        Line::Incentives
    };
    Ok(Step::Waits(line))
}

/// One feeder and interval.
struct Desk<'a, X> {
    plan: &'a DayPlan,
    platform: &'a X,
    terms: ProgrammeTerms,
    feeder: usize,
    interval: u32,
    shortage: u64,
    book: Book,
    gap: &'a mut f64,
}

impl<X: Platform> Desk<'_, X> {
    /// The next of lines 4 to 10; `None` when the shortage is met, or nobody is left to meet it.
    async fn turn(&mut self) -> Result<Option<Step>, AgentError> {
        // 4: Solve CES-ID (2) for i in C_T2; send incentives with λᵃ + λ
        if self.book.tasks.is_empty() && self.book.supplemented == 0 && self.ask().await? {
            return Ok(Some(Step::Did(Line::Incentives)));
        }
        // 5: if user i accepts incentives then
        // 6:   the transaction is final: the contract made it a commitment when it was accepted
        // 7: else
        if self.has(TaskState::Overdue) {
            self.platform.expire(self.interval).await?;
            return Ok(Some(Step::Did(Line::Otherwise)));
        }
        // 8: Increase incentives for user i up to a threshold/budget
        // 9: Update parameters (η, ζ) to CES-ID (2) for user i
        if self.raise().await? {
            return Ok(Some(Step::Did(Line::Raise)));
        }
        if self.has(TaskState::Open) {
            return Ok(Some(Step::Waits(Line::Answers)));
        }
        // 10: If user i rejects incentive again, supplement generation from i in G
        if self.supplement().await? {
            return Ok(Some(Step::Did(Line::Supplement)));
        }
        // 11: end if
        Ok(None)
    }

    fn has(&self, state: TaskState) -> bool {
        self.book.tasks.iter().any(|task| task.state == state)
    }

    /// Energy that neither accepted tasks nor supplements cover.
    fn uncovered(&self) -> u64 {
        let tasks = self.book.tasks.iter();
        let accepted = tasks.filter(|task| task.state == TaskState::Accepted);
        let covered: u64 = accepted.map(|task| task.energy).sum();
        let covered = covered.saturating_add(self.book.supplemented);
        self.shortage.saturating_sub(covered)
    }

    /// Line 4; whether anybody was asked.
    async fn ask(&mut self) -> Result<bool, AgentError> {
        let mut asked = Vec::new();
        for (member, data) in self.plan.members.iter().enumerate() {
            if data.feeder != self.feeder {
                continue;
            }
            let at = self.interval as usize;
            let accepted = self.platform.accepted(member).await?;
            asked.push(Asked {
                member,
                price: data.price.get(at).copied().unwrap_or_default(),
                floor: data.floor,
                available: data.available(self.interval, &accepted),
                beyond: data.beyond.get(at).copied().unwrap_or_default(),
                evidence: self.platform.evidence(member).await?,
            });
        }
        let wanted = (self.shortage, self.book.free);
        let (tasks, gap) = design::offers(&self.terms, self.interval, wanted, &asked)?;
        *self.gap = self.gap.max(gap);
        if tasks.is_empty() {
            return Ok(false);
        }
        self.platform.offer(&tasks).await?;
        Ok(true)
    }

    /// Lines 8 and 9; whether anything was raised. Those who cost least first, as long as the budget
    /// lasts.
    async fn raise(&self) -> Result<bool, AgentError> {
        let tasks = self.book.tasks.iter();
        let declined =
            |task: &&Task| task.state == TaskState::Declined && task.round < self.terms.raises;
        let mut wanted = Vec::new();
        for task in tasks.filter(declined) {
            let evidence = self.platform.evidence(task.member).await?;
            let range = design::range(&self.terms, task.price);
            let left = self.terms.raises - task.round - 1;
            let next = next_incentive(&evidence, Some(task.incentive), left, range);
            if let Some(incentive) = next {
                wanted.push((incentive, task));
            }
        }
        wanted.sort_by_key(|(incentive, task)| (*incentive, task.task));
        let (mut free, mut raises) = (self.book.free, Vec::new());
        for (incentive, task) in wanted {
            let energy = i64::try_from(task.energy).unwrap_or(i64::MAX);
            let worst = reserve(incentive, energy);
            if worst <= free {
                free -= worst;
                let task = task.task;
                raises.push(Raise { task, incentive });
            }
        }
        if raises.is_empty() {
            return Ok(false);
        }
        self.platform.raise(&raises).await?;
        Ok(true)
    }

    /// Line 10; whether anything was supplemented.
    async fn supplement(&self) -> Result<bool, AgentError> {
        let mut left = self.uncovered();
        if left == 0 {
            return Ok(false);
        }
        let mut supplied = self.platform.supplied(self.interval).await?;
        let mut supplements = Vec::new();
        for (generator, data) in self.plan.generators.iter().enumerate() {
            let spare = data.spare.get(self.interval as usize).copied();
            let spare = spare.unwrap_or_default();
            let used = supplied.min(spare);
            supplied -= used;
            let energy = (spare - used).min(left);
            if energy > 0 {
                left -= energy;
                supplements.push(Supplement {
                    generator,
                    feeder: self.feeder,
                    interval: self.interval,
                    energy,
                    price: data.price,
                });
            }
        }
        if left > 0 {
            let (feeder, interval) = (self.feeder, self.interval);
            tracing::warn!(
                feeder,
                interval,
                left,
                "no generator has so much to spare (Wh)"
            );
        }
        if supplements.is_empty() {
            return Ok(false);
        }
        self.platform.supplement(&supplements).await?;
        Ok(true)
    }
}
