//! What preferences in force admit, read from the contract.

use gridweave_chain::{Chain, ChainError};
use gridweave_types::crowdsourcing::{
    BookingResponse, EnrolmentResponse, EnrolmentState, PreferencesResponse, QueryMsg,
};
use serde::de::DeserializeOwned;

use super::chain::{OnContract, unknown};
use super::platform::{Admitted, Who};
use crate::AgentError;

impl<C: Chain> OnContract<'_, C> {
    /// See [`super::Platform::admitted`].
    pub(super) async fn admits(
        &self,
        who: Who,
        interval: u32,
        surplus: bool,
    ) -> Result<Option<Admitted>, AgentError> {
        let account = self.account(who)?.to_owned();
        let query = QueryMsg::Enrolment {
            account: account.clone(),
        };
        let enrolled: Option<EnrolmentResponse> = self.found(&query).await?;
        if enrolled.is_none_or(|found| found.state != EnrolmentState::Enrolled) {
            return Ok(None);
        }
        let query = QueryMsg::Preferences {
            programme: self.programme,
            account: account.clone(),
        };
        let Some(found) = self.found::<PreferencesResponse>(&query).await? else {
            return Ok(None);
        };
        let (wanted, at) = (found.preferences, self.absolute(interval).await?);
        let bound = if surplus {
            wanted.import
        } else {
            wanted.export
        };
        let most = match who {
            _ if !wanted.available(at) => 0,
            Who::Member(_) => bound.energy.u64(),
            // The limit is for setpoint and supplements together.
            Who::Generator(_) => {
                let booked = self.booking(account, interval).await?;
                let whole = i128::from(booked.agreed.i64()) + i128::from(booked.supplemented.i64());
                let whole = if surplus { -whole } else { whole };
                let room = i128::from(bound.energy.u64()) - whole;
                u64::try_from(room.max(0)).unwrap_or(u64::MAX)
            }
        };
        Ok(Some(Admitted {
            interval: most,
            left: wanted.energy.u64().saturating_sub(found.used.u64()),
            price: bound.price.i64(),
        }))
    }

    /// What is promised ahead for an account in an interval of the programme.
    pub(super) async fn booking(
        &self,
        account: String,
        interval: u32,
    ) -> Result<BookingResponse, AgentError> {
        let interval = self.absolute(interval).await?;
        let query = QueryMsg::Booking { account, interval };
        Ok(self.chain.query(&self.contract, &query).await?)
    }

    /// Address of somebody who can be asked.
    pub(super) fn account(&self, who: Who) -> Result<&str, AgentError> {
        match who {
            Who::Member(member) => self.member(member),
            Who::Generator(generator) => {
                let found = self.accounts.generators.get(generator);
                let missing = || unknown("generator", generator);
                Ok(found.ok_or_else(missing)?.as_str())
            }
        }
    }

    /// The answer to a query; `None` where the contract knows of nothing.
    async fn found<T: DeserializeOwned>(&self, query: &QueryMsg) -> Result<Option<T>, AgentError> {
        match self.chain.query(&self.contract, query).await {
            Ok(found) => Ok(Some(found)),
            Err(ChainError::Query { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
