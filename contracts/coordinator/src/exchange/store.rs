//! Storage of the exchange mode.
//!
//! A submission writes the participant's own answer slots and nothing else of this; the rest is
//! written when a round closes.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{StdResult, Storage};
use cw_storage_plus::Map;
use gridweave_rules::checks::Witness;
use gridweave_rules::distflow::Network;
use gridweave_rules::exchange::{Answer, Participant};
use gridweave_types::coordinator::{ExchangeConfig, Master};
use gridweave_types::grid::Branch;
use gridweave_units::Fx;

use crate::error::ContractError;
use crate::packed::PackedMap;
use crate::state::{PARTICIPANTS, ParticipantKey, SessionId, Status, missing};

/// Session, participant, slot.
pub type SlotKey = (SessionId, u32, u32);

/// Branches of the feeder at opening, parents first, and its root.
pub const NETWORK: Map<SessionId, StoredNetwork> = Map::new("network");
/// Reactive injection of each participant.
pub const REACTIVE: PackedMap<ParticipantKey> = PackedMap::new("reactive");
/// Kept answers: private cost, then the net injection.
const ANSWERS: PackedMap<SlotKey> = PackedMap::new("answers");
/// Normals `ρ(c − x)` of the kept answers, for the monotonicity check.
const NORMALS: PackedMap<SlotKey> = PackedMap::new("normals");
/// Plan (or copy) and prices that the participant's centres are made of, then a bound on its best
/// response at these prices.
pub const ASSIGNED: PackedMap<ParticipantKey> = PackedMap::new("assigned");
/// Weights of the current plan: participants × slots.
const WEIGHTS: PackedMap<SessionId> = PackedMap::new("weights");
/// Energy price of the current plan.
pub const ENERGY: PackedMap<SessionId> = PackedMap::new("energy");
/// Voltage multipliers of the query master: interval-major, one per bus; absent without voltage.
pub const MULTIPLIERS: PackedMap<SessionId> = PackedMap::new("multipliers");
/// Best plan so far: participants × T.
pub const CANDIDATE_PLAN: PackedMap<SessionId> = PackedMap::new("candidate_plan");
/// `w` of the plain ADMM: participants × T.
pub const ADMM_W: PackedMap<SessionId> = PackedMap::new("admm_w");
/// Final loss prices: T × buses.
pub const FINAL_LOSS: PackedMap<SessionId> = PackedMap::new("final_loss");
/// Final voltage prices: T × buses.
pub const FINAL_VOLTAGE: PackedMap<SessionId> = PackedMap::new("final_voltage");
/// The best candidate.
pub const CANDIDATE: Map<SessionId, Candidate> = Map::new("candidate");
/// Bounds.
pub const STATE: Map<SessionId, Bounds> = Map::new("bounds");

/// The network of a session.
#[cw_serde]
pub struct StoredNetwork {
    /// Root bus.
    pub root: u32,
    /// Branches, parents first.
    pub branches: Vec<Branch>,
}

/// The best candidate.
#[cw_serde]
pub struct Candidate {
    /// Cost.
    pub cost: Fx,
    /// Largest voltage violation.
    pub violation: Fx,
    /// Round in which it was found; 0 is the baseline.
    pub round: u32,
}

/// State of the certificate.
#[cw_serde]
#[derive(Default)]
pub struct Bounds {
    /// Bound at the current prices before best responses; `None` when these prices give none.
    pub base: Option<Fx>,
    /// Best bound so far.
    pub best: Option<Fx>,
}

/// What a participant's centres are made of.
pub struct Assigned {
    /// Plan `y` (or copy `z`).
    pub plan: Vec<Fx>,
    /// Prices `π`.
    pub prices: Vec<Fx>,
    /// Upper bound on its best response `max π·x − f(x)`, should it stay silent.
    pub support: Fx,
}

/// Participants of a session with the slots that their answers came from.
pub struct Loaded {
    /// Participants.
    pub participants: Vec<Participant>,
    /// Slot of each kept answer, per participant.
    pub slots: Vec<Vec<u32>>,
}

impl StoredNetwork {
    /// Bus numbers in topological order.
    pub fn buses(&self) -> Vec<u32> {
        let below = self.branches.iter().map(|branch| branch.bus);
        core::iter::once(self.root).chain(below).collect()
    }

    /// The network in indices.
    pub fn to_network(&self) -> Result<Network, ContractError> {
        let buses = self.buses();
        let index = index_of(&buses);
        let mut branches = Vec::with_capacity(self.branches.len());
        for branch in &self.branches {
            let parent = index(branch.parent).ok_or_else(|| missing("parent bus"))?;
            branches.push((parent, branch.r, branch.x));
        }
        Ok(Network::new(&branches)?)
    }
}

/// Finds the index of a bus number.
pub fn index_of(buses: &[u32]) -> impl Fn(u32) -> Option<usize> + use<> {
    let mut order: Vec<(u32, usize)> = buses.iter().copied().zip(0..).collect();
    order.sort_unstable();
    move |bus| {
        let at = order
            .binary_search_by_key(&bus, |&(number, _)| number)
            .ok()?;
        Some(order[at].1)
    }
}

/// Answer slots that exist while `round` is collected: the baseline and a ring of answers.
pub fn slots_in(mode: &ExchangeConfig, round: u32) -> u32 {
    let queries = mode.rho.start.len() as u32;
    match &mode.master {
        Master::Admm { .. } => 2,
        Master::Combination { memory, .. } => {
            round.saturating_mul(queries).saturating_add(1).min(*memory)
        }
    }
}

/// Slot of answer `query` of `round`: a ring above the baseline in slot 0.
pub fn slot_of(mode: &ExchangeConfig, round: u32, query: u32) -> u32 {
    let queries = mode.rho.start.len() as u32;
    match &mode.master {
        Master::Admm { .. } => 1,
        Master::Combination { memory, .. } => {
            let number = (round - 1).saturating_mul(queries).saturating_add(query);
            1 + number % (memory - 1)
        }
    }
}

/// Stores an answer.
pub fn save_answer(storage: &mut dyn Storage, key: SlotKey, answer: &Answer) {
    let mut values = Vec::with_capacity(answer.injection.len() + 1);
    values.push(answer.cost);
    values.extend_from_slice(&answer.injection);
    ANSWERS.save(storage, key, &values);
}

/// Loads an answer.
pub fn may_load_answer(storage: &dyn Storage, key: SlotKey) -> StdResult<Option<Answer>> {
    let Some(values) = ANSWERS.may_load(storage, key)? else {
        return Ok(None);
    };
    let (cost, injection) = values.split_first().ok_or_else(|| missing("answer"))?;
    Ok(Some(Answer {
        injection: injection.to_vec(),
        cost: *cost,
    }))
}

/// Stores the normal of an answer.
pub fn save_normal(storage: &mut dyn Storage, key: SlotKey, normal: &[Fx]) {
    NORMALS.save(storage, key, normal);
}

/// The kept answer in a slot with its normal, if both are there.
pub fn may_load_witness(storage: &dyn Storage, key: SlotKey) -> StdResult<Option<Witness>> {
    let (Some(answer), Some(normal)) = (
        may_load_answer(storage, key)?,
        NORMALS.may_load(storage, key)?,
    ) else {
        return Ok(None);
    };
    Ok(Some(Witness {
        answer: answer.injection,
        normal,
    }))
}

/// Removes an answer and its normal.
pub fn remove_answer(storage: &mut dyn Storage, key: SlotKey) {
    ANSWERS.remove(storage, key);
    NORMALS.remove(storage, key);
}

/// Stores what a participant's centres are made of.
pub fn save_assigned(storage: &mut dyn Storage, key: ParticipantKey, assigned: &Assigned) {
    let mut values = assigned.plan.clone();
    values.extend_from_slice(&assigned.prices);
    values.push(assigned.support);
    ASSIGNED.save(storage, key, &values);
}

/// Loads what a participant's centres are made of.
pub fn load_assigned(storage: &dyn Storage, key: ParticipantKey) -> StdResult<Assigned> {
    let mut plan = ASSIGNED.load(storage, key)?;
    let support = plan.pop().ok_or_else(|| missing("assignment"))?;
    let prices = plan.split_off(plan.len() / 2);
    Ok(Assigned {
        plan,
        prices,
        support,
    })
}

/// Loads every participant with its answers in the first `slots` slots and the stored weights;
/// answers that came after the weights have weight 0.
pub fn load_participants(
    storage: &dyn Storage,
    session: SessionId,
    status: &Status,
    network: &StoredNetwork,
    slots: u32,
) -> StdResult<Loaded> {
    let index = index_of(&network.buses());
    let stored = WEIGHTS.load(storage, session)?;
    let width = stored.len() / status.participants.max(1) as usize;
    let mut loaded = Loaded {
        participants: Vec::with_capacity(status.participants as usize),
        slots: Vec::with_capacity(status.participants as usize),
    };
    for number in 0..status.participants {
        let info = PARTICIPANTS.load(storage, (session, number))?;
        let bus = index(info.bus).ok_or_else(|| missing("participant's bus"))?;
        let mut participant = Participant {
            bus,
            answers: Vec::new(),
            weights: Vec::new(),
        };
        let mut kept = Vec::new();
        for slot in 0..slots {
            let Some(answer) = may_load_answer(storage, (session, number, slot))? else {
                continue;
            };
            participant.push(answer);
            kept.push(slot);
            if (slot as usize) < width {
                let weight = stored[number as usize * width + slot as usize];
                participant.weights[kept.len() - 1] = weight;
            }
        }
        if !participant.weights_are_valid() {
            // Newly added, or what it stood for was given up: the baseline in slot 0 is left.
            participant.weights.fill(Fx::ZERO);
            participant.weights[0] = Fx::ONE;
        }
        loaded.participants.push(participant);
        loaded.slots.push(kept);
    }
    Ok(loaded)
}

/// Stores the weights as participants × `slots`.
pub fn save_weights(storage: &mut dyn Storage, session: SessionId, loaded: &Loaded, slots: u32) {
    let mut values = vec![Fx::ZERO; loaded.participants.len() * slots as usize];
    for (number, participant) in loaded.participants.iter().enumerate() {
        for (&slot, &weight) in loaded.slots[number].iter().zip(&participant.weights) {
            values[number * slots as usize + slot as usize] = weight;
        }
    }
    WEIGHTS.save(storage, session, &values);
}

/// A participant's row of the stored weights.
pub fn weights_row(
    storage: &dyn Storage,
    session: SessionId,
    status: &Status,
    participant: u32,
) -> StdResult<Vec<Fx>> {
    let stored = WEIGHTS.load(storage, session)?;
    let width = stored.len() / status.participants.max(1) as usize;
    let start = participant as usize * width;
    Ok(stored
        .get(start..start + width)
        .map(<[Fx]>::to_vec)
        .unwrap_or_default())
}
