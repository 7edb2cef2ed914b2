//! The operator's counter and the homes that use it, as processes on the node.

mod day;
mod kills;

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use gridweave_agents::market::feeders::set_limits;
use gridweave_chain::{Chain, ContractAddr, Contracts, MarketContracts};
use gridweave_rules::market::FeederLimits;
use gridweave_types::grid::{AccountInput, ExecuteMsg, Role};

use crate::common::ledger::{connect, signer_of};
use crate::common::site::Site;

/// Limits that nobody reaches (Wh).
const AMPLE: FeederLimits = FeederLimits {
    export: 1_000_000,
    import: 1_000_000,
    consumption: 1_000_000,
    production: 1_000_000,
};

/// A process of `gridweave`; it is killed when this is dropped.
struct Process(Child);

impl Process {
    /// Starts `gridweave ACTOR --config CONFIG`, which appends to a log beside its configuration.
    fn start(actor: &str, config: &Path) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(config.with_extension("log"));
        let child = Command::new(env!("CARGO_BIN_EXE_gridweave"))
            .args([actor, "--with-parent", "--config"])
            .arg(config)
            .env("GRIDWEAVE_LOG", "info")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log.unwrap())
            .spawn();
        Self(child.unwrap())
    }

    /// How it has ended, if it has.
    fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn contracts(site: &Site<'_>) -> Contracts {
    let address = |name| ContractAddr::new(site.contract(name));
    Contracts {
        grid: address("grid"),
        coordinator: address("coordinator"),
        billing: address("billing"),
        market: Some(MarketContracts {
            assets: address("assets"),
            market: address("market"),
        }),
        crowdsourcing: None,
    }
}

/// Registers accounts, each on a feeder, and the feeders.
async fn register(site: &Site<'_>, accounts: &[(&str, u32)]) {
    let (keyring, operator) = signer_of(&site.key());
    let chain = connect(&site.network.rpc[0], keyring).await;
    let contracts = contracts(site);
    let rows = accounts.iter().map(|&(address, feeder)| AccountInput {
        address: address.into(),
        feeder,
        bus: 0,
        role: Role::Prosumer,
        meter_key: None,
    });
    for &(_, feeder) in accounts {
        let set = set_limits(&chain, &contracts, &operator, (feeder, AMPLE));
        set.await.unwrap();
    }
    let register = ExecuteMsg::RegisterAccounts {
        accounts: rows.collect(),
    };
    chain
        .execute(&operator, &contracts.grid, &register)
        .await
        .unwrap();
}

/// The section `[chain]` of an actor of this site, with `more` lines.
fn chain_section(site: &Site<'_>, more: &str) -> String {
    format!(
        r#"
[chain]
url = "{}"
deployment = "deployment.json"
poll_ms = 100
journal = "journal"
{more}
"#,
        site.network.rpc[0]
    )
}
