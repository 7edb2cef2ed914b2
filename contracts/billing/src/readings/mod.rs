//! Meter readings: signed, in sequence, plausible; and corrections of them.

mod batch;
mod correct;
mod submit;

pub use correct::correct;
pub use submit::submit;

use crate::booking::adjust_line;
use crate::error::ContractError;
use crate::state::{CORRECTIONS, Line, LineKey, Superseded};
use crate::tariff::Tariffs;
use crate::work::Work;

/// Gives a line that has an energy another one: the old one goes into the history, an open dispute
/// ends, and a settled line is settled again.
///
/// # Errors
/// [`ContractError::Settlement`].
pub fn replace(
    work: &mut Work,
    tariffs: &mut Tariffs,
    key: LineKey,
    line: &mut Line,
    metered: i64,
    origin: u8,
) -> Result<(), ContractError> {
    let mut history = CORRECTIONS.may_load(work.storage, key)?.unwrap_or_default();
    history.push(Superseded {
        metered: line.metered,
        received: line.received,
        origin: line.origin,
    });
    CORRECTIONS.save(work.storage, key, &history);
    let received = seconds(work.now);
    let change = |line: &mut Line| {
        line.metered = metered;
        line.origin = origin;
        line.received = received;
        line.disputed = false;
        line.corrections = line.corrections.saturating_add(1);
    };
    if line.settled {
        return adjust_line(work, tariffs, key, line, change);
    }
    change(line);
    Ok(())
}

/// Unix seconds in 32 bits, which last until 2106.
pub fn seconds(now: u64) -> u32 {
    u32::try_from(now).unwrap_or(u32::MAX)
}
