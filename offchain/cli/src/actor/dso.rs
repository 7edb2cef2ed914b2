//! `gridweave dso`: the operator's counter.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, ContractAddr};
use gridweave_dso::api::{Domain, Server};
use gridweave_dso::{Dso, Ledger, Participant};
use gridweave_types::grid::{Account, OperatorResponse, QueryMsg};

use super::config::{Connection, DsoConfig, load};
use super::{base, enter};

/// Name of the operator's key.
const NAME: &str = "operator";

/// Answers requests, issues permits and credits deposits as the configuration in `file` says.
///
/// # Errors
/// The configuration is wrong, the ledger or the address is in use, or the chain does not answer.
pub async fn run(file: &Path) -> Result<()> {
    let config: DsoConfig = load(file)?;
    let base = base(file);
    let (connection, signer) = enter(NAME, &config.chain, &config.key, &base).await?;
    let Connection { chain, contracts } = connection;
    let office = operator(&chain, &contracts.grid).await?;
    ensure!(
        office == signer.address,
        "key is that of {}, expected the operator's, {office}",
        signer.address
    );
    let ledger = Ledger::open(&base.join(&config.dso.ledger))?;
    let policy = config.policy.clone();
    let dso = Dso::open(chain.clone(), &contracts, &signer, ledger, policy).await?;
    for section in &config.participants {
        let participant = Participant::from(section);
        check(&chain, &contracts.grid, &participant).await?;
        dso.ledger()
            .enrol_with(&participant, section.advance.into())?;
    }
    let server = Server::bind(config.dso.listen, config.dso.public).await?;
    let domain = Domain {
        chain_id: chain.chain_id().into(),
        operator: signer.address,
    };
    let participants = config.participants.len();
    tracing::info!(address = %server.address(), participants, "the counter is open");
    let dso = Arc::new(dso);
    let never = std::future::pending();
    tokio::select! {
        served = server.serve(dso.clone(), domain, config.rates, never) => {
            served.context("the counter closed")
        }
        worked = dso.work(config.dso.batch_seconds, config.market.until) => {
            worked.context("the counter's work stopped")
        }
    }
}

/// The operator in office.
pub async fn operator(chain: &WasmdChain, grid: &ContractAddr) -> Result<String> {
    let found: OperatorResponse = chain.query(grid, &QueryMsg::Operator {}).await?;
    Ok(found.operator.into_string())
}

/// That the participant's account is registered where the configuration says.
async fn check(chain: &WasmdChain, grid: &ContractAddr, participant: &Participant) -> Result<()> {
    let query = QueryMsg::Account {
        address: participant.account.clone(),
    };
    let known: Account = chain
        .query(grid, &query)
        .await
        .with_context(|| format!("participant '{}' has no account", participant.name))?;
    ensure!(
        known.feeder == participant.feeder,
        "feeder of participant '{}' is {}, expected {}, where its account is registered",
        participant.name,
        participant.feeder,
        known.feeder
    );
    Ok(())
}
