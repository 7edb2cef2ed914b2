//! Where events come from.

use std::path::Path;

use anyhow::{Context, Result, bail};
use gridweave_audit::{Asked, Auditor, EventLog, Subject};
use gridweave_chain::Keyring;
use gridweave_chain::wasmd::{Options, WasmdChain};

use super::verdict;
use crate::args::HistoryArgs;
use crate::deployment::Deployment;
use crate::localnet;
use crate::run::progress::Progress;

/// A history that has been followed to its end.
pub struct History {
    /// Who has followed it.
    pub auditor: Auditor,
    /// The chain that it is of, as of its last block; `None` for a log.
    chain: Option<WasmdChain>,
}

impl History {
    /// Reads and follows the history.
    ///
    /// # Errors
    /// The log or the deployment is missing or damaged, no node answers, or an event cannot be
    /// read.
    pub async fn read(args: &HistoryArgs) -> Result<Self> {
        match (&args.events, &args.chain) {
            (Some(path), _) => Self::of_log(path),
            (None, Some(chain)) => Self::of_chain(chain, args.deployment.as_deref()).await,
            (None, None) => bail!("--events or --chain is missing"),
        }
    }

    fn of_log(path: &Path) -> Result<Self> {
        let EventLog { subject, events } = EventLog::read(path)?;
        Ok(Self {
            auditor: Auditor::of(subject, &events)?,
            chain: None,
        })
    }

    async fn of_chain(chain: &str, deployment: Option<&Path>) -> Result<Self> {
        let (chain, subject) = reach(chain, deployment).await?;
        let (auditor, height) = verdict::follow(&chain, subject).await?;
        Ok(Self {
            auditor,
            chain: Some(chain.at(height)),
        })
    }

    /// Compares what the events add up to with what the chain says; `None` for a log.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn ask(&mut self) -> Result<Option<Asked>> {
        match &self.chain {
            None => Ok(None),
            Some(chain) => Ok(Some(self.auditor.ask(chain).await?)),
        }
    }
}

/// Connects to the chain of a deployment to read its events.
///
/// # Errors
/// The deployment is missing or damaged, or no node answers.
pub async fn reach(chain: &str, deployment: Option<&Path>) -> Result<(WasmdChain, Subject)> {
    let (url, usual) = match chain {
        "local" => local()?,
        url => (url.to_owned(), "deployment.json".into()),
    };
    let deployment = Deployment::read(deployment.unwrap_or(&usual))?;
    let contracts = deployment.contracts()?;
    let options = Options {
        chain_id: Some(deployment.chain_id.clone()),
        ..Options::default()
    };
    let chain = WasmdChain::connect(&url, Keyring::new(), options)
        .await
        .with_context(|| format!("--chain {url}"))?;
    let subject = Subject::of(&deployment.chain_id, &contracts);
    Progress::step("reading the chain's events");
    Ok((chain, subject))
}

/// RPC address and deployment file of the network on this machine, which must run.
fn local() -> Result<(String, std::path::PathBuf)> {
    let home = localnet::default_home();
    let status = localnet::status(&home)?;
    let node = status.nodes.iter().find(|node| node.running);
    let node = node.with_context(|| {
        let home = home.display();
        format!("no node of the network in {home} runs; `gridweave localnet up` starts it")
    })?;
    Ok((node.rpc.clone(), home.join("deployment.json")))
}
