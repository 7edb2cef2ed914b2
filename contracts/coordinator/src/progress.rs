//! What changes with every submission: the round's totals and the sender's attendance. Small, and of
//! a fixed size, so that an iterate costs the same in every round and session.

use gridweave_units::{Acc, Fx};

use crate::packed::{Record, take};

/// Totals of the current round.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// Iterates received from participants that still count.
    pub received: u32,
    /// Of these, accepted.
    pub accepted: u32,
    /// Iterates rejected.
    pub rejected: u32,
    /// Whether an earlier answer was given up, so that plans that count on it are void.
    pub retracted: bool,
    /// `‖r‖²` so far.
    pub primal: Acc,
    /// `‖s‖²` so far.
    pub dual: Acc,
}

impl Record for Tally {
    fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(45);
        for count in [self.received, self.accepted, self.rejected] {
            bytes.extend(count.to_le_bytes());
        }
        bytes.push(self.retracted.into());
        for sum in [&self.primal, &self.dual] {
            bytes.extend(sum.to_bits().to_le_bytes());
        }
        bytes
    }

    fn unpack(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let tally = Self {
            received: u32::from_le_bytes(take(bytes)?),
            accepted: u32::from_le_bytes(take(bytes)?),
            rejected: u32::from_le_bytes(take(bytes)?),
            retracted: take::<1>(bytes)? != [0],
            primal: Acc::from_bits(i128::from_le_bytes(take(bytes)?)),
            dual: Acc::from_bits(i128::from_le_bytes(take(bytes)?)),
        };
        bytes.is_empty().then_some(tally)
    }
}

/// Attendance of a participant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attendance {
    /// Last round it submitted in.
    pub last_round: u32,
    /// Last round with an accepted iterate.
    pub accepted_round: u32,
    /// Best-response value claimed with it (exchange sessions).
    pub claim: Fx,
    /// Rounds missed, as far as counted.
    pub missed: u32,
    /// Iterates rejected.
    pub rejected: u32,
    /// Whether it was replaced by its baseline.
    pub replaced: bool,
}

impl Record for Attendance {
    fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(25);
        for number in [
            self.last_round,
            self.accepted_round,
            self.missed,
            self.rejected,
        ] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(self.claim.to_bits().to_le_bytes());
        bytes.push(self.replaced.into());
        bytes
    }

    fn unpack(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let attendance = Self {
            last_round: u32::from_le_bytes(take(bytes)?),
            accepted_round: u32::from_le_bytes(take(bytes)?),
            missed: u32::from_le_bytes(take(bytes)?),
            rejected: u32::from_le_bytes(take(bytes)?),
            claim: Fx::from_bits(i64::from_le_bytes(take(bytes)?)),
            replaced: take::<1>(bytes)? != [0],
        };
        bytes.is_empty().then_some(attendance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_as_they_were_stored() {
        let tally = Tally {
            received: 1,
            accepted: u32::MAX,
            rejected: 3,
            retracted: true,
            primal: Acc::from_bits(-5),
            dual: Acc::from_bits(i128::MAX),
        };
        assert_eq!(Tally::unpack(&tally.pack()), Some(tally));
        let attendance = Attendance {
            last_round: 7,
            accepted_round: 6,
            claim: Fx::from_bits(i64::MIN),
            missed: 2,
            rejected: 1,
            replaced: true,
        };
        assert_eq!(Attendance::unpack(&attendance.pack()), Some(attendance));
    }

    #[test]
    fn bytes_of_another_length_are_no_record() {
        let bytes = Tally::default().pack();
        assert_eq!(Tally::unpack(&bytes[1..]), None);
        assert_eq!(Attendance::unpack(&bytes), None);
    }
}
