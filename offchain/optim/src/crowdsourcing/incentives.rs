//! The incentive design C(2) of one feeder and interval, as data.

use super::recover;
use crate::check::not_negative;
use crate::error::OptimError;

/// What a crowdsourcee of Type 2 could deliver, and at which incentive. Powers in pu, prices in
/// currency per pu and interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The DLMP `λ`, which is paid anyway. Negative where energy is to be drawn.
    pub price: f64,
    /// Most that it can deliver: `0 ≤ u ≤` this, C(2c).
    pub available: f64,
    /// What it delivers in the equilibrium, `u^eq`.
    pub equilibrium: f64,
    /// `η`: weight of what it is paid, C(2a).
    pub eta: f64,
    /// `ζ`: weight of the distance from its equilibrium, C(2a).
    pub zeta: f64,
    /// Least incentive that is worth offering, the `0` of `λᵃ > 0` in C(2c).
    pub least: f64,
    /// Largest incentive.
    pub most: f64,
    /// How what it is willing to deliver rises with the incentive; all of it at `least` without.
    pub response: Option<Response>,
}

/// A linear constraint of `U` in C(2c): `u ≤ base + gain·(λᵃ − least)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Response {
    /// What is delivered at the least incentive (pu), at least 0.
    pub base: f64,
    /// How much more per unit of incentive, above 0.
    pub gain: f64,
}

/// What the budget of C(2b) pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetPays {
    /// `Σ(λ + λᵃ)u ≤ b`, as in the paper.
    EnergyAndIncentive,
    /// `Σλᵃu ≤ b`, where `λ` is paid out of the bills.
    Incentive,
}

/// C(2) of one feeder and interval:
///
/// ```text
/// min  Σ η(λ + λᵃ)u + ζ|u − u^eq|     C(2a)
/// s.t. Σ(λ + λᵃ)u ≤ b                 C(2b), see BudgetPays
///      Σ u ≥ d,  u ∈ U,  λᵃ ≥ least   C(2c)
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct IncentiveProblem {
    /// The crowdsourcees.
    pub candidates: Vec<Candidate>,
    /// Shortage `d` (pu), at least 0.
    pub shortage: f64,
    /// Budget `b` (currency), at least 0.
    pub budget: f64,
    /// What the budget pays for.
    pub budget_pays: BudgetPays,
}

/// What one crowdsourcee is offered.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Offer {
    /// Energy asked for, as power (pu); 0: nothing.
    pub delivery: f64,
    /// `λᵃ` (currency per pu and interval).
    pub incentive: f64,
}

impl Candidate {
    /// Most that it delivers at the largest incentive (pu).
    pub(super) fn reach(&self) -> f64 {
        let willing = self.response.map_or(f64::INFINITY, |response| {
            response.base + response.gain * (self.most - self.least)
        });
        self.available.min(willing).max(0.0)
    }

    /// Least incentive at which it delivers `delivery`.
    pub(super) fn least_incentive(&self, delivery: f64) -> f64 {
        let extra = self.response.map_or(0.0, |response| {
            (delivery - response.base).max(0.0) / response.gain
        });
        (self.least + extra).min(self.most)
    }

    /// What an offer costs the budget.
    pub(super) fn spending(&self, offer: Offer, pays: BudgetPays) -> f64 {
        let price = match pays {
            BudgetPays::EnergyAndIncentive => self.price,
            BudgetPays::Incentive => 0.0,
        };
        (price + offer.incentive) * offer.delivery
    }
}

impl IncentiveProblem {
    /// What offers, one for each candidate, cost the budget if all are accepted, C(2b) (currency).
    pub fn spending(&self, offers: &[Offer]) -> f64 {
        let pairs = self.candidates.iter().zip(offers);
        pairs
            .map(|(candidate, offer)| candidate.spending(*offer, self.budget_pays))
            .sum()
    }

    /// The true bilinear objective C(2a) of offers, one for each candidate (currency).
    pub fn objective(&self, offers: &[Offer]) -> f64 {
        let pairs = self.candidates.iter().zip(offers);
        let cost = |(who, offer): (&Candidate, &Offer)| {
            let paid = (who.price + offer.incentive) * offer.delivery;
            who.eta * paid + who.zeta * (offer.delivery - who.equilibrium).abs()
        };
        pairs.map(cost).sum()
    }

    /// Largest violation of C(2b) and C(2c) by offers, relative to budget and shortage (those below
    /// 1 count as 1); prices relative to the largest incentive.
    pub fn violation(&self, offers: &[Offer]) -> f64 {
        let covered: f64 = offers.iter().map(|offer| offer.delivery).sum();
        let over = (self.spending(offers) - self.budget) / self.budget.max(1.0);
        let short = (self.shortage - covered) / self.shortage.max(1.0);
        let pairs = self.candidates.iter().zip(offers);
        pairs
            .flat_map(|(who, offer)| recover::excesses(who, *offer))
            .fold(over.max(short).max(0.0), f64::max)
    }

    pub(super) fn check(&self) -> Result<(), OptimError> {
        not_negative("shortage", self.shortage)?;
        not_negative("budget", self.budget)?;
        for (index, who) in self.candidates.iter().enumerate() {
            let finite = [("price", who.price), ("equilibrium", who.equilibrium)];
            for (field, value) in finite {
                bad_unless(value.is_finite(), index, field, value, "a finite number")?;
            }
            let least = [
                ("available", who.available),
                ("eta", who.eta),
                ("zeta", who.zeta),
                ("least", who.least),
                (
                    "response.base",
                    who.response.map_or(0.0, |response| response.base),
                ),
            ];
            for (field, value) in least {
                let good = value.is_finite() && value >= 0.0;
                bad_unless(good, index, field, value, "0 or more")?;
            }
            let most = who.most;
            let ordered = most.is_finite() && most >= who.least;
            bad_unless(ordered, index, "most", most, "at least `least`")?;
            let gain = who.response.map_or(1.0, |response| response.gain);
            let rises = gain.is_finite() && gain > 0.0;
            bad_unless(rises, index, "response.gain", gain, "above 0")?;
        }
        Ok(())
    }
}

fn bad_unless(
    good: bool,
    index: usize,
    field: &str,
    value: f64,
    expected: &str,
) -> Result<(), OptimError> {
    if good {
        return Ok(());
    }
    Err(OptimError::BadValue {
        what: format!("candidate {index}: {field}"),
        value,
        expected: expected.into(),
    })
}
