//! Algorithm 1, line by line; lines 4 to 11 are those of a [`Desk`].

use super::desk::Desk;
use super::plan::{DayPlan, Planner};
use super::platform::{Moment, Platform};
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
