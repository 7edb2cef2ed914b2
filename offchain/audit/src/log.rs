//! Events in a file: one JSON object a line, the first of which says what was audited.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use gridweave_chain::Chain;

use crate::{AuditError, Follower, LoggedEvent, Subject};

/// Name of the file in the folder of a run.
pub const EVENT_LOG: &str = "events.jsonl";

/// A history that can be audited without the chain that it happened on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLog {
    /// The contracts.
    pub subject: Subject,
    /// All events of all contracts, in order.
    pub events: Vec<LoggedEvent>,
}

impl EventLog {
    /// Everything that a chain has announced so far.
    ///
    /// # Errors
    /// [`AuditError::Chain`].
    pub async fn of<C: Chain>(chain: &C, subject: Subject) -> Result<Self, AuditError> {
        Self::following(chain, subject, &mut Follower::default()).await
    }

    /// Everything that `follower` has not read yet.
    ///
    /// # Errors
    /// [`AuditError::Chain`].
    pub async fn following<C: Chain>(
        chain: &C,
        subject: Subject,
        follower: &mut Follower,
    ) -> Result<Self, AuditError> {
        let mut events = Vec::new();
        while let Some(page) = follower.next(chain).await? {
            events.extend(page);
        }
        Ok(Self { subject, events })
    }

    /// Writes the file `path`.
    ///
    /// # Errors
    /// [`AuditError::File`].
    pub fn write(&self, path: &Path) -> Result<(), AuditError> {
        let failed = |reason: String| unusable(path, &reason);
        let file = File::create(path).map_err(|error| failed(error.to_string()))?;
        let mut file = BufWriter::new(file);
        let head = serde_json::to_string(&self.subject);
        let lines = self.events.iter().map(serde_json::to_string);
        for line in std::iter::once(head).chain(lines) {
            let line = line.map_err(|error| failed(error.to_string()))?;
            writeln!(file, "{line}").map_err(|error| failed(error.to_string()))?;
        }
        file.flush().map_err(|error| failed(error.to_string()))
    }

    /// Reads a file, or [`EVENT_LOG`] of a folder.
    ///
    /// # Errors
    /// [`AuditError::File`], [`AuditError::Line`].
    pub fn read(path: &Path) -> Result<Self, AuditError> {
        let path = match path.is_dir() {
            true => path.join(EVENT_LOG),
            false => path.to_owned(),
        };
        let file = File::open(&path).map_err(|error| {
            unusable(
                &path,
                &format!("{error}; `gridweave run --out FOLDER` writes one"),
            )
        })?;
        let mut lines = BufReader::new(file).lines().zip(1..);
        let subject = match lines.next() {
            Some((line, _)) => parse(&path, 1, line, "chain_id, billing and grid")?,
            None => return Err(unusable(&path, "it is empty")),
        };
        let mut events = Vec::new();
        for (line, number) in lines {
            events.push(parse(&path, number, line, "an event")?);
        }
        Ok(Self { subject, events })
    }
}

fn parse<T: serde::de::DeserializeOwned>(
    path: &Path,
    line: usize,
    text: std::io::Result<String>,
    expected: &str,
) -> Result<T, AuditError> {
    let damaged = |reason: String| AuditError::Line {
        path: path.into(),
        line,
        reason,
    };
    let text = text.map_err(|error| damaged(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| damaged(format!("expected {expected}: {error}")))
}

fn unusable(path: &Path, reason: &str) -> AuditError {
    AuditError::File {
        path: PathBuf::from(path),
        reason: reason.into(),
    }
}
