//! `gridweave crowd-operator`: starts a programme, lets a crowd take part and runs algorithm 1.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gridweave_agents::crowdsourcing::{
    Accounts, DayPlan, EquilibriumPlanner, Line, Office, OnContract, Operator, Step, terms,
};
use gridweave_agents::{AgentError, ledger};
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, ChainError, Signer};
use gridweave_model::crowdsourcing::Crowd;

use super::config::{Connection, CrowdOperatorConfig, load};
use super::{base, enter};
use crate::run::problem::Problem;

/// Name of the operator's key.
const NAME: &str = "operator";
/// So many refusals after one another that time alone does not make up for.
const MOST_REFUSALS: u32 = 200;

/// Runs a programme as the configuration in `file` says, until it is closed.
///
/// # Errors
/// The configuration is wrong, the chain does not answer, C(1) has no solution, or the contract refuses
/// again and again.
pub async fn run(file: &Path) -> Result<()> {
    let config: CrowdOperatorConfig = load(file)?;
    let base = base(file);
    let problem = config.scenario.problem(&base)?;
    let crowd = problem.crowd()?.with_context(|| {
        let name = &config.scenario.name;
        format!("scenario.name is '{name}', expected a scenario with a crowd")
    })?;
    let (connection, signer) = enter(NAME, &config.chain, &config.key, &base).await?;
    let programme = programme(&config, (&problem, &crowd), &connection, &signer).await?;
    tracing::info!(programme, "open");
    let run = Run {
        record: config.record.as_ref().map(|record| base.join(record)),
        config,
        connection,
        signer,
        programme,
    };
    let planner = EquilibriumPlanner {
        instance: &problem.instance,
        crowd: &crowd,
    };
    run.steps(Operator::new(planner)).await
}

/// Number of the programme, started if it is missing.
async fn programme(
    config: &CrowdOperatorConfig,
    (problem, crowd): (&Problem, &Crowd),
    connection: &Connection,
    signer: &Signer,
) -> Result<u32> {
    let (chain, contracts) = (&connection.chain, &connection.contracts);
    let bills = ledger::terms(chain, &contracts.billing).await?;
    let wanted = &config.programme;
    let calendar = terms::Calendar {
        first: wanted.first_interval,
        preferences_until: wanted.preferences_until,
        task_seconds: wanted
            .task_seconds
            .unwrap_or_else(|| terms::task_seconds(crowd, bills.interval_seconds)),
    };
    let budgets = terms::budgets(crowd, &config.feeders, calendar.first);
    let terms = terms::programme(&problem.instance, crowd, calendar);
    let office = Office::new(chain, signer.clone(), contracts.crowdsourcing()?.clone());
    let number = office.programme(&terms, &budgets, &bills.denom).await;
    number.context("the programme cannot be created")
}

/// A programme that is run.
struct Run {
    config: CrowdOperatorConfig,
    connection: Connection,
    signer: Signer,
    programme: u32,
    record: Option<PathBuf>,
}

impl Run {
    /// Step after step until the programme is closed.
    async fn steps(&self, mut operator: Operator<EquilibriumPlanner<'_>>) -> Result<()> {
        let chain = &self.connection.chain;
        // Who is who is only known with the plan, and not needed before.
        let mut platform = self.platform(None)?;
        let (mut gap, mut refusals) = (0.0, 0);
        loop {
            let height = chain.height().await?;
            match operator.step(&platform).await {
                Ok(Step::Done) => return Ok(()),
                Ok(Step::Did(line)) => {
                    tracing::info!(?line, "done");
                    if line == Line::Equilibrium {
                        platform = self.platform(operator.plan())?;
                    }
                    if operator.relaxation_gap() > gap {
                        gap = operator.relaxation_gap();
                        self.note(gap)?;
                    }
                    refusals = 0;
                    continue;
                }
                Ok(Step::Waits(Line::Preferences)) => self.approve().await?,
                Ok(Step::Waits(_)) => {}
                // An answer or the beginning of an interval was faster; the next step sees it.
                Err(AgentError::Chain(
                    error @ (ChainError::Refused { .. } | ChainError::Unconfirmed { .. }),
                )) if refusals < MOST_REFUSALS => {
                    tracing::warn!(%error, "not taken");
                    refusals += 1;
                }
                Err(error) => return Err(error.into()),
            }
            chain.beyond(height).await?;
        }
    }

    async fn approve(&self) -> Result<()> {
        let contract = self.connection.contracts.crowdsourcing()?.clone();
        let office = Office::new(&self.connection.chain, self.signer.clone(), contract);
        let accounts: Vec<String> = self.config.accounts.values().cloned().collect();
        let approved = office.approve(&accounts).await?;
        if approved > 0 {
            tracing::info!(approved, "let take part");
        }
        Ok(())
    }

    fn platform(&self, plan: Option<&DayPlan>) -> Result<OnContract<'_, WasmdChain>> {
        Ok(OnContract::new(
            &self.connection.chain,
            self.signer.clone(),
            self.connection.contracts.crowdsourcing()?.clone(),
            self.programme,
            plan.map_or(Ok(Accounts::default()), |plan| self.accounts(plan))?,
        ))
    }

    /// Addresses in the order of `plan`.
    fn accounts(&self, plan: &DayPlan) -> Result<Accounts> {
        let address = |bus: u32| {
            let names = ["crowdsourcee", "generator"].map(|what| format!("{what}-{bus}"));
            let mut found = names
                .iter()
                .filter_map(|name| self.config.accounts.get(name));
            let found = found.next().cloned();
            found.with_context(|| format!("[accounts] has no '{}' or '{}'", names[0], names[1]))
        };
        let ahead = plan
            .ahead
            .iter()
            .map(|row| Ok((row.bus, address(row.bus)?)));
        Ok(Accounts {
            members: all(plan.members.iter().map(|row| address(row.bus)))?,
            ahead: ahead.collect::<Result<_>>()?,
            generators: all(plan.generators.iter().map(|row| address(row.bus)))?,
            feeders: self.config.feeders.clone(),
        })
    }

    fn note(&self, gap: f64) -> Result<()> {
        let Some(file) = &self.record else {
            return Ok(());
        };
        let opened = File::options().append(true).create(true).open(file);
        opened
            .and_then(|mut record| writeln!(record, "{gap:e}"))
            .with_context(|| format!("{} cannot be written", file.display()))
    }
}

fn all(addresses: impl Iterator<Item = Result<String>>) -> Result<Vec<String>> {
    addresses.collect()
}
