//! Contracts made known to each other.

use anyhow::{Context, Result};
use gridweave_chain::{Chain, ContractAddr, MarketContracts};
use gridweave_types::assets;
use gridweave_types::billing::{ExecuteMsg, QueryMsg, SourceKind, SourcesResponse};

use super::Deployer;
use crate::deployment::Deployment;

impl Deployer<'_> {
    /// Makes the contracts known to each other, as far as they are not: the coordinator's sessions,
    /// credited claims and accepted tasks count in `billing`, the market may lock in `assets`.
    pub(super) async fn wire(&self, deployment: &Deployment) -> Result<()> {
        let contracts = deployment.contracts()?;
        let billing = &contracts.billing;
        self.register_source(billing, &contracts.coordinator, SourceKind::Sessions)
            .await
            .context("the coordinator cannot be registered in 'billing'")?;
        if let Some(crowdsourcing) = &contracts.crowdsourcing {
            self.register_source(billing, crowdsourcing, SourceKind::Additions)
                .await
                .context("'crowdsourcing' cannot be registered in 'billing'")?;
        }
        let Some(market) = &contracts.market else {
            return Ok(());
        };
        self.register_source(billing, &market.assets, SourceKind::Recorder)
            .await
            .context("'assets' cannot be registered in 'billing'")?;
        self.register_market(market)
            .await
            .context("the market cannot be registered in 'assets'")
    }

    async fn register_source(
        &self,
        billing: &ContractAddr,
        source: &ContractAddr,
        kind: SourceKind,
    ) -> Result<()> {
        let known: SourcesResponse = self.chain.query(billing, &QueryMsg::Sources {}).await?;
        let contract = source.as_str();
        let mut sources = known.sources.iter();
        if sources.any(|source| source.active && source.contract.as_str() == contract) {
            return Ok(());
        }
        let register = ExecuteMsg::RegisterSource {
            contract: contract.into(),
            kind,
        };
        self.chain
            .execute(self.operator, billing, &register)
            .await?;
        Ok(())
    }

    async fn register_market(&self, contracts: &MarketContracts) -> Result<()> {
        let (assets, market) = (&contracts.assets, contracts.market.as_str());
        let query = assets::QueryMsg::Markets {};
        let known: assets::MarketsResponse = self.chain.query(assets, &query).await?;
        let mut markets = known.markets.iter();
        if markets.any(|known| known.active && known.market.as_str() == market) {
            return Ok(());
        }
        let register = assets::ExecuteMsg::RegisterMarket {
            market: market.into(),
        };
        self.chain.execute(self.operator, assets, &register).await?;
        Ok(())
    }
}
