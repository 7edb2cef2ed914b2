//! What the `market` contract has announced: its book, candidate, final trades, solvers, rewards.

mod finalize;
mod offers;
mod solutions;
mod solvers;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use gridweave_rules::market::reward::Share;
use gridweave_rules::market::{FeederLimits, Objective, OfferId, PlainBook, Terms, Trade, Value};
use gridweave_types::market::ConfigResponse;
use gridweave_units::Interval;

use super::announced::Announced;
use super::expected::Expected;
use super::review::Review;
use crate::{AuditError, MarketSubject};
use solvers::Solver;

/// Who posted an offer, and how it stands.
#[derive(Debug, Clone)]
struct Posted {
    owner: String,
    /// The round with which it ends, where it was cancelled, unless the candidate uses it then.
    closing: Option<u32>,
}

/// The best feasible solution so far.
#[derive(Debug, Clone, Default)]
struct Candidate {
    /// Number of the solution; 0 for `p = 0`.
    solution: u64,
    /// Trades when it was accepted.
    trades: u64,
    /// What it is worth over open intervals; unknown once limits have voided some of it.
    value: Option<Value>,
    /// Intervals that lowered limits have voided.
    voided: BTreeSet<u32>,
    shares: Vec<Share<String>>,
}

/// An interval whose trades are being announced.
#[derive(Debug, Clone)]
struct UnderWay {
    interval: u32,
    /// Trades, energy (Wh) and objective as announced.
    trades: usize,
    energy: u128,
    objective: i128,
    void: bool,
    /// The book at the moment at which it became final.
    book: PlainBook,
    found: Vec<Trade>,
}

/// Everything that the contract has announced.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    terms: ConfigResponse,
    /// The next interval to be finalized.
    next: u32,
    last_offer: OfferId,
    last_solution: u64,
    /// Open offers with what is left of them, and the feeders' limits.
    book: PlainBook,
    posted: BTreeMap<OfferId, Posted>,
    /// Open offers by owner.
    counts: BTreeMap<String, u32>,
    candidate: Candidate,
    under_way: Option<UnderWay>,
    /// Whether nothing of the interval before `next` is left to do.
    open: bool,
    /// Whether limits were lowered in this round.
    lowered: bool,
    solvers: BTreeMap<String, Solver>,
    /// What rewards are paid from (µ).
    pub pool: u128,
    /// Rewards to claim by solver (µ).
    owed: BTreeMap<String, u128>,
}

impl Exchange {
    /// From the instantiation, which must come first.
    pub fn read(
        message: &Announced,
        subject: &MarketSubject,
        review: &mut Review,
    ) -> Result<Self, AuditError> {
        if message.name != "instantiated" {
            return Err(message.response.misplaced("the instantiation first"));
        }
        let terms: ConfigResponse = message.response.json("config")?;
        if terms.interval_seconds == 0 {
            return Err(message.response.misplaced("intervals of at least 1 second"));
        }
        review.same("assets", terms.assets.as_str(), subject.assets.as_str());
        let next = message.response.number("next")?;
        let mut this = Self {
            terms,
            next,
            last_offer: 0,
            last_solution: 0,
            book: PlainBook::default(),
            posted: BTreeMap::new(),
            counts: BTreeMap::new(),
            candidate: Candidate {
                value: Some(Value::default()),
                ..Candidate::default()
            },
            under_way: None,
            open: true,
            lowered: false,
            solvers: BTreeMap::new(),
            pool: 0,
            owed: BTreeMap::new(),
        };
        this.next = this.first_open(review.now);
        review.same("next", next, this.next);
        Ok(this)
    }

    /// Follows a message; what it sends to `assets` goes to `sent`.
    pub fn take(
        &mut self,
        message: &Announced,
        review: &mut Review,
        sent: &mut VecDeque<Expected>,
    ) -> Result<(), AuditError> {
        let alone = message.name == "finalized" || message.details.is_empty();
        review.holds("events", alone, "none beside the response");
        match &*message.name {
            "feeder_limits_set" => self.limits_set(message, review),
            "offer_posted" => self.offer_posted(message, review, sent),
            "offer_cancelled" => self.offer_cancelled(message, review),
            "solution_accepted" => self.solution_accepted(message, review),
            "solution_rejected" => self.solution_rejected(message, review),
            "solution_begun" => self.solution_begun(message, review),
            "trades_appended" => self.trades_appended(message, review),
            "solution_abandoned" => self.solution_abandoned(message, review),
            "finalized" => self.finalized(message, review, sent),
            "solver_registered" => self.solver_registered(message, review),
            "solver_unregistered" => self.solver_unregistered(message, review),
            "solution_committed" => self.solution_committed(message, review),
            "solution_withheld" => self.solution_withheld(message, review),
            "rewards_funded" => self.rewards_moved(message, review, true),
            "rewards_defunded" => self.rewards_moved(message, review, false),
            "reward_claimed" => self.reward_claimed(message, review),
            "migrated" => Ok(()),
            "instantiated" => {
                review.differ("instantiation", "again", "once");
                Ok(())
            }
            _ => Err(message
                .response
                .misplaced("an action of the market contract")),
        }
    }

    /// Bonds of all solvers, and rewards to claim (µ).
    pub fn bonds_and_owed(&self) -> (u128, u128) {
        let bonds = self.solvers.values().map(|solver| solver.bond);
        let sum = |sum: u128, one: u128| sum.saturating_add(one);
        let owed = self.owed.values().copied();
        (bonds.fold(0, sum), owed.fold(0, sum))
    }

    /// The next interval to be finalized.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// Offers that are not ended.
    pub fn open_offers(&self) -> usize {
        self.posted.len()
    }

    fn limits_set(&mut self, message: &Announced, review: &mut Review) -> Result<(), AuditError> {
        let fields = &message.response;
        let limits = FeederLimits {
            export: fields.number("export")?,
            import: fields.number("import")?,
            consumption: fields.number("consumption")?,
            production: fields.number("production")?,
        };
        let voided = fields.list("voided")?;
        let old = self.book.limits.insert(fields.number("feeder")?, limits);
        let lower = old.is_some_and(|old| {
            limits.export < old.export
                || limits.import < old.import
                || limits.consumption < old.consumption
                || limits.production < old.production
        });
        self.lowered |= lower;
        review.holds(
            "voided",
            lower || voided.is_empty(),
            "none, limits only rose",
        );
        if !voided.is_empty() {
            // What the candidate would have traded then is in transactions, not in events.
            self.candidate.value = None;
            self.candidate.voided.extend(voided);
        }
        Ok(())
    }

    fn objective(&self) -> Objective {
        self.terms.objective.into()
    }

    fn rules(&self, next: u32) -> Terms {
        Terms {
            objective: self.objective(),
            pricing: self.terms.pricing.into(),
            next: Interval(next),
            last: Interval(next.saturating_add(self.terms.limits.horizon)),
            interval_trades: self.terms.limits.interval_trades,
        }
    }

    /// From when on an interval may be finalized (Unix seconds).
    fn due_at(&self, interval: u32) -> u64 {
        let length = u64::from(self.terms.interval_seconds);
        let end = u64::from(self.terms.genesis) + (u64::from(interval) + 1) * length;
        end.saturating_sub(u64::from(self.terms.clearing) * length)
    }

    /// The first interval that may not be finalized yet.
    fn first_open(&self, now: u64) -> u32 {
        let length = u64::from(self.terms.interval_seconds);
        let ahead = now.saturating_add(u64::from(self.terms.clearing) * length);
        let elapsed = ahead.saturating_sub(self.terms.genesis.into());
        let first = elapsed.checked_div(length).unwrap_or_default();
        u32::try_from(first).unwrap_or(u32::MAX)
    }
}
