//! Running the scripts that are part of the program.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};

use super::home_option;
use crate::paths;

/// The scripts call each other, so they lie in one folder.
const SCRIPTS: &[(&str, &str)] = &[
    ("localnet", include_str!("../../../../scripts/localnet")),
    (
        "localnet-settings.sh",
        include_str!("../../../../scripts/localnet-settings.sh"),
    ),
    (
        "localnet-genesis.sh",
        include_str!("../../../../scripts/localnet-genesis.sh"),
    ),
    (
        "localnet-node.sh",
        include_str!("../../../../scripts/localnet-node.sh"),
    ),
    (
        "localnet-pin.sh",
        include_str!("../../../../scripts/localnet-pin.sh"),
    ),
    (
        "localnet-status.sh",
        include_str!("../../../../scripts/localnet-status.sh"),
    ),
    (
        "build-wasmd",
        include_str!("../../../../scripts/build-wasmd"),
    ),
];

/// How the scripts begin the line that says why they stop; more lines may follow it.
const FAILURES: [&str; 2] = ["localnet: ", "build-wasmd: "];

/// Runs `localnet` on `home` and returns what it printed. Its progress goes to stderr.
///
/// # Errors
/// The scripts cannot be installed or started; otherwise the failure in the script's own words.
pub fn run(home: &Path, arguments: &[&str]) -> Result<String> {
    let mut child = Command::new("bash")
        .arg(install()?.join("localnet"))
        .args(arguments)
        .args(home_option(home))
        .env("GRIDWEAVE_CACHE", paths::cache())
        .env("GRIDWEAVE_CALLER", std::process::id().to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => anyhow!("bash is missing: the local chain is run by a script"),
            _ => anyhow!(error).context("bash cannot be started"),
        })?;
    let stderr = child.stderr.take().context("stderr is not piped")?;
    let mut stdout = child.stdout.take().context("stdout is not piped")?;
    // What is printed at the end fits into a pipe, so stderr may be read to its end first.
    let failure = forward(stderr)?;
    let mut printed = String::new();
    stdout
        .read_to_string(&mut printed)
        .context("the script's output cannot be read")?;
    let status = child.wait().context("the script cannot be waited for")?;
    if status.success() {
        return Ok(printed);
    }
    match failure {
        Some(failure) => bail!(failure),
        None => bail!("scripts/localnet {} ended with {status}", arguments[0]),
    }
}

/// Passes progress on; returns the failure, if there was one.
fn forward(stderr: ChildStderr) -> Result<Option<String>> {
    let mut failure: Option<String> = None;
    for line in BufReader::new(stderr).split(b'\n') {
        let line = line.context("the script's progress cannot be read")?;
        let line = String::from_utf8_lossy(&line);
        match (&mut failure, reason(&line)) {
            (Some(failure), reason) => {
                *failure += "\n";
                *failure += reason.unwrap_or(&line);
            }
            (None, Some(reason)) => failure = Some(reason.to_owned()),
            (None, None) => eprintln!("{line}"),
        }
    }
    Ok(failure)
}

/// What follows a failure's prefix.
fn reason(line: &str) -> Option<&str> {
    FAILURES.iter().find_map(|prefix| line.strip_prefix(prefix))
}

/// Writes the scripts into a folder of this version and returns it.
fn install() -> Result<PathBuf> {
    let folder = paths::cache().join(concat!("scripts-", env!("CARGO_PKG_VERSION")));
    fs::create_dir_all(&folder)
        .with_context(|| format!("folder {} cannot be made", folder.display()))?;
    for (name, text) in SCRIPTS {
        let file = folder.join(name);
        if fs::read(&file).is_ok_and(|present| present == text.as_bytes()) {
            continue;
        }
        write(&file, text)
            .with_context(|| format!("script {} cannot be written", file.display()))?;
    }
    Ok(folder)
}

/// A script that runs elsewhere keeps the file that it has open.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let fresh = file.with_extension(OsStr::new(&format!("new-{}", std::process::id())));
    fs::write(&fresh, text)?;
    fs::rename(fresh, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_from_progress() {
        assert_eq!(
            reason("localnet: port 1 is in use"),
            Some("port 1 is in use")
        );
        assert_eq!(reason("build-wasmd: go is missing"), Some("go is missing"));
        assert_eq!(reason("  compiling"), None);
    }

    #[test]
    fn every_file_that_the_scripts_source_is_there() {
        let mut sourced = 0;
        for (_, text) in SCRIPTS {
            for line in text
                .lines()
                .filter_map(|line| line.strip_prefix("source \"$here/"))
            {
                let name = line.trim_end_matches('"');
                assert!(SCRIPTS.iter().any(|(known, _)| *known == name), "{name}");
                sourced += 1;
            }
        }
        assert_eq!(sourced, SCRIPTS.len() - 2);
    }
}
