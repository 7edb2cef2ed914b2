//! Homes on a feeder whose limits count: exchange sessions, in which the contract is the network.

use gridweave_model::prosumers::Community;
use gridweave_model::{Instance, SessionMode, SessionOptions};
use gridweave_optim::prosumers::HomeProblem;
use gridweave_types::coordinator::{Mode, SessionConfig};

use super::roster::name;
use crate::enrol::{Enrolment, Roster};
use crate::parameters::SessionChoice;
use crate::{AgentError, Answer, LocalProblem, Task};

/// Relative margin on a claimed best-response value, above the solver's tolerance.
const CLAIM_MARGIN: f64 = 1e-7;
/// Slack on declared bounds (per unit).
const BOUND_SLACK: f64 = 1e-5;
/// Proximal weights per currency of the root's mean price, by query.
const WEIGHTS: [f64; 2] = [10.0, 2.5];

/// A home that answers with its net injection.
pub struct ConnectedHome {
    problem: HomeProblem,
    /// kW of one per unit.
    unit: f64,
    horizon: usize,
}

impl ConnectedHome {
    /// The home behind `problem`, a [`HomeProblem::connected`], on a feeder with `unit` kW per unit.
    pub fn new(problem: HomeProblem, unit: f64, horizon: usize) -> Self {
        Self {
            problem,
            unit,
            horizon,
        }
    }
}

impl LocalProblem for ConnectedHome {
    fn answer(&mut self, task: &Task) -> Result<Answer, AgentError> {
        let unit = self.unit;
        let (mut payload, mut costs) = (Vec::new(), Vec::new());
        let free = vec![0.0; self.horizon];
        for (rho, centre) in &task.queries {
            let centre: Vec<f64> = centre.iter().map(|power| power * unit).collect();
            let answer = self.problem.respond(&free, &centre, rho / (unit * unit))?;
            payload.extend(answer.trade.iter().map(|power| power / unit));
            costs.push(answer.cost);
        }
        let prices: Vec<f64> = task.prices.iter().map(|price| price / unit).collect();
        let (value, _) = self.problem.best_response(&prices)?;
        let mut claims = vec![value + CLAIM_MARGIN * (1.0 + value.abs())];
        claims.extend(costs);
        Ok(Answer { payload, claims })
    }
}

/// The homes of `community` at the buses `places` (indexes) of `instance`. `baseline` is what each
/// injects by default (kW), `costs` what that costs it.
pub fn connected_roster(
    community: &Community,
    instance: &Instance,
    places: &[usize],
    baseline: &[Vec<f64>],
    costs: &[f64],
) -> Roster {
    let unit = instance.network.base_mva * 1e3;
    let zeros = vec![0.0; community.horizon];
    let homes = community.homes.iter().zip(places).zip(baseline).zip(costs);
    let participants = homes.map(|(((home, &bus), injection), &cost)| {
        let most = home.grid_max_kw / unit + BOUND_SLACK;
        Enrolment {
            name: name(home.home),
            bus: instance.network.buses[bus].id,
            buses: vec![bus],
            lower: vec![-most; community.horizon],
            upper: vec![most; community.horizon],
            baseline: injection.iter().map(|power| power / unit).collect(),
            baseline_cost: cost,
            reactive: zeros.clone(),
            reports: 0,
            mobility: None,
        }
    });
    Roster {
        participants: participants.collect(),
        groups: Vec::new(),
    }
}

/// The configuration of a session of homes on `instance`, voltage limits enforced; weights follow
/// the root's mean price.
///
/// # Errors
/// [`AgentError::NotRepresentable`] for parameters without a fixed-point form.
pub fn connected_config(
    instance: &Instance,
    feeder: u32,
    first_interval: u64,
    max_rounds: u32,
    gap: Option<f64>,
) -> Result<SessionConfig, AgentError> {
    let beta = &instance.generator.beta;
    let mean = beta.iter().sum::<f64>() / beta.len().max(1) as f64;
    let choice = SessionChoice {
        feeder,
        first_interval,
        options: SessionOptions {
            mode: SessionMode::Exchange,
            voltage: Some(true),
            rho: Some(WEIGHTS.map(|weight| weight * mean).to_vec()),
            rho_floor: Some(0.01 * mean),
            max_rounds: Some(max_rounds),
            stop_gap: gap,
            ..SessionOptions::default()
        },
        checks: true,
        warm_from: None,
    };
    let mut config = choice.config(instance)?;
    if let Mode::Exchange(exchange) = &mut config.mode {
        exchange.private_costs = true;
    }
    Ok(config)
}
