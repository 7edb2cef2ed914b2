//! The contracts, and what must hold after every operation.

use std::collections::BTreeMap;

use gridweave_rules::market::{Objective, Trade};
use gridweave_testkit::assets::{FAR, permit};
use gridweave_testkit::coordinator::FEEDER;
use gridweave_testkit::market::{BOND, Market, packed, trade};
use gridweave_types::assets::Side;
use gridweave_types::market::{self, ExecuteMsg, IntervalResponse, OfferState, Phase};
use gridweave_units::{Interval, IntervalSet};
use proptest_state_machine::StateMachineTest;

use crate::coverage::{Event, count};
use crate::greedy;
use crate::operation::{Anything, Operation};

/// Intervals after which a life stands still: the assertions of `assets` look at so many.
const END: u32 = 50;

/// The system under test.
pub struct System {
    market: Market,
    finalized: BTreeMap<u32, IntervalResponse>,
    earlier: Vec<Trade>,
    steps: u32,
}

impl System {
    fn post(&mut self, name: &str, side: Side, far: bool, set: IntervalSet, terms: (u64, u64)) {
        let (energy, price) = terms;
        let (now, genesis) = (
            self.market.assets.billing.now(),
            self.market.assets.billing.genesis,
        );
        if genesis + u64::from(set.last().0) * 900 <= now {
            // There are no permits for what has begun.
            count(Event::Over);
            return;
        }
        let feeder = if far { FAR } else { FEEDER };
        let class = permit(side, feeder, &set.to_string());
        let holder = self.market.assets.holder(name);
        let before = self.market.candidate();
        self.market.equip(&holder, class, energy, price);
        let sent = self.market.offer(&holder, class, energy, price);
        let first_open = (now + 900).saturating_sub(genesis) / 900;
        let status = self.market.status();
        let in_time = u64::from(set.last().0) >= first_open && set.last().0 >= status.next;
        assert_eq!(sent.is_ok(), in_time, "{sent:?}");
        count(Event::Posted);
        // A superset of offers changes nothing about the candidate.
        assert_eq!(self.market.candidate(), before);
    }

    fn cancel(&mut self, index: usize) {
        let offers = self.market.offers();
        if let Some(offer) = offers.get(index % offers.len().max(1)) {
            let (number, owner) = (offer.offer, offer.owner.clone());
            let message = ExecuteMsg::CancelOffer { offer: number };
            let before = self.market.candidate();
            let sent = self.market.send(&owner, &message, 0);
            assert_eq!(sent.is_ok(), offer.state == OfferState::Open);
            count(match sent {
                Ok(_) => Event::Cancelled,
                Err(_) => Event::CancelRefused,
            });
            assert_eq!(self.market.candidate(), before);
        }
    }

    fn improve(&mut self, seed: u64, chunk: usize) {
        let (mut book, terms) = (self.market.book(), self.market.terms());
        let trades = greedy::solve(&book, terms.next, seed);
        if self.open_round() {
            let verified = book.verify(terms, &trades);
            assert!(verified.is_ok(), "{verified:?}");
        }
        self.submit(trades, if seed.is_multiple_of(2) { 0 } else { chunk });
    }

    fn open_round(&self) -> bool {
        let status = self.market.status();
        status.phase == Phase::Open && self.market.assets.billing.now() < status.due.u64()
    }

    /// Submits trades and checks the verdict against the rule.
    fn submit(&mut self, trades: Vec<Trade>, chunk: usize) {
        if trades.is_empty() {
            return;
        }
        let solver = self.market.solver.clone();
        let missing = BOND - self.market.solver(&solver).bond.u128();
        if missing > 0 {
            let register = ExecuteMsg::RegisterSolver {};
            self.market
                .send(&solver, &register, missing)
                .expect("a whole bond");
        }
        if !self.open_round() {
            assert!(self.market.submit(&solver, &trades).is_err());
            count(Event::SubmittedTooLate);
            return;
        }
        let (terms, before) = (self.market.terms(), self.market.candidate());
        let verified = self.market.book().verify(terms, &trades);
        let worth = verified.ok().map(|verified| {
            Objective::total(terms.objective, verified.value, terms.next).expect("small numbers")
        });
        let better = worth.is_some_and(|worth| worth > before.objective.i128());
        let action = match chunk {
            0 => {
                let sent = self.market.submit(&solver, &trades).expect("in order");
                self.market.attribute(&sent, "action")
            }
            _ => self.in_chunks(&trades, chunk),
        };
        assert_eq!(action == "solution_accepted", better, "{action} {worth:?}");
        count(match (worth, better) {
            (None, _) => Event::Infeasible,
            (Some(_), false) => Event::NotBetter,
            (Some(_), true) if chunk > 0 => Event::AcceptedInChunks,
            (Some(_), true) => Event::Accepted,
        });
        let after = self.market.candidate();
        match worth.filter(|_| better) {
            Some(worth) => assert_eq!(after.objective.i128(), worth),
            None => assert_eq!(after, before),
        }
        self.earlier = trades;
    }

    fn in_chunks(&mut self, trades: &[Trade], chunk: usize) -> String {
        let solver = self.market.solver.clone();
        let round = self.market.status().next;
        let begin = ExecuteMsg::BeginSolution { round };
        self.market
            .send(&solver, &begin, 0)
            .expect("a new solution");
        for (sequence, part) in (0..).zip(trades.chunks(chunk)) {
            let trades = packed(round, part);
            let append = ExecuteMsg::AppendTrades { sequence, trades };
            let sent = self.market.send(&solver, &append, 0).expect("in order");
            if self.market.attribute(&sent, "action") == "solution_rejected" {
                return "solution_rejected".into();
            }
        }
        let seal = ExecuteMsg::SealSolution {
            certificate: None,
            salt: None,
        };
        let sent = self.market.send(&solver, &seal, 0).expect("complete");
        self.market.attribute(&sent, "action")
    }

    fn guess(&self, choices: &[(usize, usize, u32, u64)]) -> Vec<Trade> {
        let offers = self.market.offers();
        let next = self.market.status().next;
        if offers.is_empty() {
            return Vec::new();
        }
        let of = |index: &usize| &offers[index % offers.len()];
        let mut trades: Vec<Trade> = choices
            .iter()
            .map(|(seller, buyer, ahead, energy)| {
                let (seller, buyer) = (of(seller), of(buyer));
                let price = seller.price.u64().midpoint(buyer.price.u64());
                trade(next + ahead, seller.offer, buyer.offer, *energy, price)
            })
            .collect();
        trades.sort_by_key(Trade::key);
        trades
    }

    fn crank(&mut self, limit: u32) {
        let status = self.market.status();
        let due = self.market.assets.billing.now() >= status.due.u64();
        let before = self.market.candidate().objective.i128();
        let (interval, possible) = match status.phase {
            Phase::Open => (status.next, due),
            _ => (status.next - 1, true),
        };
        let sent = self.market.crank(interval, Some(limit));
        assert_eq!(sent.is_ok(), possible, "{sent:?}");
        count(if possible {
            Event::Page
        } else {
            Event::TooEarly
        });
        if self.market.config().objective == market::Objective::ExpiringFirst {
            return; // There everything that is left is worth more in the next round.
        }
        // The candidate loses exactly what has become final.
        let next = self.market.status().next;
        let fixed = (status.next..next).map(|t| self.market.interval(t).objective.i128());
        let after = self.market.candidate().objective.i128();
        assert_eq!(after + fixed.sum::<i128>(), before);
    }

    fn check(&mut self) {
        if self.market.status().phase != Phase::Settling {
            self.market.assert_candidate();
        }
        let next = self.market.status().next;
        let latest = next.saturating_sub(3)..next;
        for interval in latest {
            let now = self.market.interval(interval);
            let then = self.finalized.entry(interval).or_insert_with(|| {
                let empty = now.trades == 0;
                count(if empty {
                    Event::FinalEmpty
                } else {
                    Event::FinalWithTrades
                });
                now.clone()
            });
            assert_eq!(*then, now, "finalized trades never change");
        }
        self.steps += 1;
        if self.steps.is_multiple_of(8) {
            self.market.assert_conserved();
        }
    }
}

impl StateMachineTest for System {
    type SystemUnderTest = Self;
    type Reference = Anything;

    fn init_test(objective: &market::Objective) -> Self {
        Self {
            market: Market::with(|terms| terms.objective = *objective),
            finalized: BTreeMap::new(),
            earlier: Vec::new(),
            steps: 0,
        }
    }

    fn apply(mut system: Self, _: &market::Objective, operation: Operation) -> Self {
        let next = system.market.status().next;
        match operation {
            Operation::Post {
                who,
                sells,
                far,
                ahead,
                bitmap,
                energy,
                price,
            } => {
                let side = if sells { Side::Sell } else { Side::Buy };
                // Some sets reach back, and some are over.
                let first = (next + ahead).saturating_sub(2);
                let set = IntervalSet::new(Interval(first), bitmap).expect("a set");
                let name = format!("holder {who}");
                system.post(&name, side, far, set, (energy, price));
            }
            Operation::Cancel(index) => system.cancel(index),
            Operation::Improve { seed, chunk } => system.improve(seed, chunk),
            Operation::Guess(choices) => {
                let trades = system.guess(&choices);
                system.submit(trades, 0);
            }
            Operation::Replay => {
                let trades = system.earlier.clone();
                if trades.iter().all(|trade| trade.interval >= Interval(next)) {
                    count(Event::Replayed);
                    system.submit(trades, 0);
                }
            }
            Operation::Pass(seconds) => {
                if next < END {
                    system.market.assets.billing.chain.pass(seconds);
                }
            }
            Operation::Crank(limit) => system.crank(limit),
            Operation::Limit { far, amounts } => {
                let feeder = if far { FAR } else { FEEDER };
                let sent = system.market.limit(feeder, amounts);
                sent.expect("the operator may");
                count(Event::Limited);
            }
        }
        system.check();
        system
    }

    fn teardown(mut system: Self, _: market::Objective) {
        system.market.finish();
        system.market.assert_conserved();
        system.market.assert_replayed();
        system.market.assert_audited();
        for (interval, then) in &system.finalized {
            assert_eq!(*then, system.market.interval(*interval));
        }
    }
}
