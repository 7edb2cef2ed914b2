//! A programme in memory, and a crowd that does what it is told.

use std::collections::BTreeMap;
use std::sync::Mutex;

use gridweave_agents::AgentError;
use gridweave_agents::crowdsourcing::{Line, ProgrammeTerms, Supplement, Task, TaskState};
use gridweave_rules::crowdsourcing::{Evidence, level_of, reserve};

use crate::plan::{INTERVALS, plan};

/// The terms.
pub const TERMS: ProgrammeTerms = ProgrammeTerms {
    incentive_limit: 160_000,
    cap: 120_000,
    raises: 2,
    supplement_price: 400_000,
};

/// What a crowdsourcee does with its tasks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Behaviour {
    /// Declines so many rounds, then accepts.
    AcceptsAfter(u32),
    /// Never answers.
    Silent,
    /// Does one thing or another, by the bits of this and of the task.
    Erratic(u64),
}

/// The programme.
pub struct Script {
    crowd: [Behaviour; 3],
    /// Budget of each feeder and interval.
    pub budget: u128,
    state: Mutex<State>,
}

/// All that has been done.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    pub moment: u32,
    pub proposed: Vec<u32>,
    pub tasks: Vec<(u32, Task)>,
    pub supplements: Vec<Supplement>,
    pub evidence: BTreeMap<usize, Evidence>,
    pub reconciled: bool,
}

impl Script {
    pub fn new(crowd: [Behaviour; 3], budget: u128) -> Self {
        Self {
            crowd,
            budget,
            state: Mutex::default(),
        }
    }

    pub fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What was done in the end.
    pub fn record(&self) -> State {
        self.state().clone()
    }

    /// Time passes until what the operator waits for.
    pub fn pass(&self, line: Line) {
        match line {
            Line::Answers => self.answer(),
            _ => self.state().moment += 1,
        }
    }

    fn answer(&self) {
        let mut state = self.state();
        let State {
            tasks, evidence, ..
        } = &mut *state;
        for (_, task) in tasks
            .iter_mut()
            .filter(|(_, task)| task.state == TaskState::Open)
        {
            let accepts = match self.crowd[task.member] {
                Behaviour::AcceptsAfter(rounds) => Some(task.round >= rounds),
                Behaviour::Silent => None,
                Behaviour::Erratic(bits) => match (bits ^ task.task ^ u64::from(task.round)) % 3 {
                    0 => Some(true),
                    1 => Some(false),
                    _ => None,
                },
            };
            task.state = match accepts {
                Some(true) => TaskState::Accepted,
                Some(false) => TaskState::Declined,
                None => TaskState::Overdue,
            };
            let level = level_of(task.incentive, TERMS.incentive_limit);
            let history = evidence.entry(task.member).or_default();
            history.observe(level, accepts == Some(true));
        }
    }

    /// Worst case of what is promised in a feeder and interval.
    pub fn promised(state: &State, feeder: usize, interval: u32) -> u128 {
        let members = plan().members;
        let held = |task: &Task| {
            let states = [TaskState::Open, TaskState::Overdue, TaskState::Accepted];
            members[task.member].feeder == feeder && states.contains(&task.state)
        };
        let tasks = state
            .tasks
            .iter()
            .filter(|(t, task)| *t == interval && held(task));
        tasks
            .map(|(_, task)| reserve(task.incentive, task.energy))
            .sum()
    }

    fn check_budget(&self, state: &State) -> Result<(), AgentError> {
        for interval in 0..INTERVALS {
            for feeder in 0..2 {
                let promised = Self::promised(state, feeder, interval);
                if promised > self.budget {
                    return Err(refusal("promised", promised, "at most the budget"));
                }
            }
        }
        Ok(())
    }

    /// Every shortage is met, no budget exceeded, everything over.
    pub fn check(&self) {
        let state = self.state();
        assert!(state.reconciled);
        assert_eq!(state.proposed, [20, 3]);
        assert!(self.check_budget(&state).is_ok());
        let plan = plan();
        for (feeder, shortages) in plan.shortage.iter().enumerate() {
            for (interval, &shortage) in shortages.iter().enumerate() {
                let at = |t: u32| t as usize == interval;
                let tasks = state.tasks.iter().filter(|(t, task)| {
                    at(*t)
                        && task.state == TaskState::Accepted
                        && plan.members[task.member].feeder == feeder
                });
                let supplements = state.supplements.iter();
                let of = supplements.filter(|s| at(s.interval) && s.feeder == feeder);
                let met: i64 = tasks.map(|(_, task)| task.energy).sum::<i64>()
                    + of.map(|s| s.energy).sum::<i64>();
                assert!(
                    met * shortage.signum() >= shortage.abs(),
                    "feeder {feeder}, interval {interval}: {met}"
                );
            }
        }
        let waiting = [TaskState::Open, TaskState::Overdue];
        assert!(
            state
                .tasks
                .iter()
                .all(|(_, task)| !waiting.contains(&task.state))
        );
    }

    pub fn tasks(&self, state: TaskState) -> usize {
        let tasks = &self.state().tasks;
        tasks.iter().filter(|(_, task)| task.state == state).count()
    }

    pub fn spent(&self) -> u128 {
        let state = self.state();
        let places = (0..INTERVALS).flat_map(|t| [(0, t), (1, t)]);
        places
            .map(|(feeder, t)| Self::promised(&state, feeder, t))
            .sum()
    }

    /// Magnitude of all supplements (Wh).
    pub fn supplemented(&self) -> u64 {
        let state = self.state();
        let rows = state.supplements.iter();
        rows.map(|s| s.energy.unsigned_abs()).sum()
    }

    /// Magnitude of all shortages and surpluses (Wh).
    pub fn shortage(&self) -> u64 {
        let plan = plan();
        let all = plan.shortage.iter().flatten();
        all.map(|energy| energy.unsigned_abs()).sum()
    }

    /// Changes the state if budgets still hold then.
    pub fn change(
        &self,
        change: impl FnOnce(&mut State) -> Result<(), AgentError>,
    ) -> Result<(), AgentError> {
        let mut state = self.state();
        let mut next = state.clone();
        change(&mut next)?;
        self.check_budget(&next)?;
        *state = next;
        Ok(())
    }
}

/// The error of something that is not done.
pub fn refusal(what: &'static str, found: impl ToString, expected: &'static str) -> AgentError {
    AgentError::Unexpected {
        what,
        found: found.to_string(),
        expected,
    }
}
