//! Reads an ended session and puts its outcome together.

use std::time::Duration;

use anyhow::Result;
use gridweave_agents::fixed::to_f64;
use gridweave_agents::observer::{Observer, Prices, Scheduled};
use gridweave_chain::{Chain, hex};
use gridweave_model::Instance;
use gridweave_optim::{CentralSolution, SiteSchedule};
use gridweave_types::coordinator::SessionResponse;
use sha2::{Digest, Sha256};

use super::devices::{self, RoundingCost};
use super::judge::{Judge, Verdict};
use super::outcome::{JudgedRound, Outcome};
use super::prices;
use super::problem::Problem;

/// An ended session.
pub struct End<'a, C> {
    /// What was to be scheduled.
    pub problem: &'a Problem,
    /// The judge.
    pub judge: &'a Judge<'a>,
    /// Reads the session.
    pub observer: Observer<'a, C>,
}

impl<C: Chain> End<'_, C> {
    /// Everything about it; the caller adds what only it knows.
    ///
    /// # Errors
    /// The chain does not answer, or the schedule cannot be executed.
    pub async fn collect(
        &self,
        status: SessionResponse,
        rounds: Vec<JudgedRound>,
        central: Option<CentralSolution>,
    ) -> Result<Outcome> {
        let instance = &self.problem.instance;
        let observer = &self.observer;
        let schedule = observer.schedule().await?;
        let verdict = self.judge.execute(&schedule)?;
        let mode = self.problem.options.mode;
        let prices = prices::collect(observer, instance, mode, &verdict.injections).await?;
        let devices = devices::split(instance, &verdict)?;
        let rounding = central
            .as_ref()
            .and_then(|central| rounding(instance, &verdict, &devices, central));
        let certified_gap = match rounds.last().and_then(|last| last.round.certified_gap) {
            Some(_) => observer.certificate().await?.gap.map(to_f64),
            None => None,
        };
        Ok(Outcome {
            dlmp_error: central
                .as_ref()
                .map(|central| prices::largest_error(instance, &prices, &central.dlmp)),
            plan_hash: plan_hash(&schedule, &prices),
            status,
            rounds,
            verdict,
            devices,
            central,
            prices,
            rounding,
            certified_gap,
            agents: self.judge.participants(),
            bills: None,
            state: None,
            events: None,
            audit: None,
            chain: None,
            wall: Duration::ZERO,
        })
    }
}

fn rounding(
    instance: &Instance,
    verdict: &Verdict,
    devices: &[SiteSchedule],
    central: &CentralSolution,
) -> Option<RoundingCost> {
    devices::rounding_cost(instance, verdict, devices, central).unwrap_or_else(|error| {
        tracing::warn!("{error:#}");
        None
    })
}

/// SHA-256 over every bit of the schedule and the prices: equal for equal days on any chain.
fn plan_hash(schedule: &[Scheduled], prices: &[Prices]) -> String {
    let mut hash = Sha256::new();
    let mut add = |label: usize, values: &[f64]| {
        hash.update((label as u64).to_le_bytes());
        for value in values {
            hash.update(value.to_bits().to_le_bytes());
        }
    };
    for row in schedule {
        add(row.participant, &row.injection);
    }
    for row in prices {
        for part in [&row.energy, &row.loss, &row.voltage] {
            add(row.bus as usize, part);
        }
    }
    hex::encode(&hash.finalize())
}
