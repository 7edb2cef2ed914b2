//! A day whose actors die at random.

use serde_json::Value;

use super::kills::kill_at_random;
use super::ledger::{count, submissions};
use super::network::Network;
use super::run as embedded;
use super::site::{Site, ended};

/// Runs `day`, of `rounds` rounds, on the node while its actors are killed, and checks that it is
/// the day of the simulation, with every iterate submitted once. Its summary and the killed.
pub fn assert_survives(
    network: &Network,
    name: &str,
    day: &[&str],
    rounds: u64,
) -> (Value, Vec<String>) {
    let expected = embedded(&format!("{name}-embedded"), day);
    let site = Site::new(network, name);
    let before = network.height();
    let mut run = site.start("run", day);
    let killed = kill_at_random(&mut run, &site.folder.join("run"), 8);
    let summary = ended(run);
    assert!(killed.len() >= 4, "only {killed:?} were killed");
    assert_eq!(summary["plan_hash"], expected["plan_hash"], "{killed:?}");
    assert_eq!(summary["tx_failed"], 0, "{killed:?}");

    let events = network.events_of(&site.contract("coordinator"), before);
    assert_eq!(count(&events, "session_opened"), 1, "{killed:?}");
    let submissions = submissions(&events);
    let agents = expected["agents"].as_u64().unwrap();
    assert_eq!(submissions.len() as u64, rounds * agents, "{killed:?}");
    for (iterate, times) in submissions {
        assert_eq!(times, 1, "{iterate:?} after {killed:?}");
    }
    (summary, killed)
}
