//! Terms under which the contract settles.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Int64, Uint64};
use gridweave_rules::settlement as rule;
use gridweave_units::{Clock, Price};

/// One term of a tariff.
#[cw_serde]
pub enum Term {
    /// The price that the commitment was made at: the DLMP of its bus and interval.
    Dlmp {},
    /// The same price always.
    Flat {
        /// µ/kWh.
        price: Int64,
    },
    /// Interval `t` has price `t mod n` of the `n` prices.
    TimeOfUse {
        /// µ/kWh; 1 to [`rule::MAX_SLOTS`].
        prices: Vec<Int64>,
    },
    /// Charge for the largest draw in one interval of a period.
    Demand {
        /// µ per kWh drawn in that interval. A price per kW is this times the hours of an interval.
        price: Uint64,
    },
}

/// A tariff: the price of energy is the sum of its terms.
#[cw_serde]
pub struct Tariff {
    /// At most [`rule::MAX_TERMS`].
    pub terms: Vec<Term>,
    /// Imbalance factor `κ` in basis points, 0 to 10,000.
    pub imbalance_bps: u16,
}

impl Tariff {
    /// The tariff as the rule takes it; `None` when the factor or a demand price is out of range.
    pub fn rule(&self) -> Option<rule::Tariff> {
        let terms = self.terms.iter().map(Term::rule);
        Some(rule::Tariff {
            terms: terms.collect::<Option<_>>()?,
            imbalance: rule::ImbalanceFactor::new(self.imbalance_bps)?,
        })
    }
}

impl Term {
    fn rule(&self) -> Option<rule::Term> {
        Some(match self {
            Self::Dlmp {} => rule::Term::Dlmp,
            Self::Flat { price } => rule::Term::Flat(Price(price.i64())),
            Self::TimeOfUse { prices } => {
                rule::Term::TimeOfUse(prices.iter().map(|price| Price(price.i64())).collect())
            }
            Self::Demand { price } => rule::Term::Demand(Price(i64::try_from(price.u64()).ok()?)),
        })
    }
}

/// Windows in seconds of chain time, each at most [`super::MAX_WINDOW`].
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Windows {
    /// After the end of an interval: how long a reading is on time. After it, a silent meter's
    /// energy is estimated when the interval is settled.
    pub reading: u32,
    /// After the reading deadline, and after each later reading: how long it may be disputed. An
    /// interval may be settled from `end + reading + dispute`.
    pub dispute: u32,
    /// After the end of an interval: how long readings, corrections and resolutions are taken; at
    /// least `reading + dispute`. Then an open dispute lapses and the reading stands.
    pub correction: u32,
}

impl Windows {
    /// When intervals of `interval_seconds`, the first of which begins at `genesis` (unix seconds),
    /// may be reported, settled and are final.
    pub const fn timeline(self, genesis: u32, interval_seconds: u32) -> rule::Timeline {
        rule::Timeline {
            clock: Clock {
                genesis,
                interval_seconds,
            },
            reading: self.reading,
            dispute: self.dispute,
            correction: self.correction,
        }
    }
}

/// What a message may carry.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Limits {
    /// Largest magnitude of a reading or commitment (Wh), at most [`rule::MAX_ENERGY`].
    pub energy: Uint64,
    /// Largest magnitude of a price (µ/kWh), at most [`rule::MAX_PRICE`].
    pub price: Uint64,
    /// Estimated lines since its last reading after which an account takes no new commitments.
    pub silent: u32,
    /// Intervals ahead of the present that a commitment may lie.
    pub ahead: u32,
}

/// How a schedule contract hands over commitments.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum SourceKind {
    /// A coordinator, whose sessions anybody may have recorded by `RecordSession`.
    Sessions,
    /// A contract that sends `RecordCommitments` itself, once for an account and interval.
    Recorder,
    /// A contract that sends `RecordCommitments` itself, and whose commitments for the same account
    /// and interval add. It answers for not repeating any.
    Additions,
}
