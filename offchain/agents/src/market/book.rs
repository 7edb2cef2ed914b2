//! A copy of the market's book: read from the contract once, or from the market's first event on, and
//! kept by events.

use std::collections::BTreeMap;

use cosmwasm_std::Binary;
use gridweave_chain::{Chain, ChainEvent, ContractAddr};
use gridweave_optim::market::Book;
use gridweave_rules::market::{FeederLimits, Layout, Offer, OfferId, Side, unpack_trades};
use gridweave_types::assets;
use gridweave_types::market::{ConfigResponse, OfferResponse};
use gridweave_units::Interval;

use super::feed::Feed;
use super::ledger;
use super::notes::{offers, read, unexpected};
use crate::AgentError;

/// Open offers and feeders' limits as the events up to now tell them.
#[derive(Debug, Clone)]
pub struct BookCopy {
    market: ContractAddr,
    offers: BTreeMap<OfferId, Offer>,
    feeders: BTreeMap<u32, FeederLimits>,
    feed: Feed,
}

impl BookCopy {
    /// An empty copy that reads on from the block at `height`, at most that of the market's first.
    pub fn new(market: ContractAddr, height: u64) -> Self {
        Self::following(market, Feed::new(height))
    }

    fn following(market: ContractAddr, feed: Feed) -> Self {
        Self {
            market,
            offers: BTreeMap::new(),
            feeders: BTreeMap::new(),
            feed,
        }
    }

    /// A copy of what the contract has now, which reads on from here; `None` while the market is
    /// finalizing, when offers change page by page.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn current<C: Chain>(
        chain: &C,
        market: &ContractAddr,
    ) -> Result<Option<Self>, AgentError> {
        let feed = Feed::from_now(chain).await?;
        let mut copy = Self::following(market.clone(), feed);
        let Some(before) = ledger::open_round(chain, market).await? else {
            return Ok(None);
        };
        for feeder in ledger::feeders(chain, market).await? {
            copy.feeders.insert(feeder.feeder, feeder.limits.into());
        }
        for offer in ledger::offers(chain, market).await? {
            copy.offers.insert(offer.offer, remaining(&offer));
        }
        // Within a round offers are only added, and to read of one again changes nothing.
        let after = ledger::status(chain, market).await?;
        let same = (before.next, before.phase) == (after.next, after.phase);
        Ok(Some(copy).filter(|_| same))
    }

    /// Reads what was announced since the last call.
    ///
    /// # Errors
    /// [`AgentError::Chain`]; [`AgentError::Unexpected`] for an event that is not as documented.
    pub async fn follow<C: Chain>(&mut self, chain: &C) -> Result<(), AgentError> {
        for event in self.feed.news(chain).await? {
            self.read(&event)?;
        }
        Ok(())
    }

    /// The book to solve in the round in which interval `next` is the first that is not final.
    pub fn book(&self, terms: &ConfigResponse, next: u32) -> Book {
        Book {
            objective: terms.objective.into(),
            next: Interval(next),
            last: Interval(next.saturating_add(terms.limits.horizon)),
            offers: self.offers.clone(),
            feeders: self.feeders.clone(),
        }
    }

    /// Takes note of `event`, in the order of the chain; those of other contracts change nothing.
    ///
    /// # Errors
    /// [`AgentError::Unexpected`] for an event that is not as documented.
    pub fn read(&mut self, event: &ChainEvent) -> Result<(), AgentError> {
        if event.contract.as_ref() != Some(&self.market) {
            return Ok(());
        }
        match event.action() {
            Some("feeder_limits_set") => self.set_limits(event),
            Some("offer_posted") => self.add_offer(event),
            Some("trades_finalized") => self.take_trades(event),
            Some("offers_ended") => {
                self.remove(&offers(event, "expired")?);
                self.remove(&offers(event, "cancelled")?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn set_limits(&mut self, event: &ChainEvent) -> Result<(), AgentError> {
        let limit = |key| read(event, key, "Wh");
        let limits = FeederLimits {
            export: limit("export")?,
            import: limit("import")?,
            consumption: limit("consumption")?,
            production: limit("production")?,
        };
        let feeder = read(event, "feeder", "a feeder number")?;
        self.feeders.insert(feeder, limits);
        Ok(())
    }

    fn add_offer(&mut self, event: &ChainEvent) -> Result<(), AgentError> {
        let (number, offer) = posted(event)?;
        self.offers.insert(number, offer);
        Ok(())
    }

    fn take_trades(&mut self, event: &ChainEvent) -> Result<(), AgentError> {
        let interval = Interval(read(event, "interval", "an interval")?);
        let packed = event.attribute("trades").unwrap_or_default();
        let wrong = || unexpected("trades", packed, "packed trades in base64");
        let bytes = Binary::from_base64(packed).map_err(|_| wrong())?;
        let trades = unpack_trades(Layout::Stored, interval, &bytes).map_err(|_| wrong())?;
        for trade in trades {
            let trade = trade.map_err(|_| wrong())?;
            for number in [trade.seller, trade.buyer] {
                if let Some(offer) = self.offers.get_mut(&number) {
                    offer.left = offer.left.saturating_sub(trade.energy);
                }
            }
        }
        self.remove(&offers(event, "filled")?);
        Ok(())
    }

    fn remove(&mut self, ended: &[OfferId]) {
        for number in ended {
            self.offers.remove(number);
        }
    }
}

/// The number of the offer that an event `offer_posted` is about, and what is offered.
///
/// # Errors
/// [`AgentError::Unexpected`] for an event that is not as documented.
pub fn posted(event: &ChainEvent) -> Result<(OfferId, Offer), AgentError> {
    let side = event.attribute("side").unwrap_or_default();
    let offer = Offer {
        side: match side {
            "sell" => Side::Sell,
            "buy" => Side::Buy,
            other => return Err(unexpected("side", other, "'sell' or 'buy'")),
        },
        feeder: read(event, "feeder", "a feeder number")?,
        intervals: read(event, "intervals", "a set of intervals")?,
        price: read(event, "price", "µ/kWh")?,
        left: read(event, "energy", "Wh")?,
    };
    Ok((read(event, "offer", "an offer number")?, offer))
}

/// An offer as far as no finalized trade has used it.
fn remaining(offer: &OfferResponse) -> Offer {
    Offer {
        side: match offer.side {
            assets::Side::Sell => Side::Sell,
            assets::Side::Buy => Side::Buy,
        },
        feeder: offer.feeder,
        intervals: offer.intervals,
        price: offer.price.u64(),
        left: offer.energy.u64().saturating_sub(offer.traded.u64()),
    }
}
