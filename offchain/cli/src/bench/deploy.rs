//! The contracts of a stage: stored, instantiated, renewed, migrated, pinned.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use cosmwasm_std::Uint64;
use gridweave_agents::terms::BillingChoice;
use gridweave_chain::{Chain, ContractKind, Terms};
use gridweave_types::{assets, billing, coordinator, crowdsourcing, grid, market};
use serde::Serialize;

use super::report::Cost;
use super::stage::{BARE, Stage, cost};
use crate::artifact::Artifact;
use crate::live::site::Site;

impl Stage {
    /// Stores and instantiates every contract.
    ///
    /// # Errors
    /// An artifact is missing, or the chain refuses.
    pub async fn deploy(&mut self, artifacts: &Path) -> Result<()> {
        let treasury = &self.operator.address;
        let terms = Terms {
            operator: treasury.clone(),
            billing: BillingChoice::hourly().terms(treasury, self.chain.time().await?),
            market: Some(super::market::plain()),
            crowdsourcing: Some(crowdsourcing::InstantiateMsg {
                grid: String::new(),
                billing: String::new(),
                day_intervals: 24,
                incentive_limit: Uint64::new(160_000),
            }),
        };
        for kind in terms.kinds() {
            let code = self
                .store(kind.name(), &artifacts.join(kind.wasm_file()))
                .await?;
            let operator = self.operator.clone();
            let msg = kind.instantiate_msg(&terms, &self.contracts)?;
            let from = self.chain.height().await?;
            let start = Instant::now();
            let chain = &self.chain;
            let address = chain
                .instantiate(
                    &operator,
                    code,
                    &kind.label(),
                    Some(&operator.address),
                    &msg,
                )
                .await?;
            let ms = start.elapsed().as_millis() as u64;
            self.contracts.insert(kind, address);
            self.note_instantiation(kind, from, ms).await?;
        }
        Ok(())
    }

    async fn store(&mut self, contract: &str, file: &Path) -> Result<u64> {
        let Artifact { wasm, checksum } = Artifact::read(file)?;
        self.checksums.insert(contract.into(), checksum);
        let start = Instant::now();
        let stored = self.chain.store_code(&self.operator, &wasm).await?;
        let cost = cost(&stored.receipt, start);
        self.note(contract, "store", BARE, cost);
        self.codes.push(stored.code_id);
        Ok(stored.code_id)
    }

    /// The connection tells no receipt of an instantiation; the block does.
    async fn note_instantiation(&mut self, kind: ContractKind, from: u64, ms: u64) -> Result<()> {
        let height = self.chain.height().await?;
        let records = self.chain.transactions(from, height).await?;
        let own = records.iter().rev().find(|tx| {
            tx.code == 0 && tx.sender.as_deref() == Some(self.operator.address.as_str())
        });
        let own = own.context("the instantiation is in none of the latest blocks")?;
        let cost = Cost {
            gas: own.gas_used,
            bytes: own.bytes as u64,
            ms,
        };
        self.note(kind.name(), "instantiate", BARE, cost);
        Ok(())
    }

    /// Puts a new contract of the same code in the place of one, with other terms.
    ///
    /// # Errors
    /// The contract refuses its terms.
    pub async fn renew<M: Serialize + Sync>(&mut self, kind: ContractKind, msg: &M) -> Result<()> {
        let old = self.chain.contract_info(&self.address(kind)?).await?;
        let admin = Some(self.operator.address.as_str());
        let made = self
            .chain
            .instantiate(&self.operator, old.code_id, &old.label, admin, msg)
            .await
            .with_context(|| format!("a new {}", kind.name()))?;
        self.contracts.insert(kind, made);
        Ok(())
    }

    /// Migrates a contract to the code that it has, and notes what that cost.
    ///
    /// # Errors
    /// The contract refuses.
    pub async fn migrate<M: Serialize + Sync>(
        &mut self,
        kind: ContractKind,
        msg: &M,
    ) -> Result<()> {
        let contract = self.address(kind)?;
        let code = self.chain.contract_info(&contract).await?.code_id;
        let start = Instant::now();
        let done = self
            .chain
            .migrate(&self.operator, &contract, code, msg)
            .await?;
        let receipt = done.receipt.context("the chain gave no receipt")?;
        self.note(kind.name(), "migrate", BARE, cost(&receipt, start));
        Ok(())
    }

    /// Has the codes kept in the nodes' memory, where that can be had.
    ///
    /// # Errors
    /// As [`Site::pin`].
    pub async fn pin(&mut self, site: &Site) -> Result<()> {
        site.pin(&self.codes).await?;
        self.pinned = self.chain.unpinned(&self.codes).await?.is_empty();
        Ok(())
    }

    /// Migrates every contract but that of a crowd to the code that it has.
    ///
    /// # Errors
    /// A contract refuses.
    pub async fn migrate_all(&mut self) -> Result<()> {
        self.migrate(ContractKind::Grid, &grid::MigrateMsg {})
            .await?;
        self.migrate(ContractKind::Coordinator, &coordinator::MigrateMsg {})
            .await?;
        self.migrate(ContractKind::Billing, &billing::MigrateMsg {})
            .await?;
        self.migrate(ContractKind::Assets, &assets::MigrateMsg {})
            .await?;
        self.migrate(ContractKind::Market, &market::MigrateMsg {})
            .await
    }
}
