//! A commitment that is to be revealed, kept in a file where there is one, so that a solver that was
//! killed can still reveal.

use std::path::{Path, PathBuf};

use cosmwasm_std::Binary;
use gridweave_types::market::SolverResponse;
use rand::TryRng;
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};

use super::packet::Packet;
use crate::AgentError;

/// Bytes of a salt.
const SALT_BYTES: usize = 16;

/// A commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pledge {
    /// What was committed.
    pub hash: Binary,
    /// What it stands for; lost if it was made in an earlier life that kept no file.
    pub packet: Option<Packet>,
    /// Block of the commitment, 0 while it is under way.
    pub height: u64,
    /// Until when it must be revealed (Unix seconds).
    pub until: u64,
}

/// Where a solver keeps its commitment.
#[derive(Debug, Clone, Default)]
pub struct Safe {
    file: Option<PathBuf>,
}

impl Safe {
    /// A safe in `file`.
    pub fn new(file: PathBuf) -> Self {
        Self { file: Some(file) }
    }

    /// The commitment that `standing` knows of, with what the safe has of it.
    ///
    /// # Errors
    /// [`AgentError::Memory`] when the file cannot be read.
    pub fn open(&self, standing: &SolverResponse) -> Result<Option<Pledge>, AgentError> {
        let Some(hash) = &standing.commit else {
            return Ok(None);
        };
        let until = standing.reveal_until.map_or(0, |until| until.u64());
        let kept = self.read()?.filter(|pledge| pledge.hash == *hash);
        Ok(Some(Pledge {
            hash: hash.clone(),
            packet: kept.as_ref().and_then(|pledge| pledge.packet.clone()),
            height: kept.map_or(0, |pledge| pledge.height),
            until,
        }))
    }

    /// Writes a commitment down, before the chain hears of it.
    ///
    /// # Errors
    /// [`AgentError::Memory`].
    pub fn keep(&self, pledge: &Pledge) -> Result<(), AgentError> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let draft = file.with_extension("draft");
        serde_json::to_vec(pledge)
            .map_err(std::io::Error::other)
            .and_then(|bytes| std::fs::write(&draft, bytes))
            .and_then(|()| std::fs::rename(&draft, file))
            .map_err(|error| unusable(file, &error))
    }

    fn read(&self) -> Result<Option<Pledge>, AgentError> {
        let Some(file) = self.file.as_ref().filter(|file| file.exists()) else {
            return Ok(None);
        };
        let bytes = std::fs::read(file).map_err(|error| unusable(file, &error))?;
        let pledge = serde_json::from_slice(&bytes);
        pledge.map(Some).map_err(|error| unusable(file, &error))
    }
}

/// Random bytes that nobody can guess.
///
/// # Errors
/// [`AgentError::Random`] when the system has none to give.
pub fn salt() -> Result<Binary, AgentError> {
    let mut bytes = [0; SALT_BYTES];
    let drawn = SysRng.try_fill_bytes(&mut bytes);
    drawn.map_err(|error| AgentError::Random {
        reason: error.to_string(),
    })?;
    Ok(Binary::from(bytes))
}

fn unusable(file: &Path, reason: &impl ToString) -> AgentError {
    AgentError::Memory {
        file: file.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{Addr, Uint128};

    fn standing(hash: &[u8]) -> SolverResponse {
        SolverResponse {
            solver: Addr::unchecked("solver"),
            bond: Uint128::one(),
            active: true,
            commit: Some(Binary::from(hash)),
            reveal_until: Some(70u64.into()),
            accepted: 0,
            rejected: 0,
            owed: Uint128::zero(),
        }
    }

    #[test]
    fn what_was_kept_is_found_again_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("gridweave-pledge-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let safe = Safe::new(folder.join("pledge.json"));
        let pledge = Pledge {
            hash: Binary::from(b"hash"),
            packet: Some(Packet {
                round: 3,
                parts: vec![Binary::from(b"trades")],
                certificate: None,
                salt: Some(salt().unwrap()),
            }),
            height: 9,
            until: 70,
        };
        safe.keep(&pledge).unwrap();
        assert_eq!(safe.open(&standing(b"hash")).unwrap(), Some(pledge.clone()));
        let lost = safe.open(&standing(b"other")).unwrap().unwrap();
        assert_eq!((lost.packet, lost.until), (None, 70));
        let free = SolverResponse {
            commit: None,
            ..standing(b"hash")
        };
        assert_eq!(safe.open(&free).unwrap(), None);
        std::fs::write(folder.join("pledge.json"), "{").unwrap();
        let error = safe.open(&standing(b"hash")).unwrap_err().to_string();
        assert!(error.contains("pledge.json"), "{error}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
