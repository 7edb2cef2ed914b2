//! `gridweave agent`: one participant.

use std::path::Path;

use anyhow::{Context, Result};
use gridweave_agents::faults::{Liar, Straggling};
use gridweave_agents::participant::Participant;
use gridweave_agents::sessions::next_session_of;
use gridweave_agents::{LocalProblem, gas};

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
    let index = cast.index_of(&config.name).with_context(|| {
        let names = cast.roster.participants.iter().map(|p| p.name.as_str());
        let names: Vec<&str> = names.collect();
        format!(
            "name is '{}', expected one of {}",
            config.name,
            names.join(", ")
        )
    })?;
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
