//! How much energy of permits could be used in each interval: what the operator's limit is about.

use gridweave_types::assets::Side;
use gridweave_units::{Interval, IntervalSet};

use crate::error::{ContractError, overflow};
use crate::state::{Tally, side_of};
use crate::work::Work;

/// Intervals whose numbers are stored in one record.
pub const BLOCK: u32 = 32;

/// One side of a feeder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Feeder number.
    pub feeder: u32,
    /// Side.
    pub side: Side,
}

impl Tally {
    /// Energy of one interval of the block (Wh).
    pub fn get(&self, at: usize) -> u64 {
        self.energies.get(at).copied().unwrap_or(0)
    }

    fn set(&mut self, at: usize, energy: u64) {
        if at >= self.energies.len() {
            self.energies.resize(at + 1, 0);
        }
        self.energies[at] = energy;
        let zeros = self.energies.iter().rev().take_while(|left| **left == 0);
        let kept = self.energies.len() - zeros.count();
        self.energies.truncate(kept);
    }
}

/// Block of an interval and its place there.
pub const fn locate(interval: u32) -> (u32, usize) {
    (interval / BLOCK, (interval % BLOCK) as usize)
}

/// Adds energy to each interval of the set, within `limit` if there is one.
///
/// # Errors
/// [`ContractError::IssueLimit`], [`ContractError::Overflow`].
pub fn raise(
    work: &mut Work,
    place: Place,
    set: IntervalSet,
    energy: u64,
    limit: Option<u64>,
) -> Result<(), ContractError> {
    change(work, place, set, |interval, issued| {
        let raised = issued.checked_add(energy);
        let raised = raised.ok_or(overflow("permits of an interval"))?;
        match limit {
            Some(limit) if raised > limit => Err(ContractError::IssueLimit {
                feeder: place.feeder,
                side: place.side,
                interval: interval.0,
                asked: energy,
                issued,
                limit,
            }),
            _ => Ok(raised),
        }
    })
}

/// Takes energy from each interval of the set.
///
/// # Errors
/// [`ContractError::Overflow`], which only a defect can cause.
pub fn lower(
    work: &mut Work,
    place: Place,
    set: IntervalSet,
    energy: u64,
) -> Result<(), ContractError> {
    change(work, place, set, |_, issued| {
        let lowered = issued.checked_sub(energy);
        lowered.ok_or(overflow("permits of an interval"))
    })
}

fn change(
    work: &mut Work,
    place: Place,
    set: IntervalSet,
    rule: impl Fn(Interval, u64) -> Result<u64, ContractError>,
) -> Result<(), ContractError> {
    let mut rest = Some(set);
    while let Some(set) = rest {
        let (block, _) = locate(set.first().0);
        let tally = work.tally((place.feeder, (side_of(place.side), block)))?;
        for interval in set
            .iter()
            .take_while(|interval| locate(interval.0).0 == block)
        {
            let at = locate(interval.0).1;
            tally.set(at, rule(interval, tally.get(at))?);
        }
        let next = (block + 1).checked_mul(BLOCK).map(Interval);
        rest = next.and_then(|next| set.not_before(next));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_at_the_end_are_left_out() {
        let mut tally = Tally::default();
        tally.set(5, 7);
        tally.set(2, 1);
        assert_eq!((tally.get(5), tally.get(2), tally.get(31)), (7, 1, 0));
        tally.set(5, 0);
        assert_eq!(tally.energies, [0, 0, 1]);
        tally.set(2, 0);
        assert_eq!(tally, Tally::default());
    }
}
