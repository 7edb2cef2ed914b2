//! Who takes part in a session and what they declare: bounds, baseline, groups.

use cosmwasm_std::Binary;
use gridweave_model::{Instance, LocalGenerator, Site, baseline, bounds};
use gridweave_optim::{Decomposition, SharedBlock};
use gridweave_types::coordinator::{GroupInput, ParticipantInput, Projection};

use crate::AgentError;
use crate::fixed::{pack_numbers, to_fx};
use crate::start::{Start, reactive_injection};

/// Slack on declared bounds (per unit): honest answers meet theirs only to solver tolerance.
const BOUND_SLACK: f64 = 1e-5;
/// A participant to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolment {
    /// Name of its signer.
    pub name: String,
    /// Bus number it is registered at.
    pub bus: u32,
    /// Bus indexes whose injections it schedules, in the order of its reported rows.
    pub buses: Vec<usize>,
    /// Least value of each number of an answer (per unit).
    pub lower: Vec<f64>,
    /// Largest value of each number of an answer (per unit).
    pub upper: Vec<f64>,
    /// A feasible default answer.
    pub baseline: Vec<f64>,
    /// Private cost of the baseline.
    pub baseline_cost: f64,
    /// Reactive net injection per interval; empty in consensus sessions.
    pub reactive: Vec<f64>,
    /// Rows reported per answer; 0 in exchange sessions.
    pub reports: u32,
    /// Mobility in a pool; none elsewhere.
    pub mobility: Option<f64>,
}

impl Enrolment {
    /// The row of `AddParticipants` for the account at `address`.
    ///
    /// # Errors
    /// [`AgentError::NotRepresentable`].
    pub fn input(&self, address: &str) -> Result<ParticipantInput, AgentError> {
        Ok(ParticipantInput {
            account: address.into(),
            bus: self.bus,
            lower: pack_numbers("lower bound", &self.lower)?,
            upper: pack_numbers("upper bound", &self.upper)?,
            baseline: pack_numbers("baseline", &self.baseline)?,
            baseline_cost: to_fx("baseline cost", self.baseline_cost)?,
            reactive: if self.reactive.is_empty() {
                Binary::default()
            } else {
                pack_numbers("reactive injection", &self.reactive)?
            },
            reports: self.reports,
            mobility: self.mobility.map(|m| to_fx("mobility", m)).transpose()?,
        })
    }
}

/// Participants and groups of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Roster {
    /// Participants by index.
    pub participants: Vec<Enrolment>,
    /// Consensus groups; none in exchange sessions.
    pub groups: Vec<GroupInput>,
}

/// Whether anything at all is connected to `site`.
fn is_connected(site: &Site) -> bool {
    let fixed = [&site.load_p, &site.load_q, &site.solar];
    site.is_controllable()
        || fixed
            .iter()
            .any(|row| row.iter().any(|&value| value != 0.0))
}

/// Cost of running `generator` at its least output, M(6).
fn least_cost(generator: &LocalGenerator) -> f64 {
    let power = generator.power_min;
    let prices = generator.beta.iter();
    prices
        .map(|price| generator.alpha * power * power + price * power)
        .sum()
}

/// One participant for each bus that has a load, a renewable or a device.
///
/// # Errors
/// [`AgentError::NobodyToCoordinate`].
pub fn exchange_roster(instance: &Instance) -> Result<Roster, AgentError> {
    let sites = instance.sites.iter().zip(&instance.network.buses);
    let participants: Vec<Enrolment> = sites
        .enumerate()
        .filter(|(_, (site, _))| is_connected(site))
        .map(|(index, (site, bus))| {
            let (lower, upper) = slackened(site);
            Enrolment {
                name: format!("prosumer-{}", bus.id),
                bus: bus.id,
                buses: vec![index],
                lower,
                upper,
                baseline: baseline(site, instance.horizon, instance.interval_hours),
                baseline_cost: site.generators.iter().map(least_cost).sum(),
                reactive: reactive_injection(site, instance.horizon),
                reports: 0,
                mobility: None,
            }
        })
        .collect();
    if participants.is_empty() {
        return Err(AgentError::NobodyToCoordinate {
            name: instance.name.clone(),
        });
    }
    Ok(Roster {
        participants,
        groups: Vec::new(),
    })
}

fn slackened(site: &Site) -> (Vec<f64>, Vec<f64>) {
    let (mut lower, mut upper) = bounds(site);
    lower.iter_mut().for_each(|value| *value -= BOUND_SLACK);
    upper.iter_mut().for_each(|value| *value += BOUND_SLACK);
    (lower, upper)
}

/// One participant for each area, one group for each shared block.
///
/// # Errors
/// [`AgentError::NobodyToCoordinate`] when no block is shared.
pub fn consensus_roster(
    instance: &Instance,
    decomposition: &Decomposition,
) -> Result<Roster, AgentError> {
    if decomposition.blocks.is_empty() {
        return Err(AgentError::NobodyToCoordinate {
            name: instance.name.clone(),
        });
    }
    let start = Start::new(instance);
    let participants = decomposition.areas.iter().enumerate();
    Ok(Roster {
        participants: participants
            .map(|(area, buses)| area_enrolment(instance, decomposition, &start, area, buses))
            .collect(),
        groups: decomposition.blocks.iter().map(group).collect(),
    })
}

fn group(block: &SharedBlock) -> GroupInput {
    GroupInput {
        size: block.size as u32,
        projection: Projection::Average,
        members: block.members.iter().map(|&area| area as u32).collect(),
    }
}

fn area_enrolment(
    instance: &Instance,
    decomposition: &Decomposition,
    start: &Start,
    area: usize,
    buses: &[usize],
) -> Enrolment {
    let (mut lower, mut upper, mut baseline) = (Vec::new(), Vec::new(), Vec::new());
    for index in decomposition.blocks_of(area) {
        let block = &decomposition.blocks[index];
        let (low, high) = start.bounds(instance, block.kind);
        lower.resize(lower.len() + block.size, low);
        upper.resize(upper.len() + block.size, high);
        baseline.extend(start.copy(block.kind));
    }
    for &bus in buses {
        let (low, high) = slackened(&instance.sites[bus]);
        lower.extend(low);
        upper.extend(high);
        baseline.extend(&start.injections[bus]);
    }
    Enrolment {
        name: format!("area-{area}"),
        bus: buses
            .first()
            .map_or(0, |&bus| instance.network.buses[bus].id),
        buses: buses.to_vec(),
        lower,
        upper,
        baseline,
        baseline_cost: 0.0,
        reactive: Vec::new(),
        reports: buses.len() as u32,
        mobility: None,
    }
}
