//! The rounds of a session.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use gridweave_chain::ContractKind::Coordinator;
use gridweave_chain::{Call, ContractAddr, Signer};
use gridweave_types::coordinator::ExecuteMsg;
use gridweave_units::pack;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::report::Cost;
use super::session::Plan;
use super::stage::{Stage, timed};

/// Name of an iterate that neither opens nor closes a round.
pub const STEADY: &str = "median of round 2";
/// Rounds that are played; the last is measured.
pub const ROUNDS: u32 = 2;
/// Iterates under way at a time.
const AT_ONCE: usize = 64;

/// Plays the rounds; in the last, notes the iterates, the weights and the closing.
///
/// # Errors
/// The contract refuses or rejects an iterate.
pub async fn play(stage: &mut Stage, plan: &Plan<'_>, session: u64) -> Result<()> {
    let coordinator = stage.address(Coordinator)?;
    for round in 1..=ROUNDS {
        let mut calls = Vec::new();
        for (index, signer) in (0..).zip(plan.signers()) {
            calls.push((
                signer.clone(),
                iterate(plan, &coordinator, session, round, index)?,
            ));
        }
        let last = calls.pop().context("a session has agents")?;
        let mut costs = submit(stage, calls).await?;
        if round == ROUNDS {
            let operator = stage.operator.clone();
            if let Some(weights) = &plan.weights {
                let msg = ExecuteMsg::SubmitCombination {
                    session,
                    round,
                    weights: pack(weights).into(),
                };
                stage.act(&operator, Coordinator, plan.case, &msg).await?;
            }
        }
        let closing = submit(stage, vec![last]).await?;
        if round == ROUNDS {
            note(stage, plan, STEADY, median(&mut costs));
            note(stage, plan, "closing round 2", closing[0]);
        }
    }
    Ok(())
}

fn iterate(
    plan: &Plan<'_>,
    coordinator: &ContractAddr,
    session: u64,
    round: u32,
    index: u32,
) -> Result<Call> {
    let payload = (plan.answer)(index, plan.case.horizon, round);
    let msg = ExecuteMsg::SubmitIterate {
        session,
        round,
        payload: pack(&payload).into(),
        claims: plan.claims.clone(),
    };
    Ok(Call::new(coordinator, &msg)?)
}

/// Submits at the same time; the costs in no particular order.
async fn submit(stage: &Stage, calls: Vec<(Signer, Call)>) -> Result<Vec<Cost>> {
    let gate = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for (signer, call) in calls {
        let (chain, gate) = (stage.chain.clone(), gate.clone());
        tasks.spawn(async move {
            let _permit = gate.acquire().await?;
            let (response, cost) = timed(&chain, &signer, call).await?;
            let action = response.attribute("action")?;
            ensure!(
                action == "iterate_submitted",
                "the iterate of {} had the outcome '{action}', {:?}",
                signer.name,
                response.attribute("reason")
            );
            Ok(cost)
        });
    }
    let mut costs = Vec::new();
    while let Some(done) = tasks.join_next().await {
        costs.push(done.context("a task was lost")??);
    }
    Ok(costs)
}

fn note(stage: &mut Stage, plan: &Plan<'_>, what: &str, cost: Cost) {
    let name = format!("{}, {what}", plan.case.name);
    stage.note(
        "coordinator",
        "submit_iterate",
        plan.case.named(&name),
        cost,
    );
}

/// The median of each figure; `costs` is not empty.
fn median(costs: &mut [Cost]) -> Cost {
    let mut middle = |figure: fn(&Cost) -> u64| {
        costs.sort_by_key(figure);
        figure(&costs[costs.len() / 2])
    };
    Cost {
        gas: middle(|cost| cost.gas),
        bytes: middle(|cost| cost.bytes),
        ms: middle(|cost| cost.ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_has_its_own_median() {
        let cost = |gas, ms| Cost { gas, bytes: 1, ms };
        let found = median(&mut [cost(1, 30), cost(3, 10), cost(2, 20)]);
        assert_eq!(
            found,
            Cost {
                gas: 2,
                bytes: 1,
                ms: 20
            }
        );
    }
}
