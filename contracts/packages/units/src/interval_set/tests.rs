//! The set against the standard library's.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::IntervalSet;
use crate::Interval;

type Plain = BTreeSet<Interval>;

fn plain(set: IntervalSet) -> Plain {
    set.iter().collect()
}

fn ends() -> impl Strategy<Value = u32> {
    prop_oneof![0..300u32, u32::MAX - 300..=u32::MAX]
}

fn set() -> impl Strategy<Value = IntervalSet> {
    let bits = prop_oneof![
        any::<u128>(),
        0..256u128,
        (0..128u32).prop_map(|at| 1 << at)
    ];
    (ends(), bits).prop_filter_map("not a set", |(first, bits)| {
        IntervalSet::new(Interval(first), bits)
    })
}

#[test]
fn sets_are_within_their_width_and_range() {
    let spans = |first, count| IntervalSet::span(Interval(first), count);
    assert_eq!(spans(5, 0), None);
    assert_eq!(spans(5, 129), None);
    assert_eq!(spans(5, 128).map(IntervalSet::last), Some(Interval(132)));
    assert_eq!(spans(u32::MAX, 2), None);
    assert_eq!(
        spans(u32::MAX, 1),
        Some(IntervalSet::single(Interval(u32::MAX)))
    );
    assert_eq!(IntervalSet::new(Interval(3), 0), None);
    assert_eq!(IntervalSet::new(Interval(u32::MAX), 2), None);
    assert_eq!(IntervalSet::new(Interval(3), 0b1100), spans(5, 2));
    assert_eq!(IntervalSet::of([]), None);
    let wide = [3, 131].map(Interval);
    assert_eq!(IntervalSet::of(wide), None);
    let widest = [130, 3, 3].map(Interval);
    assert_eq!(IntervalSet::of(widest).map(IntervalSet::len), Some(2));
}

#[test]
fn a_set_has_one_text() {
    let set = IntervalSet::of([17, 18, 19, 20, 23].map(Interval)).unwrap();
    assert_eq!(set.to_string(), "17-20,23");
    assert_eq!(serde_json::to_string(&set).unwrap(), "\"17-20,23\"");
    for refused in [
        "",
        "17,",
        "20-17",
        "17-17",
        "17-18,19",
        "23,17-20",
        "17,17",
        "017",
        "+17",
        " 17",
        "17 ",
        "17-",
        "-17",
        "1-129",
        "1,129",
        "4294967296",
        "0-4294967295",
        "a",
    ] {
        assert!(refused.parse::<IntervalSet>().is_err(), "{refused}");
    }
    assert!("1-128".parse::<IntervalSet>().is_ok());
    let long = "1,".repeat(10_000).parse::<IntervalSet>().unwrap_err();
    assert!(long.input.len() <= 64);
}

proptest! {
    #[test]
    fn text_and_bytes_survive(set in set()) {
        prop_assert_eq!(set.to_string().parse::<IntervalSet>(), Ok(set));
        prop_assert_eq!(IntervalSet::from_bytes(set.to_bytes()), Some(set));
    }

    #[test]
    fn bytes_sort_as_sets_do(one in set(), other in set()) {
        prop_assert_eq!(one.cmp(&other), one.to_bytes().cmp(&other.to_bytes()));
    }

    #[test]
    fn broken_bytes_are_refused(first in any::<u32>(), bitmap in any::<u128>()) {
        let mut bytes = [0; IntervalSet::BYTES];
        bytes[..4].copy_from_slice(&first.to_be_bytes());
        bytes[4..].copy_from_slice(&(bitmap & !1).to_be_bytes());
        prop_assert_eq!(IntervalSet::from_bytes(bytes), None);
    }

    #[test]
    fn one_set_has_one_form(set in set()) {
        let listed = plain(set);
        prop_assert_eq!(IntervalSet::of(listed.iter().copied()), Some(set));
        prop_assert_eq!(set.len() as usize, listed.len());
        prop_assert_eq!(Some(&set.first()), listed.first());
        prop_assert_eq!(Some(&set.last()), listed.last());
        let width = set.last().0 - set.first().0 + 1;
        prop_assert_eq!(set.is_contiguous(), width == set.len());
    }

    #[test]
    fn operations_are_those_of_sets(one in set(), other in set()) {
        let (a, b) = (plain(one), plain(other));
        let listed = |set: Option<IntervalSet>| set.map(plain).unwrap_or_default();
        prop_assert_eq!(listed(one.intersection(other)), &a & &b);
        prop_assert_eq!(listed(one.minus(other)), &a - &b);
        prop_assert_eq!(one.intersects(other), !a.is_disjoint(&b));
        prop_assert_eq!(one.is_subset(other), a.is_subset(&b));
        let all = &a | &b;
        let fits = all.last().unwrap().0 - all.first().unwrap().0 < IntervalSet::MAX_WIDTH;
        prop_assert_eq!(one.union(other).is_some(), fits);
        if fits {
            prop_assert_eq!(listed(one.union(other)), all);
        }
    }

    #[test]
    fn members_are_found(set in set(), offset in 0..200u32) {
        let listed = plain(set);
        let at = Interval(set.first().0.saturating_sub(30).saturating_add(offset));
        prop_assert_eq!(set.contains(at), listed.contains(&at));
        prop_assert_eq!(set.next_from(at), listed.range(at..).next().copied());
        let after = listed.iter().copied().find(|&interval| interval > at);
        prop_assert_eq!(set.next_after(at), after);
        let rest: Plain = listed.range(at..).copied().collect();
        prop_assert_eq!(set.not_before(at).map(plain).unwrap_or_default(), rest);
    }
}
