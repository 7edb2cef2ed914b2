//! Line 4: the incentive design C(2) of one feeder and interval, from and to whole numbers.

use gridweave_optim::crowdsourcing::learned::{Range, next_incentive};
use gridweave_optim::crowdsourcing::{BudgetPays, Candidate, IncentiveProblem};
use gridweave_rules::crowdsourcing::{Evidence, reserve};

use super::platform::{NewTask, ProgrammeTerms};
use crate::AgentError;

/// µ of Wh times µ/kWh.
const WH: f64 = 1e-3;

/// A crowdsourcee that may be asked.
pub(super) struct Asked {
    pub member: usize,
    /// What it is paid anyway: `λ`, or `−λ` where it is to draw.
    pub price: i64,
    /// Least that it takes in all: its floor, or less its ceiling where it is to draw.
    pub floor: i64,
    pub available: u64,
    pub beyond: u64,
    pub evidence: Evidence,
}

/// The range of incentives at price `λ`: none that costs more than a supplement. For a surplus there
/// may be none, and it counts as dear as the dearest incentive.
pub(super) fn range(terms: &ProgrammeTerms, price: i64, surplus: bool) -> Range {
    if surplus {
        return Range {
            limit: terms.incentive_limit,
            most: terms.cap,
            fallback: terms.cap,
        };
    }
    let dearer = i128::from(terms.supplement_price) - i128::from(price);
    let fallback = u64::try_from(dearer.max(0)).unwrap_or(u64::MAX);
    Range {
        limit: terms.incentive_limit,
        most: terms.cap.min(fallback),
        fallback,
    }
}

/// Offers that cover `shortage` (Wh, negative: a surplus) within `budget` (µ), or as much as these
/// allow; and how far the linearised program was from them, relative.
pub(super) fn offers(
    terms: &ProgrammeTerms,
    interval: u32,
    (shortage, budget): (i64, u128),
    asked: &[Asked],
) -> Result<(Vec<NewTask>, f64), AgentError> {
    let (sign, shortage) = (shortage.signum(), shortage.unsigned_abs());
    let surplus = sign < 0;
    let candidates = asked.iter().map(|who| candidate(terms, who, surplus));
    let problem = IncentiveProblem {
        candidates: candidates.collect(),
        shortage: shortage as f64,
        budget: budget as f64 / WH,
        budget_pays: BudgetPays::Incentive,
    };
    let design = problem.solve()?;
    let (mut tasks, mut free, mut left) = (Vec::new(), budget, shortage);
    for (who, offer) in asked.iter().zip(&design.offers) {
        // A part of a Wh is asked for whole, so that rounding leaves nothing short.
        let energy = (offer.delivery - 1e-6).ceil().max(0.0) as u64;
        let energy = energy.min(who.available).min(left);
        let incentive = (offer.incentive.round().max(0.0) as u64).min(terms.cap);
        let worst = reserve(incentive, i64::try_from(energy).unwrap_or(i64::MAX));
        if energy == 0 || worst > free {
            continue;
        }
        (free, left) = (free - worst, left - energy);
        tasks.push(NewTask {
            member: who.member,
            interval,
            energy: sign * i64::try_from(energy).unwrap_or(i64::MAX),
            price: sign * who.price,
            incentive,
        });
    }
    Ok((tasks, design.relaxation_gap()))
}

fn candidate(terms: &ProgrammeTerms, who: &Asked, surplus: bool) -> Candidate {
    let range = range(terms, who.price, surplus);
    let learned = next_incentive(&who.evidence, None, terms.raises, range).unwrap_or(range.most);
    let floor = (i128::from(who.floor) - i128::from(who.price)).max(0);
    let least = learned.max(u64::try_from(floor).unwrap_or(u64::MAX));
    let willingness = who.evidence.willingness(terms.incentive_limit);
    Candidate {
        price: who.price as f64,
        available: if least <= range.most {
            who.available as f64
        } else {
            0.0
        },
        equilibrium: who.beyond.min(who.available) as f64,
        eta: willingness.eta.to_bits() as f64 / (1u64 << 32) as f64,
        zeta: willingness.zeta as f64,
        least: least.min(range.most) as f64,
        most: range.most as f64,
        response: None,
    }
}
