//! The homes' keys and their connection.

use anyhow::{Context, Result};
use gridweave_agents::operator::Member;
use gridweave_agents::prosumers::pool_roster;
use gridweave_chain::wasmd::{GasPrice, Options, WasmdChain};
use gridweave_chain::{Keyring, Signer};
use gridweave_model::prosumers::Community;

use crate::live::folder::Folder;
use crate::live::site::Site;

/// All homes of a community on one connection.
pub struct Homes {
    /// Signs for all of them; the operator pays.
    pub chain: WasmdChain,
    /// Who they sign as, by index.
    pub signers: Vec<Signer>,
}

impl Homes {
    /// The homes of `community`, whose keys are in `folder`; they are made where they are missing.
    ///
    /// # Errors
    /// The folder cannot be written, or no node answers.
    pub async fn connect(
        site: &Site,
        folder: Folder<'_>,
        community: &Community,
        gas_price: &str,
    ) -> Result<Self> {
        folder.create()?;
        let nothing = vec![0.0; community.homes.len()];
        let roster = pool_roster(community, &nothing, &[]);
        let mut keyring = Keyring::new();
        let mut signers = Vec::with_capacity(roster.participants.len());
        for home in &roster.participants {
            signers.push(keyring.insert(&home.name, folder.key(&home.name)?)?);
        }
        let options = Options {
            gas_price: gas_price.parse::<GasPrice>()?,
            fee_granter: Some(site.operator.address.clone()),
            chain_id: Some(site.chain.chain_id().into()),
            ..Options::default()
        };
        let chain = WasmdChain::connect(&site.url, keyring, options).await;
        Ok(Self {
            chain: chain.context("the homes cannot act")?,
            signers,
        })
    }

    /// Their addresses, by index.
    pub fn addresses(&self) -> Vec<String> {
        let signers = self.signers.iter();
        signers.map(|signer| signer.address.clone()).collect()
    }

    /// Them as members of a feeder, by index. Nothing is metered.
    pub fn members(&self) -> Vec<Member> {
        let signers = self.signers.iter();
        signers
            .map(|signer| Member::unmetered(&signer.address))
            .collect()
    }
}
