//! `gridweave operator`: registers the feeder and its accounts, pays their fees, opens a session.

use std::path::Path;

use anyhow::{Context, Result};
use gridweave_agents::observer::Observer;
use gridweave_agents::operator::{Member, Operator};
use gridweave_agents::parameters::SessionChoice;
use gridweave_chain::Chain;

use super::config::{OperatorConfig, load};
use super::{base, enter};
use crate::run::problem::Problem;
use crate::run::session::Cast;

/// Name of the operator's key.
const NAME: &str = "operator";

/// Opens a session as the configuration in `file` says, and waits for its end.
///
/// # Errors
/// The configuration is wrong, the chain does not answer, or a contract refuses.
pub async fn run(file: &Path) -> Result<()> {
    let config: OperatorConfig = load(file)?;
    let base = base(file);
    let mut problem = config.scenario.problem(&base)?;
    problem.options.max_rounds = config.rounds.or(problem.options.max_rounds);
    problem.options.stop_gap = config.gap.or(problem.options.stop_gap);
    problem.options.memory = config.memory.or(problem.options.memory);
    problem.settle_voltage();
    let cast = Cast::new(&problem.instance, problem.options.mode)?;
    let addresses = addresses(&config, &cast)?;
    let (connection, signer) = enter(NAME, &config.chain, &config.key, &base).await?;
    let granted: Vec<String> = addresses.iter().chain(&config.grants).cloned().collect();
    connection
        .chain
        .grant_fees(&signer, &granted)
        .await
        .context("fees cannot be granted")?;
    let members = addresses.iter().map(|address| Member::unmetered(address));
    let members: Vec<Member> = members.collect();
    let operator = Operator::new(&connection.chain, &connection.contracts, signer);
    operator
        .register_feeder(&problem.instance, config.feeder)
        .await
        .context("the feeder cannot be registered")?;
    operator
        .register_accounts(config.feeder, &cast.roster.participants, &members)
        .await
        .context("the accounts cannot be registered")?;
    let choice = choice(&config, &problem).config(&problem.instance)?;
    let session = operator
        .open_session(config.session.after, choice, &cast.roster, &addresses)
        .await
        .context("the session cannot be opened")?;
    tracing::info!(session, "open");
    let coordinator = &connection.contracts.coordinator;
    let observer = Observer::new(&connection.chain, coordinator, session);
    let mut height = 0;
    while !observer.has_ended().await? {
        height = connection.chain.beyond(height).await?;
    }
    tracing::info!(session, "ended");
    Ok(())
}

fn choice(config: &OperatorConfig, problem: &Problem) -> SessionChoice {
    SessionChoice {
        feeder: config.feeder,
        first_interval: config.first_interval,
        options: problem.options.clone(),
        checks: config.checks,
        warm_from: None,
    }
}

/// The address of every participant, in order.
fn addresses(config: &OperatorConfig, cast: &Cast) -> Result<Vec<String>> {
    let participants = cast.roster.participants.iter();
    participants
        .map(|participant| {
            let name = &participant.name;
            let address = config.accounts.get(name).cloned();
            address.with_context(|| format!("[accounts] has no address of '{name}'"))
        })
        .collect()
}
