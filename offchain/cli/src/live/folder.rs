//! The folder of a run's actors: their keys, configurations and logs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gridweave_chain::wasmd::{GasPrice, Options, WasmdChain};
use gridweave_chain::{KeySource, Keyring, SecretKey};
use serde::Serialize;

use super::site::{Site, canonical};
use crate::actor::config::{ChainSection, KeySection};
use crate::commands::actor::Actor;

/// An actor and its configuration.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// What it does.
    pub actor: Actor,
    /// Its configuration.
    pub config: PathBuf,
}

/// The folder.
#[derive(Debug, Clone, Copy)]
pub struct Folder<'a>(pub &'a Path);

impl Folder<'_> {
    /// Makes it, with a folder for keys.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn create(&self) -> Result<()> {
        let keys = self.0.join("keys");
        fs::create_dir_all(&keys)
            .with_context(|| format!("folder {} cannot be made", keys.display()))
    }

    /// The key called `name`, made if it is not there.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn key(&self, name: &str) -> Result<SecretKey> {
        let file = self.0.join(key_file(name));
        if !file.exists() {
            SecretKey::random()?.create_file(&file)?;
        }
        Ok(SecretKey::load(&KeySource::File(file))?)
    }

    /// Its address.
    ///
    /// # Errors
    /// As [`Self::key`].
    pub fn address(&self, name: &str) -> Result<String> {
        Ok(self.key(name)?.address()?)
    }

    /// Connects with the key called `name`, whose fees the operator pays.
    ///
    /// # Errors
    /// The folder cannot be read, or no node answers.
    pub async fn connect(&self, site: &Site, name: &str, gas_price: &str) -> Result<WasmdChain> {
        let mut keyring = Keyring::new();
        keyring.insert(name, self.key(name)?)?;
        let options = Options {
            gas_price: gas_price.parse::<GasPrice>()?,
            fee_granter: Some(site.operator.address.clone()),
            chain_id: Some(site.chain.chain_id().into()),
            ..Options::default()
        };
        let chain = WasmdChain::connect(&site.url, keyring, options).await;
        chain.with_context(|| format!("'{name}' cannot act"))
    }

    /// Writes the configuration of an actor.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn role(&self, name: &str, actor: Actor, config: &impl Serialize) -> Result<Role> {
        let file = self.0.join(format!("{name}.toml"));
        let text = toml::to_string(config).with_context(|| format!("configuration of {name}"))?;
        fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
        Ok(Role {
            name: name.into(),
            actor,
            config: file,
        })
    }
}

/// How an actor of a run reaches the chain; the operator pays the fees of all others.
///
/// # Errors
/// The deployment is not there.
pub fn chain_section(site: &Site, gas_price: &str, pays_itself: bool) -> Result<ChainSection> {
    let deployment = canonical(&site.deployment)?;
    Ok(ChainSection {
        url: site.url.clone(),
        deployment,
        gas_price: gas_price.into(),
        poll_ms: 1_000,
        fee_granter: (!pays_itself).then(|| site.operator.address.clone()),
        journal: "journal".into(),
    })
}

/// Where a configuration has the key of the actor `name`.
pub fn own_key(name: &str) -> KeySection {
    KeySection {
        file: Some(key_file(name)),
        env: None,
    }
}

fn key_file(name: &str) -> PathBuf {
    Path::new("keys").join(format!("{name}.key"))
}
