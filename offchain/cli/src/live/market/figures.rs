//! What a market run took on a real chain.

use std::collections::BTreeMap;

use gridweave_chain::ChainEvent;
use gridweave_chain::wasmd::{TxRecord, WasmdChain};
use gridweave_rules::market::{Layout, OfferId, unpack_trades};
use gridweave_types::market::ExecuteMsg;
use gridweave_units::Interval;
use serde::Serialize;

use super::setting::Setting;
use crate::market::register::Register;
use crate::market::wait::{Wait, Waits};

/// Figures of a run on a real chain. Gas is gas used; failed transactions count.
#[derive(Debug, Clone, Serialize)]
pub struct LiveFigures {
    /// The chain.
    pub chain_id: String,
    /// How many processes acted, 0 when everybody was a task of one.
    pub processes: usize,
    /// Transactions that called the market or `assets`.
    pub tx_total: usize,
    /// Of these, those that failed on the chain.
    pub tx_failed: usize,
    /// Their gas.
    pub gas_total: u64,
    /// Gas of accepted solutions, all their messages, and their trades.
    #[serde(skip)]
    pub verified: (u64, u64),
}

impl LiveFigures {
    /// Reads them from the transactions of the run, and how long the offers of `register` waited until
    /// solutions trade them, by block.
    pub fn collect(
        chain: &WasmdChain,
        setting: &Setting,
        records: &[TxRecord],
        register: &Register,
        processes: usize,
    ) -> (Self, Vec<Wait<u64>>) {
        let (market, assets) = (&setting.market.market, &setting.market.assets);
        let ours = |tx: &&TxRecord| {
            let mut calls = tx.calls.iter();
            calls.any(|(contract, _)| contract == market || contract == assets)
        };
        let own: Vec<_> = records.iter().filter(ours).collect();
        let mut desk = Desk::new(setting.terms.pricing.layout(), register);
        for tx in own.iter().filter(|tx| tx.code == 0) {
            for (contract, message) in &tx.calls {
                if contract == market
                    && let Ok(message) = serde_json::from_slice(message)
                {
                    desk.read(tx, message);
                }
            }
            for event in &tx.events {
                if event.contract.as_ref() == Some(market) {
                    desk.note(event);
                }
            }
        }
        let figures = Self {
            chain_id: chain.chain_id().into(),
            processes,
            tx_total: own.len(),
            tx_failed: own.iter().filter(|tx| tx.code != 0).count(),
            gas_total: own.iter().map(|tx| tx.gas_used).sum(),
            verified: desk.verified,
        };
        (figures, desk.waits.into_waits())
    }

    /// Gas of accepted solutions by trade.
    pub fn gas_per_trade(&self) -> Option<f64> {
        let (gas, trades) = self.verified;
        (trades > 0).then(|| gas as f64 / trades as f64)
    }
}

/// What was announced by the transactions that took effect.
pub fn events(records: &[TxRecord]) -> Vec<ChainEvent> {
    let done = records.iter().filter(|tx| tx.code == 0);
    done.flat_map(|tx| tx.events.clone()).collect()
}

/// A solution under way.
#[derive(Debug, Default)]
struct Draft {
    round: u32,
    /// Two by trade.
    offers: Vec<OfferId>,
    gas: u64,
}

/// Follows the market's transactions in order.
struct Desk<'a> {
    layout: Layout,
    register: &'a Register,
    /// Solutions in several messages, by solver.
    drafts: BTreeMap<String, Draft>,
    /// What the last message of a solution completes.
    complete: Draft,
    /// By height.
    waits: Waits<u64>,
    verified: (u64, u64),
}

impl<'a> Desk<'a> {
    fn new(layout: Layout, register: &'a Register) -> Self {
        Self {
            layout,
            register,
            drafts: BTreeMap::new(),
            complete: Draft::default(),
            waits: Waits::default(),
            verified: (0, 0),
        }
    }

    fn read(&mut self, tx: &TxRecord, message: ExecuteMsg) {
        let solver = tx.sender.clone().unwrap_or_default();
        match message {
            ExecuteMsg::SubmitSolution { round, trades, .. } => {
                let mut draft = Draft {
                    round,
                    ..Draft::default()
                };
                draft.add(self.layout, &trades, tx.gas_used);
                self.complete = draft;
            }
            ExecuteMsg::BeginSolution { round } => {
                let mut draft = Draft {
                    round,
                    ..Draft::default()
                };
                draft.gas = tx.gas_used;
                self.drafts.insert(solver, draft);
            }
            ExecuteMsg::AppendTrades { trades, .. } => {
                if let Some(draft) = self.drafts.get_mut(&solver) {
                    draft.add(self.layout, &trades, tx.gas_used);
                }
            }
            ExecuteMsg::SealSolution { .. } => {
                let mut draft = self.drafts.remove(&solver).unwrap_or_default();
                draft.gas += tx.gas_used;
                self.complete = draft;
            }
            _ => {}
        }
    }

    fn note(&mut self, event: &ChainEvent) {
        match event.action() {
            Some("offer_posted") => {
                let offer = event.attribute("offer").and_then(|text| text.parse().ok());
                if let Some(offer) = offer.filter(|own| self.register.posted.contains_key(own)) {
                    self.waits.begin(offer, event.height);
                }
            }
            Some("solution_accepted") => {
                let draft = std::mem::take(&mut self.complete);
                self.verified.0 += draft.gas;
                self.verified.1 += draft.offers.len() as u64 / 2;
                self.waits.end(draft.offers, event.height);
            }
            _ => {}
        }
    }
}

impl Draft {
    fn add(&mut self, layout: Layout, packed: &[u8], gas: u64) {
        self.gas += gas;
        // The contract has read them, so they can be read.
        let trades = unpack_trades(layout, Interval(self.round), packed).into_iter();
        for trade in trades.flatten().flatten() {
            self.offers.extend([trade.seller, trade.buyer]);
        }
    }
}
