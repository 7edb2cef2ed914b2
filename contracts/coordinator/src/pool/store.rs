//! Storage of the pool mode.

use cosmwasm_std::{StdResult, Storage};
use gridweave_units::{Acc, FX_BYTES, Fx, pack};

use super::formula::Formula;
use crate::packed::{PackedMap, Record, RecordMap, split, take, take_fx};
use crate::state::{ParticipantKey, SessionId, missing};

/// What changes when a round closes or the set of participants does.
pub const POOL: RecordMap<SessionId, Pool> = RecordMap::new("pool");
/// What changes with each submission.
pub const RUNNING: RecordMap<SessionId, Running> = RecordMap::new("pool_running");
/// Price `λ` of the round being collected.
pub const PRICE: PackedMap<SessionId> = PackedMap::new("pool_price");
/// What plans and copies follow from since the round before.
pub const FORMULA: RecordMap<SessionId, Formula> = RecordMap::new("pool_formula");
/// What the best confirmed plan is made of.
pub const BEST: RecordMap<SessionId, Formula> = RecordMap::new("pool_best");
/// `w` of a participant's last answer; absent before its first.
pub const W: PackedMap<ParticipantKey> = PackedMap::new("pool_w");

/// A session between rounds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pool {
    /// `Σm` of the participants that still answer.
    pub mobility: Fx,
    /// What those that were replaced cost without trade.
    pub idle: Fx,
    /// Best lower bound so far.
    pub bound: Option<Fx>,
    /// The best confirmed plan.
    pub best: Best,
}

/// A confirmed plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Best {
    /// Round whose plan it is; 0 is that nobody trades.
    pub round: u32,
    /// Private cost of all.
    pub cost: Fx,
    /// What its winners gain (µ).
    pub gained: u128,
    /// What its losers lose (µ).
    pub lost: u128,
}

/// Sums of the latest answers, and what the round's iterates say about the plan before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Running {
    /// Participants that confirm the plan.
    pub confirmed: u32,
    /// What they say it costs them.
    pub cost: Acc,
    /// Best-response values at the settlement price.
    pub claims: Acc,
    /// What the winners among them gain (µ).
    pub gained: u128,
    /// What the losers among them lose (µ).
    pub lost: u128,
    /// `Σx`.
    pub answers: Vec<Fx>,
    /// `Σw`.
    pub relaxed: Vec<Fx>,
}

impl Running {
    /// The sums without what belongs to one round.
    pub fn carried(self) -> Self {
        Self {
            answers: self.answers,
            relaxed: self.relaxed,
            ..Self::default()
        }
    }
}

impl Record for Pool {
    fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(69);
        for number in [self.mobility, self.idle, self.bound.unwrap_or_default()] {
            bytes.extend(number.to_bits().to_le_bytes());
        }
        bytes.push(self.bound.is_some().into());
        bytes.extend(self.best.round.to_le_bytes());
        bytes.extend(self.best.cost.to_bits().to_le_bytes());
        bytes.extend(self.best.gained.to_le_bytes());
        bytes.extend(self.best.lost.to_le_bytes());
        bytes
    }

    fn unpack(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let mobility = take_fx(bytes)?;
        let idle = take_fx(bytes)?;
        let bound = take_fx(bytes)?;
        let known = take::<1>(bytes)? != [0];
        let best = Best {
            round: u32::from_le_bytes(take(bytes)?),
            cost: take_fx(bytes)?,
            gained: u128::from_le_bytes(take(bytes)?),
            lost: u128::from_le_bytes(take(bytes)?),
        };
        bytes.is_empty().then_some(Self {
            mobility,
            idle,
            bound: known.then_some(bound),
            best,
        })
    }
}

impl Record for Running {
    fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(68 + 2 * FX_BYTES * self.answers.len());
        bytes.extend(self.confirmed.to_le_bytes());
        for sum in [self.cost, self.claims] {
            bytes.extend(sum.to_bits().to_le_bytes());
        }
        bytes.extend(self.gained.to_le_bytes());
        bytes.extend(self.lost.to_le_bytes());
        bytes.extend(pack(&self.answers));
        bytes.extend(pack(&self.relaxed));
        bytes
    }

    fn unpack(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let head = Self {
            confirmed: u32::from_le_bytes(take(bytes)?),
            cost: Acc::from_bits(i128::from_le_bytes(take(bytes)?)),
            claims: Acc::from_bits(i128::from_le_bytes(take(bytes)?)),
            gained: u128::from_le_bytes(take(bytes)?),
            lost: u128::from_le_bytes(take(bytes)?),
            ..Self::default()
        };
        let [answers, relaxed] = split(bytes)?;
        Some(Self {
            answers,
            relaxed,
            ..head
        })
    }
}

/// The pool of a session, which is there from its first participant on.
pub fn load_pool(storage: &dyn Storage, session: SessionId) -> StdResult<Pool> {
    POOL.may_load(storage, session)?
        .ok_or_else(|| missing("pool"))
}

/// What plans and copies follow from, which is there once the session is open.
pub fn load_formula(storage: &dyn Storage, session: SessionId) -> StdResult<Formula> {
    FORMULA
        .may_load(storage, session)?
        .ok_or_else(|| missing("formula"))
}

/// `w` of a participant's last answer, zero before its first.
pub fn load_w(storage: &dyn Storage, key: ParticipantKey, horizon: usize) -> StdResult<Vec<Fx>> {
    let mut w = W.load(storage, key)?;
    w.resize(horizon, Fx::ZERO);
    Ok(w)
}

/// The running sums, zero at first.
pub fn load_running(
    storage: &dyn Storage,
    session: SessionId,
    horizon: usize,
) -> StdResult<Running> {
    let mut running = RUNNING.may_load(storage, session)?.unwrap_or_default();
    running.answers.resize(horizon, Fx::ZERO);
    running.relaxed.resize(horizon, Fx::ZERO);
    Ok(running)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_as_they_were_stored() {
        let numbers = |start: i32| vec![Fx::from_int(start), Fx::MIN, Fx::MAX];
        let pool = Pool {
            mobility: Fx::from_int(3),
            idle: -Fx::ONE,
            bound: Some(Fx::ZERO),
            best: Best {
                round: 7,
                cost: Fx::MIN,
                gained: u128::MAX,
                lost: 1,
            },
        };
        assert_eq!(Pool::unpack(&pool.pack()), Some(pool));
        assert_eq!(Pool::unpack(&Pool::default().pack()), Some(Pool::default()));
        let running = Running {
            confirmed: 3,
            cost: Acc::from_bits(-1),
            claims: Acc::from_bits(i128::MIN),
            gained: 2,
            lost: u128::MAX,
            answers: numbers(1),
            relaxed: numbers(2),
        };
        assert_eq!(Running::unpack(&running.pack()), Some(running));
    }
}
