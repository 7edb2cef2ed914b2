//! A CosmWasm chain of one or four validators on this machine.
//!
//! The work is done by the repository's `scripts/localnet`, which travels inside the program.

mod options;
mod script;
mod status;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Result;

pub use options::{Options, default_home};
pub use status::{Node, State, Status};

/// A network whose nodes answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// The chain's name, part of every signature.
    pub chain_id: String,
    /// Folder of the network.
    pub home: PathBuf,
    /// RPC address of every node, `http://127.0.0.1:…`.
    pub rpc: Vec<String>,
    /// REST address of every node, `http://127.0.0.1:…`.
    pub rest: Vec<String>,
    /// File with the hexadecimal private key of the account that holds the coins.
    pub faucet_key: PathBuf,
    /// Whether this call started a node; false when all ran already.
    pub started: bool,
}

/// Starts the nodes that do not run and returns when all of them answer. The first call builds
/// wasmd, which takes minutes; progress goes to stderr.
///
/// # Errors
/// A tool is missing, a build step fails, a port is taken, an option is out of range or not that of
/// the network in `options.home`, or a node ends or does not answer. Nothing is left running that
/// did not run before.
pub fn up(options: &Options) -> Result<Network> {
    let before = status(&options.home)?;
    let validators = options.validators.to_string();
    let port = options.port.to_string();
    script::run(
        &options.home,
        &[
            "up",
            "--validators",
            &validators,
            "--block-time",
            &options.block_time,
            "--port",
            &port,
        ],
    )?;
    let after = status(&options.home)?;
    let addresses = |address: fn(&Node) -> &String| after.nodes.iter().map(address).cloned();
    Ok(Network {
        rpc: addresses(|node| &node.rpc).collect(),
        rest: addresses(|node| &node.rest).collect(),
        started: !before.all_run(),
        chain_id: after.chain_id,
        home: after.home,
        faucet_key: after.faucet_key,
    })
}

/// Stops every node in `home`; the chain stays on disk. Returns what was done in one line.
///
/// # Errors
/// Another command keeps the folder, or a node cannot be stopped.
pub fn down(home: &Path) -> Result<String> {
    script::run(home, &["down"])
}

/// Stops every node in `home` and deletes the chain. Returns what was done in one line.
///
/// # Errors
/// As for [`down()`].
pub fn reset(home: &Path) -> Result<String> {
    script::run(home, &["reset"])
}

/// Ends one node without warning, as a crash would. Returns what was done in one line.
///
/// # Errors
/// There is no such node, or it does not run.
pub fn kill(home: &Path, node: u32) -> Result<String> {
    script::run(home, &["kill", &node.to_string()])
}

/// Starts one node again and waits until it answers. Returns what was done in one line.
///
/// # Errors
/// There is no such node, a port is taken, or the node ends or does not answer.
pub fn start(home: &Path, node: u32) -> Result<String> {
    script::run(home, &["start", &node.to_string()])
}

/// Has the validators vote that `codes` stay in the nodes' memory, which makes calling them cheaper.
/// Returns what was done in one line; takes seconds, unless they are pinned already.
///
/// # Errors
/// The first node does not run, there is no such code, or the vote comes to nothing.
pub fn pin(home: &Path, codes: &[u64]) -> Result<String> {
    let codes: Vec<String> = codes.iter().map(u64::to_string).collect();
    let arguments = std::iter::once("pin").chain(codes.iter().map(String::as_str));
    script::run(home, &arguments.collect::<Vec<_>>())
}

/// What there is in `home`; a folder without a network is no error.
///
/// # Errors
/// The settings in `home` are damaged.
pub fn status(home: &Path) -> Result<Status> {
    script::run(home, &["status", "--plain"])?.parse()
}

/// The same in words.
///
/// # Errors
/// As for [`status()`].
pub fn describe(home: &Path) -> Result<String> {
    script::run(home, &["status"])
}

/// The option that names the folder.
fn home_option(home: &Path) -> [&OsStr; 2] {
    [OsStr::new("--home"), home.as_os_str()]
}
