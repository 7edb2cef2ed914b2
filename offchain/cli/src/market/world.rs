//! The chain of a market run, with everybody's first coins.

use anyhow::{Context, Result};
use cosmwasm_std::Uint128;
use gridweave_agents::market::feeders::set_limits;
use gridweave_audit::{EventLog, Subject};
use gridweave_chain::embedded::{CHAIN_ID, EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Chain, Coin, Contracts, MarketContracts, Signer, Terms};

use super::fleet::{self, Member};
use super::neighbours::deposits;
use super::outcome::View;
use super::problem::Problem;
use crate::args::SolverArg;

/// A fresh chain with a market on it.
pub struct World {
    /// The chain.
    pub chain: EmbeddedChain,
    /// All contracts.
    pub contracts: Contracts,
    /// The market's.
    pub market: MarketContracts,
    /// Denom of all money.
    pub denom: String,
    /// The operator's key.
    pub operator: Signer,
    /// Key of the keeper.
    pub keeper: Signer,
}

impl World {
    /// Starts the chain and opens a market on it that waits for its first interval.
    pub async fn start(problem: &Problem) -> Result<Self> {
        let chain = EmbeddedChain::start().context("the embedded chain does not start")?;
        let operator = chain.signer("operator").await?;
        let keeper = chain.signer("keeper").await?;
        // Interval 0 is finalized when it begins, or `T_clear` less one interval before.
        let genesis = GENESIS_SECONDS + u64::from(problem.choice.clear * problem.seconds());
        let billing = problem.bills().terms(&operator.address, genesis);
        let denom = billing.denom.clone();
        let terms = Terms {
            operator: operator.address.clone(),
            billing,
            market: Some(problem.choice.terms()),
            crowdsourcing: None,
        };
        let contracts = chain
            .deploy_suite(&operator, terms)
            .await
            .context("the contracts cannot be deployed")?;
        let world = Self {
            market: contracts.market()?.clone(),
            chain,
            contracts,
            denom,
            operator,
            keeper,
        };
        world.prepare(problem).await?;
        Ok(world)
    }

    /// The solvers, each with coins for its bond.
    pub async fn fleet(&self, problem: &Problem, kinds: &[SolverArg]) -> Result<Vec<Member>> {
        let mut fleet = Vec::new();
        let bond = problem.choice.terms().bond.amount.u128();
        for (index, &kind) in kinds.iter().enumerate() {
            let signer = self.chain.signer(&fleet::name(kind, index)).await?;
            let coins = bond * fleet::bonds(kind);
            if coins > 0 {
                self.mint(&signer, Uint128::new(coins)).await?;
            }
            let (market, seed) = (&self.market.market, index as u64);
            let member = (kind, seed);
            let seconds = problem.seconds();
            fleet.extend(Member::register(&self.chain, signer, market, member, seconds).await?);
        }
        Ok(fleet)
    }

    /// The market as it is.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn view(&self) -> Result<View<'_, EmbeddedChain>> {
        let balance = |contract| self.chain.balance(contract, &self.denom);
        Ok(View {
            chain: &self.chain,
            contracts: &self.market,
            base: 0,
            events: self.chain.events(0).await?,
            balances: [
                balance(self.market.assets.as_str()).await?,
                balance(self.market.market.as_str()).await?,
            ],
        })
    }

    /// Everything that the contracts have announced.
    pub async fn events(&self) -> Result<EventLog> {
        let subject = Subject::of(CHAIN_ID, &self.contracts);
        Ok(EventLog::of(&self.chain, subject).await?)
    }

    /// Feeders' limits, and the money that the operator will pay in for homes and for the grid.
    async fn prepare(&self, problem: &Problem) -> Result<()> {
        let escrow = problem.offers.iter().map(|offer| offer.plan.money());
        let coins = escrow.sum::<u128>() + deposits(problem);
        if coins > 0 {
            self.mint(&self.operator, Uint128::new(coins)).await?;
        }
        for (&feeder, &limits) in &problem.full.feeders {
            let (chain, operator) = (&self.chain, &self.operator);
            set_limits(chain, &self.contracts, operator, (feeder, limits)).await?;
        }
        Ok(())
    }

    async fn mint(&self, signer: &Signer, amount: Uint128) -> Result<()> {
        let coins = vec![Coin::new(amount, self.denom.clone())];
        Ok(self.chain.mint(signer, coins).await?)
    }
}
