//! Solutions that come in several messages.

use gridweave_rules::market::{Progress, TradeKey, Value};
use gridweave_types::packed::packed_struct;
use gridweave_units::Interval;

use super::FlowRecord;

packed_struct! {
    /// A solution that comes in several messages.
    pub struct Draft {
        /// Its round.
        pub round: u32,
        /// Number of the next message.
        pub sequence: u32,
        /// [`Status::lowerings`] when it was begun.
        pub lowerings: u32,
        /// Trades so far.
        pub trades: u32,
        /// Energy of closed intervals (Wh).
        pub energy: u128,
        /// See [`Value::weighted`], of closed intervals.
        pub weighted: u128,
        /// First half of the digest.
        pub digest_head: u128,
        /// Second half of the digest.
        pub digest_tail: u128,
        /// Whether there is a last trade.
        pub started: bool,
        /// Its interval.
        pub interval: u32,
        /// Its seller.
        pub seller: u32,
        /// Its buyer.
        pub buyer: u32,
        /// Trades of its interval.
        pub open_trades: u32,
        /// Energy of its interval (Wh).
        pub open_energy: u128,
        /// See [`Value::weighted`], of its interval.
        pub open_weighted: u128,
        /// What feeders trade in its interval.
        pub flows: Vec<FlowRecord>,
    }
}

impl Draft {
    /// Digest of the messages so far.
    pub fn digest(&self) -> [u8; 32] {
        let mut digest = [0; 32];
        digest[..16].copy_from_slice(&self.digest_head.to_be_bytes());
        digest[16..].copy_from_slice(&self.digest_tail.to_be_bytes());
        digest
    }

    /// Notes the digest.
    pub fn set_digest(&mut self, digest: [u8; 32]) {
        let (head, tail) = digest.split_at(16);
        let half = |bytes: &[u8]| {
            bytes
                .try_into()
                .map(u128::from_be_bytes)
                .unwrap_or_default()
        };
        (self.digest_head, self.digest_tail) = (half(head), half(tail));
    }

    /// What its closed intervals are worth.
    pub fn value(&self) -> Value {
        Value {
            energy: self.energy,
            weighted: self.weighted,
        }
    }

    /// Notes what its closed intervals are worth.
    pub fn set_value(&mut self, value: Value) {
        (self.energy, self.weighted) = (value.energy, value.weighted);
    }

    /// Notes how far its verification has come.
    pub fn set_progress(&mut self, progress: &Progress) {
        self.started = progress.last.is_some();
        let (interval, seller, buyer): TradeKey = progress.last.unwrap_or_default();
        (self.interval, self.seller, self.buyer) = (interval.0, seller, buyer);
        self.open_trades = progress.trades;
        self.open_energy = progress.value.energy;
        self.open_weighted = progress.value.weighted;
        let flows = progress.flows.iter();
        self.flows = flows
            .map(|(feeder, flow)| FlowRecord::new(*feeder, flow))
            .collect();
    }
}

/// How far the verification of a draft has come.
pub fn draft_progress(draft: &Draft) -> Progress {
    let last = (Interval(draft.interval), draft.seller, draft.buyer);
    let flows = draft.flows.iter();
    Progress {
        last: draft.started.then_some(last),
        trades: draft.open_trades,
        value: Value {
            energy: draft.open_energy,
            weighted: draft.open_weighted,
        },
        flows: flows.map(|record| (record.feeder, record.flow())).collect(),
    }
}
