//! Options of `gridweave figures`.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::Args;

/// Options of `gridweave figures`.
#[derive(Debug, Args)]
pub struct FiguresArgs {
    /// A market scenario with producers and batteries.
    #[arg(default_value = "transax-102")]
    pub scenario: String,
    /// Folder of the figures; `out/SCENARIO-figures` without it.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Prediction windows to compare, both included: A..B. Three runs each.
    #[arg(long, default_value = "2..13", value_parser = windows)]
    pub windows: RangeInclusive<u32>,
    /// CSV file with a column `posted_to_trade_s`: what offers waited for in a run on a real chain.
    #[arg(long, value_name = "FILE")]
    pub delays: Option<PathBuf>,
}

fn windows(text: &str) -> Result<RangeInclusive<u32>, String> {
    let wrong = || format!("'{text}' is not a range of windows like 2..13, from 2 to 96");
    let (first, last) = text.split_once("..").ok_or_else(wrong)?;
    let bound = |text: &str| text.parse::<u32>().map_err(|_| wrong());
    let (first, last) = (bound(first)?, bound(last)?);
    match 2 <= first && first <= last && last <= 96 {
        true => Ok(first..=last),
        false => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_windows() {
        assert_eq!(windows("2..13"), Ok(2..=13));
        assert_eq!(windows("4..4"), Ok(4..=4));
        for bad in ["1..3", "5..4", "2..97", "2..", "a..b", "3"] {
            assert!(windows(bad).is_err(), "{bad}");
        }
    }
}
