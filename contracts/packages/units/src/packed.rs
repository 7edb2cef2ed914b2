//! Packed arrays: 8 bytes little endian per number, on the wire and in storage.

use crate::Fx;

/// Bytes of one packed number.
pub const FX_BYTES: usize = 8;

/// A byte string that does not hold the expected numbers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("packed array has {bytes} bytes, expected {expected} (8 per number)")]
pub struct PackError {
    /// Bytes received.
    pub bytes: usize,
    /// Bytes expected.
    pub expected: usize,
}

/// Packs `values`.
pub fn pack(values: &[Fx]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(values.len() * FX_BYTES);
    pack_into(values, &mut bytes);
    bytes
}

/// Appends the packed `values` to `bytes`.
pub fn pack_into(values: &[Fx], bytes: &mut Vec<u8>) {
    for value in values {
        bytes.extend_from_slice(&value.to_bits().to_le_bytes());
    }
}

/// Unpacks exactly `count` numbers.
///
/// # Errors
/// [`PackError`] when `bytes` has any other length.
pub fn unpack(bytes: &[u8], count: usize) -> Result<Vec<Fx>, PackError> {
    let expected = count.saturating_mul(FX_BYTES);
    let (chunks, rest) = bytes.as_chunks::<FX_BYTES>();
    if chunks.len() != count || !rest.is_empty() {
        return Err(PackError {
            bytes: bytes.len(),
            expected,
        });
    }
    Ok(chunks
        .iter()
        .map(|chunk| Fx::from_bits(i64::from_le_bytes(*chunk)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packing_is_lossless(bits in proptest::collection::vec(any::<i64>(), 0..50)) {
            let values: Vec<Fx> = bits.into_iter().map(Fx::from_bits).collect();
            prop_assert_eq!(unpack(&pack(&values), values.len()), Ok(values));
        }

        #[test]
        fn wrong_lengths_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..99)) {
            let count = bytes.len() / FX_BYTES + 1;
            prop_assert!(unpack(&bytes, count).is_err());
        }
    }
}
