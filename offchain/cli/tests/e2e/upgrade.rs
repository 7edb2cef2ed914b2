//! Upgrading a contract that was deployed at an earlier version.

use std::fs;

use gridweave_chain::{Chain, ContractAddr};
use gridweave_types::grid::{ExecuteMsg, Feeder, OperatorResponse, QueryMsg};
use serde_json::Value;

use crate::common::artifacts::with_old_grid;
use crate::common::ledger::{block_on, connect, signer_of};
use crate::common::network::Network;
use crate::common::site::Site;
use crate::common::{json, refusal};

/// Version of the code in `tests/wasm`.
const OLD: &str = "0.1.0";

#[test]
fn an_older_contract_moves_forward_with_its_state_and_not_back() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "e2e-upgrade");
    let old = with_old_grid(&network.artifacts, &site.folder);
    let before = json(&site.deploy(&old, &[]));
    let grid = ContractAddr::new(site.contract("grid"));
    register(&site, &grid);

    let kept = json(&site.deploy(&network.artifacts, &[]));
    assert_eq!(kept["actions"]["grid"], "outdated", "{kept}");
    assert_eq!(kept["contracts"], before["contracts"]);

    let height = network.height();
    let after = json(&site.deploy(&network.artifacts, &["--upgrade"]));
    assert_eq!(after["actions"]["grid"], "upgraded", "{after}");
    check_moved(&before["contracts"], &after["contracts"]);
    let events = network.events_of(grid.as_str(), height);
    let migrated = events
        .iter()
        .find(|event| event.action() == Some("migrated"));
    let migrated = migrated.expect("an event of the migration");
    assert_eq!(migrated.attribute("from"), Some(OLD));
    assert_eq!(migrated.attribute("to"), Some(env!("CARGO_PKG_VERSION")));
    check_state(&site, &grid);

    let file = fs::read(site.deployment()).unwrap();
    let height = network.height();
    let said = refusal(&site.deploy(&old, &["--upgrade"]));
    let expected = format!(
        "stored version {} is newer than {OLD}",
        env!("CARGO_PKG_VERSION")
    );
    assert!(said.contains(&expected), "{said}");
    assert_eq!(fs::read(site.deployment()).unwrap(), file);
    let sent = network.transactions_of(&site.address, height);
    assert_eq!(sent.len(), 0, "no code is stored for nothing: {sent:?}");
    let again = json(&site.deploy(&network.artifacts, &["--upgrade"]));
    assert_eq!(again["actions"]["grid"], "unchanged", "{again}");
    check_state(&site, &grid);
}

fn check_moved(before: &Value, after: &Value) {
    let (before, after) = (&before["grid"], &after["grid"]);
    assert_eq!(after["address"], before["address"]);
    assert_ne!(after["code_id"], before["code_id"]);
    assert_ne!(after["checksum"], before["checksum"]);
}

fn feeder() -> Feeder {
    Feeder {
        id: 7,
        name: "kept".into(),
        root: 1,
        external_limit: 70_000_u64.into(),
        internal_limit: 90_000_u64.into(),
    }
}

fn register(site: &Site<'_>, grid: &ContractAddr) {
    block_on(async {
        let (keyring, operator) = signer_of(&site.key());
        let chain = connect(&site.network.rpc[0], keyring).await;
        let add = ExecuteMsg::AddFeeder { feeder: feeder() };
        chain.execute(&operator, grid, &add).await.unwrap();
    });
}

fn check_state(site: &Site<'_>, grid: &ContractAddr) {
    block_on(async {
        let chain = site.network.reader(0).await;
        let query = QueryMsg::Operator {};
        let operator: OperatorResponse = chain.query(grid, &query).await.unwrap();
        assert_eq!(operator.operator.as_str(), site.address);
        let query = QueryMsg::Feeder { feeder: 7 };
        let kept: Feeder = chain.query(grid, &query).await.unwrap();
        assert_eq!(kept, feeder());
    });
}
