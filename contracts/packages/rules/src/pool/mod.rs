//! Pool of net trades: members answer with what they sell, the sum over members must vanish, and the
//! dual of the sum is the price. Exchange ADMM with a mobility `m_i` per member: the proximal weight of
//! member `i` is `ρ_k/m_i`, and a member takes the share `m_i/Σm` of every imbalance.
//!
//! In round `k` member `i` answers `x_i = argmin f_i(x) − λ·x + ρ_k/(2m_i)·‖x − z_i‖²`. Then with
//! `w_i = αx_i + (1 − α)z_i`
//! - `λ ← λ − ρ_k·Σw/Σm` ([`price_step`]),
//! - `z_i ← w_i − (m_i/Σm)·Σw` ([`balanced`]),
//!
//! and the plan to be executed is `y_i = x_i − (m_i/Σm)·Σx` ([`balanced`] again). A submission touches
//! one member and two sums, so its work does not grow with the number of members. Powers are in kW,
//! prices in currency per kW and interval; both stay far from the limits of [`Fx`].

mod bilateral;
mod rationality;
mod schedule;
mod share;
mod whole;

use gridweave_units::{Acc, Fx};

pub use bilateral::{Bilateral, bilateral};
pub use rationality::{gain, side_payment, side_payments};
pub use schedule::WeightSchedule;
pub use share::Share;
pub use whole::{whole, whole_row};

/// A member's `w = αx + (1 − α)z`: its answer `x` over-relaxed against its copy `z`.
pub fn relaxed(answer: &[Fx], copy: &[Fx], relaxation: Fx) -> Vec<Fx> {
    let pairs = answer.iter().zip(copy);
    pairs.map(|(&x, &z)| z + relaxation * (x - z)).collect()
}

/// A member's part of a total that must vanish is taken off: `v − (m_i/Σm)·total`. Over all members the
/// results sum to zero but for the rounding of the parts, at most one unit in the last place each.
pub fn balanced(values: &[Fx], total: &[Fx], share: Share) -> Vec<Fx> {
    let pairs = values.iter().zip(total);
    pairs.map(|(&v, &sum)| v - share.part(sum)).collect()
}

/// The price after a round: `λ − ρ·total/Σm`; more sales than purchases lower it.
pub fn price_step(price: &[Fx], total: &[Fx], rho: Fx, mobility: Fx) -> Vec<Fx> {
    let pairs = price.iter().zip(total);
    pairs.map(|(&p, &sum)| p - rho * sum / mobility).collect()
}

/// The price at which a round's trades are paid: the middle of the prices before and after it. The
/// prices swing around their limit, and the middle of two is nearer to it than either.
pub fn settlement_price(before: &[Fx], after: &[Fx]) -> Vec<Fx> {
    let half = Fx::ratio(1, 2);
    let pairs = before.iter().zip(after);
    pairs.map(|(&a, &b)| a * half + b * half).collect()
}

/// Relative imbalance of a round: `Σ_t |Σ_i x_i| / Σ_t Σ_i |x_i|`, 0 where nothing is traded.
///
/// `volume` is the denominator by interval.
pub fn imbalance(total: &[Fx], volume: &[Fx]) -> Fx {
    let sum = |values: &[Fx]| {
        let mut sum = Acc::ZERO;
        values.iter().for_each(|v| sum.add(Acc::from_fx(v.abs())));
        sum
    };
    let volume = sum(volume);
    if volume.is_positive() {
        sum(total).ratio(volume, Fx::ONE)
    } else {
        Fx::ZERO
    }
}
