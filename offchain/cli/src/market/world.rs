//! The chain of a market run, with everybody's first coins.

use anyhow::{Context, Result};
use cosmwasm_std::Uint128;
use gridweave_agents::market::dso::{Dso, Withdrawal};
use gridweave_agents::market::solver::{Solver, Strategy};
use gridweave_agents::terms::money;
use gridweave_audit::{EventLog, Subject};
use gridweave_chain::embedded::{CHAIN_ID, EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Chain, Coin, Contracts, MarketContracts, Signer, Terms};

use super::problem::Problem;

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

    /// The operator at work on this chain.
    pub fn dso(&self) -> Dso<'_, EmbeddedChain> {
        Dso::new(&self.chain, &self.contracts, &self.operator)
    }

    /// A solver with a bond.
    pub async fn solver(&self, problem: &Problem) -> Result<Solver> {
        let signer = self.chain.signer("solver").await?;
        let bond = problem.choice.terms().bond.amount;
        self.mint(&signer, bond).await?;
        let market = &self.market.market;
        Ok(Solver::register(&self.chain, signer, market, Strategy::Exact, 0).await?)
    }

    /// Everything that the contracts have announced.
    pub async fn events(&self) -> Result<EventLog> {
        let subject = Subject::of(CHAIN_ID, &self.contracts);
        Ok(EventLog::of(&self.chain, subject).await?)
    }

    /// Feeders' limits, and the money that the operator will pay in for buyers and for the grid.
    async fn prepare(&self, problem: &Problem) -> Result<()> {
        let escrow = problem.offers.iter().map(|offer| {
            let plan = &offer.plan;
            Withdrawal::of_offer("", plan.class, plan.energy, plan.price).money
        });
        let coins = escrow.sum::<u128>() + money(problem.billing.grid_deposit);
        if coins > 0 {
            self.mint(&self.operator, Uint128::new(coins)).await?;
        }
        for (&feeder, &limits) in &problem.full.feeders {
            self.dso().set_limits(feeder, limits).await?;
        }
        Ok(())
    }

    async fn mint(&self, signer: &Signer, amount: Uint128) -> Result<()> {
        let coins = vec![Coin::new(amount, self.denom.clone())];
        Ok(self.chain.mint(signer, coins).await?)
    }
}
