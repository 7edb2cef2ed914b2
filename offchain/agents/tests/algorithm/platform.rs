//! What the operator asks of a programme in memory.

use gridweave_agents::AgentError;
use gridweave_agents::crowdsourcing::{
    Admitted, Ahead, Book, Moment, NewTask, Platform, ProgrammeTerms, Raise, Supplement, Task,
    TaskState, Who,
};
use gridweave_rules::crowdsourcing::Evidence;

use crate::plan::{INTERVALS, plan};
use crate::script::{Script, TERMS, refusal};

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

    async fn accepted(&self, member: usize) -> Result<Vec<(u32, i64)>, AgentError> {
        let state = self.state();
        let tasks = state.tasks.iter();
        let accepted =
            tasks.filter(|(_, task)| task.member == member && task.state == TaskState::Accepted);
        Ok(accepted.map(|(t, task)| (*t, task.energy)).collect())
    }

    async fn admitted(
        &self,
        who: Who,
        interval: u32,
        surplus: bool,
    ) -> Result<Option<Admitted>, AgentError> {
        let (plan, state) = (plan(), self.state());
        let admitted = match who {
            Who::Member(member) => {
                let held = |(_, task): &&(u32, Task)| {
                    let ended = [TaskState::Declined, TaskState::Expired];
                    task.member == member && !ended.contains(&task.state)
                };
                let used = state.tasks.iter().filter(held);
                let used: u64 = used.map(|(_, task)| task.energy.unsigned_abs()).sum();
                let data = &plan.members[member];
                Admitted {
                    interval: data.limits.0,
                    left: data.limits.1.saturating_sub(used),
                    price: if surplus { data.ceiling } else { data.floor },
                }
            }
            Who::Generator(generator) => Admitted {
                interval: plan.generators[generator].room(interval, surplus),
                left: u64::MAX,
                price: match surplus {
                    true => plan.generators[generator].saving,
                    false => plan.generators[generator].price,
                },
            },
        };
        Ok(Some(admitted))
    }

    async fn supplied(&self, generator: usize, interval: u32) -> Result<i64, AgentError> {
        let state = self.state();
        let rows = state.supplements.iter();
        let own = rows.filter(|s| (s.generator, s.interval) == (generator, interval));
        Ok(own.map(|s| s.energy).sum())
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
