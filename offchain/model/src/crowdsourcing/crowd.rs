//! A crowd: feeders, crowdsourcees and the operator's terms.

use std::ops::Range;

use super::acceptance::Acceptance;
use super::days::Variation;

/// The crowd of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Crowd {
    /// Laterals of the network, each with budgets of its own.
    pub feeders: Vec<Feeder>,
    /// One for every site that has solar generation, a battery or a shapable load, by bus index.
    pub crowdsourcees: Vec<Crowdsourcee>,
    /// The operator's terms.
    pub terms: Terms,
    /// How far other days differ from the scenario's.
    pub variation: Variation,
    /// Seed of the crowd's answers and of other days.
    pub seed: u64,
}

/// A lateral.
#[derive(Debug, Clone, PartialEq)]
pub struct Feeder {
    /// Index of its topmost bus.
    pub root: usize,
    /// Indices of its buses, ascending.
    pub buses: Vec<usize>,
    /// Shortage `d` (pu) per interval, C(2c); negative: a surplus.
    pub shortage: Vec<f64>,
    /// Budget `b` (currency) per interval, C(2b).
    pub budget: Vec<f64>,
}

/// What the operator offers everybody. Prices in currency per pu and interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Largest incentive `λᵃ`.
    pub incentive_cap: f64,
    /// How often a declined offer may be raised.
    pub raises: u32,
    /// Most that a supplement from a generator may cost.
    pub supplement_price: f64,
}

/// A participant.
#[derive(Debug, Clone, PartialEq)]
pub struct Crowdsourcee {
    /// Index of its bus.
    pub bus: usize,
    /// Index of its feeder in [`Crowd::feeders`].
    pub feeder: usize,
    /// How it takes part.
    pub kind: CrowdsourceeKind,
    /// What it tells the operator, `X` of C(1b).
    pub preferences: Preferences,
}

/// How a crowdsourcee takes part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CrowdsourceeKind {
    /// Commits a day ahead, for a term.
    Type1 {
        /// How long its contract lasts.
        term: Term,
    },
    /// Decides in real time, as its hidden reservation price says.
    Type2 {
        /// How it decides. Unknown to the operator.
        acceptance: Acceptance,
    },
}

/// How long a day-ahead contract lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// The day.
    Day,
    /// Thirty days.
    Month,
    /// A year.
    Year,
}

/// What a crowdsourcee tells the operator. Its devices are those of its site.
#[derive(Debug, Clone, PartialEq)]
pub struct Preferences {
    /// Intervals in which it may be asked.
    pub available: Range<usize>,
    /// Most power it delivers beyond its own plan (pu).
    pub power_max: f64,
    /// Most energy it delivers beyond its own plan in a day (pu·h).
    pub energy_max: f64,
    /// Price below which it is not to be asked to deliver (currency per pu and interval).
    pub floor_price: f64,
    /// Price above which it is not to be asked to draw more (currency per pu and interval).
    pub ceiling_price: f64,
}

impl Crowdsourcee {
    /// How it decides, if it is of Type 2.
    pub fn acceptance(&self) -> Option<&Acceptance> {
        match &self.kind {
            CrowdsourceeKind::Type1 { .. } => None,
            CrowdsourceeKind::Type2 { acceptance } => Some(acceptance),
        }
    }
}

impl Crowd {
    /// Crowdsourcees of Type 2 at feeder `feeder`, with their positions in
    /// [`Crowd::crowdsourcees`].
    pub fn type2(&self, feeder: usize) -> impl Iterator<Item = (usize, &Crowdsourcee)> {
        let all = self.crowdsourcees.iter().enumerate();
        all.filter(move |(_, who)| who.feeder == feeder && who.acceptance().is_some())
    }
}
