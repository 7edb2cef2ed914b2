//! `gridweave localnet`.

use std::path::Path;

use anyhow::Result;

use super::{print, print_json};
use crate::args::{LocalnetAction, LocalnetArgs, LocalnetUp};
use crate::localnet::{self, Network, Options};

/// Does what is asked, and says what there is afterwards.
pub fn run(args: &LocalnetArgs, as_json: bool) -> Result<()> {
    let home = args.home.clone().unwrap_or_else(localnet::default_home);
    let said = act(&args.action, &home)?;
    if as_json {
        return print_json(&localnet::status(&home)?);
    }
    print(&said)
}

/// Returns what was done, in words.
fn act(action: &LocalnetAction, home: &Path) -> Result<String> {
    match action {
        LocalnetAction::Up(settings) => Ok(describe(&localnet::up(&chosen(settings, home)?)?)),
        LocalnetAction::Down => localnet::down(home),
        LocalnetAction::Status => localnet::describe(home),
        LocalnetAction::Reset => localnet::reset(home),
        LocalnetAction::Kill { node } => localnet::kill(home, *node),
        LocalnetAction::Start { node } => localnet::start(home, *node),
    }
}

fn chosen(settings: &LocalnetUp, home: &Path) -> Result<Options> {
    let kept = Options::of(home)?;
    Ok(Options {
        validators: settings.validators.unwrap_or(kept.validators),
        block_time: settings.block_time.clone().unwrap_or(kept.block_time),
        port: settings.port.unwrap_or(kept.port),
        home: kept.home,
    })
}

fn describe(network: &Network) -> String {
    let did = if network.started {
        "started"
    } else {
        "already running"
    };
    let mut text = format!("{} {did}\n", network.chain_id);
    for (name, value) in [
        ("RPC", network.rpc.join(" ")),
        ("REST", network.rest.join(" ")),
        ("faucet key", network.faucet_key.display().to_string()),
        ("home", network.home.display().to_string()),
    ] {
        text += &format!("{name:<12}{value}\n");
    }
    text
}
