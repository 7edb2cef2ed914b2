//! What can be chosen about a network.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::State;
use crate::paths;

/// The settings of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// 1 or 4. A network keeps its number until it is reset.
    pub validators: u32,
    /// Pause between blocks, a whole number of `ms` or `s`.
    pub block_time: String,
    /// Folder of the network.
    pub home: PathBuf,
    /// Node i listens on this number + 10 i + 6 (peers), 7 (RPC), 8 (gRPC), 9 (REST).
    pub port: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            validators: 1,
            block_time: "200ms".to_owned(),
            home: default_home(),
            port: 26650,
        }
    }
}

impl Options {
    /// The settings of the network in `home`, or the defaults where there is none.
    ///
    /// # Errors
    /// The settings in `home` are damaged.
    pub fn of(home: &Path) -> Result<Self> {
        let status = super::status(home)?;
        Ok(match status.state {
            State::Absent | State::Unfinished => Self {
                home: home.to_owned(),
                ..Self::default()
            },
            State::Stopped | State::Running => Self {
                validators: status.validators,
                block_time: status.block_time,
                home: status.home,
                port: status.port,
            },
        })
    }
}

/// `localnet` in the state folder.
pub fn default_home() -> PathBuf {
    paths::state().join("localnet")
}
