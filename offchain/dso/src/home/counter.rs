//! The operator's counter as a home sees it: over HTTP, or in the same process.

use std::future::Future;

use gridweave_chain::Chain;

use super::HomeError;
use crate::api::Client;
use crate::{Dso, Request, State};

/// How a withdrawal stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// Its number at the operator.
    pub id: i64,
    /// How it stands.
    pub state: State,
    /// Why it failed.
    pub reason: Option<String>,
}

/// Where homes ask for permits and money.
pub trait Counter: Sync {
    /// Asks for `account`, or asks again under the same reference; how the withdrawal stands.
    ///
    /// # Errors
    /// [`HomeError::Client`] or [`HomeError::Dso`] when the operator does not answer or takes the
    /// request for a mistake.
    fn withdraw(
        &self,
        account: &str,
        request: &Request,
    ) -> impl Future<Output = Result<Withdrawn, HomeError>> + Send;
}

impl<C: Chain> Counter for Dso<C> {
    async fn withdraw(&self, account: &str, request: &Request) -> Result<Withdrawn, HomeError> {
        let record = self.request(account, request).await?;
        Ok(Withdrawn {
            id: record.id,
            state: record.state,
            reason: record.reason,
        })
    }
}

impl Counter for Client {
    async fn withdraw(&self, _account: &str, request: &Request) -> Result<Withdrawn, HomeError> {
        let answer = Client::withdraw(self, &request.into()).await?;
        Ok(Withdrawn {
            id: answer.id,
            state: answer.state,
            reason: answer.reason,
        })
    }
}
