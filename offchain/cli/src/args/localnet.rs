//! Options of `gridweave localnet`.

use std::path::PathBuf;

/// The local chain and what to do with it.
#[derive(Debug, clap::Args)]
pub struct LocalnetArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: LocalnetAction,
    /// Folder of the network; `localnet` in the state folder without it.
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
}

/// What can be done with a local chain.
#[derive(Debug, clap::Subcommand)]
pub enum LocalnetAction {
    /// Start every node that does not run and wait until all answer; the first time builds wasmd.
    Up(LocalnetUp),
    /// Stop every node; the chain stays on disk.
    Down,
    /// Say what there is.
    Status,
    /// Stop every node and delete the chain.
    Reset,
    /// End one node without warning, as a crash would.
    Kill {
        /// Its number, from 0.
        node: u32,
    },
    /// Start one node again and wait until it answers.
    Start {
        /// Its number, from 0.
        node: u32,
    },
}

/// Settings of the network; those it has, or 1, 200ms and 26650, without them.
#[derive(Debug, clap::Args)]
pub struct LocalnetUp {
    /// 1 or 4.
    #[arg(long, value_name = "N")]
    pub validators: Option<u32>,
    /// Pause between blocks, such as 200ms or 1s.
    #[arg(long, value_name = "D")]
    pub block_time: Option<String>,
    /// Node i listens on BASE + 10 i + 6 (peers), 7 (RPC), 8 (gRPC) and 9 (REST).
    #[arg(long, value_name = "BASE")]
    pub port: Option<u16>,
}
