//! What was measured, when and where.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use super::report::Meta;

/// The script that builds the node of a network on this machine.
const BUILD: &str = include_str!("../../../../scripts/build-wasmd");

/// The circumstances of this run; `local` when this program started the node.
pub fn gather(local: bool, checksums: BTreeMap<String, String>) -> Meta {
    Meta {
        commit: commit(),
        wasmd: local.then(wasmd).flatten(),
        checksums,
        date: date(),
        machine: machine(),
    }
}

fn wasmd() -> Option<String> {
    let mut lines = BUILD.lines();
    lines.find_map(|line| line.strip_prefix("version=").map(str::to_owned))
}

fn commit() -> Option<String> {
    let head = git(&["rev-parse", "--short", "HEAD"])?;
    let changed = git(&["status", "--porcelain", "--untracked-files=no"])?;
    let mark = if changed.is_empty() { "" } else { "+" };
    Some(head + mark)
}

fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unknown processor", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(0, |cores| cores.get());
    format!("{name}, {cores} cores")
}

fn date() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let (year, month, day) = civil(now.map_or(0, |time| time.as_secs()) / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day that lie `days` after 1970-01-01.
fn civil(mut days: u64) -> (u64, u64, u64) {
    let leap =
        |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_453), (2025, 12, 31));
        assert_eq!(civil(20_454), (2026, 1, 1));
    }

    #[test]
    fn the_node_has_a_version() {
        assert!(wasmd().is_some_and(|version| version.starts_with('v')));
    }
}
