//! From the wish for permits to posted offers.

use gridweave_chain::Chain;

use super::super::period::Stage;
use super::super::{Counter, HomeError};
use super::{Home, Standing};
use crate::State;

impl Home {
    /// Asks for everything in a period; when all answers are there, it is ready to post.
    pub(super) async fn ask<K: Counter>(
        &mut self,
        counter: &K,
        at: usize,
        standing: &mut Standing,
    ) -> Result<(), HomeError> {
        let period = &mut self.periods[at];
        let mut issued = Vec::with_capacity(period.plans.len());
        let mut waiting = false;
        for (request, plan) in period
            .requests(self.terms.first_interval)
            .zip(&period.plans)
        {
            let answer = counter.withdraw(&self.terms.account, &request).await?;
            match answer.state {
                State::Requested => {
                    standing.awaits = standing.awaits.or(Some(answer.id));
                    waiting = true;
                    if period.waits {
                        break;
                    }
                }
                State::Issued => issued.push(*plan),
                State::Failed => {
                    let (name, reason) = (request.reference.as_deref(), answer.reason);
                    tracing::warn!(name, reason, "the operator gives no permit");
                }
            }
        }
        if waiting {
            period.waits = true;
        } else {
            period.issued = issued;
            period.stage = Stage::Posting;
        }
        Ok(())
    }

    /// Posts what was issued when its moment has come; how many offers.
    pub(super) async fn post<C: Chain>(
        &mut self,
        chain: &C,
        at: usize,
        (next, now): (u32, u64),
    ) -> Result<usize, HomeError> {
        if now < self.post_moment(at)? {
            return Ok(0);
        }
        let period = &mut self.periods[at];
        let plans = period
            .postable(chain, &self.market, &period.issued, next)
            .await?;
        // From here on something may have been posted.
        period.waits = false;
        if !plans.is_empty() {
            period.post(chain, &self.market, &plans).await?;
            tracing::info!(slot = %period.slot, offers = plans.len(), "posted");
        }
        period.stage = match period.issued.is_empty() || self.terms.deposit_window.is_none() {
            true => Stage::Over,
            false => Stage::Trading,
        };
        Ok(plans.len())
    }

    /// When a period's offers are posted: at a moment of its own after the round has opened, so that
    /// homes do not all post in the block after the operator's batch. The first round is open from the
    /// beginning, and its offers are posted at once.
    pub(super) fn post_moment(&self, at: usize) -> Result<u64, HomeError> {
        let Some(before) = self.periods[at].slot.round.checked_sub(1) else {
            return Ok(0);
        };
        let wait = self.wait(at, "post", self.terms.post_window)?;
        Ok(self.calendar.due(before).saturating_add(wait))
    }
}
