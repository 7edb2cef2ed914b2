//! `gridweave figures`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{print, print_json};
use crate::args::FiguresArgs;
use crate::figures::runs::Runs;
use crate::figures::sheets;
use crate::figures::verdict::Verdict;
use crate::market::input::Input;

/// Runs what the figures need and writes them.
pub fn run(args: &FiguresArgs, as_json: bool) -> Result<()> {
    let Some(Input::Day(scenario)) = Input::find(&args.scenario)? else {
        bail!(
            "'{}' is no market scenario; `gridweave scenarios` lists those that there are",
            args.scenario
        );
    };
    let folder = args.out.clone();
    let folder =
        folder.unwrap_or_else(|| PathBuf::from("out").join(format!("{}-figures", scenario.name())));
    std::fs::create_dir_all(&folder).with_context(|| {
        format!(
            "folder {} cannot be made; choose another --out",
            folder.display()
        )
    })?;
    let runs = Runs::execute(&scenario, args.windows.clone())?;
    for sheet in sheets(&runs, args.delays.as_deref())? {
        sheet.write(&folder)?;
    }
    let verdict = Verdict::new(&runs)?;
    match as_json {
        true => print_json(&verdict),
        false => print(&verdict.table(&folder)),
    }
}
