//! `gridweave keeper`: closes overdue rounds, finalizes a market, settles the tasks of a crowd.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use gridweave_agents::crowdsourcing::Sweeper;
use gridweave_agents::keeper::{Duties, keep};
use gridweave_agents::market::{keeper, ledger};
use gridweave_agents::settler::Settler;
use gridweave_chain::{Chain, Signer};
use tokio::time::sleep;

use super::config::{
    Connection, CrowdKeeper, KeeperBilling, KeeperConfig, MarketSection, SessionSection, load,
};
use super::solver::is_over;
use super::{base, enter};

/// How often bills are looked at: windows are much longer.
const SETTLE_EVERY: Duration = Duration::from_secs(1);

/// Name of the keeper's key.
const NAME: &str = "keeper";

/// Keeps sessions, a market and a crowd going as the configuration in `file` says.
///
/// # Errors
/// The configuration is wrong or the chain does not answer.
pub async fn run(file: &Path) -> Result<()> {
    let config: KeeperConfig = load(file)?;
    ensure!(
        config.session.is_some()
            || config.market.is_some()
            || config.bills.is_some()
            || config.crowd.is_some(),
        "[session], [market], [bills] and [crowd] are missing, expected at least one of them"
    );
    ensure!(
        config.session.is_some() || config.bills.is_none_or(|bills| bills.until.is_some()),
        "[bills] needs [session] or `until`"
    );
    let (connection, signer) = enter(NAME, &config.chain, &config.key, &base(file)).await?;
    tokio::try_join!(
        sessions(&connection, &signer, &config),
        market(&connection, &signer, config.market),
        bills(&connection, &signer, &config),
        crowd(&connection, &signer, config.crowd)
    )?;
    Ok(())
}

async fn sessions(connection: &Connection, signer: &Signer, config: &KeeperConfig) -> Result<()> {
    let Some(SessionSection { after, once }) = config.session else {
        return Ok(());
    };
    let duties = Duties {
        after,
        once,
        bills_from: config.bills.map(|bills| bills.from),
    };
    keep(&connection.chain, signer, &connection.contracts, duties).await?;
    Ok(())
}

/// Settles and reconciles the intervals of a market, whether a session schedules them or not.
async fn bills(connection: &Connection, signer: &Signer, config: &KeeperConfig) -> Result<()> {
    let Some(KeeperBilling {
        from,
        until: Some(until),
    }) = config.bills
    else {
        return Ok(());
    };
    let settler = Settler::new(signer.clone(), connection.contracts.clone(), from);
    let mut settler = settler.until(until.saturating_add(1));
    while !settler.turn(&connection.chain).await? {
        sleep(SETTLE_EVERY).await;
    }
    Ok(())
}

/// Settles the tasks of a crowd.
async fn crowd(
    connection: &Connection,
    signer: &Signer,
    section: Option<CrowdKeeper>,
) -> Result<()> {
    let Some(CrowdKeeper { from, until }) = section else {
        return Ok(());
    };
    let contract = connection.contracts.crowdsourcing()?.clone();
    let mut sweeper = Sweeper::new(signer.clone(), contract, (from, until.saturating_add(1)));
    while !sweeper.turn(&connection.chain).await? {
        sleep(SETTLE_EVERY).await;
    }
    Ok(())
}

/// Finalizes what is due, and takes the forfeit from solvers that have not revealed in time.
async fn market(
    connection: &Connection,
    signer: &Signer,
    section: Option<MarketSection>,
) -> Result<()> {
    let Some(MarketSection { until }) = section else {
        return Ok(());
    };
    let (chain, market) = (&connection.chain, &connection.contracts.market()?.market);
    let commits = ledger::terms(chain, market).await?.reveal.is_some();
    loop {
        let height = chain.height().await?;
        keeper::finalize(chain, signer, market).await?;
        if commits {
            keeper::forfeit(chain, signer, market).await?;
        }
        let status = ledger::status(chain, market).await?;
        if until.is_some_and(|until| is_over(&status, until)) {
            return Ok(());
        }
        chain.beyond(height).await?;
    }
}
