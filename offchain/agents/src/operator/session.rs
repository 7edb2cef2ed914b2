//! A session in the coordinator: created, filled, opened.

use gridweave_chain::Chain;
use gridweave_types::coordinator::{
    ExecuteMsg, GroupInput, MAX_ROWS, Phase, SessionConfig, SessionResponse,
};

use super::Operator;
use crate::AgentError;
use crate::enrol::Roster;
use crate::observer::Observer;
use crate::sessions::sessions_after;

/// Most bytes of packed numbers in one transaction; a chain takes about 1 MiB of base64.
const PAGE_BYTES: usize = 400_000;

impl<C: Chain> Operator<'_, C> {
    /// A session with the participants and groups of `roster`, under the address at the same
    /// place, open; its id.
    ///
    /// It is the first session with an id above `after` that this operator has created with
    /// `config`, taken up wherever it stands, or a new one.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the coordinator refuses.
    pub async fn open_session(
        &self,
        after: u64,
        config: SessionConfig,
        roster: &Roster,
        addresses: &[String],
    ) -> Result<u64, AgentError> {
        let found = self.session_of(after, &config).await?;
        let session = match found {
            Some(session) => session,
            None => self.create_session(config).await?,
        };
        let observer = Observer::new(self.chain, &self.contracts.coordinator, session);
        let status = observer.status().await?;
        if status.phase != Phase::Setup {
            return Ok(session);
        }
        self.add_participants(session, &status, roster, addresses)
            .await?;
        let known = (status.groups as usize).min(roster.groups.len());
        self.add_groups(session, &roster.groups[known..]).await?;
        self.coordinator(&ExecuteMsg::Open { session }).await?;
        Ok(session)
    }

    /// The newest session of all, 0 when there is none.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn newest_session(&self) -> Result<u64, AgentError> {
        let sessions = sessions_after(self.chain, &self.contracts.coordinator, 0).await?;
        Ok(sessions.last().map_or(0, |(id, _)| *id))
    }

    async fn session_of(
        &self,
        after: u64,
        config: &SessionConfig,
    ) -> Result<Option<u64>, AgentError> {
        let coordinator = &self.contracts.coordinator;
        for (session, _) in sessions_after(self.chain, coordinator, after).await? {
            let status = Observer::new(self.chain, coordinator, session)
                .status()
                .await?;
            if status.operator.as_str() == self.signer.address && status.config == *config {
                return Ok(Some(session));
            }
        }
        Ok(None)
    }

    async fn create_session(&self, config: SessionConfig) -> Result<u64, AgentError> {
        let msg = ExecuteMsg::CreateSession { config };
        let contract = &self.contracts.coordinator;
        let response = self.chain.execute(&self.signer, contract, &msg).await?;
        let id = response.attribute("session")?;
        id.parse().map_err(|_| AgentError::Unexpected {
            what: "attribute 'session'",
            found: id.into(),
            expected: "a session id",
        })
    }

    /// Adds the participants that `status` does not count yet.
    async fn add_participants(
        &self,
        session: u64,
        status: &SessionResponse,
        roster: &Roster,
        addresses: &[String],
    ) -> Result<(), AgentError> {
        let known = status.participants as usize;
        let missing = roster.participants.iter().zip(addresses).skip(known);
        let (mut page, mut bytes) = (Vec::new(), 0);
        for (enrolment, address) in missing {
            let row = enrolment.input(address)?;
            let row_bytes = row.lower.len() + row.upper.len() + row.baseline.len();
            if page.len() == MAX_ROWS || bytes + row_bytes > PAGE_BYTES && !page.is_empty() {
                let participants = std::mem::take(&mut page);
                bytes = 0;
                self.coordinator(&ExecuteMsg::AddParticipants {
                    session,
                    participants,
                })
                .await?;
            }
            bytes += row_bytes;
            page.push(row);
        }
        if page.is_empty() {
            return Ok(());
        }
        self.coordinator(&ExecuteMsg::AddParticipants {
            session,
            participants: page,
        })
        .await
    }

    async fn add_groups(&self, session: u64, groups: &[GroupInput]) -> Result<(), AgentError> {
        for page in groups.chunks(MAX_ROWS) {
            let groups = page.to_vec();
            self.coordinator(&ExecuteMsg::AddGroups { session, groups })
                .await?;
        }
        Ok(())
    }
}
