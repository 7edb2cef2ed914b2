//! `gridweave trader`: homes that trade.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use gridweave_agents::market::trader::Plan;
use gridweave_chain::{Chain, ChainError, Keyring, SecretKey};
use gridweave_dso::api::wire::PaymentAnswer;
use gridweave_dso::api::{Client, ClientError, Domain};
use gridweave_dso::home::{Home, HomeError, HomeOffer, HomePlan, HomeTerms};
use gridweave_types::assets::PermitClass;
use gridweave_units::{Interval, IntervalSet};

use super::base;
use super::config::{Connection, HomeSection, TraderConfig, load};
use super::dso::operator;
use crate::market::problem::Problem;

/// A home and its line to the operator.
struct Trading {
    index: usize,
    home: Home,
    client: Client,
    over: bool,
}

/// Trades as the configuration in `file` says.
///
/// # Errors
/// The configuration is wrong or the chain does not answer.
pub async fn run(file: &Path) -> Result<()> {
    let config: TraderConfig = load(file)?;
    let base = base(file);
    let problem = config.scenario.problem(&base)?;
    let connection = config.chain.connect(&base, Keyring::new()).await?;
    let domain = Domain {
        chain_id: connection.chain.chain_id().into(),
        operator: operator(&connection.chain, &connection.contracts.grid).await?,
    };
    ensure!(
        config.chain.fee_granter.as_ref() == Some(&domain.operator),
        "chain.fee_granter is '{}', expected '{}', the operator: whoever pays for an address names it",
        config.chain.fee_granter.as_deref().unwrap_or_default(),
        domain.operator
    );
    let mut seen = BTreeSet::new();
    let mut homes = Vec::with_capacity(config.homes.len());
    for section in &config.homes {
        let index = section.index;
        ensure!(seen.insert(index), "home.index {index} is there twice");
        let home = enter(&config, section, &base, &problem, &connection, &domain).await;
        homes.push(home.with_context(|| format!("home {index}"))?);
    }
    ensure!(!homes.is_empty(), "[[home]] is missing");
    trade(&config, &connection, &mut homes).await
}

/// Lets all homes have their turns, block by block.
async fn trade(config: &TraderConfig, at: &Connection, homes: &mut [Trading]) -> Result<()> {
    let mut height = 0;
    loop {
        for trading in homes.iter_mut().filter(|trading| !trading.over) {
            match trading.home.turn(&at.chain, &trading.client).await {
                Ok(standing) => trading.over = standing.over,
                Err(HomeError::Chain(error @ ChainError::Stopped)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(home = trading.index, %error, "goes on with the next block");
                }
            }
        }
        if config.trade.once && homes.iter().all(|trading| trading.over) {
            tracing::info!(homes = homes.len(), "everything is handed back");
            return Ok(());
        }
        height = at.chain.beyond(height).await?;
    }
}

/// A home, with its payments named to the operator.
async fn enter(
    config: &TraderConfig,
    section: &HomeSection,
    base: &Path,
    problem: &Problem,
    at: &Connection,
    domain: &Domain,
) -> Result<Trading> {
    let key = SecretKey::load(&section.key.source(base)?)?;
    let secret = SecretKey::load(&section.secret.source(base)?)?;
    let account = key.address()?;
    ensure!(
        secret.address()? != account,
        "secret is the account's key, expected another"
    );
    let client = Client::new(&config.dso.url, domain.clone(), &account, key)?;
    for hash in &section.payments {
        let payment = pay(&client, &at.chain, hash).await?;
        tracing::info!(home = section.index, purse = %payment.purse, "payment named");
    }
    let terms = HomeTerms {
        account,
        secret,
        deposit_window: config.trade.deposit_window_seconds,
        credit: config.trade.credit,
        first_interval: config.trade.first_interval,
    };
    let plan = plan(problem, section.index, config.trade.first_interval)?;
    let market = at.contracts.market()?;
    Ok(Trading {
        index: section.index,
        home: Home::new(&at.chain, market, terms, plan).await?,
        client,
        over: false,
    })
}

/// Names a payment, as soon as the counter answers.
async fn pay(client: &Client, chain: &impl Chain, hash: &str) -> Result<PaymentAnswer> {
    loop {
        let height = chain.height().await?;
        match client.pay(hash).await {
            Err(
                error
                @ (ClientError::Unreachable { .. } | ClientError::Refused { status: 503, .. }),
            ) => {
                tracing::warn!(%error, "the payment is named with the next block");
                chain.beyond(height).await?;
            }
            answered => return Ok(answered?),
        }
    }
}

/// What home `index` offers, `first` intervals later than the scenario says.
fn plan(problem: &Problem, index: usize, first: u32) -> Result<HomePlan> {
    let own = problem.offers.iter().filter(|offer| offer.home == index);
    let offers = own.map(|offer| {
        let intervals = offer.plan.class.intervals;
        let start = intervals.first().0.checked_add(first).map(Interval);
        let moved = start.and_then(|start| IntervalSet::new(start, intervals.bitmap()));
        Ok(HomeOffer {
            round: offer.round.saturating_add(first),
            plan: Plan {
                class: PermitClass {
                    intervals: moved.with_context(|| {
                        format!("trade.first_interval is {first}: intervals end before that")
                    })?,
                    ..offer.plan.class
                },
                ..offer.plan
            },
        })
    });
    let offers = offers.collect::<Result<Vec<_>>>()?;
    ensure!(
        !offers.is_empty(),
        "home.index is {index}, expected one with offers in the scenario"
    );
    Ok(HomePlan::new(offers))
}
