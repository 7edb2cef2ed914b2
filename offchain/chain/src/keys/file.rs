//! Key files: readable by their owner only, written whole or not at all, never overwritten.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use zeroize::Zeroizing;

use super::{HEX_FORM, KeyError, SecretKey};

/// Owner may read and write, nobody else anything.
const OWNER_ONLY: u32 = 0o600;
/// Permission bits of group and others.
const OTHERS: u32 = 0o077;
/// More than a key file can hold; nothing longer is read.
const MOST_BYTES: u64 = 1024;

/// Reads the key in `path`.
pub(super) fn load(path: &Path) -> Result<SecretKey, KeyError> {
    let unreadable = |error: io::Error| KeyError::Read {
        path: path.into(),
        reason: error.to_string(),
        expected: HEX_FORM,
    };
    let file = File::open(path).map_err(unreadable)?;
    // Asked of the open file: the path could lead elsewhere a moment later.
    let mode = file.metadata().map_err(unreadable)?.permissions().mode() & 0o777;
    if mode & OTHERS != 0 {
        return Err(KeyError::Permissions {
            path: path.into(),
            mode,
        });
    }
    let mut text = Zeroizing::new(String::new());
    file.take(MOST_BYTES)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    SecretKey::from_hex(&text, &format!("key file {}", path.display()))
}

/// Writes `digits` to the new file `path`.
pub(super) fn create(path: &Path, digits: &str) -> Result<(), KeyError> {
    let fresh = path.with_extension(format!("new-{}", std::process::id()));
    let written = write(&fresh, digits)
        .and_then(|()| fs::hard_link(&fresh, path))
        .and_then(|()| sync_folder(path));
    // The link is the key file now, or there is none.
    let _ = fs::remove_file(&fresh);
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists if path.exists() => KeyError::Exists { path: path.into() },
        _ => KeyError::Write {
            path: path.into(),
            reason: error.to_string(),
        },
    })
}

fn write(path: &Path, digits: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(OWNER_ONLY)
        .open(path)?;
    writeln!(file, "{digits}")?;
    file.sync_all()
}

/// The link itself is in the folder.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
