//! Runs crowdsourced days from the empty chain to the audit.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gridweave_agents::crowdsourcing::EquilibriumPlanner;
use gridweave_audit::{EventLog, Report, Subject};
use gridweave_chain::embedded::CHAIN_ID;
use gridweave_model::crowdsourcing::Crowd;
use gridweave_optim::CentralSolution;

use super::books::{Account, DayBooks};
use super::month::Month;
use super::stage::Stage;
use crate::args::AcceptanceArg;
use crate::billing::verdict;
use crate::live::crowd::LiveFigures;
use crate::run::bills::{Billed, Bills};
use crate::run::outcome::{self as scheduled, Plan};
use crate::run::problem::Problem;
use crate::run::progress::Progress;

/// Everything that days leave.
pub struct Outcome {
    /// The equilibrium C(1), the same on every day.
    pub central: CentralSolution,
    /// Cost of the schedule that the coordinator's ADMM finds, executed, against it (relative).
    pub admm_gap: Option<f64>,
    /// The days.
    pub days: Vec<DayBooks>,
    /// The weeks, then the months that they belong to, reconciled.
    pub periods: Vec<Account>,
    /// Names by address.
    pub names: BTreeMap<String, String>,
    /// Bills of all days.
    pub bills: Bills,
    /// Everything that the contracts announced.
    pub events: EventLog,
    /// The audit.
    pub audit: Report,
    /// What it took on a real chain.
    pub chain: Option<LiveFigures>,
    /// Time from start to end.
    pub wall: Duration,
}

/// Runs so many days.
pub async fn execute(
    problem: &Problem,
    crowd: &Crowd,
    (days, acceptance): (u32, AcceptanceArg),
) -> Result<Outcome> {
    let start = Instant::now();
    let (central, admm_gap) = equilibrium(problem).await?;
    let planner = EquilibriumPlanner {
        instance: &problem.instance,
        crowd,
    };
    Progress::step("running algorithm 1");
    let stage = Stage::set(problem, crowd, &planner.of(&central), days).await?;
    let span = (days, acceptance);
    let month = Month::new((problem, crowd), &central, &stage, span).await?;
    let mut books = Vec::new();
    for day in month.live().await? {
        books.push(DayBooks::read(&stage, day).await?);
    }
    let count = days * problem.instance.horizon as u32;
    let first = stage.first_day().first;
    let periods = Account::reconcile_all(&stage, first, first + count - 1).await?;
    let pairs = stage.signers.iter().zip(&stage.parts);
    let names: BTreeMap<String, String> = pairs
        .map(|(signer, part)| (signer.address.clone(), part.name.clone()))
        .collect();
    let events = EventLog::of(&stage.chain, Subject::of(CHAIN_ID, &stage.contracts)).await?;
    Ok(Outcome {
        bills: bills(&stage, (first, count), &names).await?,
        audit: verdict::of_log(&events, &stage.chain).await?,
        days: books,
        admm_gap,
        periods,
        names,
        events,
        central,
        chain: None,
        wall: start.elapsed(),
    })
}

/// C(1) centrally, and how much more the schedule of the coordinator's ADMM costs when it is executed
/// (relative).
///
/// # Errors
/// It has no solution, or the session on an embedded chain fails.
pub async fn equilibrium(problem: &Problem) -> Result<(CentralSolution, Option<f64>)> {
    let session = scheduled::execute(problem, scheduling()).await?;
    let central = session.central;
    let central = central.context("the equilibrium C(1) cannot be found")?;
    let gap = session.rounds.last().and_then(|round| round.gap);
    Ok((central, gap))
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

async fn bills(
    stage: &Stage,
    (first, horizon): (u32, u32),
    names: &BTreeMap<String, String>,
) -> Result<Bills> {
    let billing = &stage.contracts.billing;
    let balance = stage.chain.balance(billing.as_str(), &stage.terms.denom);
    let billed = Billed {
        chain: &stage.chain,
        billing,
        first,
        horizon,
        accounts: names,
    };
    billed.collect(balance.await?).await
}
