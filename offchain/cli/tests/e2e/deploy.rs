//! Deploying once, and what stops it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::common::network::Network;
use crate::common::site::Site;
use crate::common::{json, refusal};

#[test]
fn deploying_again_changes_nothing() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "e2e-deploy");
    let first = json(&site.deploy(&network.artifacts, &[]));
    for contract in ["grid", "coordinator", "billing", "assets", "market"] {
        assert_eq!(first["actions"][contract], "deployed", "{first}");
    }
    let (file, height) = (fs::read(site.deployment()).unwrap(), network.height());
    for arguments in [&[][..], &["--upgrade"]] {
        let again = json(&site.deploy(&network.artifacts, arguments));
        assert_eq!(again["contracts"], first["contracts"]);
        for contract in ["grid", "coordinator", "billing", "assets", "market"] {
            assert_eq!(again["actions"][contract], "unchanged", "{again}");
        }
    }
    assert_eq!(fs::read(site.deployment()).unwrap(), file);
    assert_eq!(network.transactions_of(&site.address, height), []);
}

#[test]
fn what_cannot_be_deployed_is_explained_and_changes_nothing() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "e2e-deploy-refused");
    let incomplete = site.folder.join("incomplete");
    fs::create_dir(&incomplete).unwrap();
    let grid = "gridweave_grid.wasm";
    fs::copy(network.artifacts.join(grid), incomplete.join(grid)).unwrap();
    let height = network.height();
    let missing = incomplete.join("gridweave_coordinator.wasm");
    let expected = format!("{} cannot be read", missing.display());
    assert!(refusal(&site.deploy(&incomplete, &[])).contains(&expected));
    assert!(!site.deployment().exists());
    assert_eq!(network.transactions_of(&site.address, height), []);

    json(&site.deploy(&network.artifacts, &[]));
    wrong_keys(&site);
    another_chain(&site);
}

fn wrong_keys(site: &Site<'_>) {
    let (file, height) = (fs::read(site.deployment()).unwrap(), site.network.height());
    let refused =
        |key: &Path| refusal(&site.deploy_as(key, &site.network.artifacts, &["--upgrade"]));
    let (key, address) = site.new_key("other.key");
    site.network.fund(&address);
    let said = refused(&key);
    for expected in [&site.address, &address, "choose another --key"] {
        assert!(said.contains(expected), "{said}");
    }
    let broken = site.folder.join("broken.key");
    fs::copy(&key, &broken).unwrap();
    fs::write(&broken, "hidden").unwrap();
    let said = refused(&broken);
    assert!(said.contains("broken.key holds 6 characters"), "{said}");
    assert!(!said.contains("hidden"), "{said}");
    assert!(refused(&site.folder.join("none.key")).contains("none.key cannot be read"));
    assert_eq!(fs::read(site.deployment()).unwrap(), file);
    for signer in [&site.address, &address] {
        assert_eq!(site.network.transactions_of(signer, height), []);
    }
}

fn another_chain(site: &Site<'_>) {
    let height = site.network.height();
    let mut deployment: Value =
        serde_json::from_slice(&fs::read(site.deployment()).unwrap()).unwrap();
    deployment["chain_id"] = "elsewhere-1".into();
    let text = deployment.to_string();
    fs::write(site.deployment(), &text).unwrap();
    let said = refusal(&site.deploy(&site.network.artifacts, &["--upgrade"]));
    assert!(said.contains("is of chain 'elsewhere-1'"), "{said}");
    fs::write(site.deployment(), "{}").unwrap();
    let said = refusal(&site.deploy(&site.network.artifacts, &[]));
    assert!(said.contains("deployment.json is damaged"), "{said}");
    assert_eq!(fs::read_to_string(site.deployment()).unwrap(), "{}");
    assert_eq!(site.network.transactions_of(&site.address, height), []);
}
