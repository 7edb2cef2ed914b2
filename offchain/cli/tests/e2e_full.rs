//! The long runs on real nodes, by `just e2e-full`: the published day, dying validators and actors.

mod common;

use std::io::Write;
use std::process::Child;
use std::time::{Duration, Instant};

use common::artifacts::artifacts;
use common::ledger::{block_on, count};
use common::network::{Network, fresh};
use common::run as embedded;
use common::site::{Site, ended};
use common::survival::assert_survives;
use common::{check_bills, gridweave_in, json, skip};
use gridweave_chain::Chain;
use serde_json::Value;

/// How long a validator that was away gets to catch up, and a run to reach a round.
const PATIENCE: Duration = Duration::from_secs(120);

/// Says what was measured, past the harness.
fn tell(what: &str, summary: &Value) {
    let figures = ["schedule_s", "wall_s", "blocks", "gas_per_submission"];
    let figures = figures.map(|key| format!("{key} {}", summary[key]));
    writeln!(std::io::stderr(), "{what}: {}", figures.join(", ")).ok();
}

fn agents(summary: &Value) -> u64 {
    summary["agents"].as_u64().unwrap()
}

#[test]
#[ignore = "minutes: just e2e-full"]
fn a_clean_machine_schedules_the_published_day() {
    let artifacts = match artifacts() {
        Ok(artifacts) => artifacts,
        Err(reason) => return skip(&reason),
    };
    let expected = embedded("full-clean-embedded", &["munsing-55"]);
    let folder = fresh("full-clean");
    let home = ["GRIDWEAVE_HOME", folder.to_str().unwrap()];
    let out = folder.join("out");
    let run = ["run", "munsing-55", "--chain", "local", "--json", "--out"];
    let files = [
        out.to_str().unwrap(),
        "--artifacts",
        artifacts.to_str().unwrap(),
    ];
    let summary = gridweave_in(home, &[&run[..], &files].concat());
    let left = json(&gridweave_in(home, &["localnet", "status", "--json"]));
    let reset = gridweave_in(home, &["localnet", "reset"]);
    let summary = json(&summary);
    assert!(reset.status.success());
    assert_eq!(left["running"], false, "the network outlives the run");
    assert_eq!(summary["plan_hash"], expected["plan_hash"]);
    assert_eq!(summary["processes"], agents(&expected) + 3);
    check_bills(&summary);
    assert_eq!(summary["payments_total"], expected["payments_total"]);
    assert_eq!(summary["tx_failed"], 0);
    tell("munsing-55 from a clean state", &summary);
}

#[test]
#[ignore = "minutes: just e2e-full"]
fn consensus_on_the_node_is_consensus_in_the_simulation() {
    let Some(network) = Network::shared() else {
        return;
    };
    let day = ["munsing-55", "--mode", "lateral"];
    let expected = embedded("full-lateral-embedded", &day);
    let site = Site::new(network, "full-lateral");
    let summary = site.run("run", &day);
    assert_eq!(summary["plan_hash"], expected["plan_hash"]);
    assert_eq!(summary["rounds"], expected["rounds"]);
    assert_eq!(summary["tx_failed"], 0);
    tell("munsing-55 in lateral mode", &summary);
}

#[test]
#[ignore = "minutes: just e2e-full"]
fn the_published_day_survives_dying_actors() {
    let Some(network) = Network::shared() else {
        return;
    };
    let day = ["munsing-55", "--no-bills", "--gap", "0", "--rounds", "8"];
    let (summary, killed) = assert_survives(network, "full-kills", &day, 8);
    tell(&format!("munsing-55 with {killed:?} killed"), &summary);
}

#[test]
#[ignore = "minutes: just e2e-full"]
fn one_validator_of_four_may_die() {
    let Some(network) = Network::start("four", 4) else {
        return;
    };
    let day = ["munsing-55", "--no-bills"];
    let expected = embedded("full-four-embedded", &day);
    let site = Site::new(&network, "full-four");
    let deployed = site.deploy(&network.artifacts, &[]);
    assert!(deployed.status.success());
    let before = network.height();
    let mut run = site.start("run", &day);
    await_round(&site, &mut run, before);
    network.kill(3);
    let summary = ended(run);
    assert_eq!(summary["plan_hash"], expected["plan_hash"]);
    assert_eq!(summary["tx_failed"], 0);
    tell("munsing-55 with one validator of four killed", &summary);

    network.restart(3);
    let height = network.height();
    let hashes = block_on(async {
        let mut hashes = Vec::new();
        for node in 0..4 {
            let chain = network.reader(node).await;
            let caught_up = async {
                while chain.height().await.unwrap() < height {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            };
            tokio::time::timeout(PATIENCE, caught_up).await.unwrap();
            hashes.push(chain.app_hash(height).await.unwrap());
        }
        hashes
    });
    assert!(hashes.iter().all(|hash| *hash == hashes[0]), "{hashes:?}");
}

/// Waits until the first round of `run` has closed.
fn await_round(site: &Site<'_>, run: &mut Child, before: u64) {
    let coordinator = site.contract("coordinator");
    let start = Instant::now();
    while count(
        &site.network.events_of(&coordinator, before),
        "round_closed",
    ) == 0
    {
        assert_eq!(run.try_wait().unwrap(), None, "the run ended");
        assert!(start.elapsed() < PATIENCE, "no round closed");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
#[ignore = "minutes: just e2e-full"]
fn a_market_day_is_traded_as_if_all_were_known() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "full-market");
    let day = ["transax-102", "--solvers", "exact,greedy,hostile"];
    let clock = ["--interval-seconds", "6", "--lead", "30"];
    let summary = site.run("run", &[&day[..], &clock].concat());
    assert_eq!(summary["gap"], 0.0, "{summary}");
    assert_eq!(summary["conservation_error"], 0, "{summary}");
    let figures = [
        "offer_to_trade_s",
        "verify_gas_per_trade",
        "solutions_rejected",
    ];
    let figures = figures.map(|key| format!("{key} {}", summary[key]));
    writeln!(std::io::stderr(), "transax-102: {}", figures.join(", ")).ok();
}
