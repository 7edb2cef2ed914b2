//! Commit and reveal, in a small market of their own.

use anyhow::Result;
use gridweave_chain::ContractKind::Market;
use gridweave_chain::{Chain, Coin, Signer};
use gridweave_types::market::{CommitDomain, ExecuteMsg, Reveal, commit_message, digest_message};
use sha2::{Digest, Sha256};

use super::super::agents::Crowd;
use super::super::stage::{BARE, Case, QUIET, Stage};
use super::book::{self, Orders};
use super::solutions::{ROUND, accepted, packed, register, trades};
use super::terms::{BOND, renew_market};
use super::{rival, solver};

/// Seconds in which a solution must be revealed.
const WINDOW: u32 = 15;
/// Offers of the market.
const OFFERS: u32 = 100;
/// Trades of the solution.
const TRADES: u32 = 100;
/// What the solver says last.
const SALT: [u8; 32] = [7; 32];

/// Two solvers commit; one reveals, the other forfeits and leaves.
///
/// # Errors
/// The contract refuses or rejects the solution.
pub async fn measure(stage: &mut Stage, crowd: &Crowd) -> Result<()> {
    renew_market(stage, Some(Reveal { seconds: WINDOW })).await?;
    let orders = Orders::new(OFFERS);
    book::fill(stage, crowd, &orders).await?;
    enter(stage, crowd).await?;
    let trades = packed(&trades(&orders, TRADES, false, 1)?)?;
    for (committer, case) in [(rival(crowd), QUIET), (solver(crowd), BARE)] {
        let commit = commitment(stage, committer, &trades)?;
        stage.act(committer, Market, case, &commit).await?;
    }
    // A simulation sees the block before, and a reveal must not come in that of its commitment.
    let height = stage.chain.height().await?;
    stage.chain.beyond(height).await?;
    let case = Case {
        name: "revealed, in one interval",
        agents: TRADES,
        horizon: 0,
    };
    let reveal = ExecuteMsg::SubmitSolution {
        round: ROUND,
        trades,
        certificate: None,
        salt: Some(SALT.into()),
    };
    let response = stage.act(solver(crowd), Market, case, &reveal).await?;
    accepted(response.attribute("action")?)?;
    forfeit(stage, crowd).await
}

/// Registers both solvers.
async fn enter(stage: &mut Stage, crowd: &Crowd) -> Result<()> {
    let coins = |amount| vec![Coin::new(amount, stage.denom.clone())];
    let (bond, one) = (coins(BOND), coins(1));
    let join = ExecuteMsg::RegisterSolver {};
    stage.pay(rival(crowd), Market, QUIET, &join, bond).await?;
    // Not noted: the first transaction of a key costs more, as the chain keeps its public key.
    let fund = ExecuteMsg::FundRewards {};
    stage.pay(solver(crowd), Market, QUIET, &fund, one).await?;
    register(stage, crowd).await
}

async fn forfeit(stage: &mut Stage, crowd: &Crowd) -> Result<()> {
    let operator = stage.operator.clone();
    let passed = stage.chain.time().await? + u64::from(WINDOW) + 1;
    super::super::until(stage, passed).await?;
    let forfeit = ExecuteMsg::ForfeitCommit {
        solver: rival(crowd).address.clone(),
    };
    stage.act(&operator, Market, BARE, &forfeit).await?;
    let leave = ExecuteMsg::UnregisterSolver {};
    stage.act(rival(crowd), Market, BARE, &leave).await?;
    Ok(())
}

fn commitment(stage: &Stage, solver: &Signer, trades: &[u8]) -> Result<ExecuteMsg> {
    let market = stage.address(Market)?;
    let domain = CommitDomain {
        chain_id: stage.chain.chain_id(),
        market: market.as_str(),
        solver: &solver.address,
        round: ROUND,
    };
    let digest = Sha256::digest(digest_message(&[0; 32], &Sha256::digest(trades).into()));
    let message = commit_message(domain, &SALT, &digest.into());
    Ok(ExecuteMsg::Commit {
        hash: Sha256::digest(message).as_slice().into(),
    })
}
