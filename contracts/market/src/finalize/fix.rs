//! The moment at which an interval's trades become final.

use cosmwasm_std::Event;
use gridweave_rules::market as rule;
use gridweave_units::Interval;

use super::work::Work;
use crate::error::{ContractError, overflow};
use crate::reward;
use crate::state::{FINALS, Final, PARTS, phase};

/// Makes the candidate's trades of the next interval final and credits the reward for them. They
/// have left the candidate's objective when this returns, and a new round has begun.
///
/// # Errors
/// [`ContractError::Overflow`].
pub fn fix(work: &mut Work) -> Result<(), ContractError> {
    let interval = work.status.next;
    let part = match work.status.candidate {
        0 => None,
        candidate => PARTS.may_load(work.storage, (candidate, interval))?,
    };
    let trades = part.as_ref().map_or(0, |part| part.trades);
    let void = part.as_ref().is_some_and(|part| part.void);
    let (mut objective, mut energy, mut credited) = (0, 0, Vec::new());
    if let Some(part) = part.filter(|part| !part.void) {
        let rule = rule::Objective::from(work.config.objective);
        let total = rule.total(part.value(), Interval(interval));
        objective = total.ok_or(overflow("objective"))?;
        energy = part.energy;
        credited = reward::credit(work.storage, &work.config, &mut work.status, objective)?;
        let rest = work.status.value().checked_sub(part.value());
        work.status.set_value(rest.ok_or(overflow("candidate"))?);
    }
    if trades > 0 {
        let solution = work.status.candidate;
        let record = Final {
            solution,
            objective,
        };
        FINALS.save(work.storage, interval, &record);
    }
    let mut event = Event::new("interval_finalized")
        .add_attribute("interval", interval.to_string())
        .add_attribute("solution", work.status.candidate.to_string())
        .add_attribute("trades", if void { 0 } else { trades }.to_string())
        .add_attribute("energy", energy.to_string())
        .add_attribute("objective", objective.to_string())
        .add_attribute("void", void.to_string());
    for (solver, amount) in credited {
        event = event.add_attribute("rewarded", format!("{solver} {amount}"));
    }
    work.announce(event);
    work.status.next = interval.checked_add(1).ok_or(overflow("interval"))?;
    work.status.lowered = false;
    work.status.settled = 0;
    work.status.phase = match trades {
        0 => phase::SWEEPING,
        _ => phase::SETTLING,
    };
    work.left -= 1;
    Ok(())
}
