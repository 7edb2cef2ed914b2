//! `gridweave localnet`, up to a real node.

mod common;

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use common::ports::free_ports;
use common::{folder, gridweave, json, skip, text};
use serde_json::Value;

/// A network folder and ports of a test of its own. Nothing of it outlives the test.
struct Net {
    home: PathBuf,
    port: u16,
}

impl Net {
    fn new(name: &str) -> Self {
        let home = folder("localnet").join(name);
        let net = Self {
            home,
            port: free_ports(),
        };
        net.run(&["reset"]);
        net
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let home = ["--home", self.home.to_str().unwrap()];
        gridweave(&[&["localnet"], arguments, &home].concat())
    }

    fn up(&self) -> Output {
        self.run(&["up", "--json", "--port", &self.port.to_string()])
    }

    fn status(&self) -> Value {
        json(&self.run(&["status", "--json"]))
    }

    /// The message of a command that must fail.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
        text(&output.stderr)
    }

    /// Processes that were started for this folder.
    fn processes(&self) -> Vec<String> {
        let home = self.home.to_str().unwrap();
        let entries = fs::read_dir("/proc").unwrap().flatten();
        let lines = entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
        lines
            .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
            .filter(|line| line.contains(home))
            .collect()
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        self.run(&["reset"]);
    }
}

fn has_go() -> bool {
    let mut go = Command::new("go");
    go.arg("version").stdout(Stdio::null());
    go.status().is_ok_and(|status| status.success())
}

#[test]
fn a_network_comes_up_survives_a_crash_and_goes_down() {
    if !has_go() {
        skip("the local chain needs Go to build its node");
        return;
    }
    let net = Net::new("whole");
    let up = json(&net.up());
    assert_eq!(up["running"], true);
    assert_eq!(up["chain_id"], "gridweave-local");
    assert!(up["nodes"][0]["height"].as_u64().unwrap() >= 1, "{up}");
    let key = fs::read_to_string(up["faucet_key"].as_str().unwrap()).unwrap();
    assert_eq!(key.trim().len(), 64);
    assert!(text(&net.run(&["up"]).stdout).contains("already running"));
    assert!(
        net.refused(&["up", "--block-time", "1s"])
            .contains("200ms, not 1s")
    );

    assert!(net.run(&["kill", "0"]).status.success());
    let dead = net.status();
    assert_eq!(dead["nodes"][0]["state"], "died", "{dead}");
    assert_eq!(dead["running"], false);
    assert!(net.processes().is_empty());

    let again = json(&net.up());
    assert!(again["nodes"][0]["height"].as_u64() >= up["nodes"][0]["height"].as_u64());
    assert_eq!(net.processes().len(), 1);
    assert!(net.run(&["down"]).status.success());
    assert_eq!(net.processes(), Vec::<String>::new());
    assert_eq!(net.status()["nodes"][0]["state"], "stopped");
    assert!(net.run(&["reset"]).status.success());
    assert!(!net.home.exists());
}

#[test]
fn a_taken_port_is_named_before_anything_starts() {
    let net = Net::new("port");
    let _rest = TcpListener::bind(("127.0.0.1", net.port + 9)).unwrap();
    let message = net.refused(&["up", "--port", &net.port.to_string()]);
    let expected = format!("port {} (REST of node0) is in use", net.port + 9);
    assert!(message.contains(&expected), "{message}");
    assert!(!net.home.exists());
}

#[test]
fn options_out_of_range_are_explained() {
    let net = Net::new("options");
    for (option, value, expected) in [
        ("--validators", "3", "'3', expected 1 or 4"),
        ("--block-time", "soon", "'soon', expected a whole number"),
        ("--block-time", "0s", "'0s', expected a whole number"),
        ("--port", "80", "'80', expected a number between 1024"),
    ] {
        let message = net.refused(&["up", option, value]);
        assert!(
            message.contains(&format!("{option} {expected}")),
            "{message}"
        );
    }
    assert!(!net.home.exists());
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let net = Net::new("foreign");
    fs::create_dir_all(&net.home).unwrap();
    let file = net.home.join("thesis.txt");
    fs::write(&file, "mine").unwrap();
    assert_eq!(net.status()["state"], "absent");
    assert!(net.run(&["down"]).status.success());
    assert!(net.run(&["reset"]).status.success());
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    fs::remove_dir_all(&net.home).unwrap();
}

#[test]
fn an_interrupted_start_is_described_and_cleaned() {
    let net = Net::new("unfinished");
    fs::create_dir_all(net.home.join("genesis/node0")).unwrap();
    for deployed in ["operator.key", "deployment.json", "market-energy-1.json"] {
        fs::write(net.home.join(deployed), "").unwrap();
    }
    fs::write(net.home.join("lock"), "").unwrap();
    assert_eq!(net.status()["state"], "unfinished");
    assert!(text(&net.run(&["status"]).stdout).contains("unfinished"));
    assert!(net.run(&["reset"]).status.success());
    assert!(!net.home.exists());
}

#[test]
fn a_recorded_pid_that_is_another_program_is_not_killed() {
    let net = Net::new("stale");
    fs::create_dir_all(net.home.join("node0")).unwrap();
    fs::write(net.home.join("lock"), "").unwrap();
    let settings = format!("validators=1\nblock_time=200ms\nport={}\n", net.port);
    fs::write(net.home.join("localnet.env"), settings).unwrap();
    let pid_file = net.home.join("node0/node.pid");
    fs::write(&pid_file, std::process::id().to_string()).unwrap();
    assert_eq!(net.status()["nodes"][0]["state"], "died");
    assert!(net.refused(&["kill", "0"]).contains("node0 does not run"));
    assert!(net.refused(&["kill", "1"]).contains("no node '1'"));
    // Had it been killed, this test would be gone.
    assert!(net.run(&["down"]).status.success());
    assert!(!pid_file.exists());
}
