//! The edge between `f64` and fixed point.

use gridweave_units::Fx;

/// 2³², the scale of [`Fx`].
const SCALE: f64 = 4_294_967_296.0;

/// The nearest fixed-point number; powers and prices are far below the limit.
pub(super) fn to_fx(value: f64) -> Fx {
    Fx::from_bits((value * SCALE).round() as i64)
}

pub(super) fn to_f64(value: Fx) -> f64 {
    value.to_bits() as f64 / SCALE
}

pub(super) fn floats(values: &[Fx]) -> Vec<f64> {
    values.iter().map(|&value| to_f64(value)).collect()
}
