//! An operator with a key, a deployment and a folder of its own, on a network.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use super::artifacts::root;
use super::ledger::signer_of;
use super::network::{Network, fresh};
use super::{gridweave, json, text};

/// An operator on a network.
pub struct Site<'n> {
    /// The network.
    pub network: &'n Network,
    /// Folder of everything below.
    pub folder: PathBuf,
    /// Address of the key.
    pub address: String,
}

impl<'n> Site<'n> {
    /// An operator with coins; nothing is deployed.
    pub fn new(network: &'n Network, name: &str) -> Self {
        let folder = fresh(name);
        let address = new_key(&folder.join("operator.key"));
        network.fund(&address);
        Self {
            network,
            folder,
            address,
        }
    }

    /// Its key.
    pub fn key(&self) -> PathBuf {
        self.folder.join("operator.key")
    }

    /// Its deployment file.
    pub fn deployment(&self) -> PathBuf {
        self.folder.join("deployment.json")
    }

    /// Address of a deployed contract.
    pub fn contract(&self, name: &str) -> String {
        let deployment = fs::read(self.deployment()).unwrap();
        let deployment: Value = serde_json::from_slice(&deployment).unwrap();
        let address = deployment["contracts"][name]["address"].as_str();
        address.unwrap_or_else(|| panic!("{name}")).to_owned()
    }

    /// The options that name the chain, the key and the files.
    pub fn options(&self) -> Vec<String> {
        chain_options(
            &self.network.rpc[0],
            &self.key(),
            &self.deployment(),
            &self.network.artifacts,
        )
    }

    /// `gridweave deploy --json` with the artifacts in `artifacts`.
    pub fn deploy(&self, artifacts: &Path, arguments: &[&str]) -> Output {
        self.deploy_as(&self.key(), artifacts, arguments)
    }

    /// The same with another key.
    pub fn deploy_as(&self, key: &Path, artifacts: &Path, arguments: &[&str]) -> Output {
        let url = &self.network.rpc[0];
        Command::new(env!("CARGO_BIN_EXE_gridweave"))
            .args(["deploy", "--json"])
            .args(chain_options(url, key, &self.deployment(), artifacts))
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Makes a key of this site; its file and address.
    pub fn new_key(&self, name: &str) -> (PathBuf, String) {
        let file = self.folder.join(name);
        let address = new_key(&file);
        (file, address)
    }

    /// A copy of the scenario `quick` that leaves sessions on a busy machine a minute before the day
    /// begins.
    pub fn patient_quick(&self) -> String {
        let text = fs::read_to_string(root().join("offchain/scenarios/quick.toml")).unwrap();
        let file = self.folder.join("quick.toml");
        let patient = text.replace("[billing]", "[billing]\nlead_seconds = 60");
        assert_ne!(patient, text);
        fs::write(&file, patient).unwrap();
        file.to_str().unwrap().to_owned()
    }

    /// Starts `gridweave run` into the folder `out` of this site.
    pub fn start(&self, out: &str, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_gridweave"))
            .arg("run")
            .args(arguments)
            .args(self.options())
            .args(["--json", "--out"])
            .arg(self.folder.join(out))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Runs it; its summary.
    pub fn run(&self, out: &str, arguments: &[&str]) -> Value {
        ended(self.start(out, arguments))
    }
}

/// The summary of a run that was started.
pub fn ended(run: Child) -> Value {
    json(&run.wait_with_output().unwrap())
}

/// Makes a key; its address.
pub fn new_key(file: &Path) -> String {
    let made = gridweave(&["key", "new", file.to_str().unwrap()]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    signer_of(file).1.address
}

/// The options that name a chain, a key and files.
pub fn chain_options(url: &str, key: &Path, deployment: &Path, artifacts: &Path) -> Vec<String> {
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let [chain, key_option, deployment_option, artifacts_option] =
        ["--chain", "--key", "--deployment", "--artifacts"].map(str::to_owned);
    vec![
        chain,
        url.to_owned(),
        key_option,
        path(key),
        deployment_option,
        path(deployment),
        artifacts_option,
        path(artifacts),
    ]
}
