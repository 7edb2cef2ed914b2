//! A network of a test's own. It goes when its owner goes, by whatever end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, OnceLock};

use gridweave_chain::wasmd::{TxRecord, WasmdChain};
use gridweave_chain::{Chain, ChainEvent, Coin, ContractAddr, Keyring};
use serde_json::Value;

use super::artifacts::artifacts;
use super::ledger::{block_on, connect, events_since, signer_of, since};
use super::ports::free_ports;
use super::{folder, gridweave, json, lock, missing_tool, skip, text};

/// Coins of an operator.
const ALLOWANCE: u128 = 1_000_000_000_000;

/// A network that runs.
pub struct Network {
    /// RPC address of each node.
    pub rpc: Vec<String>,
    /// Folder of the wasm files.
    pub artifacts: PathBuf,
    home: PathBuf,
    faucet: PathBuf,
    faucet_turn: Mutex<()>,
    _guard: Guard,
}

impl Network {
    /// Starts a network; `None`, and one line that says why, where a tool is missing.
    pub fn start(name: &str, validators: u32) -> Option<Self> {
        let started = artifacts().and_then(|artifacts| Self::up(name, validators, artifacts));
        started.map_err(|reason| skip(&reason)).ok()
    }

    /// The network that all tests of a file share.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Network>> = OnceLock::new();
        SHARED.get_or_init(|| Self::start("shared", 1)).as_ref()
    }

    fn up(name: &str, validators: u32, artifacts: PathBuf) -> Result<Self, String> {
        let home = folder("networks").join(format!("{name}-{}", std::process::id()));
        let guard = Guard::new(&home);
        let (validators, port) = (validators.to_string(), free_ports().to_string());
        let settings = ["--validators", &validators, "--port", &port, "--json"];
        let up = localnet("up", &settings, &home);
        if !up.status.success() {
            let said = text(&up.stderr);
            return Err(missing_tool(&said).unwrap_or_else(|| panic!("{said}")));
        }
        let up = json(&up);
        let nodes = up["nodes"].as_array().unwrap().iter();
        Ok(Self {
            rpc: nodes.map(|node| owned(&node["rpc"])).collect(),
            artifacts,
            home,
            faucet: owned(&up["faucet_key"]).into(),
            faucet_turn: Mutex::new(()),
            _guard: guard,
        })
    }

    /// Ends a node without warning.
    pub fn kill(&self, node: usize) {
        let killed = localnet("kill", &[&node.to_string()], &self.home);
        assert!(killed.status.success(), "{}", text(&killed.stderr));
    }

    /// Starts it again.
    pub fn restart(&self, node: usize) {
        let started = localnet("start", &[&node.to_string()], &self.home);
        assert!(started.status.success(), "{}", text(&started.stderr));
    }

    /// A connection to a node, to read from.
    pub async fn reader(&self, node: usize) -> WasmdChain {
        connect(&self.rpc[node], Keyring::new()).await
    }

    /// Height of the latest block.
    pub fn height(&self) -> u64 {
        block_on(async { self.reader(0).await.height().await.unwrap() })
    }

    /// The transactions of `address` since the block after `height`.
    pub fn transactions_of(&self, address: &str, height: u64) -> Vec<TxRecord> {
        let mut transactions = block_on(async { since(&self.reader(0).await, height).await });
        transactions.retain(|tx| tx.sender.as_deref() == Some(address));
        transactions
    }

    /// What `contract` announced since the block after `height`.
    pub fn events_of(&self, contract: &str, height: u64) -> Vec<ChainEvent> {
        let contract = ContractAddr::new(contract);
        block_on(async { events_since(&self.reader(0).await, height, &contract).await })
    }

    /// Gives `address` coins.
    pub fn fund(&self, address: &str) {
        // One connection at a time may number the transactions of a key.
        let _turn = lock(&self.faucet_turn);
        block_on(async {
            let (keyring, faucet) = signer_of(&self.faucet);
            let chain = connect(&self.rpc[0], keyring).await;
            let gift = (address.to_owned(), Coin::new(ALLOWANCE, "stake"));
            chain.send_coins(&faucet, &[gift]).await.unwrap();
        });
    }
}

fn localnet(action: &str, arguments: &[&str], home: &Path) -> Output {
    let home = ["--home", home.to_str().unwrap()];
    gridweave(&[&["localnet", action], arguments, &home].concat())
}

/// A process that deletes the network in a folder when its stdin closes: when this is dropped, or
/// the test's process is done or dead.
struct Guard(Child);

impl Guard {
    fn new(home: &Path) -> Self {
        let wait = "cat; exec \"$0\" localnet reset --home \"$1\"";
        let guard = Command::new("setsid")
            .args(["bash", "-c", wait, env!("CARGO_BIN_EXE_gridweave")])
            .arg(home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(guard.unwrap())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        self.0.wait().ok();
    }
}

fn owned(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The folder `name`, emptied: journals of an earlier chain would confuse this one.
pub fn fresh(name: &str) -> PathBuf {
    let folder = folder(name);
    fs::remove_dir_all(&folder).unwrap();
    fs::create_dir_all(&folder).unwrap();
    folder
}
