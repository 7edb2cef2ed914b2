//! The plan of a scenario's day: C(1) solved centrally, in whole numbers.

use gridweave_model::crowdsourcing::{Crowd, Crowdsourcee, CrowdsourceeKind, Reserve, Term};
use gridweave_model::{Instance, LocalGenerator, Site};
use gridweave_optim::crowdsourcing::{Deliveries, equilibrium};
use gridweave_optim::{CentralSolution, SiteSchedule, solve_central};

use super::plan::{Ahead, DayPlan, Generator, Member, Planner};
use crate::AgentError;
use crate::parameters::energy_unit;

/// µ of a currency unit.
const MICRO: f64 = 1e6;
/// Wh of a kWh.
const KILO: f64 = 1e3;

/// Plans a scenario's day. Accounts are those of the devices behind a bus, metered apart from its
/// uncontrollable load.
#[derive(Debug, Clone, Copy)]
pub struct EquilibriumPlanner<'a> {
    /// The day.
    pub instance: &'a Instance,
    /// The crowd.
    pub crowd: &'a Crowd,
}

impl Planner for EquilibriumPlanner<'_> {
    fn plan(&self) -> Result<DayPlan, AgentError> {
        Ok(self.of(&solve_central(self.instance)?))
    }
}

impl EquilibriumPlanner<'_> {
    /// The plan of a solution of C(1).
    pub fn of(&self, solution: &CentralSolution) -> DayPlan {
        let mut plan = DayPlan::default();
        for feeder in &self.crowd.feeders {
            let shortage = feeder.shortage.iter().map(|power| self.wh(*power));
            plan.shortage.push(shortage.collect());
        }
        let parts = equilibrium(self.instance, self.crowd, solution);
        for (who, part) in self.crowd.crowdsourcees.iter().zip(&parts) {
            match who.kind {
                CrowdsourceeKind::Type1 { term } => {
                    let devices = device_injection(&solution.sites[who.bus]);
                    plan.ahead
                        .push(self.ahead(who.bus, &devices, &part.price, term));
                }
                CrowdsourceeKind::Type2 { .. } => plan.members.push(self.member(who, part)),
            }
        }
        for (bus, site) in self.instance.sites.iter().enumerate() {
            if let Some(generator) = generator_of(site) {
                let output = &solution.sites[bus].generation;
                let (price, term) = (&solution.dlmp[bus], Term::Year);
                plan.ahead.push(self.ahead(bus, output, price, term));
                plan.generators.push(self.generator(bus, generator, output));
            }
        }
        plan.generators.sort_by_key(|generator| generator.price);
        plan
    }

    fn unit(&self) -> f64 {
        energy_unit(self.instance) as f64
    }

    /// Energy of an interval at `power` (pu).
    fn wh(&self, power: f64) -> i64 {
        (power * self.unit()).round() as i64
    }

    /// µ/kWh of a price in currency per pu and interval.
    fn price(&self, price: f64) -> i64 {
        (price * MICRO * KILO / self.unit()).round() as i64
    }

    fn ahead(&self, bus: usize, injection: &[f64], prices: &[f64], term: Term) -> Ahead {
        let energy: f64 = injection.iter().map(|power| power.abs()).sum();
        let value: f64 = injection
            .iter()
            .zip(prices)
            .map(|(p, price)| p.abs() * price)
            .sum();
        // What it would get hour by hour, as one rate.
        let rate = if energy > 0.0 { value / energy } else { 0.0 };
        Ahead {
            bus: self.instance.network.buses[bus].id,
            setpoints: injection.iter().map(|power| self.wh(*power)).collect(),
            rate: self.price(rate),
            term,
        }
    }

    fn member(&self, who: &Crowdsourcee, part: &Deliveries) -> Member {
        let preferences = &who.preferences;
        let site = &self.instance.sites[who.bus];
        let whole = |power: f64| self.wh(power).max(0).unsigned_abs();
        let hours = self.instance.interval_hours;
        Member {
            bus: self.instance.network.buses[who.bus].id,
            feeder: who.feeder,
            price: part.price.iter().map(|price| self.price(*price)).collect(),
            floor: self.price(preferences.floor_price),
            ceiling: self.price(preferences.ceiling_price),
            beyond: part.beyond.iter().map(|power| whole(*power)).collect(),
            available: (
                preferences.available.start as u32,
                preferences.available.end as u32,
            ),
            limits: (
                whole(preferences.power_max),
                whole(preferences.energy_max / hours),
            ),
            reserve: Reserve::new(site, hours),
            charge: part.charge.clone(),
            wh: self.unit(),
        }
    }

    fn generator(&self, bus: usize, data: &LocalGenerator, output: &[f64]) -> Generator {
        let spare = output.iter();
        let spare = spare.map(|power| self.wh(data.power_max - power).max(0));
        let output = output.iter().map(|power| self.wh(*power).max(0));
        let cheapest = data.beta.iter().copied().fold(f64::INFINITY, f64::min);
        let dearest = data.beta.iter().copied().fold(0.0, f64::max);
        // Its marginal cost at full output, so that a supplement never costs it money.
        let price = self.price(dearest + 2.0 * data.alpha * data.power_max);
        Generator {
            bus: self.instance.network.buses[bus].id,
            spare: spare.map(i64::unsigned_abs).collect(),
            price,
            output: output.map(i64::unsigned_abs).collect(),
            // Its marginal cost at no output, the least that it ever saves.
            saving: self.price(if cheapest.is_finite() { cheapest } else { 0.0 }),
        }
    }
}

/// The one generator that a bus can have an agreement for.
fn generator_of(site: &Site) -> Option<&LocalGenerator> {
    site.generators.first()
}

/// Net injection of the devices of Type 1 (pu per interval).
fn device_injection(schedule: &SiteSchedule) -> Vec<f64> {
    let terms = schedule
        .discharge
        .iter()
        .zip(&schedule.charge)
        .zip(&schedule.shapable);
    terms
        .map(|((discharge, charge), shapable)| discharge - charge - shapable)
        .collect()
}
