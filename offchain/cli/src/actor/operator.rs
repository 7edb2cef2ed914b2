//! `gridweave operator`: registers the feeder and its accounts, pays their fees, opens a session.

use std::path::Path;

use anyhow::{Context, Result};
use gridweave_agents::observer::Observer;
use gridweave_agents::operator::{Member, Operator};
use gridweave_agents::parameters::SessionChoice;
use gridweave_agents::{ledger, purse};
use gridweave_chain::{Chain, Coin, Signer};

use super::config::{Connection, OperatorBilling, OperatorConfig, load, point};
use super::{base, enter};
use crate::run::problem::Problem;
use crate::run::session::Cast;

/// Name of the operator's key.
const NAME: &str = "operator";
/// Gifts of one transaction.
const GIFTS: usize = 100;

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
    let members = members(&config, &cast, &addresses)?;
    if let Some(billing) = &config.bills {
        gifts(&connection, &signer, billing, &addresses).await?;
    }
    let operator = Operator::new(&connection.chain, &connection.contracts, signer);
    operator
        .register_feeder(&problem.instance, config.feeder)
        .await
        .context("the feeder cannot be registered")?;
    operator
        .register_accounts(config.feeder, &cast.roster.participants, &members)
        .await
        .context("the accounts cannot be registered")?;
    if let Some(billing) = &config.bills {
        if let Some(key) = &billing.root_meter {
            let key = point("bills.root_meter", key)?;
            operator
                .register_treasury(&problem.instance, config.feeder, key)
                .await
                .context("the treasury cannot be registered")?;
        }
        operator
            .fund_grid(billing.grid_deposit.into())
            .await
            .context("the grid account cannot be funded")?;
    }
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

/// Addresses and meters of all participants, in order.
fn members(config: &OperatorConfig, cast: &Cast, addresses: &[String]) -> Result<Vec<Member>> {
    let meters = config.bills.as_ref().map(|billing| &billing.meters);
    let participants = cast.roster.participants.iter().zip(addresses);
    participants
        .map(|(participant, address)| {
            let name = &participant.name;
            let key = meters.and_then(|meters| meters.get(name));
            let key = key.map(|key| point(&format!("bills.meters.{name}"), key));
            Ok(Member {
                address: address.clone(),
                meter_key: key.transpose()?,
            })
        })
        .collect()
}

/// Gives every account what it lacks of the gift.
async fn gifts(
    connection: &Connection,
    operator: &Signer,
    billing: &OperatorBilling,
    addresses: &[String],
) -> Result<()> {
    let (chain, contract) = (&connection.chain, &connection.contracts.billing);
    let denom = ledger::terms(chain, contract).await?.denom;
    let mut gifts = Vec::new();
    for address in addresses {
        let wanted = purse::missing(chain, contract, address, billing.gift.into()).await?;
        let missing = match wanted {
            0 => 0,
            wanted => wanted.saturating_sub(chain.balance(address, &denom).await?),
        };
        if missing > 0 {
            gifts.push((address.clone(), Coin::new(missing, &denom)));
        }
    }
    for page in gifts.chunks(GIFTS) {
        let sent = chain.send_coins(operator, page).await;
        sent.context("the participants cannot be given coins")?;
    }
    Ok(())
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
