//! Actions, one helper each.

use cosmwasm_std::{Addr, Binary, StdResult, coins};
use cw_multi_test::AppResponse;
use gridweave_rules::market::{Trade, escrow, pack_trade};
use gridweave_types::assets::{ExecuteMsg as AssetsMsg, PermitClass, PermitEntry, Side};
use gridweave_types::market::{ExecuteMsg, Pricing};
use gridweave_units::Interval;

use super::{Market, limits};
use crate::{DENOM, assert_refused};

/// What the contract answered.
pub type Sent = StdResult<AppResponse>;

/// A trade at a price (µ/kWh).
pub fn trade(interval: u32, seller: u32, buyer: u32, energy: u64, price: u64) -> Trade {
    Trade {
        interval: Interval(interval),
        seller,
        buyer,
        energy,
        price,
    }
}

/// Trades with prices, counted from `round`.
///
/// # Panics
/// When they do not fit.
pub fn packed(round: u32, trades: &[Trade]) -> Binary {
    packed_for(Pricing::Solver, round, trades)
}

fn packed_for(pricing: Pricing, round: u32, trades: &[Trade]) -> Binary {
    let mut bytes = Vec::new();
    for trade in trades {
        let fits = pack_trade(pricing.layout(), Interval(round), trade, &mut bytes);
        fits.expect("the trade fits");
    }
    bytes.into()
}

impl Market {
    /// Sends a message, with `amount` of the one denom.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn send(&mut self, sender: &Addr, message: &ExecuteMsg, amount: u128) -> Sent {
        let contract = self.contract.clone();
        let funds = match amount {
            0 => Vec::new(),
            _ => coins(amount, DENOM),
        };
        let suite = &mut self.assets.billing.chain.suite;
        let sent = suite.execute(sender, &contract, message, &funds);
        if let Ok(response) = &sent {
            self.log.extend(response.events.iter().cloned());
        }
        sent
    }

    /// Asserts that the contract refuses `message` with `expected` and keeps its state.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn refuses(&mut self, sender: &Addr, message: &ExecuteMsg, expected: &str) {
        let before = self.assets.billing.chain.suite.state(&self.contract);
        assert_refused(self.send(sender, message, 0), &expected);
        let after = self.assets.billing.chain.suite.state(&self.contract);
        assert_eq!(after, before, "a refused message left traces");
    }

    /// Sets a feeder's limits as the operator: export, import, consumption, production.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn limit(&mut self, feeder: u32, amounts: [u64; 4]) -> Sent {
        let operator = self.operator.clone();
        let limits = limits(amounts);
        let message = ExecuteMsg::SetFeederLimits { feeder, limits };
        self.send(&operator, &message, 0)
    }

    /// Gives an address the permit and the money that an offer needs.
    ///
    /// # Panics
    /// When `assets` refuses.
    pub fn equip(&mut self, holder: &Addr, class: PermitClass, energy: u64, price: u64) {
        let entry = PermitEntry {
            holder: holder.to_string(),
            class,
            energy: energy.into(),
        };
        let issue = AssetsMsg::IssuePermits {
            entries: vec![entry],
        };
        self.assets.operate(&issue).expect("a permit");
        let money = escrow(energy, price);
        if class.side == Side::Buy && money > 0 {
            let holder = holder.to_string();
            let pay = AssetsMsg::AddFinancialBalance { holder };
            let payer = self.assets.billing.chain.suite.funded("payer");
            self.assets.send(&payer, &pay, money).expect("money");
        }
    }

    /// Posts an offer with what it needs; its number.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn post(&mut self, name: &str, class: PermitClass, energy: u64, price: u64) -> u32 {
        let holder = self.assets.holder(name);
        self.equip(&holder, class, energy, price);
        self.offer(&holder, class, energy, price)
            .expect("an offer in range");
        self.status().last_offer
    }

    /// Posts an offer.
    ///
    /// # Errors
    /// What the contracts refuse.
    pub fn offer(&mut self, holder: &Addr, permit: PermitClass, energy: u64, price: u64) -> Sent {
        let message = ExecuteMsg::PostOffer {
            permit,
            energy: energy.into(),
            price: price.into(),
        };
        self.send(holder, &message, 0)
    }

    /// Cancels an offer.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn cancel(&mut self, name: &str, offer: u32) -> Sent {
        let owner = self.assets.holder(name);
        self.send(&owner, &ExecuteMsg::CancelOffer { offer }, 0)
    }

    /// The message with these trades for this round.
    pub fn solution(&self, trades: &[Trade], certificate: Option<Binary>) -> ExecuteMsg {
        let (round, pricing) = (self.status().next, self.config().pricing);
        ExecuteMsg::SubmitSolution {
            round,
            trades: packed_for(pricing, round, trades),
            certificate,
            salt: None,
        }
    }

    /// Submits a solution.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn submit(&mut self, solver: &Addr, trades: &[Trade]) -> Sent {
        let message = self.solution(trades, None);
        self.send(solver, &message, 0)
    }

    /// Submits a solution that becomes the candidate.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn accept(&mut self, trades: &[Trade]) -> AppResponse {
        let solver = self.solver.clone();
        let response = self.submit(&solver, trades).expect("a solution");
        assert_eq!(self.attribute(&response, "action"), "solution_accepted");
        response
    }

    /// Submits an infeasible or useless solution; the reason and the detail.
    ///
    /// # Panics
    /// When it is accepted, or refused as malformed.
    #[track_caller]
    pub fn reject(&mut self, trades: &[Trade]) -> (String, String) {
        let solver = self.solver.clone();
        let response = self.submit(&solver, trades).expect("a message in order");
        assert_eq!(self.attribute(&response, "action"), "solution_rejected");
        let reason = self.attribute(&response, "reason");
        (reason, self.attribute(&response, "detail"))
    }

    /// Finalizes a page.
    ///
    /// # Errors
    /// What the contracts refuse.
    pub fn crank(&mut self, interval: u32, limit: Option<u32>) -> Sent {
        let keeper = self.assets.billing.chain.suite.address("keeper");
        let message = ExecuteMsg::FinalizeInterval { interval, limit };
        self.send(&keeper, &message, 0)
    }

    /// Waits until an interval of a market with clearing time 1 may be finalized, and finalizes up to
    /// it.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn finalize(&mut self, interval: u32) {
        self.finalize_until(interval, interval);
    }

    /// Finalizes up to `interval` when interval `begun` begins, unless it has begun.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn finalize_until(&mut self, interval: u32, begun: u32) {
        let genesis = self.assets.billing.genesis;
        let starts = genesis + u64::from(begun) * u64::from(crate::billing::INTERVAL);
        if self.assets.billing.now() < starts {
            self.begin(begun);
        }
        while self.status().next <= interval {
            let next = self.status().next;
            self.crank(next, Some(500)).expect("the interval is due");
        }
        self.finish();
    }

    /// Finishes the interval under way.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn finish(&mut self) {
        use gridweave_types::market::Phase;
        while self.status().phase != Phase::Open {
            let under_way = self.status().next - 1;
            self.crank(under_way, Some(500)).expect("a page");
        }
    }

    /// An attribute of the contract's own answer.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn attribute(&self, response: &AppResponse, key: &str) -> String {
        let events = response.events.iter();
        let mut own = events.filter(|event| {
            event.ty == "wasm" && event.attributes[0].value == self.contract.as_str()
        });
        let event = own.next().expect("the contract answers");
        crate::billing::attribute(event, key).to_owned()
    }
}
