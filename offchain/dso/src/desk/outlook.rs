//! What the chain says about the intervals of a request.
//!
//! Time is asked for once a block. What is issued only the operator's own batches raise, so what was
//! read since the last one is never too low; it may be too high when permits came back, so nobody is
//! refused by it, see [`Outlook::is_fresh`].

use std::collections::BTreeMap;

use gridweave_agents::market::ledger;
use gridweave_chain::Chain;
use gridweave_types::assets::{IssuedResponse, PermitClass, QueryMsg, Side};
use gridweave_types::page::MAX_LIMIT;

use super::Dso;
use crate::DsoError;

/// What the chain says about the intervals of a request.
#[derive(Debug, Clone)]
pub(super) struct Outlook {
    /// Chain time (unix seconds).
    pub(super) now: u64,
    /// The market's next interval.
    pub(super) next: u32,
    /// Whether all of it is of the present block.
    pub(super) is_fresh: bool,
    issued: Issued,
}

impl Outlook {
    /// Most energy of permits per interval and side (Wh).
    pub(super) fn limit(&self) -> Option<u64> {
        self.issued.limit
    }

    /// Energy issued in `interval` (Wh).
    pub(super) fn issued(&self, interval: u32) -> u64 {
        let at = interval.checked_sub(self.issued.from);
        let energy = at.and_then(|at| self.issued.energy.get(at as usize));
        energy.copied().unwrap_or_default()
    }
}

/// Permits of a feeder and side, from an interval on.
#[derive(Debug, Clone, Default)]
struct Issued {
    height: u64,
    from: u32,
    limit: Option<u64>,
    energy: Vec<u64>,
}

impl Issued {
    fn reaches(&self, class: PermitClass) -> bool {
        let end = self.from.saturating_add(self.energy.len() as u32);
        let set = class.intervals;
        self.limit.is_none() || (set.first().0 >= self.from && set.last().0 < end)
    }
}

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Outlooks {
    /// Height, time and next interval.
    moment: Option<(u64, u64, u32)>,
    issued: BTreeMap<(u32, Side), Issued>,
}

impl<C: Chain> Dso<C> {
    /// What is known about the intervals of `class`, as far as it may be used.
    pub(super) async fn outlook(&self, class: PermitClass) -> Result<Outlook, DsoError> {
        let height = self.chain.height().await?;
        let mut outlooks = self.outlooks.lock().await;
        let (now, next) = match outlooks.moment {
            Some((known, now, next)) if known == height => (now, next),
            _ => {
                let now = self.chain.time().await?;
                let next = ledger::status(&self.chain, &self.market.market).await?.next;
                outlooks.moment = Some((height, now, next));
                (now, next)
            }
        };
        let place = (class.feeder, class.side);
        let known = outlooks.issued.get(&place);
        let issued = match known.filter(|known| known.reaches(class)) {
            Some(known) => known.clone(),
            // Refused for its time alone, however far away it is.
            None if self.in_time(class, now, next).is_err() => Issued {
                height,
                ..Issued::default()
            },
            None => {
                let issued = self.look(class, height, next).await?;
                outlooks.issued.insert(place, issued.clone());
                issued
            }
        };
        let is_fresh = issued.height == height;
        Ok(Outlook {
            now,
            next,
            is_fresh,
            issued,
        })
    }

    /// Forgets what is issued: permits were issued, or somebody would be refused by it.
    pub(super) async fn look_again(&self) {
        self.outlooks.lock().await.issued.clear();
    }

    /// Asks for all intervals that can be used from `next` on, and for those of `class`, which is in
    /// time.
    async fn look(&self, class: PermitClass, height: u64, next: u32) -> Result<Issued, DsoError> {
        let from = next.min(class.intervals.first().0);
        let end = next.saturating_add(self.times.horizon);
        let mut issued = Issued {
            height,
            from,
            limit: None,
            energy: Vec::new(),
        };
        for first in (from..end).step_by(MAX_LIMIT as usize) {
            let query = QueryMsg::Issued {
                feeder: class.feeder,
                side: class.side,
                from: first,
                limit: Some((end - first).min(MAX_LIMIT)),
            };
            let page: IssuedResponse = self.chain.query(&self.market.assets, &query).await?;
            issued.limit = page.limit.map(|limit| limit.u64());
            let energy = page.intervals.iter().map(|interval| interval.energy.u64());
            issued.energy.extend(energy);
            if issued.limit.is_none() {
                break;
            }
        }
        Ok(issued)
    }
}
