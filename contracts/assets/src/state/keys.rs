//! Classes as keys, big endian so that they sort.

use gridweave_types::assets::{ClaimClass, PermitClass, Side};
use gridweave_units::IntervalSet;

/// Bytes of a class of permits: side, feeder, set of intervals.
pub const CLASS_KEY_BYTES: usize = 1 + 4 + IntervalSet::BYTES;
/// A class of permits as a key.
pub type ClassKey = [u8; CLASS_KEY_BYTES];
/// Bytes of a claim: interval, side, feeder.
const CLAIM_KEY_BYTES: usize = 4 + 1 + 4;
/// A claim as a key.
pub type ClaimKey = [u8; CLAIM_KEY_BYTES];

/// A side as it is stored.
pub const fn side_of(side: Side) -> u8 {
    match side {
        Side::Sell => 0,
        Side::Buy => 1,
    }
}

/// The side that is stored so.
pub const fn side(stored: u8) -> Side {
    match stored {
        0 => Side::Sell,
        _ => Side::Buy,
    }
}

/// The key of a class.
pub fn class_key(class: &PermitClass) -> ClassKey {
    let mut key = [0; CLASS_KEY_BYTES];
    key[0] = side_of(class.side);
    key[1..5].copy_from_slice(&class.feeder.to_be_bytes());
    key[5..].copy_from_slice(&class.intervals.to_bytes());
    key
}

/// The key of a claim.
pub fn claim_key(claim: &ClaimClass) -> ClaimKey {
    let mut key = [0; CLAIM_KEY_BYTES];
    key[..4].copy_from_slice(&claim.interval.to_be_bytes());
    key[4] = side_of(claim.side);
    key[5..].copy_from_slice(&claim.feeder.to_be_bytes());
    key
}

/// The claim of a key.
pub fn claim_of(key: &ClaimKey) -> ClaimClass {
    let [a, b, c, d, stored, e, f, g, h] = *key;
    ClaimClass {
        side: side(stored),
        feeder: u32::from_be_bytes([e, f, g, h]),
        interval: u32::from_be_bytes([a, b, c, d]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_survive_their_keys() {
        for side in [Side::Sell, Side::Buy] {
            let claim = ClaimClass {
                side,
                feeder: 0x0102_0304,
                interval: 0x0506_0708,
            };
            assert_eq!(claim_of(&claim_key(&claim)), claim);
            assert_eq!(super::side(side_of(side)), side);
        }
    }
}
