//! A programme in memory, and a crowd that does what it is told.

use std::collections::BTreeMap;
use std::sync::Mutex;

use gridweave_agents::AgentError;
use gridweave_agents::crowdsourcing::{
    Ahead, Book, DayPlan, Generator, Line, Member, Moment, NewTask, Planner, Platform,
    ProgrammeTerms, Raise, Supplement, Task, TaskState,
};
use gridweave_model::Site;
use gridweave_model::crowdsourcing::{Reserve, Term};
use gridweave_rules::crowdsourcing::{Evidence, level_of, reserve};

const INTERVALS: u32 = 4;
const TERMS: ProgrammeTerms = ProgrammeTerms {
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

/// A plan that is not computed.
pub struct FixedPlan;

impl Planner for FixedPlan {
    fn plan(&self) -> Result<DayPlan, AgentError> {
        Ok(plan())
    }
}

fn plan() -> DayPlan {
    let ahead = |bus, rate| Ahead {
        bus,
        setpoints: vec![500; INTERVALS as usize],
        rate,
        term: Term::Day,
    };
    DayPlan {
        ahead: vec![ahead(20, 110_000), ahead(3, 95_000)],
        members: vec![member(5, 0), member(6, 0), member(7, 1)],
        generators: vec![
            Generator {
                bus: 20,
                spare: vec![100; INTERVALS as usize],
                price: 200_000,
            },
            Generator {
                bus: 1,
                spare: vec![1_000_000; INTERVALS as usize],
                price: 300_000,
            },
        ],
        shortage: vec![vec![0, 900, 400, 0], vec![0, 300, 300, 0]],
    }
}

fn member(bus: u32, feeder: usize) -> Member {
    let battery = gridweave_model::Battery {
        charge_max: 1.0,
        discharge_max: 1.0,
        energy: 4.0,
        eta_in: 1.0,
        eta_out: 1.0,
        soc_min: 0.0,
        soc_max: 1.0,
        soc_start: 0.5,
        soc_end_min: 0.0,
        soc_end_max: 1.0,
    };
    let site = Site {
        batteries: vec![battery],
        ..Site::default()
    };
    Member {
        bus,
        feeder,
        price: vec![100_000; INTERVALS as usize],
        floor: 90_000,
        beyond: vec![200; INTERVALS as usize],
        available: (0, INTERVALS),
        limits: (600, 2_000),
        reserve: Reserve::new(&site, 1.0),
        charge: vec![0.0; INTERVALS as usize],
        wh: 1_000.0,
    }
}

/// The programme.
pub struct Script {
    crowd: [Behaviour; 3],
    /// Budget of each feeder and interval.
    budget: u128,
    state: Mutex<State>,
}

/// All that has been done.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    moment: u32,
    proposed: Vec<u32>,
    tasks: Vec<(u32, Task)>,
    supplements: Vec<Supplement>,
    evidence: BTreeMap<usize, Evidence>,
    reconciled: bool,
}

impl Script {
    pub fn new(crowd: [Behaviour; 3], budget: u128) -> Self {
        Self {
            crowd,
            budget,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
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
    fn promised(state: &State, feeder: usize, interval: u32) -> u128 {
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
            .map(|(_, task)| reserve(task.incentive, task.energy as i64))
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
                let met: u64 = tasks.map(|(_, task)| task.energy).sum::<u64>()
                    + of.map(|s| s.energy).sum::<u64>();
                assert!(
                    met >= shortage,
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

    pub fn supplemented(&self) -> u64 {
        self.state().supplements.iter().map(|s| s.energy).sum()
    }

    pub fn shortage(&self) -> u64 {
        plan().shortage.iter().flatten().sum()
    }

    /// Changes the state if budgets still hold then.
    fn change(
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

fn refusal(what: &'static str, found: impl ToString, expected: &'static str) -> AgentError {
    AgentError::Unexpected {
        what,
        found: found.to_string(),
        expected,
    }
}

impl Platform for Script {
    async fn terms(&self) -> Result<ProgrammeTerms, AgentError> {
        Ok(TERMS)
    }

    /// Moment 0 is before the deadline, moment 1 before the first interval.
    async fn moment(&self) -> Result<Moment, AgentError> {
        let state = self.state();
        Ok(match state.moment {
            _ if state.reconciled => Moment::Closed,
            0 => Moment::Collecting,
            at if at <= INTERVALS => Moment::Running { next: Some(at - 1) },
            at if at == INTERVALS + 1 => Moment::Running { next: None },
            _ => Moment::Settled,
        })
    }

    async fn proposed(&self, ahead: &[Ahead]) -> Result<Vec<bool>, AgentError> {
        let proposed = self.state().proposed.clone();
        Ok(ahead
            .iter()
            .map(|row| proposed.contains(&row.bus))
            .collect())
    }

    async fn book(&self, feeder: usize, interval: u32) -> Result<Book, AgentError> {
        let (state, members) = (self.state(), plan().members);
        let of_feeder =
            |(t, task): &&(u32, Task)| *t == interval && members[task.member].feeder == feeder;
        let supplements = state.supplements.iter();
        let of = supplements.filter(|s| s.feeder == feeder && s.interval == interval);
        Ok(Book {
            tasks: state
                .tasks
                .iter()
                .filter(of_feeder)
                .map(|(_, task)| *task)
                .collect(),
            supplemented: of.map(|s| s.energy).sum(),
            free: self.budget - Self::promised(&state, feeder, interval),
        })
    }

    async fn accepted(&self, member: usize) -> Result<Vec<(u32, u64)>, AgentError> {
        let state = self.state();
        let tasks = state.tasks.iter();
        let accepted =
            tasks.filter(|(_, task)| task.member == member && task.state == TaskState::Accepted);
        Ok(accepted.map(|(t, task)| (*t, task.energy)).collect())
    }

    async fn supplied(&self, interval: u32) -> Result<u64, AgentError> {
        let state = self.state();
        let rows = state.supplements.iter().filter(|s| s.interval == interval);
        Ok(rows.map(|s| s.energy).sum())
    }

    async fn evidence(&self, member: usize) -> Result<Evidence, AgentError> {
        Ok(self
            .state()
            .evidence
            .get(&member)
            .cloned()
            .unwrap_or_default())
    }

    async fn propose(&self, ahead: &[Ahead]) -> Result<(), AgentError> {
        self.state()
            .proposed
            .extend(ahead.iter().map(|row| row.bus));
        Ok(())
    }

    async fn offer(&self, tasks: &[NewTask]) -> Result<(), AgentError> {
        self.change(|state| {
            for new in tasks {
                let asked =
                    |(t, task): &(u32, Task)| *t == new.interval && task.member == new.member;
                if state.tasks.iter().any(asked) {
                    return Err(refusal("task", new.member, "one an interval"));
                }
                let task = Task {
                    task: state.tasks.len() as u64 + 1,
                    member: new.member,
                    energy: new.energy,
                    price: new.price,
                    incentive: new.incentive,
                    round: 0,
                    state: TaskState::Open,
                };
                state.tasks.push((new.interval, task));
            }
            Ok(())
        })
    }

    async fn raise(&self, raises: &[Raise]) -> Result<(), AgentError> {
        self.change(|state| {
            for raise in raises {
                let (_, task) = &mut state.tasks[raise.task as usize - 1];
                let open = task.state == TaskState::Declined && task.round < TERMS.raises;
                let rises = raise.incentive > task.incentive && raise.incentive <= TERMS.cap;
                if !open || !rises {
                    return Err(refusal(
                        "raise",
                        raise.incentive,
                        "an open raise within the cap",
                    ));
                }
                task.incentive = raise.incentive;
                task.round += 1;
                task.state = TaskState::Open;
            }
            Ok(())
        })
    }

    async fn expire(&self, interval: u32) -> Result<(), AgentError> {
        for (t, task) in &mut self.state().tasks {
            if *t == interval && task.state == TaskState::Overdue {
                task.state = TaskState::Expired;
            }
        }
        Ok(())
    }

    async fn supplement(&self, supplements: &[Supplement]) -> Result<(), AgentError> {
        self.state().supplements.extend(supplements);
        Ok(())
    }

    async fn reconcile(&self) -> Result<(), AgentError> {
        self.state().reconciled = true;
        Ok(())
    }
}
