//! Reads a session: status, history, schedule, prices, certificate.

use gridweave_chain::{Chain, ContractAddr};
use gridweave_types::coordinator::{
    AnswersResponse, AssignmentResponse, CertificateResponse, DualsResponse, HistoryResponse, Mode,
    ParticipantResponse, ParticipantsResponse, PoolResponse, PricesResponse, QueryMsg, RoundRecord,
    ScheduleResponse, SessionResponse, TradesResponse,
};
use gridweave_types::page::MAX_LIMIT;

use crate::AgentError;
use crate::fixed::unpack_numbers;
use crate::sessions::is_open;

/// A reader of one session.
#[derive(Debug, Clone, Copy)]
pub struct Observer<'a, C> {
    chain: &'a C,
    coordinator: &'a ContractAddr,
    session: u64,
}

/// The scheduled net injection of one participant.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheduled {
    /// Index in the session.
    pub participant: usize,
    /// `T` numbers per reported bus (per unit).
    pub injection: Vec<f64>,
    /// Side payment to it (µ), in a pool.
    pub side_payment: i64,
}

/// Prices of one bus, each vector per interval (currency per pu and interval).
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// Bus number.
    pub bus: u32,
    /// Energy component.
    pub energy: Vec<f64>,
    /// Loss component.
    pub loss: Vec<f64>,
    /// Voltage component.
    pub voltage: Vec<f64>,
}

impl Prices {
    /// The locational marginal price, the sum of the three components.
    pub fn dlmp(&self) -> Vec<f64> {
        let parts = self.energy.iter().zip(&self.loss).zip(&self.voltage);
        parts
            .map(|((energy, loss), voltage)| energy + loss + voltage)
            .collect()
    }
}

impl<'a, C: Chain> Observer<'a, C> {
    /// A reader of `session`.
    pub fn new(chain: &'a C, coordinator: &'a ContractAddr, session: u64) -> Self {
        Self {
            chain,
            coordinator,
            session,
        }
    }

    /// Status of the session.
    ///
    /// # Errors
    /// [`AgentError::Chain`], as for all queries below.
    pub async fn status(&self) -> Result<SessionResponse, AgentError> {
        let query = QueryMsg::Session {
            session: self.session,
        };
        Ok(self.chain.query(self.coordinator, &query).await?)
    }

    /// Whether the session has ended.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn has_ended(&self) -> Result<bool, AgentError> {
        Ok(!is_open(self.status().await?.phase))
    }

    /// The certified gap.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn certificate(&self) -> Result<CertificateResponse, AgentError> {
        let query = QueryMsg::Certificate {
            session: self.session,
        };
        Ok(self.chain.query(self.coordinator, &query).await?)
    }

    /// Price and totals of a pool.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn pool(&self) -> Result<PoolResponse, AgentError> {
        let query = QueryMsg::Pool {
            session: self.session,
        };
        Ok(self.chain.query(self.coordinator, &query).await?)
    }

    /// Duals of a participant's copies, packed (consensus sessions).
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn duals(&self, participant: u32) -> Result<DualsResponse, AgentError> {
        let query = QueryMsg::Duals {
            session: self.session,
            participant,
        };
        Ok(self.chain.query(self.coordinator, &query).await?)
    }

    /// Cleared trades of a participant with its partners (ended sessions between pairs).
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn trades(&self, participant: u32) -> Result<TradesResponse, AgentError> {
        let query = QueryMsg::Trades {
            session: self.session,
            participant,
        };
        Ok(self.chain.query(self.coordinator, &query).await?)
    }

    /// What participants have promised to inject: the schedule; between pairs, the net of their cleared
    /// trades.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn promised(&self) -> Result<Vec<Scheduled>, AgentError> {
        let mut rows = self.schedule().await?;
        let config = self.status().await?.config;
        if !matches!(config.mode, Mode::Consensus(_)) {
            return Ok(rows);
        }
        let horizon = config.horizon as usize;
        for row in &mut rows {
            let trades = self.trades(row.participant as u32).await?;
            let sales = unpack_numbers("sales", &trades.sales)?;
            let net = |t| sales.iter().skip(t).step_by(horizon).sum();
            row.injection = (0..horizon).map(net).collect();
        }
        Ok(rows)
    }

    /// What a participant is asked now.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn assignment(&self, participant: u32) -> Result<AssignmentResponse, AgentError> {
        let query = QueryMsg::Assignment {
            session: self.session,
            participant,
        };
        Ok(self.chain.query(self.coordinator, &query).await?)
    }

    /// Kept answers of a participant.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn answers(&self, participant: u32) -> Result<AnswersResponse, AgentError> {
        let query = QueryMsg::Answers {
            session: self.session,
            participant,
        };
        Ok(self.chain.query(self.coordinator, &query).await?)
    }

    /// Closed rounds after `round`, ascending.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn history_after(&self, round: u32) -> Result<Vec<RoundRecord>, AgentError> {
        let mut all: Vec<RoundRecord> = Vec::new();
        loop {
            let query = QueryMsg::History {
                session: self.session,
                start_after: Some(all.last().map_or(round, |record| record.round)),
                limit: Some(MAX_LIMIT),
            };
            let page: HistoryResponse = self.chain.query(self.coordinator, &query).await?;
            if page.rounds.is_empty() {
                return Ok(all);
            }
            all.extend(page.rounds);
        }
    }

    /// All participants by index.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn participants(&self) -> Result<Vec<ParticipantResponse>, AgentError> {
        let mut all: Vec<ParticipantResponse> = Vec::new();
        loop {
            let query = QueryMsg::Participants {
                session: self.session,
                start_after: all.last().map(|row| row.participant),
                limit: Some(MAX_LIMIT),
            };
            let page: ParticipantsResponse = self.chain.query(self.coordinator, &query).await?;
            if page.participants.is_empty() {
                return Ok(all);
            }
            all.extend(page.participants);
        }
    }

    /// The current schedule by participant.
    ///
    /// # Errors
    /// [`AgentError::Chain`] or [`AgentError::Shape`].
    pub async fn schedule(&self) -> Result<Vec<Scheduled>, AgentError> {
        let mut all: Vec<Scheduled> = Vec::new();
        let mut start_after = None;
        loop {
            let query = QueryMsg::Schedule {
                session: self.session,
                start_after,
                limit: Some(MAX_LIMIT),
            };
            let page: ScheduleResponse = self.chain.query(self.coordinator, &query).await?;
            let Some(last) = page.rows.last() else {
                return Ok(all);
            };
            start_after = Some(last.participant);
            for row in &page.rows {
                all.push(Scheduled {
                    participant: row.participant as usize,
                    injection: unpack_numbers("schedule", &row.injection)?,
                    side_payment: row.side_payment.i64(),
                });
            }
        }
    }

    /// Prices of every bus (exchange sessions that ended).
    ///
    /// # Errors
    /// [`AgentError::Chain`] or [`AgentError::Shape`].
    pub async fn prices(&self) -> Result<Vec<Prices>, AgentError> {
        let mut all: Vec<Prices> = Vec::new();
        loop {
            let query = QueryMsg::Prices {
                session: self.session,
                start_after: u32::try_from(all.len()).ok(),
                limit: Some(MAX_LIMIT),
            };
            let page: PricesResponse = self.chain.query(self.coordinator, &query).await?;
            if page.buses.is_empty() {
                return Ok(all);
            }
            for row in &page.buses {
                all.push(Prices {
                    bus: row.bus,
                    energy: unpack_numbers("energy price", &row.energy)?,
                    loss: unpack_numbers("loss price", &row.loss)?,
                    voltage: unpack_numbers("voltage price", &row.voltage)?,
                });
            }
        }
    }
}
