//! `gridweave key`.

use anyhow::Result;
use gridweave_chain::{KeySource, SecretKey, hex};
use serde::Serialize;

use super::{print, print_json};
use crate::args::KeyAction;

#[derive(Serialize)]
struct Shown {
    address: String,
    public_key: String,
}

/// Makes or shows a key.
pub fn run(action: &KeyAction, as_json: bool) -> Result<()> {
    let mut shows_public = false;
    let key = match action {
        KeyAction::New { file } => {
            let key = SecretKey::random()?;
            key.create_file(file)?;
            key
        }
        KeyAction::Show { file, public } => {
            shows_public = *public;
            SecretKey::load(&KeySource::File(file.clone()))?
        }
    };
    let shown = Shown {
        address: key.address()?,
        public_key: hex::encode(&key.public_key()?),
    };
    if as_json {
        return print_json(&shown);
    }
    let line = match shows_public {
        true => shown.public_key,
        false => shown.address,
    };
    print(&(line + "\n"))
}
