//! `gridweave key`.

use anyhow::Result;
use gridweave_chain::{KeySource, SecretKey};
use serde::Serialize;

use super::{print, print_json};
use crate::args::KeyAction;

#[derive(Serialize)]
struct Shown {
    address: String,
}

/// Makes or shows a key.
pub fn run(action: &KeyAction, as_json: bool) -> Result<()> {
    let key = match action {
        KeyAction::New { file } => {
            let key = SecretKey::random()?;
            key.create_file(file)?;
            key
        }
        KeyAction::Show { file } => SecretKey::load(&KeySource::File(file.clone()))?,
    };
    let address = key.address()?;
    if as_json {
        return print_json(&Shown { address });
    }
    print(&(address + "\n"))
}
