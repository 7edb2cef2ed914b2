//! `gridweave trader`: homes that trade.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, ChainError, Keyring, SecretKey};
use gridweave_dso::api::wire::PaymentAnswer;
use gridweave_dso::api::{Client, ClientError, Domain};
use gridweave_dso::home::{Home, HomeError, HomePlan, HomeTerms, Standing};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::base;
use super::config::{Connection, HomeSection, TraderConfig, load};
use super::dso::operator;
use crate::market::plans::home_plans;

/// Homes that have their turns at the same time.
const AT_ONCE: usize = 16;
/// How long a home sleeps at most, whatever the clock says.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// A home and its line to the operator.
struct Trading {
    index: usize,
    home: Home,
    client: Client,
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
    let plans = home_plans(&problem, config.trade.first_interval)?;
    let mut seen = BTreeSet::new();
    let mut homes = Vec::with_capacity(config.homes.len());
    for section in &config.homes {
        let index = section.index;
        ensure!(seen.insert(index), "home.index {index} is there twice");
        let plan = plans.get(index).filter(|plan| !plan.is_empty());
        let plan = plan.cloned().with_context(|| {
            format!("home.index is {index}, expected one with offers in the scenario")
        })?;
        let home = enter(&config, section, &base, plan, &connection, &domain).await;
        homes.push(home.with_context(|| format!("home {index}"))?);
    }
    ensure!(!homes.is_empty(), "[[home]] is missing");
    trade(&config, connection, homes).await
}

/// Lets all homes trade, each at its own pace.
async fn trade(config: &TraderConfig, at: Connection, homes: Vec<Trading>) -> Result<()> {
    let (chain, places) = (at.chain, Arc::new(Semaphore::new(AT_ONCE)));
    let look = Duration::from_millis(config.trade.look_ms.max(1)).min(LONGEST_REST);
    let mut tasks = JoinSet::new();
    for trading in homes {
        let (chain, places) = (chain.clone(), places.clone());
        tasks.spawn(async move { trading.trade(&chain, &places, look).await });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.context("a task was lost")??;
    }
    tracing::info!("everything is handed back");
    if !config.trade.once {
        std::future::pending::<()>().await;
    }
    Ok(())
}

impl Trading {
    /// Turn after turn, whenever there may be something to do, until there is nothing left.
    async fn trade(mut self, chain: &WasmdChain, places: &Semaphore, look: Duration) -> Result<()> {
        loop {
            let place = places.acquire().await.context("no more turns")?;
            let standing = match self.home.turn(chain, &self.client).await {
                Ok(standing) if standing.over => return Ok(()),
                Ok(standing) => standing,
                Err(HomeError::Chain(error @ ChainError::Stopped)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(home = self.index, %error, "goes on with the next look");
                    Standing::default()
                }
            };
            drop(place);
            self.rest(chain, standing, look).await?;
        }
    }

    /// Until there may be something to do, at least `look`.
    async fn rest(&self, chain: &WasmdChain, standing: Standing, look: Duration) -> Result<()> {
        if let Some(id) = standing.awaits {
            match self.client.await_withdrawal(id).await {
                Ok(_) => return Ok(()),
                Err(error) => tracing::debug!(home = self.index, %error, "looks instead"),
            }
        }
        // Blocks tell whole seconds.
        let now = chain.time().await?.saturating_add(1);
        let rest = Duration::from_secs(standing.rests_until.saturating_sub(now));
        sleep(rest.clamp(look, LONGEST_REST)).await;
        Ok(())
    }
}

/// A home, with its payments named to the operator.
async fn enter(
    config: &TraderConfig,
    section: &HomeSection,
    base: &Path,
    plan: HomePlan,
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
        post_window: config.trade.post_window_seconds,
        deposit_window: Some(config.trade.deposit_window_seconds),
        credit: config.trade.credit,
        first_interval: config.trade.first_interval,
    };
    let market = at.contracts.market()?;
    Ok(Trading {
        index: section.index,
        home: Home::new(&at.chain, market, terms, plan).await?,
        client,
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
