//! The judge: what a schedule really costs when it is executed on the AC network.

use std::cell::RefCell;
use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gridweave_agents::enrol::Roster;
use gridweave_agents::observer::Scheduled;
use gridweave_model::{Execution, Instance, baseline, evaluate};
use gridweave_optim::{SiteProblem, SiteSchedule};

/// Penalty at which a site is asked for the feasible schedule nearest to a net injection: high
/// enough that its private cost does not move it.
pub const PROJECTION_RHO: f64 = 1e6;

/// Executes schedules of one session.
pub struct Judge<'a> {
    instance: &'a Instance,
    roster: &'a Roster,
    /// Buses whose private cost has to be known: they execute the nearest feasible schedule.
    projected: BTreeMap<usize, RefCell<SiteProblem>>,
    /// Participants that lie. What they announce means nothing, so their buses execute what they
    /// would have done without a session.
    liars: Vec<usize>,
}

/// An executed schedule.
pub struct Verdict {
    /// Net injection per bus and interval, as executed.
    pub injections: Vec<Vec<f64>>,
    /// Device schedules behind it, for the buses that have a private cost.
    pub devices: BTreeMap<usize, SiteSchedule>,
    /// The AC power flow.
    pub execution: Execution,
    /// Root generation and private costs.
    pub cost: f64,
}

impl<'a> Judge<'a> {
    /// A judge who knows which participants lie.
    pub fn new(instance: &'a Instance, roster: &'a Roster, liars: &[usize]) -> Result<Self> {
        let mut projected = BTreeMap::new();
        for (bus, site) in instance.sites.iter().enumerate() {
            if site.has_private_cost() {
                projected.insert(bus, RefCell::new(SiteProblem::new(instance, bus)?));
            }
        }
        Ok(Self {
            instance,
            roster,
            projected,
            liars: liars.to_vec(),
        })
    }

    /// Number of participants.
    pub fn participants(&self) -> usize {
        self.roster.participants.len()
    }

    /// Net injections per bus that `schedule` leads to.
    fn delivered(&self, schedule: &[Scheduled]) -> Vec<Vec<f64>> {
        let sites = self.instance.sites.iter();
        let mut injections: Vec<Vec<f64>> = sites.map(|site| site.base_injection()).collect();
        for row in schedule {
            let Some(participant) = self.roster.participants.get(row.participant) else {
                continue;
            };
            let parts = row.injection.chunks(self.instance.horizon);
            let lies = self.liars.contains(&row.participant);
            for (&bus, part) in participant.buses.iter().zip(parts) {
                injections[bus] = match lies {
                    true => self.default_of(bus),
                    false => part.to_vec(),
                };
            }
        }
        injections
    }

    fn default_of(&self, bus: usize) -> Vec<f64> {
        let instance = self.instance;
        baseline(
            &instance.sites[bus],
            instance.horizon,
            instance.interval_hours,
        )
    }

    /// Executes `schedule`.
    pub fn execute(&self, schedule: &[Scheduled]) -> Result<Verdict> {
        let mut injections = self.delivered(schedule);
        let mut private = 0.0;
        let mut devices = BTreeMap::new();
        for (&bus, problem) in &self.projected {
            let mut problem = problem.borrow_mut();
            let nearest = problem.respond(&injections[bus], PROJECTION_RHO)?;
            private += nearest.cost;
            injections[bus] = nearest.injection;
            devices.insert(bus, nearest.schedule);
        }
        let execution = evaluate(self.instance, &injections)
            .context("the schedule cannot be executed on the AC network")?;
        Ok(Verdict {
            cost: execution.cost + private,
            injections,
            devices,
            execution,
        })
    }
}
