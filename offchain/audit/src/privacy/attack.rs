//! Traits of an address that may give its owner away.

use std::collections::BTreeMap;

use serde::Serialize;

use super::sighting::{Moment, Sighting};

/// A trait to link addresses by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Attack {
    /// Energy of its permits: who uses much now uses much soon.
    Amounts,
    /// Place within the batch of permits.
    IssueOrder,
    /// Time at which permits are issued.
    IssueTime,
    /// Place among the offers of its period.
    PostingOrder,
    /// Time of its first offer.
    PostingTime,
    /// Number of permits and how long they last.
    Pattern,
    /// Who pays its gas.
    GasPayer,
    /// The account whose bill shows the energy of its claims.
    Account,
}

impl Attack {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Amounts,
        Self::IssueOrder,
        Self::IssueTime,
        Self::PostingOrder,
        Self::PostingTime,
        Self::Pattern,
        Self::GasPayer,
        Self::Account,
    ];

    /// A number for each address, near for addresses that seem to be one person's; `None` when the
    /// chain does not show the trait at all. An address that does not show it gets none.
    pub(super) fn clues(self, seen: &[Sighting]) -> Option<Vec<Option<f64>>> {
        let clues: Vec<Option<f64>> = match self {
            Self::Amounts => seen.iter().map(|one| Some(amount(one))).collect(),
            Self::IssueOrder => ranks(seen, |one| Some(one.issued)),
            Self::IssueTime => delays(seen, |one| Some(one.issued)),
            Self::PostingOrder => ranks(seen, |one| one.posted),
            Self::PostingTime => delays(seen, |one| one.posted),
            Self::Pattern => seen.iter().map(|one| Some(pattern(one))).collect(),
            Self::GasPayer => names(seen, |one| one.payer.as_deref()),
            Self::Account => names(seen, |one| one.account.as_deref()),
        };
        clues.iter().any(Option::is_some).then_some(clues)
    }
}

/// Energy of a permit, on a scale on which equal factors are equally far.
fn amount(one: &Sighting) -> f64 {
    (one.energy as f64 / f64::from(one.permits.max(1)))
        .max(1.0)
        .ln()
}

/// Whether it has permits for more than one interval counts more than their number.
fn pattern(one: &Sighting) -> f64 {
    let long = one.intervals > one.permits;
    f64::from(one.permits) + if long { 1e3 } else { 0.0 }
}

/// Place of `moment` among the addresses of the same class and period.
fn ranks(seen: &[Sighting], moment: impl Fn(&Sighting) -> Option<Moment>) -> Vec<Option<f64>> {
    let mut crowds: BTreeMap<_, Vec<Moment>> = BTreeMap::new();
    for one in seen {
        let crowd = crowds.entry((one.period, one.class())).or_default();
        crowd.extend(moment(one));
    }
    crowds.values_mut().for_each(|crowd| crowd.sort_unstable());
    let rank = |one: &Sighting| {
        let crowd = crowds.get(&(one.period, one.class()))?;
        let moment = moment(one)?;
        Some(crowd.partition_point(|other| *other < moment) as f64)
    };
    seen.iter().map(rank).collect()
}

/// Seconds from the first `moment` of a period.
fn delays(seen: &[Sighting], moment: impl Fn(&Sighting) -> Option<Moment>) -> Vec<Option<f64>> {
    let mut first: BTreeMap<u32, u64> = BTreeMap::new();
    for (one, moment) in seen.iter().filter_map(|one| Some((one, moment(one)?))) {
        let first = first.entry(one.period).or_insert(moment.time);
        *first = moment.time.min(*first);
    }
    let delay = |one: &Sighting| {
        let first = first.get(&one.period)?;
        Some((moment(one)?.time - first) as f64)
    };
    seen.iter().map(delay).collect()
}

/// A number for each name; different names are equally far as far as linking goes.
fn names<'a>(
    seen: &'a [Sighting],
    name: impl Fn(&'a Sighting) -> Option<&'a str>,
) -> Vec<Option<f64>> {
    let mut numbers: BTreeMap<&str, f64> = BTreeMap::new();
    let mut number = |one| {
        let next = numbers.len() as f64;
        Some(*numbers.entry(name(one)?).or_insert(next))
    };
    seen.iter().map(&mut number).collect()
}
