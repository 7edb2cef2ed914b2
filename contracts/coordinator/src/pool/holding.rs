//! A participant's answers, as far as a plan may still be made of them: the latest, and the one that
//! its part of the best confirmed plan comes from.

use cosmwasm_std::{StdResult, Storage};
use gridweave_units::Fx;

use crate::packed::{PackedMap, Record, RecordMap, take};
use crate::state::ParticipantKey;

/// Answers that are kept: the latest, that of the best plan, and one to write the next to.
const SLOTS: u32 = 3;

/// What the slots hold.
const HOLDINGS: RecordMap<ParticipantKey, Holding> = RecordMap::new("pool_holding");
/// Answers by session, participant and slot; absent where the participant does not trade.
const ANSWERS: PackedMap<(u64, u32, u32)> = PackedMap::new("pool_answer");

/// What the slots of a participant hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Holding([Slot; SLOTS as usize]);

/// A kept answer stands until there is one of a later round.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Slot {
    /// Round from which it stands; 0 is not to trade.
    from: u32,
    /// What the participant gains by the plan that it has confirmed of it (µ).
    gain: i64,
}

impl Holding {
    /// Slot of the answer that stands in `round`, if it is still there.
    fn standing(&self, round: u32) -> Option<u32> {
        let slots = (0..).zip(&self.0).filter(|(_, slot)| slot.from <= round);
        slots.max_by_key(|(_, slot)| slot.from).map(|(at, _)| at)
    }

    /// A slot that holds none of the answers that stand in `rounds`.
    fn free(&self, rounds: [u32; 2]) -> u32 {
        let kept = rounds.map(|round| self.standing(round));
        (0..SLOTS)
            .find(|&at| !kept.contains(&Some(at)))
            .unwrap_or_default()
    }
}

impl Record for Holding {
    fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(12 * SLOTS as usize);
        for slot in self.0 {
            bytes.extend(slot.from.to_le_bytes());
            bytes.extend(slot.gain.to_le_bytes());
        }
        bytes
    }

    fn unpack(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let mut slots = [Slot::default(); SLOTS as usize];
        for slot in &mut slots {
            slot.from = u32::from_le_bytes(take(bytes)?);
            slot.gain = i64::from_le_bytes(take(bytes)?);
        }
        bytes.is_empty().then_some(Self(slots))
    }
}

/// The answer that stands in `round`, and the gain confirmed with it; no trade if none was given.
pub fn standing(
    storage: &dyn Storage,
    key: ParticipantKey,
    round: u32,
    horizon: usize,
) -> StdResult<(Vec<Fx>, i64)> {
    let holding = load(storage, key)?;
    let Some(at) = holding.standing(round) else {
        return Ok((vec![Fx::ZERO; horizon], 0));
    };
    let mut answer = ANSWERS.load(storage, (key.0, key.1, at))?;
    answer.resize(horizon, Fx::ZERO);
    Ok((answer, holding.0[at as usize].gain))
}

/// Notes what the participant gains by the plan of `round`, which it confirms.
pub fn confirm(
    storage: &mut dyn Storage,
    key: ParticipantKey,
    round: u32,
    gain: i64,
) -> StdResult<()> {
    let mut holding = load(storage, key)?;
    if let Some(at) = holding.standing(round) {
        holding.0[at as usize].gain = gain;
        HOLDINGS.save(storage, key, &holding);
    }
    Ok(())
}

/// Stores the answer (or not to trade) that stands from `round` on. Those that stand in the rounds
/// `kept` are not touched.
pub fn write(
    storage: &mut dyn Storage,
    key: ParticipantKey,
    round: u32,
    answer: Option<&[Fx]>,
    kept: [u32; 2],
) -> StdResult<()> {
    let mut holding = load(storage, key)?;
    let at = holding.free(kept);
    holding.0[at as usize] = Slot {
        from: round,
        gain: 0,
    };
    HOLDINGS.save(storage, key, &holding);
    let slot = (key.0, key.1, at);
    match answer {
        Some(answer) => ANSWERS.save(storage, slot, answer),
        None => ANSWERS.remove(storage, slot),
    }
    Ok(())
}

/// Removes all answers but the one that stands in `round`.
pub fn keep_only(storage: &mut dyn Storage, key: ParticipantKey, round: u32) -> StdResult<()> {
    let kept = load(storage, key)?.standing(round);
    for at in (0..SLOTS).filter(|&at| Some(at) != kept) {
        ANSWERS.remove(storage, (key.0, key.1, at));
    }
    Ok(())
}

fn load(storage: &dyn Storage, key: ParticipantKey) -> StdResult<Holding> {
    Ok(HOLDINGS.may_load(storage, key)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::MockStorage;

    const KEY: ParticipantKey = (1, 2);

    fn answer(value: i32) -> Vec<Fx> {
        vec![Fx::from_int(value); 2]
    }

    #[test]
    fn the_latest_answer_and_the_best_one_stay() {
        let mut storage = MockStorage::new();
        let at = |storage: &MockStorage, round| standing(storage, KEY, round, 2).unwrap();
        assert_eq!(at(&storage, 5), (answer(0), 0));
        for round in 1..=9 {
            let own = answer(round as i32);
            // The plan of round 3 stays the best from round 5 on.
            let best = if round < 5 { 0 } else { 3 };
            if round > 1 {
                confirm(&mut storage, KEY, round - 1, 10 * i64::from(round - 1)).unwrap();
            }
            write(&mut storage, KEY, round, Some(&own), [best, round - 1]).unwrap();
            assert_eq!(at(&storage, round), (own, 0));
            assert_eq!(at(&storage, 20).0, at(&storage, round).0);
            if round >= 3 {
                assert_eq!(at(&storage, 3).0, answer(3));
            }
        }
        assert_eq!(at(&storage, 3), (answer(3), 30));
        write(&mut storage, KEY, 10, None, [3, 9]).unwrap();
        assert_eq!(
            (at(&storage, 10).0, at(&storage, 9).0),
            (answer(0), answer(9))
        );
        keep_only(&mut storage, KEY, 3).unwrap();
        assert_eq!(
            (at(&storage, 3), at(&storage, 9).0),
            ((answer(3), 30), answer(0))
        );
    }

    #[test]
    fn holdings_come_back_as_they_were_stored() {
        let slot = |from, gain| Slot { from, gain };
        let holding = Holding([slot(1, -1), slot(u32::MAX, i64::MIN), slot(0, 0)]);
        assert_eq!(Holding::unpack(&holding.pack()), Some(holding));
        assert_eq!(Holding::unpack(&[0; 35]), None);
    }
}
