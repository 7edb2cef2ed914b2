//! What the chain says about the intervals of a request, asked once a block.

use std::collections::BTreeMap;

use gridweave_agents::market::ledger;
use gridweave_chain::Chain;
use gridweave_types::assets::{IssuedResponse, PermitClass, QueryMsg, Side};
use gridweave_types::page::MAX_LIMIT;
use gridweave_units::Interval;

use super::Dso;
use crate::DsoError;

/// What the chain says about the intervals of a request.
#[derive(Debug, Clone)]
pub(super) struct Outlook {
    pub(super) now: u64,
    pub(super) next: u32,
    /// Most energy of permits per interval and side (Wh).
    pub(super) limit: Option<u64>,
    /// Energy issued (Wh) by interval, from the set's first on.
    pub(super) issued: Vec<u64>,
}

/// Feeder, side, first interval and number of intervals.
type Place = (u32, Side, u32, u32);

/// What is known of one block; nothing of it stays when the operator sends something.
#[derive(Debug, Default)]
pub(super) struct Outlooks {
    height: u64,
    known: BTreeMap<Place, Outlook>,
}

impl<C: Chain> Dso<C> {
    pub(super) async fn outlook(&self, class: PermitClass) -> Result<Outlook, DsoError> {
        let Interval(first) = class.intervals.first();
        let count = class.intervals.last().0 - first + 1;
        let place = (class.feeder, class.side, first, count);
        let height = self.chain.height().await?;
        let mut outlooks = self.outlooks.lock().await;
        if outlooks.height != height {
            (outlooks.height, outlooks.known) = (height, BTreeMap::new());
        }
        if let Some(known) = outlooks.known.get(&place) {
            return Ok(known.clone());
        }
        let found = self.look(place, outlooks.known.values().next()).await?;
        outlooks.known.insert(place, found.clone());
        Ok(found)
    }

    /// Forgets what was known: permits are about to be issued.
    pub(super) async fn look_again(&self) {
        self.outlooks.lock().await.known.clear();
    }

    async fn look(
        &self,
        (feeder, side, first, count): Place,
        other: Option<&Outlook>,
    ) -> Result<Outlook, DsoError> {
        let (now, next) = match other {
            Some(other) => (other.now, other.next),
            None => (
                self.chain.time().await?,
                ledger::status(&self.chain, &self.market.market).await?.next,
            ),
        };
        let mut outlook = Outlook {
            now,
            next,
            limit: None,
            issued: Vec::new(),
        };
        for skipped in (0..count).step_by(MAX_LIMIT as usize) {
            let query = QueryMsg::Issued {
                feeder,
                side,
                from: first.saturating_add(skipped),
                limit: Some((count - skipped).min(MAX_LIMIT)),
            };
            let page: IssuedResponse = self.chain.query(&self.market.assets, &query).await?;
            outlook.limit = page.limit.map(|limit| limit.u64());
            let page = page.intervals.iter().map(|issued| issued.energy.u64());
            outlook.issued.extend(page);
            if outlook.limit.is_none() {
                break;
            }
        }
        Ok(outlook)
    }
}
