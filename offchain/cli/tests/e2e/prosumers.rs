//! A pool of homes on a node is that of the simulation.

use crate::common::network::Network;
use crate::common::site::Site;
use crate::common::{number, run as embedded};

/// What a session comes to on any chain.
const SAME: [&str; 5] = [
    "rounds",
    "cost_total",
    "certified_gap",
    "traded_kwh",
    "side_payments",
];

#[test]
fn homes_pool_their_trade_on_the_node() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "e2e-prosumers");
    let folder = env!("CARGO_MANIFEST_DIR");
    let community = format!("{folder}/../../tests/golden/prosumers/p10-24-10.json");
    let session = [&community, "--rounds", "3", "--no-bills"];
    let expected = embedded("e2e-prosumers-embedded", &session);
    let found = site.run("pool", &session);
    assert_eq!(number(&found, "rounds"), 3.0, "{found}");
    for key in SAME {
        assert_eq!(found[key], expected[key], "{key}");
    }
    assert_eq!(
        (&found["tx_failed"], &found["processes"]),
        (&0.into(), &0.into())
    );
    assert!(number(&found, "gas_per_submission") > 50_000.0, "{found}");
    // Of the metered day, which is not lived through, nothing is claimed.
    assert!(found.get("settled_lines").is_none(), "{found}");
}
