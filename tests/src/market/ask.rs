//! Queries, and what must hold whenever they are asked.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, StdResult};
use gridweave_rules::market::{
    FeederLimits, Layout, Objective, Offer, PlainBook, Side, Terms, Trade, Verified, Violation,
    unpack_trades,
};
use gridweave_types::assets;
use gridweave_types::market::{
    BooksResponse, CandidateResponse, ConfigResponse, FeedersResponse, IntervalResponse,
    IntervalsResponse, OfferResponse, OffersResponse, QueryMsg, SolverResponse, StatusResponse,
};
use gridweave_units::Interval;
use serde::de::DeserializeOwned;

use super::{Market, Replay};

impl Market {
    /// Any query.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn ask<T: DeserializeOwned>(&self, question: &QueryMsg) -> StdResult<T> {
        let suite = &self.assets.billing.chain.suite;
        suite.query(&self.contract, question)
    }

    /// What is fixed.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn config(&self) -> ConfigResponse {
        self.ask(&QueryMsg::Config {}).expect("there are terms")
    }

    /// Where the market stands.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn status(&self) -> StatusResponse {
        self.ask(&QueryMsg::Status {}).expect("there is a status")
    }

    /// The candidate.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn candidate(&self) -> CandidateResponse {
        let answer = self.ask(&QueryMsg::Candidate {});
        answer.expect("there is a candidate")
    }

    /// One offer, unless it has ended.
    pub fn open(&self, offer: u32) -> Option<OfferResponse> {
        self.ask(&QueryMsg::Offer { offer }).ok()
    }

    /// All open offers.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn offers(&self) -> Vec<OfferResponse> {
        let mut offers: Vec<OfferResponse> = Vec::new();
        loop {
            let page: OffersResponse = self
                .ask(&QueryMsg::Offers {
                    start_after: offers.last().map(|last| last.offer),
                    limit: Some(100),
                })
                .expect("offers are listed");
            if page.offers.is_empty() {
                return offers;
            }
            offers.extend(page.offers);
        }
    }

    /// One interval.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn interval(&self, interval: u32) -> IntervalResponse {
        self.ask(&QueryMsg::Interval { interval })
            .expect("every interval has an answer")
    }

    /// Trades of one interval, final or the candidate's.
    ///
    /// # Panics
    /// When they are broken.
    pub fn trades(&self, interval: u32) -> Vec<Trade> {
        let packed = self.interval(interval).packed.unwrap_or_default();
        let trades = unpack_trades(Layout::Stored, Interval(interval), &packed);
        let trades = trades.expect("whole trades");
        trades.collect::<Result<_, _>>().expect("whole trades")
    }

    /// Open intervals of the candidate.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn candidate_intervals(&self) -> Vec<IntervalResponse> {
        let mut intervals: Vec<IntervalResponse> = Vec::new();
        loop {
            let page: IntervalsResponse = self
                .ask(&QueryMsg::CandidateIntervals {
                    start_after: intervals.last().map(|last| last.interval),
                    limit: Some(100),
                })
                .expect("intervals are listed");
            if page.intervals.is_empty() {
                return intervals;
            }
            intervals.extend(page.intervals);
        }
    }

    /// One solver.
    ///
    /// # Panics
    /// When it is not registered.
    pub fn solver(&self, solver: &Addr) -> SolverResponse {
        let solver = solver.to_string();
        self.ask(&QueryMsg::Solver { solver })
            .expect("a registered solver")
    }

    /// Money of bonds and rewards.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn books(&self) -> BooksResponse {
        self.ask(&QueryMsg::Books {}).expect("there are books")
    }

    /// What solutions are checked against.
    pub fn terms(&self) -> Terms {
        let (config, next) = (self.config(), self.status().next);
        Terms {
            objective: config.objective.into(),
            pricing: config.pricing.into(),
            next: Interval(next),
            last: Interval(next.saturating_add(config.limits.horizon)),
            interval_trades: config.limits.interval_trades,
        }
    }

    /// The open book, as a solver reads it.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn book(&self) -> PlainBook {
        let feeders: FeedersResponse = self
            .ask(&QueryMsg::Feeders {
                start_after: None,
                limit: Some(100),
            })
            .expect("feeders are listed");
        let limits = feeders.feeders.into_iter();
        let offers = self.offers().into_iter();
        PlainBook {
            offers: offers.map(|offer| (offer.offer, rule(&offer))).collect(),
            limits: limits
                .map(|row| (row.feeder, FeederLimits::from(row.limits)))
                .collect(),
            ..PlainBook::default()
        }
    }

    /// The candidate's trades that can still become final, in order.
    pub fn candidate_trades(&self) -> Vec<Trade> {
        let intervals = self.candidate_intervals().into_iter();
        let live = intervals.filter(|part| !part.void);
        live.flat_map(|part| self.trades(part.interval)).collect()
    }

    /// Asserts that the candidate is feasible for the book of the moment and worth what the contract
    /// says, by the rule and from queries alone.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn assert_candidate(&self) -> Verified {
        let (terms, trades) = (self.terms(), self.candidate_trades());
        let verified: Result<Verified, Violation> = self.book().verify(terms, &trades);
        let verified = verified.expect("the candidate is feasible");
        let objective = Objective::total(terms.objective, verified.value, terms.next);
        let said = self.candidate();
        assert_eq!(objective, Some(said.objective.i128()));
        assert_eq!(said.objective, self.status().objective);
        let mut used: BTreeMap<u32, u64> = BTreeMap::new();
        for part in self.candidate_intervals() {
            for trade in self.trades(part.interval) {
                *used.entry(trade.seller).or_default() += trade.energy;
                *used.entry(trade.buyer).or_default() += trade.energy;
            }
        }
        for offer in self.offers() {
            let used = used.get(&offer.offer).copied().unwrap_or_default();
            assert_eq!(offer.candidate.u64(), used, "offer {}", offer.offer);
        }
        verified
    }

    /// Asserts that every coin is in one book, here and in `assets`.
    ///
    /// # Panics
    /// When that is not so.
    #[track_caller]
    pub fn assert_conserved(&self) {
        let books = self.books();
        let held = books.bonds + books.pool + books.owed;
        assert_eq!(self.assets.billing.coins(&self.contract), held.u128());
        self.assets.assert_conserved();
    }

    /// Asserts that an auditor who only saw the events has the same book, found every finalized
    /// interval feasible, and knows what everybody has earned.
    ///
    /// # Panics
    /// When that is not so.
    #[track_caller]
    pub fn assert_replayed(&self) -> Replay {
        let mut replay = Replay::new(&self.contract, self.config());
        replay.follow(&self.log);
        replay.assert_like(&self.book());
        replay
    }

    /// What is left in the lock of an offer: energy and money.
    pub fn locked(&self, offer: u32) -> Option<(u64, u128)> {
        let question = assets::QueryMsg::Lock {
            market: self.contract.to_string(),
            offer: u64::from(offer).into(),
        };
        let lock: assets::LockResponse = self.assets.ask(&question).ok()?;
        Some((lock.energy.u64(), lock.money.u128()))
    }
}

/// An offer as the rules take it.
fn rule(offer: &OfferResponse) -> Offer {
    Offer {
        side: match offer.side {
            assets::Side::Sell => Side::Sell,
            assets::Side::Buy => Side::Buy,
        },
        feeder: offer.feeder,
        intervals: offer.intervals,
        price: offer.price.u64(),
        left: offer.energy.u64() - offer.traded.u64(),
    }
}
