//! The chain that a command acts on: a node somewhere, or a network on this machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use gridweave_agents::market::terms::MarketChoice;
use gridweave_agents::terms::BillingChoice;
use gridweave_chain::wasmd::{GasPrice, Options, WasmdChain};
use gridweave_chain::{Chain, Coin, ContractKind, KeySource, Keyring, SecretKey, Signer, Terms};
use gridweave_types::crowdsourcing;

use crate::args::ChainArgs;
use crate::deploy::{Action, Deployer};
use crate::deployment::Deployment;
use crate::localnet;
use crate::run::progress::Progress;

/// Name of the operator's key.
const OPERATOR: &str = "operator";
/// Name of the key that holds the coins of a network on this machine.
const FAUCET: &str = "faucet";
/// Coins an operator gets from it, and how few it may have left before it gets them again.
const ALLOWANCE: (u128, u128) = (1_000_000_000_000, 500_000_000_000);
/// Denom of fees on a network on this machine.
const DENOM: &str = "stake";

/// What is to be deployed beside register and sessions, and on which terms.
pub struct Suite<'a> {
    /// Terms of the bills.
    pub bills: &'a BillingChoice,
    /// Owner of the grid account; the operator without it.
    pub treasury: Option<&'a str>,
    /// Terms of the market, if there is to be one.
    pub market: Option<&'a MarketChoice>,
    /// Terms of crowdsourcing, if there is to be any.
    pub crowdsourcing: Option<crowdsourcing::InstantiateMsg>,
}

/// A chain that can be reached, with the operator's key.
pub struct Site {
    /// RPC address of a node.
    pub url: String,
    /// The connection.
    pub chain: WasmdChain,
    /// Admin of the contracts.
    pub operator: Signer,
    /// Where its key is.
    pub key: PathBuf,
    /// The deployment file.
    pub deployment: PathBuf,
    /// Folder of the network, if it is one on this machine.
    pub network: Option<PathBuf>,
    /// Whether this call started it.
    pub started: bool,
}

impl Site {
    /// Connects; `local` brings a network up on this machine first.
    ///
    /// # Errors
    /// The network does not start, no node answers, or the key cannot be read.
    pub async fn reach(args: &ChainArgs) -> Result<Self> {
        match args.chain.as_str() {
            "local" => Self::local(args).await,
            url => Self::remote(url, args).await,
        }
    }

    async fn remote(url: &str, args: &ChainArgs) -> Result<Self> {
        let Some(key) = args.key.clone() else {
            bail!(
                "--chain {url} needs --key FILE, a key with coins; `gridweave key new FILE` makes one"
            );
        };
        let deployment = args.deployment.clone();
        let mut keyring = Keyring::new();
        let operator = keyring.load(OPERATOR, &KeySource::File(key.clone()))?;
        Ok(Self {
            url: url.into(),
            chain: connect(url, keyring, args).await?,
            operator,
            key,
            deployment: deployment.unwrap_or_else(|| "deployment.json".into()),
            network: None,
            started: false,
        })
    }

    async fn local(args: &ChainArgs) -> Result<Self> {
        Progress::step("starting a network on this machine");
        let options = localnet::Options::of(&localnet::default_home())?;
        let network = localnet::up(&options)?;
        let home = network.home.clone();
        let key = args
            .key
            .clone()
            .unwrap_or_else(|| home.join("operator.key"));
        if !key.exists() {
            SecretKey::random()?.create_file(&key)?;
        }
        let mut keyring = Keyring::new();
        let faucet = keyring.load(FAUCET, &KeySource::File(network.faucet_key.clone()))?;
        let operator = keyring.load(OPERATOR, &KeySource::File(key.clone()))?;
        let url = network.rpc.first().context("the network has no node")?;
        let chain = connect(url, keyring, args).await?;
        fund(&chain, &faucet, &operator).await?;
        let deployment = args.deployment.clone();
        Ok(Self {
            url: url.clone(),
            chain,
            operator,
            key,
            deployment: deployment.unwrap_or_else(|| home.join("deployment.json")),
            started: network.started,
            network: Some(home),
        })
    }

    /// Deploys what is missing, `billing` on the terms `bills` with the operator as the treasury
    /// unless another is given, `market` on the usual terms; builds the wasm files where a checkout has none yet.
    ///
    /// # Errors
    /// As [`Deployer::run`].
    pub async fn deploy(
        &self,
        artifacts: &Path,
        bills: &BillingChoice,
        treasury: Option<&str>,
        upgrade: bool,
    ) -> Result<(Deployment, BTreeMap<ContractKind, Action>)> {
        let suite = Suite {
            bills,
            treasury,
            market: Some(&MarketChoice::default()),
            crowdsourcing: None,
        };
        self.deploy_suite(artifacts, suite, upgrade).await
    }

    /// The same with other contracts than the usual ones.
    ///
    /// # Errors
    /// As [`Deployer::run`].
    pub async fn deploy_suite(
        &self,
        artifacts: &Path,
        suite: Suite<'_>,
        upgrade: bool,
    ) -> Result<(Deployment, BTreeMap<ContractKind, Action>)> {
        build_missing(artifacts)?;
        Progress::step("deploying the contracts");
        let treasury = suite.treasury.unwrap_or(&self.operator.address);
        let deployer = Deployer {
            chain: &self.chain,
            operator: &self.operator,
            artifacts,
            file: &self.deployment,
            terms: Terms {
                operator: self.operator.address.clone(),
                billing: suite.bills.terms(treasury, self.chain.time().await?),
                market: suite.market.map(MarketChoice::terms),
                crowdsourcing: suite.crowdsourcing,
            },
            upgrade,
        };
        let (deployment, actions) = deployer.run().await?;
        let codes = deployment
            .contracts
            .values()
            .map(|contract| contract.code_id);
        self.pin(&codes.collect::<Vec<_>>()).await?;
        Ok((deployment, actions))
    }

    /// Has the codes kept in memory by the nodes of a network on this machine; elsewhere only that
    /// chain's governance can, so the log names them.
    ///
    /// # Errors
    /// The vote comes to nothing.
    pub async fn pin(&self, codes: &[u64]) -> Result<()> {
        let codes = self.chain.unpinned(codes).await?;
        if codes.is_empty() {
            return Ok(());
        }
        let Some(home) = &self.network else {
            let chain = self.chain.chain_id();
            tracing::info!(
                ?codes,
                chain,
                "not pinned: governance can make calls cheaper"
            );
            return Ok(());
        };
        Progress::step("pinning the contracts' code");
        localnet::pin(home, &codes).map(drop)
    }

    /// Stops the network if this call started it.
    ///
    /// # Errors
    /// It cannot be stopped.
    pub fn leave(&self) -> Result<()> {
        if let (Some(home), true) = (&self.network, self.started) {
            localnet::down(home)?;
        }
        Ok(())
    }
}

/// `file` from wherever it is read.
///
/// # Errors
/// It is not there.
pub fn canonical(file: &Path) -> Result<PathBuf> {
    std::fs::canonicalize(file).with_context(|| file.display().to_string())
}

async fn connect(url: &str, keyring: Keyring, args: &ChainArgs) -> Result<WasmdChain> {
    let options = Options {
        gas_price: args.gas_price.parse::<GasPrice>()?,
        ..Options::default()
    };
    WasmdChain::connect(url, keyring, options)
        .await
        .with_context(|| format!("--chain {url}"))
}

async fn fund(chain: &WasmdChain, faucet: &Signer, operator: &Signer) -> Result<()> {
    let (amount, least) = ALLOWANCE;
    if chain.balance(&operator.address, DENOM).await? >= least {
        return Ok(());
    }
    let gift = (operator.address.clone(), Coin::new(amount, DENOM));
    chain.send_coins(faucet, &[gift]).await?;
    // Settles the key: its account exists from now on.
    chain.signer(&operator.name).await?;
    Ok(())
}

fn build_missing(artifacts: &Path) -> Result<()> {
    let missing = |kind: &ContractKind| !artifacts.join(kind.wasm_file()).is_file();
    let script = Path::new("scripts/build-wasm");
    let own = artifacts == Path::new("artifacts") && script.is_file();
    if !own || !ContractKind::ALL.iter().any(missing) {
        return Ok(());
    }
    Progress::step("building the contracts, once");
    let status = Command::new(script)
        .stdout(std::io::stderr())
        .status()
        .context("scripts/build-wasm cannot be run")?;
    ensure!(
        status.success(),
        "scripts/build-wasm failed; its lines above say why"
    );
    Ok(())
}
