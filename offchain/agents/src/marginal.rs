//! Prices of any schedule by the contract's own rules, for sessions in which the contract holds no
//! network and therefore quotes none.

use gridweave_model::Instance;
use gridweave_rules::distflow::Network;
use gridweave_rules::exchange::{
    Answer, ExportRule, GenerationCost, Participant, Problem, evaluate,
};
use gridweave_units::Fx;

use crate::AgentError;
use crate::fixed::{to_f64, to_fx};
use crate::observer::Prices;

/// Energy and loss components of the marginal price at net injections `[bus][interval]` (per
/// unit). Binding voltage limits are not priced: the voltage component is 0.
///
/// # Errors
/// [`AgentError::NotRepresentable`], or [`AgentError::Unexpected`] for a network that is not in
/// topological order.
pub fn marginal_prices(
    instance: &Instance,
    injections: &[Vec<f64>],
) -> Result<Vec<Prices>, AgentError> {
    let problem = problem(instance)?;
    let plans = injections
        .iter()
        .enumerate()
        .map(|(bus, row)| Ok(Participant::new(bus, answer(row)?)))
        .collect::<Result<Vec<_>, AgentError>>()?;
    let rule = ExportRule::Clip {
        delta: Fx::ratio(5, 100),
    };
    let at = evaluate(&problem, &plans, &rule, None);
    let energy: Vec<f64> = at.energy.iter().map(|&price| to_f64(price)).collect();
    let buses = instance.network.buses.iter().enumerate();
    Ok(buses
        .map(|(index, bus)| Prices {
            bus: bus.id,
            energy: energy.clone(),
            loss: at.loss.iter().map(|row| to_f64(row[index])).collect(),
            voltage: vec![0.0; energy.len()],
        })
        .collect())
}

fn numbers(what: &'static str, values: &[f64]) -> Result<Vec<Fx>, AgentError> {
    values.iter().map(|&value| to_fx(what, value)).collect()
}

fn answer(row: &[f64]) -> Result<Answer, AgentError> {
    Ok(Answer {
        injection: numbers("net injection", row)?,
        cost: Fx::ZERO,
    })
}

fn problem(instance: &Instance) -> Result<Problem, AgentError> {
    let network = &instance.network;
    let mut branches = Vec::with_capacity(network.buses.len());
    for bus in &network.buses {
        if let Some(parent) = bus.parent {
            branches.push((parent, to_fx("branch r", bus.r)?, to_fx("branch x", bus.x)?));
        }
    }
    let mut reactive = vec![vec![Fx::ZERO; network.buses.len()]; instance.horizon];
    for (bus, site) in instance.sites.iter().enumerate() {
        for (row, &load) in reactive.iter_mut().zip(&site.load_q) {
            row[bus] = to_fx("reactive load", -load)?;
        }
    }
    Ok(Problem {
        network: Network::new(&branches).map_err(|error| AgentError::Unexpected {
            what: "network",
            found: error.to_string(),
            expected: "buses in topological order",
        })?,
        reactive,
        v_min: to_fx("v_min", network.v_min.powi(2))?,
        v_max: to_fx("v_max", network.v_max.powi(2))?,
        cost: GenerationCost {
            alpha: to_fx("generator alpha", instance.generator.alpha)?,
            beta: numbers("generator beta", &instance.generator.beta)?,
        },
    })
}
