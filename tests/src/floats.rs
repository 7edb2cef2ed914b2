//! Fixed-point numbers as floating-point ones and back, for local problems.

use cosmwasm_std::Binary;
use gridweave_units::Fx;

use crate::coordinator::numbers;

/// 2³², the scale of [`Fx`].
const SCALE: f64 = 4_294_967_296.0;

/// The nearest fixed-point number.
pub fn to_fx(value: f64) -> Fx {
    Fx::from_bits((value * SCALE).round() as i64)
}

/// The number, exact up to 53 bits.
pub fn to_f64(value: Fx) -> f64 {
    value.to_bits() as f64 / SCALE
}

/// Unpacked numbers.
pub fn floats(packed: &Binary) -> Vec<f64> {
    numbers(packed).into_iter().map(to_f64).collect()
}
