//! Sets of intervals: what a permit or an offer may be used for.

mod text;

pub use text::ParseIntervalSetError;

use crate::Interval;

/// A set of 1 to 128 intervals, none of them 128 or more after the first: `I_s` and `I_b` of T(2).
///
/// One set has one representation, so sets may be compared, hashed and used as keys; they are
/// ordered by their first interval and then by their bitmap, as their bytes are. As text a set is
/// its runs in ascending order, like `17`, `17-20` or `17-20,23`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntervalSet {
    /// The first interval.
    first: u32,
    /// Bit `i` stands for interval `first + i`; bit 0 is set.
    bitmap: u128,
}

impl IntervalSet {
    /// Most intervals from the first to the last, both included.
    pub const MAX_WIDTH: u32 = u128::BITS;
    /// Bytes of a set, see [`Self::to_bytes`].
    pub const BYTES: usize = 20;

    /// The set of one interval.
    pub const fn single(interval: Interval) -> Self {
        Self {
            first: interval.0,
            bitmap: 1,
        }
    }

    /// `count` intervals from `first` on; `None` for 0, for more than [`Self::MAX_WIDTH`], and past
    /// the last interval there is.
    pub fn span(first: Interval, count: u32) -> Option<Self> {
        let unused = Self::MAX_WIDTH.checked_sub(count)?;
        Self::new(first, u128::MAX.checked_shr(unused)?)
    }

    /// The intervals `first + i` of the bits `i` that are set; `None` for no bit, and past the last
    /// interval there is.
    pub fn new(first: Interval, bitmap: u128) -> Option<Self> {
        let gap = bitmap.trailing_zeros();
        let bitmap = bitmap.checked_shr(gap)?;
        let first = first.0.checked_add(gap)?;
        first.checked_add(bitmap.ilog2())?;
        Some(Self { first, bitmap })
    }

    /// The set of these intervals, in any order and however often; `None` for none, and when they
    /// are too far apart.
    pub fn of(intervals: impl IntoIterator<Item = Interval>) -> Option<Self> {
        let mut intervals = intervals.into_iter();
        let first = Self::single(intervals.next()?);
        intervals.try_fold(first, |set, interval| set.union(Self::single(interval)))
    }

    /// The first interval.
    pub const fn first(self) -> Interval {
        Interval(self.first)
    }

    /// The last interval.
    pub const fn last(self) -> Interval {
        Interval(self.first + self.bitmap.ilog2())
    }

    /// Bit `i` stands for interval `first + i`; bit 0 is set.
    pub const fn bitmap(self) -> u128 {
        self.bitmap
    }

    /// Number of intervals, 1 to [`Self::MAX_WIDTH`].
    #[expect(clippy::len_without_is_empty, reason = "no set is empty")]
    pub const fn len(self) -> u32 {
        self.bitmap.count_ones()
    }

    /// Whether no interval is missing between the first and the last.
    pub const fn is_contiguous(self) -> bool {
        self.bitmap & self.bitmap.wrapping_add(1) == 0
    }

    /// Whether the interval is in the set.
    pub fn contains(self, interval: Interval) -> bool {
        let at = interval.0.checked_sub(self.first);
        let bits = at.and_then(|at| self.bitmap.checked_shr(at));
        bits.is_some_and(|bits| bits & 1 == 1)
    }

    /// Whether every interval is in `other` too.
    pub fn is_subset(self, other: Self) -> bool {
        self.bitmap & !other.shifted_to(self) == 0
    }

    /// Whether the sets have an interval in common, T(2).
    pub fn intersects(self, other: Self) -> bool {
        self.intersection(other).is_some()
    }

    /// The intervals of both, T(2); `None` when there is none.
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.first(), self.bitmap & other.shifted_to(self))
    }

    /// The intervals that are not in `other`; `None` when there is none.
    pub fn minus(self, other: Self) -> Option<Self> {
        Self::new(self.first(), self.bitmap & !other.shifted_to(self))
    }

    /// The intervals of either; `None` when they are too far apart.
    pub fn union(self, other: Self) -> Option<Self> {
        let (low, high) = if self.first <= other.first {
            (self, other)
        } else {
            (other, self)
        };
        let gap = high.first - low.first;
        if gap > high.bitmap.leading_zeros() {
            return None;
        }
        Self::new(low.first(), low.bitmap | high.bitmap << gap)
    }

    /// The first interval of the set at or after `from`.
    pub fn next_from(self, from: Interval) -> Option<Interval> {
        let skipped = from.0.saturating_sub(self.first);
        let bits = self.bitmap.checked_shr(skipped)?;
        if bits == 0 {
            return None;
        }
        Some(Interval(self.first + skipped + bits.trailing_zeros()))
    }

    /// The first interval of the set after `interval`.
    pub fn next_after(self, interval: Interval) -> Option<Interval> {
        self.next_from(Interval(interval.0.checked_add(1)?))
    }

    /// The intervals of the set that are not before `from`; `None` when there is none.
    pub fn not_before(self, from: Interval) -> Option<Self> {
        let first = self.next_from(from)?;
        Self::new(first, self.bitmap >> (first.0 - self.first))
    }

    /// The intervals in ascending order.
    pub fn iter(self) -> impl Iterator<Item = Interval> {
        let mut bits = self.bitmap;
        std::iter::from_fn(move || {
            let at = bits.trailing_zeros();
            // The lowest set bit is cleared; no bits, no interval.
            bits &= bits.checked_sub(1)?;
            Some(Interval(self.first + at))
        })
    }

    /// The first interval and the bitmap, big endian, so that bytes sort as sets do.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..4].copy_from_slice(&self.first.to_be_bytes());
        bytes[4..].copy_from_slice(&self.bitmap.to_be_bytes());
        bytes
    }

    /// The set of these bytes; `None` when they are not those of a set.
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Option<Self> {
        let (first, bitmap) = bytes.split_first_chunk()?;
        let first = Interval(u32::from_be_bytes(*first));
        let bitmap = u128::from_be_bytes(bitmap.try_into().ok()?);
        Self::new(first, bitmap).filter(|set| set.first() == first)
    }

    /// The bits of this set as `other` counts them; those that it cannot have are dropped.
    fn shifted_to(self, other: Self) -> u128 {
        let shifted = if self.first >= other.first {
            self.bitmap.checked_shl(self.first - other.first)
        } else {
            self.bitmap.checked_shr(other.first - self.first)
        };
        shifted.unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
