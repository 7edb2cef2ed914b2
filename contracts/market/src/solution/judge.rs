//! A feasible solution becomes the candidate, or does not.

use cosmwasm_std::{Binary, Response};
use gridweave_rules::market as rule;
use gridweave_rules::market::Value;
use gridweave_types::event::ACTION;
use gridweave_units::Interval;

use super::certify::certify;
use super::desk::Desk;
use crate::error::{ContractError, overflow};
use crate::reward;
use crate::state::{CANDIDATE, Candidate, SolutionId, remove_solution};

/// A complete feasible solution.
pub struct Solution {
    /// Its number.
    pub number: SolutionId,
    /// Its trades.
    pub trades: u32,
    /// What it is worth.
    pub value: Value,
    /// Digest of its messages.
    pub digest: [u8; 32],
}

/// Objectives of a solution and of the candidate.
pub struct Comparison {
    /// The solution's.
    pub objective: i128,
    /// The candidate's.
    pub candidate: i128,
}

impl Comparison {
    /// At the present round.
    ///
    /// # Errors
    /// [`ContractError::Overflow`].
    pub fn of(desk: &Desk, value: Value) -> Result<Self, ContractError> {
        let objective = rule::Objective::from(desk.config.objective);
        let total = |value| objective.total(value, Interval(desk.status.next));
        Ok(Self {
            objective: total(value).ok_or(overflow("objective"))?,
            candidate: total(desk.status.value()).ok_or(overflow("candidate"))?,
        })
    }

    /// Whether the solution replaces the candidate.
    pub fn is_better(&self) -> bool {
        self.objective > self.candidate
    }

    /// What the rejection says.
    pub fn detail(&self) -> String {
        format!(
            "objective: {} is not above the candidate's {}",
            self.objective, self.candidate
        )
    }
}

/// Makes a better solution, which is stored under its number, the candidate.
///
/// # Errors
/// Those of its certificate.
pub fn accept(
    mut desk: Desk,
    solution: Solution,
    comparison: &Comparison,
    certificate: Option<Binary>,
) -> Result<Response, ContractError> {
    let next = desk.status.next;
    let objective = comparison.objective;
    let certified = match certificate {
        Some(bytes) => Some(certify(
            desk.storage,
            &desk.config,
            next,
            objective,
            &bytes,
        )?),
        None => None,
    };
    let earlier = CANDIDATE.may_load(desk.storage)?;
    let earlier = earlier.map(|candidate| candidate.shares);
    let quality = match certified {
        Some((_, ratio)) => ratio,
        None => desk.config.reward.uncertified_ppm,
    };
    let shares = earlier.unwrap_or_default();
    let candidate = Candidate {
        solver: desk.address.clone(),
        accepted_objective: objective.into(),
        certified: certified.map(|(bound, ratio)| (bound.into(), ratio)),
        shares: reward::share(
            shares,
            (comparison.candidate, objective),
            &desk.address,
            quality,
        ),
    };
    CANDIDATE.save(desk.storage, &candidate)?;
    remove_solution(desk.storage, desk.status.candidate, next)?;
    desk.status.candidate = solution.number;
    desk.status.set_value(solution.value);
    desk.solver.accepted = desk.solver.accepted.saturating_add(1);
    let response = announce(&desk, &solution, comparison, certified);
    desk.close()?;
    Ok(response)
}

fn announce(
    desk: &Desk,
    solution: &Solution,
    comparison: &Comparison,
    certified: Option<(u128, u32)>,
) -> Response {
    let response = Response::new()
        .add_attribute(ACTION, "solution_accepted")
        .add_attribute("solution", solution.number.to_string())
        .add_attribute("solver", &desk.address)
        .add_attribute("round", desk.status.next.to_string())
        .add_attribute("trades", solution.trades.to_string())
        .add_attribute("energy", solution.value.energy.to_string())
        .add_attribute("objective", comparison.objective.to_string())
        .add_attribute("before", comparison.candidate.to_string())
        .add_attribute("digest", Binary::from(solution.digest).to_base64());
    match certified {
        Some((bound, ratio)) => response
            .add_attribute("bound", bound.to_string())
            .add_attribute("ratio_ppm", ratio.to_string()),
        None => response,
    }
}
