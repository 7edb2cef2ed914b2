//! Follows a market on a chain: which offers were posted, which trades are final. The homes' meters are
//! read here, since a battery delivers what its home has sold, which nobody else can tell.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::{Result, ensure};
use gridweave_agents::market::feed::Feed;
use gridweave_agents::market::ledger;
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, SecretKey};
use gridweave_types::market::Phase;

use super::homes::secret_name;
use super::setting::Setting;
use crate::live::folder::Folder;
use crate::live::site::Site;
use crate::market::neighbours::Neighbours;
use crate::market::outcome::final_trades;
use crate::market::problem::{Planned, Problem};
use crate::market::register::Register;
use crate::run::progress::Progress;

/// What everybody gets beyond the time at which the run should be over (seconds).
const GRACE: u64 = 120;

/// Who follows, and what.
pub struct Follower<'a> {
    /// The chain.
    pub site: &'a Site,
    /// The market.
    pub setting: &'a Setting,
    /// What is offered.
    pub problem: &'a Problem,
    /// Folder of the homes' keys.
    pub folder: Folder<'a>,
    /// The interval of the chain that the problem's first one is.
    pub base: u32,
}

/// What has been seen so far.
pub struct Sight {
    feed: Feed,
    /// Whose offers are whose.
    pub register: Register,
    /// Offers by round, of which nobody has looked for the addresses yet.
    rounds: BTreeMap<u32, Vec<Planned>>,
    secrets: BTreeMap<usize, SecretKey>,
    /// Intervals that are final and metered.
    metered: u32,
    progress: Progress,
}

impl Follower<'_> {
    /// Begins at the present block.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn begin(&self) -> Result<Sight> {
        let mut rounds: BTreeMap<u32, Vec<Planned>> = BTreeMap::new();
        for offer in &self.problem.offers {
            let offer = offer.moved(self.base)?;
            rounds.entry(offer.slot.round).or_default().push(offer);
        }
        Ok(Sight {
            feed: Feed::from_now(&self.site.chain).await?,
            register: Register::default(),
            rounds,
            secrets: BTreeMap::new(),
            metered: 0,
            progress: Progress::start(self.problem.horizon),
        })
    }

    /// Follows block by block, for as long as it is let.
    ///
    /// # Errors
    /// The chain does not answer, or the run is not over in time.
    pub async fn follow(&self, sight: &mut Sight, meters: &mut Option<Meters>) -> Result<()> {
        let chain = &self.site.chain;
        let last = self.base + self.problem.horizon - 1;
        // Until then claims come back.
        let mut end = self.setting.calendar().over(last);
        if let Some(meters) = meters {
            let settled = meters
                .homes
                .final_at(chain, &self.setting.contracts)
                .await?;
            end = end.max(settled);
        }
        loop {
            let height = chain.height().await?;
            self.look(sight, meters).await?;
            let now = chain.time().await?;
            ensure!(
                now < end + GRACE,
                "the market should have been over {GRACE} s ago: {} of {} intervals are final",
                sight.metered,
                self.problem.horizon
            );
            chain.beyond(height).await?;
        }
    }

    /// Reads what is new.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn look(&self, sight: &mut Sight, meters: &mut Option<Meters>) -> Result<()> {
        let (chain, market) = (&self.site.chain, &self.setting.market.market);
        let status = ledger::status(chain, market).await?;
        self.expect(sight, status.next)?;
        for event in sight.feed.news(chain).await? {
            sight.register.read(market, &event)?;
        }
        let settled = match status.phase {
            Phase::Settling => status.next.saturating_sub(1),
            Phase::Open | Phase::Sweeping => status.next,
        };
        let done = settled.saturating_sub(self.base).min(self.problem.horizon);
        for interval in sight.metered..done {
            if let Some(meters) = meters {
                let place = (interval, self.base);
                let (trades, _) = final_trades(chain, market, &sight.register, place).await?;
                meters.homes.read(self.problem, interval, &trades);
            }
            sight.metered = interval + 1;
            let open = sight.register.posted.len();
            let line = format!("interval {interval:>3} is final, {open} offers so far");
            sight.progress.show(sight.metered, line);
        }
        if let Some(meters) = meters {
            meters.homes.report(&meters.chain).await?;
        }
        Ok(())
    }

    /// Notes the addresses of rounds that have come or are the next to.
    fn expect(&self, sight: &mut Sight, next: u32) -> Result<()> {
        while let Some(round) = sight.rounds.first_entry() {
            if *round.key() > next.saturating_add(1) {
                return Ok(());
            }
            let mut known = BTreeMap::new();
            for offer in round.remove() {
                let place = (offer.home, offer.slot);
                let address: &mut String = match known.entry(place) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(free) => {
                        let secret = match sight.secrets.get(&offer.home) {
                            Some(secret) => secret.clone(),
                            None => self.folder.key(&secret_name(offer.home))?,
                        };
                        let key = offer.slot.key(&secret, self.base)?;
                        sight.secrets.insert(offer.home, secret);
                        free.insert(key.address()?)
                    }
                };
                sight.register.expect(address, offer);
            }
        }
        Ok(())
    }
}

/// The homes' meters with a connection of their own.
pub struct Meters {
    /// The homes.
    pub homes: Neighbours,
    /// Signs with the key that carries their messages.
    pub chain: WasmdChain,
}
