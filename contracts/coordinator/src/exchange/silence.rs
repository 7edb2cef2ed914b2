//! Silent and caught participants: who they are and what is left of them.

use cosmwasm_std::Storage;
use gridweave_rules::exchange::Answer;
use gridweave_types::coordinator::{ExchangeConfig, SessionConfig};

use super::store::{remove_answer, save_answer, slots_in};
use crate::error::ContractError;
use crate::state::{
    ATTENDANCE, BASELINE, PARTICIPANTS, ParticipantKey, SessionId, Status, load_attendance,
};

/// Finds who was silent, and replaces by their baseline those who were for `max_misses` rounds.
pub fn note_silent(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    config: &SessionConfig,
    mode: &ExchangeConfig,
) -> Result<(Vec<u32>, Vec<u32>), ContractError> {
    let (mut silent, mut replaced) = (Vec::new(), Vec::new());
    for number in 0..status.participants {
        let key = (session, number);
        let mut attendance = load_attendance(storage, key)?;
        let rounds = status.round.saturating_sub(attendance.last_round);
        if attendance.replaced || rounds == 0 {
            continue;
        }
        silent.push(number);
        if rounds < config.max_misses {
            continue;
        }
        attendance.replaced = true;
        attendance.missed = attendance.missed.saturating_add(rounds);
        attendance.last_round = status.round;
        ATTENDANCE.save(storage, key, &attendance);
        reset_to_baseline(storage, key, mode)?;
        replaced.push(number);
    }
    Ok((silent, replaced))
}

/// Leaves the baseline as the only answer.
pub fn reset_to_baseline(
    storage: &mut dyn Storage,
    key: ParticipantKey,
    mode: &ExchangeConfig,
) -> Result<(), ContractError> {
    for slot in 1..slots_in(mode, u32::MAX) {
        remove_answer(storage, (key.0, key.1, slot));
    }
    let answer = Answer {
        injection: BASELINE.load(storage, key)?,
        cost: PARTICIPANTS.load(storage, key)?.baseline_cost,
    };
    save_answer(storage, (key.0, key.1, 0), &answer);
    Ok(())
}
