//! `gridweave keeper`: closes overdue rounds, finalizes a market.

use std::path::Path;

use anyhow::{Result, ensure};
use gridweave_agents::keeper::{Duties, keep};
use gridweave_agents::market::{keeper, ledger};
use gridweave_chain::{Chain, Signer};

use super::config::{Connection, KeeperConfig, MarketSection, SessionSection, load};
use super::solver::is_over;
use super::{base, enter};

/// Name of the keeper's key.
const NAME: &str = "keeper";

/// Keeps sessions and a market going as the configuration in `file` says.
///
/// # Errors
/// The configuration is wrong or the chain does not answer.
pub async fn run(file: &Path) -> Result<()> {
    let config: KeeperConfig = load(file)?;
    ensure!(
        config.session.is_some() || config.market.is_some(),
        "[session] and [market] are missing, expected at least one of them"
    );
    ensure!(
        config.session.is_some() || config.bills.is_none(),
        "[bills] needs [session]"
    );
    let (connection, signer) = enter(NAME, &config.chain, &config.key, &base(file)).await?;
    tokio::try_join!(
        sessions(&connection, &signer, &config),
        market(&connection, &signer, config.market)
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
