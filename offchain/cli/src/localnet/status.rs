//! What the script says about a network, line by line.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Error, Result, bail};
use serde::Serialize;

/// A network as it is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// What there is.
    pub state: State,
    /// Whether any node runs.
    pub running: bool,
    /// The chain's name.
    pub chain_id: String,
    /// Number of validators.
    pub validators: u32,
    /// Pause between blocks.
    pub block_time: String,
    /// Base of the ports.
    pub port: u16,
    /// Folder of the network.
    pub home: PathBuf,
    /// File with the private key of the account that holds the coins.
    pub faucet_key: PathBuf,
    /// The nodes, by number; none before the network is initialised.
    pub nodes: Vec<Node>,
}

/// What there is in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No network.
    Absent,
    /// A first start that was killed half way.
    Unfinished,
    /// A network without a running node.
    Stopped,
    /// A network with a running node.
    Running,
}

/// One validator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Its number, from 0.
    pub index: u32,
    /// What became of it.
    pub state: NodeState,
    /// Whether its process lives.
    pub running: bool,
    /// Its process, while it runs.
    pub pid: Option<u32>,
    /// Its last block, when it answers.
    pub height: Option<u64>,
    /// RPC address.
    pub rpc: String,
    /// REST address.
    pub rest: String,
    /// gRPC address.
    pub grpc: String,
}

/// What became of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeState {
    /// It runs.
    Running,
    /// It ended without being stopped.
    Died,
    /// It was stopped, or never started.
    Stopped,
}

impl Status {
    /// Whether the network is complete.
    pub fn all_run(&self) -> bool {
        !self.nodes.is_empty() && self.nodes.iter().all(|node| node.running)
    }
}

impl FromStr for Status {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let field = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
                .with_context(|| format!("the status has no line '{name}'"))
        };
        let state = match field("state")? {
            "absent" => State::Absent,
            "unfinished" => State::Unfinished,
            "stopped" => State::Stopped,
            "running" => State::Running,
            other => bail!("the status has state '{other}'"),
        };
        Ok(Self {
            state,
            running: state == State::Running,
            chain_id: field("chain_id")?.to_owned(),
            validators: number("validators", field("validators")?)?,
            block_time: field("block_time")?.to_owned(),
            port: number("port", field("port")?)?,
            home: field("home")?.into(),
            faucet_key: field("faucet_key")?.into(),
            nodes: text
                .lines()
                .filter_map(|line| line.strip_prefix("node "))
                .map(node)
                .collect::<Result<_>>()?,
        })
    }
}

/// `INDEX STATE PID HEIGHT RPC REST GRPC`, with `-` for what there is not.
fn node(line: &str) -> Result<Node> {
    let words: Vec<_> = line.split(' ').collect();
    let [index, state, pid, height, rpc, rest, grpc] = words[..] else {
        bail!("the status has the node line '{line}', expected seven words");
    };
    let state = match state {
        "running" => NodeState::Running,
        "died" => NodeState::Died,
        "stopped" => NodeState::Stopped,
        other => bail!("the status has a node in state '{other}'"),
    };
    let running = state == NodeState::Running;
    Ok(Node {
        index: number("node", index)?,
        state,
        running,
        pid: running.then(|| number("pid", pid)).transpose()?,
        height: (height != "-")
            .then(|| number("height", height))
            .transpose()?,
        rpc: rpc.to_owned(),
        rest: rest.to_owned(),
        grpc: grpc.to_owned(),
    })
}

fn number<T: FromStr>(name: &str, text: &str) -> Result<T> {
    text.parse()
        .ok()
        .with_context(|| format!("the status has {name} '{text}', expected a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "state running\nchain_id gridweave-local\nvalidators 2\nblock_time 200ms\n\
        port 26650\nhome /a b/net\nfaucet_key /a b/net/faucet.key\n\
        node 0 running 41 7 http://127.0.0.1:26657 http://127.0.0.1:26659 127.0.0.1:26658\n\
        node 1 died 42 - http://127.0.0.1:26667 http://127.0.0.1:26669 127.0.0.1:26668\n";

    #[test]
    fn the_scripts_lines_are_read() {
        let status: Status = TEXT.parse().unwrap();
        assert!(status.running && !status.all_run());
        assert_eq!(status.home, PathBuf::from("/a b/net"));
        assert_eq!((status.validators, status.port), (2, 26650));
        assert_eq!(status.nodes[0].pid, Some(41));
        assert_eq!(status.nodes[0].height, Some(7));
        assert_eq!(status.nodes[1].state, NodeState::Died);
        assert_eq!((status.nodes[1].pid, status.nodes[1].height), (None, None));
    }

    #[test]
    fn what_is_no_status_is_named() {
        for (from, to, says) in [
            ("state running", "state odd", "odd"),
            ("port 26650", "port high", "port 'high'"),
            ("home /a b/net\n", "", "'home'"),
            ("node 1 died", "node 1", "seven words"),
        ] {
            let error = TEXT.replace(from, to).parse::<Status>().unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
