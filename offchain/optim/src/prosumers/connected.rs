//! A home on a feeder: its local task in terms of the net injection at its connection.
//!
//! The root of the feeder supplies everybody at the energy charge and takes surplus at the feed-in
//! tariff. So a home has no purchase of its own: whatever it draws comes through the feeder, be it
//! from the root or from a neighbour, and the prices of its bus tell it what that is worth. Private
//! remain discomfort, wear and the demand charge, which is on the highest draw. The root's cost
//! `π^FIT·g + (π_E − π^FIT)·g⁺` is split: its linear part is a credit of `π^FIT` for whatever a home
//! injects (a charge for what it draws), its convex part is the root's.

use gridweave_model::prosumers::{Community, HomeSchedule};

use super::home::{HomeAnswer, HomeProblem, Task};
use super::vars::{HomeVars, TradeLimits};
use crate::error::{OptimError, Problem};
use crate::program::Program;

impl HomeProblem {
    /// The local task of the home at position `at`, whose "trade" is its net injection: at most
    /// `grid_max_kw` either way. Its cost holds the credit of the feed-in tariff.
    ///
    /// # Errors
    /// [`OptimError::BadCommunity`] names a value that is not what it must be.
    pub fn connected(community: &Community, at: usize) -> Result<Self, OptimError> {
        let checked = community.check_home(at);
        checked.map_err(OptimError::BadCommunity)?;
        let mut home = community.homes[at].clone();
        home.feed_in = false;
        home.demand_response = false;
        home.trade_max_kw = home.grid_max_kw;
        let problem = Problem::Home { home: home.home };
        let build = |limits| {
            let mut program = Program::default();
            let vars = HomeVars::add(&mut program, community, &home, 1, limits, None);
            connect(&mut program, &vars, community);
            (program, vars)
        };
        let (program, vars) = build(TradeLimits::Own);
        let open = Task::new(problem, program, vars)?;
        let (mut program, vars) = build(TradeLimits::Elsewhere);
        let rows = program.equalities();
        for variable in vars.trade.clone() {
            program.equal(vec![(variable, 1.0)], 0.0);
        }
        let settled = Task::new(problem, program, vars)?;
        Ok(Self::of(
            community.horizon,
            home.trade_max_kw,
            open,
            settled,
            rows,
        ))
    }
}

/// Nothing comes from the grid but through the connection, and the demand charge is on that.
fn connect(program: &mut Program, vars: &HomeVars, community: &Community) {
    let injections = vars.trade.clone().zip(vars.grid.clone());
    for ((injection, grid), rate) in injections.zip(&community.tariff.feed_in_rate) {
        program.equal(vec![(grid, 1.0)], 0.0);
        program.at_most(vec![(injection, -1.0), (vars.peak, -1.0)], 0.0);
        program.cost(injection, 0.0, -rate * community.interval_hours);
    }
}

/// Net injection at the connection of a home of `community` that trades, buys from the grid and feeds
/// in (kW).
pub fn injection(community: &Community, schedule: &HomeSchedule) -> Vec<f64> {
    (0..schedule.grid.len())
        .map(|t| {
            let withheld = community.tariff.withheld(schedule.demand_response[t]);
            let drawn = schedule.grid[t] - withheld;
            schedule.trade[t] + schedule.feed_in[t] - drawn
        })
        .collect()
}

/// What `community` pays when its homes do what `answers` say and the root gives `generation` (kW):
/// private costs, in which the credit of the feed-in tariff is, and the root's convex part.
pub fn connected_cost(community: &Community, answers: &[HomeAnswer], generation: &[f64]) -> f64 {
    let tariff = &community.tariff;
    let rates = tariff.energy_charge.iter().zip(&tariff.feed_in_rate);
    let root: f64 = rates
        .zip(generation)
        .map(|((charge, fed), power)| (charge - fed) * power.max(0.0))
        .sum();
    let private: f64 = answers.iter().map(|answer| answer.cost).sum();
    private + community.interval_hours * root
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridweave_model::prosumers::ProsumerScenario;

    #[test]
    fn a_home_alone_on_its_feeder_pays_what_it_pays_alone() {
        let scenario = ProsumerScenario::shipped("prosumers-100").unwrap();
        let mut community = scenario.with_homes(4).build().unwrap();
        // Without requests, so that both ways of counting know the same.
        community.tariff.dr_rate = vec![0.0; 24];
        for at in 0..4 {
            let alone = HomeProblem::new(&community, at, 1)
                .unwrap()
                .alone()
                .unwrap();
            let sold = injection(&community, &alone.schedule);
            let mut connected = HomeProblem::connected(&community, at).unwrap();
            let answer = connected.settle(&sold).unwrap();
            let drawn: Vec<f64> = sold.iter().map(|power| -power).collect();
            let cost = connected_cost(&community, std::slice::from_ref(&answer), &drawn);
            assert!((cost - alone.cost).abs() < 1e-4, "{cost} {}", alone.cost);
            assert!(answer.schedule.grid.iter().all(|power| power.abs() < 1e-6));
        }
    }
}
