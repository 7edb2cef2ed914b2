//! What an adversarial crowd may do.

use cosmwasm_std::Uint64;
use gridweave_chain::Signer;
use gridweave_types::crowdsourcing::{
    ExecuteMsg, Kind, Preferences, PreferencesResponse, QueryMsg, TaskResponse, TaskState,
    TasksResponse,
};
use proptest::prelude::*;

use crate::plan::INTERVALS;
use crate::stage::{Stage, preferences};

/// Preferences that somebody changes to, before the deadline.
#[derive(Debug, Clone)]
pub struct Amendment {
    who: usize,
    window: (u32, u32),
    export: (u64, i64),
    import: (u64, i64),
    energy: u64,
}

impl Amendment {
    fn preferences(&self) -> Preferences {
        let (a, b) = self.window;
        let window = (a.min(b), a.max(b));
        preferences(window, self.export, self.import, self.energy)
    }

    /// Says so; whether the contract takes it.
    pub async fn submit(&self, stage: &Stage) -> bool {
        let signer = &stage.members[self.who];
        stage.prefer(signer, self.preferences()).await.is_ok()
    }

    /// Says so too late: nothing changes.
    pub async fn submit_late(&self, stage: &Stage) {
        let query = QueryMsg::Preferences {
            programme: 1,
            account: stage.members[self.who].address.clone(),
        };
        let before: PreferencesResponse = stage.ask(&query).await;
        assert!(!self.submit(stage).await, "{self:?} after the deadline");
        let after: PreferencesResponse = stage.ask(&query).await;
        assert_eq!(before, after);
    }
}

/// An amendment.
pub fn amendment() -> impl Strategy<Value = Amendment> {
    let window = (0..INTERVALS, 0..INTERVALS);
    let export = (0..900u64, 60_000..300_000i64);
    let import = (0..900u64, -20_000..200_000i64);
    (0..3usize, window, export, import, 0..3_000u64).prop_map(
        |(who, window, export, import, energy)| Amendment {
            who,
            window,
            export,
            import,
            energy,
        },
    )
}

/// What is done with a task that waits for an answer.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Accepts, as of a round that may be an earlier one.
    Accept { behind: u32 },
    /// Declines.
    Decline,
    /// Nothing: it expires.
    Wait,
    /// Somebody else tries to accept it.
    Steal,
    /// Leaves, by itself or sent away by the operator, and declines.
    Leave { alone: bool },
    /// Accepts and is sent away: the promise stands.
    AcceptAndLeave,
    /// Whoever has left comes back.
    Return,
    /// Amends too late.
    Amend(Amendment),
}

/// A deed.
pub fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0..2u32).prop_map(|behind| Deed::Accept { behind }),
        6 => Just(Deed::Decline),
        3 => Just(Deed::Wait),
        1 => Just(Deed::Steal),
        1 => any::<bool>().prop_map(|alone| Deed::Leave { alone }),
        1 => Just(Deed::AcceptAndLeave),
        3 => Just(Deed::Return),
        1 => amendment().prop_map(Deed::Amend),
    ]
}

impl Stage {
    /// Does it with the first task of member number `who` that waits; whether there is one, and it was
    /// answered.
    pub async fn act(&self, who: usize, deed: &Deed) -> bool {
        let signer = &self.members[who];
        match deed {
            Deed::Return => {
                // Refused while it takes part.
                let _ = self.admit(signer, Kind::Type2).await;
            }
            Deed::Amend(amendment) => amendment.submit_late(self).await,
            _ => {}
        }
        match self.waiting(signer).await {
            Some(task) => self.answer((who, signer), &task, deed).await,
            None => false,
        }
    }

    async fn answer(
        &self,
        (who, signer): (usize, &Signer),
        task: &TaskResponse,
        deed: &Deed,
    ) -> bool {
        match deed {
            Deed::Accept { behind } => {
                self.accept(signer, task, task.round.saturating_sub(*behind))
                    .await
            }
            Deed::Decline => self.decline(signer, task).await,
            Deed::Steal => {
                let thief = &self.members[(who + 1) % self.members.len()];
                assert!(!self.accept(thief, task, task.round).await, "{task:?}");
                false
            }
            Deed::Leave { alone } => {
                self.revoke(signer, *alone).await;
                assert!(!self.accept(signer, task, task.round).await, "{task:?}");
                self.decline(signer, task).await
            }
            Deed::AcceptAndLeave => {
                let accepted = self.accept(signer, task, task.round).await;
                self.revoke(signer, false).await;
                accepted
            }
            Deed::Wait | Deed::Return | Deed::Amend(_) => false,
        }
    }

    /// Its first task that waits for an answer.
    async fn waiting(&self, signer: &Signer) -> Option<TaskResponse> {
        let query = QueryMsg::AccountTasks {
            account: signer.address.clone(),
            from: 0,
            limit: Some(100),
        };
        let page: TasksResponse = self.ask(&query).await;
        let mut tasks = page.tasks.into_iter();
        tasks.find(|task| task.state == TaskState::Open)
    }

    async fn accept(&self, signer: &Signer, task: &TaskResponse, round: u32) -> bool {
        let task = Uint64::new(task.task);
        let accept = ExecuteMsg::AcceptTask { task, round };
        self.send(signer, &accept).await.is_ok()
    }

    async fn decline(&self, signer: &Signer, task: &TaskResponse) -> bool {
        let (task, round) = (Uint64::new(task.task), task.round);
        let decline = ExecuteMsg::DeclineTask { task, round };
        self.send(signer, &decline).await.is_ok()
    }

    async fn revoke(&self, signer: &Signer, alone: bool) {
        let (by, account) = match alone {
            true => (signer, None),
            false => (&self.operator, Some(signer.address.clone())),
        };
        // Refused when it has left already.
        let _ = self
            .send(by, &ExecuteMsg::RevokeEnrolment { account })
            .await;
    }
}
