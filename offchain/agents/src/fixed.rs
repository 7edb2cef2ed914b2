//! The edge between `f64` off chain and fixed point on chain: the only conversions.

use cosmwasm_std::Binary;
use gridweave_units::{FX_BYTES, Fx, pack, unpack};

use crate::AgentError;

/// 2³², the scale of [`Fx`].
const SCALE: f64 = 4_294_967_296.0;
/// 2³¹, the first magnitude beyond the range of [`Fx`].
const RANGE: f64 = 2_147_483_648.0;

fn checked(what: &'static str, value: f64) -> Result<f64, AgentError> {
    if value.is_nan() || value.abs() >= RANGE {
        return Err(AgentError::NotRepresentable { what, value });
    }
    Ok(value * SCALE)
}

/// The nearest fixed-point number.
///
/// # Errors
/// [`AgentError::NotRepresentable`], naming `what`, for NaN and values beyond ±2³¹.
pub fn to_fx(what: &'static str, value: f64) -> Result<Fx, AgentError> {
    Ok(Fx::from_bits(checked(what, value)?.round() as i64))
}

/// The least fixed-point number that is not below `value`.
///
/// # Errors
/// As [`to_fx`].
pub fn to_fx_up(what: &'static str, value: f64) -> Result<Fx, AgentError> {
    Ok(Fx::from_bits(checked(what, value)?.ceil() as i64))
}

/// The value as `f64`; exact up to 2⁵³ units in the last place.
pub fn to_f64(value: Fx) -> f64 {
    value.to_bits() as f64 / SCALE
}

/// Packs `values`, rounded to the nearest.
///
/// # Errors
/// As [`to_fx`].
pub fn pack_numbers(what: &'static str, values: &[f64]) -> Result<Binary, AgentError> {
    let values: Result<Vec<Fx>, _> = values.iter().map(|&value| to_fx(what, value)).collect();
    Ok(Binary::new(pack(&values?)))
}

/// Unpacks all numbers of `bytes`.
///
/// # Errors
/// [`AgentError::Shape`] when the length is not a multiple of 8.
pub fn unpack_numbers(what: &'static str, bytes: &Binary) -> Result<Vec<f64>, AgentError> {
    let count = bytes.len() / FX_BYTES;
    let values = unpack(bytes, count).map_err(|error| AgentError::Shape {
        what,
        found: error.bytes,
        expected: error.expected,
    })?;
    Ok(values.into_iter().map(to_f64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_number_is_refused() {
        for value in [f64::NAN, f64::INFINITY, -3e9] {
            assert!(to_fx("test", value).is_err());
            assert!(to_fx_up("test", value).is_err());
        }
    }

    proptest! {
        #[test]
        fn conversion_is_within_half_a_unit(value in -1e6..1e6f64) {
            let back = to_f64(to_fx("test", value).unwrap());
            prop_assert!((back - value).abs() <= 0.5 / SCALE);
        }

        #[test]
        fn rounding_up_never_loses(value in -1e6..1e6f64) {
            let up = to_f64(to_fx_up("test", value).unwrap());
            prop_assert!(up >= value && up - value < 1.0 / SCALE);
        }

        #[test]
        fn packing_keeps_order(values in proptest::collection::vec(-1e3..1e3f64, 0..40)) {
            let back = unpack_numbers("test", &pack_numbers("test", &values).unwrap()).unwrap();
            prop_assert_eq!(back.len(), values.len());
            for (x, y) in back.iter().zip(&values) {
                prop_assert!((x - y).abs() <= 0.5 / SCALE);
            }
        }
    }
}
