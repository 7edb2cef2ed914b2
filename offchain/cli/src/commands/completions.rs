//! `gridweave completions`.

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;
use serde_json::json;

use super::{print, print_json};
use crate::args::Args;

/// Prints the completion script of `shell`.
pub fn run(shell: Shell, as_json: bool) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "gridweave", &mut script);
    let script = String::from_utf8(script)?;
    if as_json {
        return print_json(&json!({ "shell": shell.to_string(), "script": script }));
    }
    print(&script)
}
