//! `gridweave solver`: one solver of a market.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use gridweave_agents::market::ledger;
use gridweave_agents::market::solver::Effort;
use gridweave_chain::Chain;
use gridweave_types::market::{Phase, StatusResponse};
use tokio::time::{Instant, sleep_until};

use super::config::{SolverConfig, load};
use super::{base, enter};
use crate::args::SolverArg;
use crate::market::fleet::Member;

/// Name of the solver's key.
const NAME: &str = "solver";

/// Solves as the configuration in `file` says.
///
/// # Errors
/// The configuration is wrong, the chain does not answer, or the bond cannot be paid.
pub async fn run(file: &Path) -> Result<()> {
    let config: SolverConfig = load(file)?;
    let (own, until) = (&config.solver, config.market.until);
    ensure!(own.period_ms > 0, "solver.period_ms is 0, expected above 0");
    ensure!(
        own.strategy != SolverArg::None,
        "solver.strategy is 'none', expected one that solves"
    );
    let base = base(file);
    let (connection, signer) = enter(NAME, &config.chain, &config.key, &base).await?;
    let (chain, market) = (&connection.chain, &connection.contracts.market()?.market);
    let seconds = ledger::terms(chain, market).await?.interval_seconds;
    let kind = (own.strategy, own.seed);
    let member = Member::register(chain, signer, market, kind, seconds).await?;
    let member = member.context("solver.strategy solves nothing")?;
    let effort = Effort {
        time_limit: Duration::from_secs(own.time_limit_s),
        ..Effort::default()
    };
    let member = member.adjusted(effort, own.chunk);
    // What it commits to outlives it, as its journal does.
    let pledge = file.with_extension("pledge.json");
    let mut member = member.with_safe(chain, pledge).await?;
    let record = own.record.as_ref().map(|name| open(&base.join(name)));
    let record = record.transpose()?;
    loop {
        let start = Instant::now();
        let height = chain.height().await?;
        if let Some(took) = member.turn(chain).await?.took
            && let Some(mut record) = record.as_ref()
        {
            writeln!(record, "{:.3}", 1e3 * took.as_secs_f64()).context("solver.record")?;
        }
        let status = ledger::status(chain, market).await?;
        if until.is_some_and(|until| is_over(&status, until)) {
            break;
        }
        match member.is_committed() {
            true => drop(chain.beyond(height).await?),
            false => sleep_until(start + Duration::from_millis(own.period_ms)).await,
        }
    }
    let earned = member.claim(chain).await?;
    tracing::info!(earned, "the market is over");
    Ok(())
}

/// Whether interval `until` is final and nothing is left to be done about it.
pub(super) fn is_over(status: &StatusResponse, until: u32) -> bool {
    status.next > until.saturating_add(1)
        || status.next == until.saturating_add(1) && status.phase == Phase::Open
}

fn open(file: &Path) -> Result<File> {
    let opened = File::options().append(true).create(true).open(file);
    opened.with_context(|| format!("solver.record {} cannot be written", file.display()))
}
