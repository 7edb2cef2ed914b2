//! `gridweave agent`: one participant.

use std::path::Path;

use anyhow::{Context, Result};

use gridweave_agents::faults::{Liar, Straggling};
use gridweave_agents::participant::Participant;
use gridweave_agents::sessions::next_session_of;
use gridweave_agents::{LocalProblem, gas, purse};

use super::config::{AgentConfig, load};
use super::{base, enter};
use crate::run::session::Cast;

/// Takes part in sessions as the configuration in `file` says.
///
/// # Errors
/// The configuration is wrong, the chain does not answer, or a problem has no solution.
pub async fn run(file: &Path) -> Result<()> {
    let config: AgentConfig = load(file)?;
    let base = base(file);
    let problem = config.scenario.problem(&base)?;
    let cast = Cast::new(&problem.instance, problem.options.mode)?;
    let (connection, signer) = enter(&config.name, &config.chain, &config.key, &base).await?;
    let coordinator = &connection.contracts.coordinator;
    let mut after = config.session.after;
    loop {
        let (session, index) =
            next_session_of(&connection.chain, coordinator, after, &signer.address).await?;
        tracing::info!(session, index, "taking part");
        if let Some(billing) = config.bills {
            let (chain, contract) = (&connection.chain, &connection.contracts.billing);
            purse::top_up(chain, contract, &signer, billing.deposit.into())
                .await
                .context("the deposit cannot be paid in")?;
        }
        let local = local_problem(&config, &cast, &problem.instance)?;
        let mut participant =
            Participant::new(signer.clone(), session, index, local).with_gas_reserve(
                gas::closing_reserve(&problem.instance, problem.options.mode),
            );
        if config.faults.silent > 0.0 {
            participant = participant.straggling(Straggling {
                probability: config.faults.silent,
                seed: config.faults.seed,
            });
        }
        participant.serve(&connection.chain, coordinator).await?;
        tracing::info!(session, "ended");
        if config.session.once {
            return Ok(());
        }
        after = session;
    }
}

fn local_problem(
    config: &AgentConfig,
    cast: &Cast,
    instance: &gridweave_model::Instance,
) -> Result<Box<dyn LocalProblem>> {
    let index = cast.require("name", &config.name)?;
    let honest = cast.problem(instance, index)?;
    if !config.faults.lies {
        return Ok(honest);
    }
    let own = &cast.roster.participants[index];
    let bounds = (own.lower.clone(), own.upper.clone());
    Ok(Box::new(Liar::new(
        honest,
        bounds,
        config.faults.seed,
        index as u32,
    )))
}
