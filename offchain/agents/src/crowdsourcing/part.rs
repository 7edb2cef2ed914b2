//! A part in one programme, from asking to take part to the last answer.

use gridweave_chain::{Chain, ChainError};
use gridweave_model::crowdsourcing::Answer;
use gridweave_rules::settlement::Timeline;
use gridweave_types::crowdsourcing::{
    ConfigResponse, Device, EnrolmentResponse, EnrolmentState, Kind, Phase, Preferences,
    PreferencesResponse, QueryMsg, TaskResponse, TaskState, TasksResponse,
};
use gridweave_units::Interval;

use super::chain::PAGE;
use super::crowdsourcee::Crowdsourcee;
use super::office::programme_from;
use crate::AgentError;

/// What has been accepted of a programme: energy (Wh, injection positive) by interval, counted from its
/// first one.
pub type Accepted = [(u32, i64)];

/// Where a part stands after a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Something was sent.
    Acted,
    /// Nothing to do now.
    Waits,
    /// Nothing will be asked of it any more.
    Over,
}

/// A part. Everything is read from the chain again; what is remembered only spares queries.
pub struct Part<D> {
    person: Crowdsourcee,
    kind: Kind,
    devices: Vec<Device>,
    preferences: Preferences,
    first: u32,
    decide: D,
    enrolled: bool,
    programme: Option<u32>,
    preferred: bool,
    timeline: Option<Timeline>,
}

impl<D: Fn(&TaskResponse, &Accepted) -> Answer> Part<D> {
    /// The part of `person` in the programme that begins with interval `first`; `decide` answers its
    /// tasks.
    pub fn new(
        person: Crowdsourcee,
        (kind, devices): (Kind, Vec<Device>),
        (first, preferences): (u32, Preferences),
        decide: D,
    ) -> Self {
        Self {
            person,
            kind,
            devices,
            preferences,
            first,
            decide,
            enrolled: false,
            programme: None,
            preferred: false,
            timeline: None,
        }
    }

    /// Does what there is to do now.
    ///
    /// # Errors
    /// [`AgentError::Chain`]; [`AgentError::Unexpected`] when the operator does not let it take part.
    pub async fn turn<C: Chain>(&mut self, chain: &C) -> Result<Standing, AgentError> {
        if !self.enrolled {
            return self.enrol(chain).await;
        }
        if !self.preferred {
            return self.prefer(chain).await;
        }
        // Agreements are signed before the programme begins, tasks answered before their interval does.
        let last = match self.kind {
            Kind::Type1 | Kind::Generator => self.first,
            Kind::Type2 => self.last(),
        };
        let begins = self.timeline(chain).await?.begin(Interval(last));
        if chain.time().await? >= begins {
            return Ok(Standing::Over);
        }
        let acted = match self.kind {
            Kind::Type1 | Kind::Generator => self.person.sign(chain, i64::MIN).await?,
            Kind::Type2 => self.answer(chain).await?,
        };
        Ok(match acted {
            0 => Standing::Waits,
            _ => Standing::Acted,
        })
    }

    async fn enrol<C: Chain>(&mut self, chain: &C) -> Result<Standing, AgentError> {
        let account = self.person.address().to_owned();
        let query = QueryMsg::Enrolment { account };
        match self.ask::<C, EnrolmentResponse>(chain, &query).await {
            Err(AgentError::Chain(ChainError::Query { .. })) => {
                let devices = self.devices.clone();
                self.person.enrol(chain, self.kind, devices).await?;
                Ok(Standing::Acted)
            }
            Err(error) => Err(error),
            Ok(found) => match found.state {
                EnrolmentState::Requested => Ok(Standing::Waits),
                EnrolmentState::Enrolled => {
                    self.enrolled = true;
                    Ok(Standing::Acted)
                }
                EnrolmentState::Refused | EnrolmentState::Revoked => Err(AgentError::Unexpected {
                    what: "enrolment",
                    found: format!("{:?}", found.state),
                    expected: "one that the operator approves",
                }),
            },
        }
    }

    /// Line 1 of algorithm 1, as long as preferences are taken.
    async fn prefer<C: Chain>(&mut self, chain: &C) -> Result<Standing, AgentError> {
        let contract = self.person.contract();
        let Some(found) = programme_from(chain, contract, self.first).await? else {
            return Ok(Standing::Waits);
        };
        let (programme, account) = (found.programme, self.person.address().to_owned());
        self.programme = Some(programme);
        let query = QueryMsg::Preferences { programme, account };
        let known = self.ask::<C, PreferencesResponse>(chain, &query).await;
        match known {
            Err(AgentError::Chain(ChainError::Query { .. })) => {
                if found.phase == Phase::Collecting {
                    let preferences = self.preferences.clone();
                    self.person.prefer(chain, programme, preferences).await?;
                } else {
                    tracing::warn!(programme, "too late for preferences");
                }
            }
            Err(error) => return Err(error),
            Ok(_) => {}
        }
        self.preferred = true;
        Ok(Standing::Acted)
    }

    /// Lines 5 to 7: answers the open tasks; how many.
    async fn answer<C: Chain>(&self, chain: &C) -> Result<usize, AgentError> {
        let query = QueryMsg::AccountTasks {
            account: self.person.address().to_owned(),
            from: self.first,
            limit: Some(PAGE),
        };
        let page: TasksResponse = self.ask(chain, &query).await?;
        let is_open = |task: &TaskResponse| task.state == TaskState::Open;
        if !page.tasks.iter().any(is_open) {
            return Ok(0);
        }
        let done = [TaskState::Accepted, TaskState::Settled];
        let own = page
            .tasks
            .iter()
            .filter(|task| Some(task.programme) == self.programme && done.contains(&task.state));
        let accepted =
            own.map(|task| (task.interval.saturating_sub(self.first), task.energy.i64()));
        let accepted: Vec<(u32, i64)> = accepted.collect();
        let decide = |task: &TaskResponse| (self.decide)(task, &accepted);
        self.person.answer(chain, self.first, decide).await
    }

    /// The clock, which never changes.
    async fn timeline<C: Chain>(&mut self, chain: &C) -> Result<Timeline, AgentError> {
        if let Some(known) = self.timeline {
            return Ok(known);
        }
        let config: ConfigResponse = self.ask(chain, &QueryMsg::Config {}).await?;
        Ok(*self.timeline.insert(config.timeline()))
    }

    async fn ask<C: Chain, T: serde::de::DeserializeOwned>(
        &self,
        chain: &C,
        query: &QueryMsg,
    ) -> Result<T, AgentError> {
        Ok(chain.query(self.person.contract(), query).await?)
    }

    /// Last interval for which it may be asked.
    fn last(&self) -> u32 {
        let windows = self.preferences.windows.iter();
        let last = windows.map(|window| window.last).max();
        last.unwrap_or(self.first).max(self.first)
    }
}
