//! Small vector helpers.

use gridweave_units::{Acc, Fx};

/// `a − b`, elementwise over the shorter length.
pub fn difference(a: &[Fx], b: &[Fx]) -> Vec<Fx> {
    a.iter().zip(b).map(|(&x, &y)| x - y).collect()
}

/// `target += factor · values`, elementwise over the shorter length.
pub fn add_scaled(target: &mut [Fx], factor: Fx, values: &[Fx]) {
    for (t, &v) in target.iter_mut().zip(values) {
        *t += factor * v;
    }
}

/// `‖a − b‖²` at full width.
pub fn distance_squared(a: &[Fx], b: &[Fx]) -> Acc {
    Acc::norm_squared(&difference(a, b))
}
