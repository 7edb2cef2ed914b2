//! Runs a crowdsourced day from the empty chain to the audit.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gridweave_agents::crowdsourcing::{DayPlan, EquilibriumPlanner};
use gridweave_audit::{EventLog, Report, Subject};
use gridweave_chain::Chain;
use gridweave_chain::embedded::CHAIN_ID;
use gridweave_model::crowdsourcing::Crowd;
use gridweave_optim::CentralSolution;
use gridweave_types::crowdsourcing::{
    BudgetResponse, Ledger, LedgerResponse, QueryMsg, StatementResponse, StatementsResponse,
    TaskResponse,
};

use super::day::{Day, Lived};
use super::stage::{PROGRAMME, Stage};
use crate::args::AcceptanceArg;
use crate::billing::verdict;
use crate::run::bills::{Billed, Bills};
use crate::run::outcome::{self as scheduled, Plan};
use crate::run::problem::Problem;
use crate::run::progress::Progress;

/// Most statements read at once.
const PAGE: u32 = 100;

/// Everything that a day leaves.
pub struct Outcome {
    /// The equilibrium C(1).
    pub central: CentralSolution,
    /// Cost of the schedule that the coordinator's ADMM finds, executed, against it (relative).
    pub admm_gap: Option<f64>,
    /// The plan.
    pub plan: DayPlan,
    /// First interval.
    pub first: u32,
    /// Offers and answers.
    pub lived: Lived,
    /// All tasks.
    pub tasks: Vec<TaskResponse>,
    /// Names by address.
    pub names: BTreeMap<String, String>,
    /// Budgets by feeder and interval.
    pub budgets: Vec<Vec<BudgetResponse>>,
    /// The operator's budget account.
    pub ledger: LedgerResponse,
    /// Statements of the programme.
    pub statements: Vec<StatementResponse>,
    /// Bills of the day.
    pub bills: Bills,
    /// Everything that the contracts announced.
    pub events: EventLog,
    /// The audit.
    pub audit: Report,
    /// Time from start to end.
    pub wall: Duration,
}

/// Runs the day.
pub async fn execute(
    problem: &Problem,
    crowd: &Crowd,
    acceptance: AcceptanceArg,
) -> Result<Outcome> {
    let start = Instant::now();
    // C(1), centrally and by the coordinator's ADMM.
    let session = scheduled::execute(problem, scheduling()).await?;
    let central = session
        .central
        .context("the equilibrium C(1) cannot be found")?;
    let admm_gap = session.rounds.last().and_then(|round| round.gap);
    let planner = EquilibriumPlanner {
        instance: &problem.instance,
        crowd,
    };
    let plan = planner.of(&central);
    Progress::step("running algorithm 1");
    let stage = Stage::set(problem, crowd, &plan).await?;
    let mut day = Day::new(&stage, crowd, &plan, acceptance).await?;
    let lived = day.live().await?;
    let platform = day.platform();
    let mut budgets = Vec::new();
    for feeder in 0..crowd.feeders.len() {
        let mut row = Vec::new();
        for t in 0..problem.instance.horizon {
            row.push(platform.budget(feeder, t as u32).await?);
        }
        budgets.push(row);
    }
    let pairs = stage.signers.iter().zip(&stage.parts);
    let names: BTreeMap<String, String> = pairs
        .map(|(signer, part)| (signer.address.clone(), part.name.clone()))
        .collect();
    let events = EventLog::of(&stage.chain, Subject::of(CHAIN_ID, &stage.contracts)).await?;
    Ok(Outcome {
        admm_gap,
        first: stage.first,
        tasks: platform.tasks().await?,
        ledger: platform.ledger().await?,
        statements: statements(&stage).await?,
        bills: bills(&stage, problem, &names).await?,
        audit: verdict::of_log(&events, &stage.chain).await?,
        names,
        budgets,
        lived,
        events,
        central,
        plan,
        wall: start.elapsed(),
    })
}

/// A session without faults and without bills.
fn scheduling() -> Plan {
    Plan {
        stragglers: 0.0,
        liars: 0.0,
        checks: true,
        warm: false,
        bills: false,
    }
}

async fn statements(stage: &Stage) -> Result<Vec<StatementResponse>> {
    let ledger = Ledger::Programme {
        programme: PROGRAMME,
    };
    let mut all: Vec<StatementResponse> = Vec::new();
    loop {
        let query = QueryMsg::Statements {
            ledger,
            start_after: all.last().map(|last| last.account.to_string()),
            limit: Some(PAGE),
        };
        let page: StatementsResponse = stage.chain.query(&stage.crowd, &query).await?;
        if page.statements.is_empty() {
            return Ok(all);
        }
        all.extend(page.statements);
    }
}

async fn bills(
    stage: &Stage,
    problem: &Problem,
    names: &BTreeMap<String, String>,
) -> Result<Bills> {
    let billing = &stage.contracts.billing;
    let balance = stage
        .chain
        .balance(billing.as_str(), &stage.terms.denom)
        .await?;
    let day = Billed {
        chain: &stage.chain,
        billing,
        first: stage.first,
        horizon: problem.instance.horizon as u32,
        accounts: names,
    };
    day.collect(balance).await
}
