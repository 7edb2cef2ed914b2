//! Brings the contracts of `artifacts/` onto a chain, once, and moves them forward.

mod wire;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{ChainError, ContractKind, Deployed, Signer, Terms};
use semver::Version;
use serde::Serialize;

use crate::artifact::Artifact;
use crate::deployment::{DeployedContract, Deployment};

/// What became of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It was not there.
    Deployed,
    /// It has the code of the artifact.
    Unchanged,
    /// It has other code, and `--upgrade` was not given.
    Outdated,
    /// It was migrated to the code of the artifact.
    Upgraded,
}

/// Where to deploy from and to.
pub struct Deployer<'a> {
    /// The chain.
    pub chain: &'a WasmdChain,
    /// Admin of the contracts and operator of the grid.
    pub operator: &'a Signer,
    /// Folder of the wasm files.
    pub artifacts: &'a Path,
    /// The deployment file.
    pub file: &'a Path,
    /// Terms on which contracts are made that are missing.
    pub terms: Terms,
    /// Migrate contracts whose code differs.
    pub upgrade: bool,
}

impl Deployer<'_> {
    /// Deploys what is missing. The file is written after each contract, so that a deployment that
    /// was cut off goes on.
    ///
    /// # Errors
    /// An artifact is missing, the file belongs to another chain or operator, or the chain refuses.
    pub async fn run(&self) -> Result<(Deployment, BTreeMap<ContractKind, Action>)> {
        let mut deployment = self.known().await?;
        let artifacts = self.artifacts(&deployment)?;
        if self.upgrade {
            self.check_upgrades(&artifacts, &deployment).await?;
        }
        let mut actions = BTreeMap::new();
        for (kind, artifact) in &artifacts {
            let action = match deployment.contracts.get(kind).cloned() {
                None => self.deploy(*kind, artifact, &mut deployment).await?,
                Some(known) if known.checksum == artifact.checksum => Action::Unchanged,
                Some(_) if !self.upgrade => Action::Outdated,
                Some(known) => {
                    self.upgrade(*kind, known, artifact, &mut deployment)
                        .await?
                }
            };
            actions.insert(*kind, action);
        }
        self.wire(&deployment).await?;
        Ok((deployment, actions))
    }

    /// That no contract would go back to an older version: the chain would refuse that too, but only
    /// after the code was stored. Code that does not tell its version is left to the chain.
    async fn check_upgrades(
        &self,
        artifacts: &BTreeMap<ContractKind, Artifact>,
        deployment: &Deployment,
    ) -> Result<()> {
        for (kind, artifact) in artifacts {
            let Some(known) = deployment.contracts.get(kind) else {
                continue;
            };
            let stored = match known.checksum == artifact.checksum {
                true => None,
                false => self.chain.state_version(&known.address).await?,
            };
            let Some(stored) = stored else {
                continue;
            };
            let (Ok(from), Some(to)) = (
                Version::parse(&stored.version),
                artifact.version(&stored.contract),
            ) else {
                continue;
            };
            ensure!(
                from <= to,
                "contract '{}' cannot be upgraded: stored version {from} is newer than {to}, that of \
                 {}; expected an artifact of {from} or newer",
                kind.name(),
                self.artifacts.join(kind.wasm_file()).display()
            );
        }
        Ok(())
    }

    /// Those of the contracts that are wanted, and of those that are there.
    fn artifacts(&self, known: &Deployment) -> Result<BTreeMap<ContractKind, Artifact>> {
        let read = |kind: ContractKind| {
            let artifact = Artifact::read(&self.artifacts.join(kind.wasm_file()))?;
            Ok((kind, artifact))
        };
        let kinds = self.terms.kinds().into_iter();
        kinds
            .chain(known.contracts.keys().copied())
            .map(read)
            .collect()
    }

    /// What the file says, as far as the chain agrees.
    async fn known(&self) -> Result<Deployment> {
        let fresh = Deployment {
            chain_id: self.chain.chain_id().into(),
            operator: self.operator.address.clone(),
            contracts: BTreeMap::new(),
        };
        if !self.file.exists() {
            return Ok(fresh);
        }
        let found = Deployment::read(self.file)?;
        let file = self.file.display();
        ensure!(
            found.chain_id == fresh.chain_id,
            "{file} is of chain '{}', this is '{}'; choose another --deployment",
            found.chain_id,
            fresh.chain_id
        );
        let mut known = fresh;
        for (kind, contract) in found.contracts {
            match self.on_chain(contract).await? {
                Some(contract) => {
                    known.contracts.insert(kind, contract);
                }
                None => tracing::warn!(contract = kind.name(), "not on this chain any more"),
            }
        }
        ensure!(
            known.contracts.is_empty() || found.operator == known.operator,
            "{file} has operator {}, the key given is of {}; choose another --key or --deployment",
            found.operator,
            known.operator
        );
        Ok(known)
    }

    /// The contract with the code that the chain has for it: an upgrade may have been cut off.
    /// `None` where the chain does not know it, because it was reset.
    async fn on_chain(&self, contract: DeployedContract) -> Result<Option<DeployedContract>> {
        let info = match self.chain.contract_info(&contract.address).await {
            Ok(info) => info,
            Err(ChainError::Node { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(DeployedContract {
            checksum: self.chain.code_info(info.code_id).await?,
            code_id: info.code_id,
            address: contract.address,
        }))
    }

    async fn deploy(
        &self,
        kind: ContractKind,
        artifact: &Artifact,
        deployment: &mut Deployment,
    ) -> Result<Action> {
        let contracts = deployment.contracts.iter();
        let before: Deployed = contracts
            .map(|(kind, contract)| (*kind, contract.address.clone()))
            .collect();
        let operator = &self.operator.address;
        let msg = kind.instantiate_msg(&self.terms, &before)?;
        let code_id = self.store(kind, artifact).await?;
        let address = self
            .chain
            .instantiate(
                self.operator,
                code_id,
                &kind.label(),
                Some(operator.as_str()),
                &msg,
            )
            .await
            .with_context(|| format!("contract '{}' cannot be made", kind.name()))?;
        let contract = DeployedContract {
            address,
            code_id,
            checksum: artifact.checksum.clone(),
        };
        deployment.contracts.insert(kind, contract);
        deployment.write(self.file)?;
        Ok(Action::Deployed)
    }

    async fn upgrade(
        &self,
        kind: ContractKind,
        known: DeployedContract,
        artifact: &Artifact,
        deployment: &mut Deployment,
    ) -> Result<Action> {
        let code_id = self.store(kind, artifact).await?;
        let nothing = serde_json::Map::new();
        self.chain
            .migrate(self.operator, &known.address, code_id, &nothing)
            .await
            .with_context(|| format!("contract '{}' cannot be upgraded", kind.name()))?;
        let contract = DeployedContract {
            code_id,
            checksum: artifact.checksum.clone(),
            ..known
        };
        deployment.contracts.insert(kind, contract);
        deployment.write(self.file)?;
        Ok(Action::Upgraded)
    }

    async fn store(&self, kind: ContractKind, artifact: &Artifact) -> Result<u64> {
        let stored = self
            .chain
            .store_code(self.operator, &artifact.wasm)
            .await
            .with_context(|| format!("code of '{}' cannot be stored", kind.name()))?;
        // The chain counts what it unpacked.
        ensure!(
            stored.checksum == artifact.checksum,
            "the chain's checksum {} of '{}' is not that of the file, {}",
            stored.checksum,
            kind.name(),
            artifact.checksum
        );
        Ok(stored.code_id)
    }
}
