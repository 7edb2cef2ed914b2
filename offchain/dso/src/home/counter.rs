//! The operator's counter as a home sees it: over HTTP, or in the same process.

use std::future::Future;

use gridweave_chain::Chain;

use super::HomeError;
use crate::api::Client;
use crate::{Dso, Request, State};

/// Where homes ask for permits and money.
pub trait Counter: Sync {
    /// Asks for `account`, or asks again under the same reference; how the withdrawal stands, and why
    /// it failed if it did.
    ///
    /// # Errors
    /// [`HomeError::Client`] or [`HomeError::Dso`] when the operator does not answer or takes the
    /// request for a mistake.
    fn withdraw(
        &self,
        account: &str,
        request: &Request,
    ) -> impl Future<Output = Result<(State, Option<String>), HomeError>> + Send;
}

impl<C: Chain> Counter for Dso<C> {
    async fn withdraw(
        &self,
        account: &str,
        request: &Request,
    ) -> Result<(State, Option<String>), HomeError> {
        let record = self.request(account, request).await?;
        Ok((record.state, record.reason))
    }
}

impl Counter for Client {
    async fn withdraw(
        &self,
        _account: &str,
        request: &Request,
    ) -> Result<(State, Option<String>), HomeError> {
        let answer = Client::withdraw(self, &request.into()).await?;
        Ok((answer.state, answer.reason))
    }
}
