//! Homes on a feeder: an exchange session, in which trade respects the feeder's limits, and what the
//! trade without a feeder would have done to it.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use gridweave_agents::observer::Observer;
use gridweave_agents::participant::Participant;
use gridweave_agents::prosumers::{ConnectedHome, connected_config, connected_roster};
use gridweave_model::{Execution, Instance, evaluate};
use gridweave_optim::prosumers::{HomeAnswer, HomeProblem, connected_cost, injection};
use rayon::prelude::*;
use serde::Serialize;

use super::problem::Problem;
use super::reference::Reference;
use super::run::Plan;
use crate::billing::verdict;
use crate::report::{write_bills, write_csv};
use crate::run::bills::{Bills, Totals};
use crate::run::day::Day;
use crate::run::problem::Problem as Host;
use crate::run::progress::Progress;
use crate::run::rounds::{self, Round};
use crate::run::session::Session;
use crate::run::stage::{Company, Stage};
use crate::run::world::{FEEDER, addresses};

/// Most rounds where none are given.
const MAX_ROUNDS: u32 = 12;

/// What a feeder carries, and at what voltage.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Carried {
    /// Cost of all homes and of the root (currency).
    pub cost: f64,
    /// Lowest voltage magnitude (pu).
    pub voltage_min_pu: f64,
    /// Highest.
    pub voltage_max_pu: f64,
    /// Largest distance outside the limits.
    pub violation_pu: f64,
    /// Energy lost on the feeder (kWh).
    pub lost_kwh: f64,
}

/// `summary.json` of homes on a feeder.
#[derive(Debug, Clone, Serialize)]
pub struct NetworkSummary {
    /// Scenario name.
    pub scenario: String,
    /// The scenario whose feeder it is.
    pub network: String,
    /// kVA of one per unit of its impedances.
    pub kva: f64,
    /// Homes.
    pub homes: usize,
    /// Intervals.
    pub horizon: usize,
    /// Rounds closed.
    pub rounds: usize,
    /// Certified relative gap of the plan.
    pub certified_gap: Option<f64>,
    /// The plan of the session.
    pub with_network: Carried,
    /// The optimum of trade that knows no feeder, on this feeder; `null` where it is too large to be
    /// computed or the feeder cannot carry it at all.
    pub trade_without_network: Option<Carried>,
    /// Every home alone, on this feeder.
    pub without_trade: Option<Carried>,
    /// What the metered days came to.
    #[serde(flatten)]
    pub bills: Option<Totals>,
    /// What an audit of the events found wrong with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_differences: Option<u64>,
    /// Seconds of wall time.
    pub wall_s: f64,
}

/// A community on a feeder.
struct Placed<'a> {
    problem: &'a Problem,
    instance: Instance,
    places: Vec<usize>,
    /// kW of one per unit.
    unit: f64,
}

/// What a session left.
struct Ended {
    rounds: Vec<Round>,
    answers: Vec<HomeAnswer>,
    execution: Execution,
    bills: Option<Bills>,
    audit_differences: Option<u64>,
}

/// Runs `problem` on the feeder of the scenario `network` and writes the results into `folder`.
///
/// # Errors
/// The feeder has too few buses or cannot carry the plan, or a contract refuses.
pub async fn run(
    problem: &Problem,
    plan: Plan,
    (network, kva): (&str, Option<f64>),
    folder: &Path,
) -> Result<NetworkSummary> {
    let start = Instant::now();
    let host = Host::load(network, None)?;
    // Too few buses are told at once.
    problem.community.placed_on(&host.instance, 1.0)?;
    let reference = Reference::of(&problem.community)?;
    let kva = kva.unwrap_or_else(|| strength(&host.instance, &reference));
    let (instance, places) = problem.community.placed_on(&host.instance, kva)?;
    let placed = Placed {
        problem,
        instance,
        places,
        unit: kva,
    };
    let ended = placed.play(plan, &reference).await?;
    placed.write(folder, &ended)?;
    let central = reference.central.as_ref();
    let central = central.map(|c| c.homes.iter().map(injection).collect::<Vec<_>>());
    let alone: Vec<Vec<f64>> = placed.alone(&reference);
    Ok(NetworkSummary {
        scenario: problem.name.clone(),
        network: network.into(),
        kva,
        homes: problem.community.homes.len(),
        horizon: problem.community.horizon,
        rounds: ended.rounds.len(),
        certified_gap: ended.rounds.last().and_then(|round| round.certified_gap),
        with_network: placed.carried(&ended.answers, &ended.execution),
        trade_without_network: central.and_then(|rows| placed.tried(&rows)),
        without_trade: placed.tried(&alone),
        bills: ended.bills.as_ref().map(|bills| bills.totals),
        audit_differences: ended.audit_differences,
        wall_s: start.elapsed().as_secs_f64(),
    })
}

/// The feeder is as strong for the homes as it is for its own loads: the peaks of both, alone, are the
/// same in per unit.
fn strength(host: &Instance, reference: &Reference) -> f64 {
    let total = |t: usize| host.sites.iter().map(|site| site.load_p[t]).sum::<f64>();
    let own = (0..host.horizon).map(total).fold(0.0, f64::max);
    let horizon = reference
        .alone
        .first()
        .map_or(0, |home| home.schedule.grid.len());
    let homes = |t: usize| -> f64 { reference.alone.iter().map(|h| h.schedule.grid[t]).sum() };
    let peak = (0..horizon).map(homes).fold(0.0, f64::max);
    if own > 0.0 && peak > 0.0 {
        peak / own
    } else {
        1.0
    }
}

impl Placed<'_> {
    fn alone(&self, reference: &Reference) -> Vec<Vec<f64>> {
        let homes = reference.alone.iter();
        homes.map(|home| injection(&home.schedule)).collect()
    }

    fn settle(&self, rows: &[Vec<f64>]) -> Result<Vec<HomeAnswer>> {
        let homes = rows.par_iter().enumerate();
        homes
            .map(|(at, row)| {
                let mut home = HomeProblem::connected(&self.problem.community, at)?;
                let number = self.problem.community.homes[at].home;
                let answer = home.settle(row);
                answer.with_context(|| format!("home {number} cannot deliver its plan"))
            })
            .collect()
    }

    /// The AC power flow of what the homes inject (kW).
    fn execute(&self, rows: &[Vec<f64>]) -> Result<Execution> {
        let sites = self.instance.sites.len();
        let mut injections = vec![vec![0.0; self.instance.horizon]; sites];
        for (&bus, row) in self.places.iter().zip(rows) {
            injections[bus] = row.iter().map(|power| power / self.unit).collect();
        }
        evaluate(&self.instance, &injections).context("the feeder cannot carry the plan")
    }

    /// What `rows` would come to; `None` where the feeder cannot carry them.
    fn tried(&self, rows: &[Vec<f64>]) -> Option<Carried> {
        let tried = self.settle(rows).and_then(|answers| {
            let execution = self.execute(rows)?;
            Ok(self.carried(&answers, &execution))
        });
        tried.inspect_err(|error| tracing::warn!("{error:#}")).ok()
    }

    fn carried(&self, answers: &[HomeAnswer], execution: &Execution) -> Carried {
        let community = &self.problem.community;
        let generation = execution.generation.iter().map(|g| g * self.unit);
        let generation: Vec<f64> = generation.collect();
        let injected: f64 = answers.iter().flat_map(|home| &home.trade).sum();
        let lost = generation.iter().sum::<f64>() + injected;
        Carried {
            cost: connected_cost(community, answers, &generation),
            voltage_min_pu: execution.v_min,
            voltage_max_pu: execution.v_max,
            violation_pu: execution.violation,
            lost_kwh: lost * community.interval_hours,
        }
    }

    async fn play(&self, plan: Plan, reference: &Reference) -> Result<Ended> {
        let community = &self.problem.community;
        let baseline = self.alone(reference);
        let costs: Vec<f64> = self.settle(&baseline)?.iter().map(|a| a.cost).collect();
        let roster = connected_roster(community, &self.instance, &self.places, &baseline, &costs);
        let bills = self.problem.bills();
        let company = Company {
            instance: &self.instance,
            roster: &roster,
            bills: &bills,
        };
        let stage = Stage::set(company, plan.bills).await?;
        let rounds = plan.rounds.unwrap_or(MAX_ROUNDS);
        let first = stage.day_after(rounds, 60).await?;
        let config = connected_config(&self.instance, FEEDER, first.into(), rounds, plan.gap)?;
        let world = &stage.world;
        let id = world
            .operator()
            .open_session(0, config, &roster, &addresses(&stage.signers))
            .await
            .context("the session cannot be opened")?;
        let mut session = Session {
            id,
            participants: self.participants(&stage, id)?,
            liars: Vec::new(),
        };
        let progress = Progress::start(rounds);
        let mut closed = Vec::new();
        rounds::drive(world, &mut session, |round| {
            progress.show(round.round, line(&round));
            closed.push(round);
            Ok(())
        })
        .await?;
        progress.finish();
        let observer = Observer::new(&world.chain, &world.contracts.coordinator, id);
        let mut plans = vec![vec![0.0; community.horizon]; community.homes.len()];
        for row in observer.schedule().await? {
            let powers = row.injection.iter().map(|power| power * self.unit);
            plans[row.participant] = powers.collect();
        }
        let mut ended = Ended {
            rounds: closed,
            answers: self.settle(&plans)?,
            execution: self.execute(&plans)?,
            bills: None,
            audit_differences: None,
        };
        if plan.bills {
            Progress::step("living through the days");
            let day = Day {
                stage: &stage,
                instance: &self.instance,
                enrolments: &roster.participants,
                meter: bills.options.meter,
                seed: self.problem.seed,
                liars: &[],
                session: id,
                first,
            };
            ended.bills = Some(day.live().await?);
            let audit = verdict::of_log(&world.events().await?, &world.chain).await?;
            ended.audit_differences = Some(audit.findings.differences);
        }
        Ok(ended)
    }

    fn participants(&self, stage: &Stage, session: u64) -> Result<Vec<Participant>> {
        let signers = stage.signers.par_iter().enumerate();
        let community = &self.problem.community;
        signers
            .map(|(at, signer)| {
                let problem = HomeProblem::connected(community, at)?;
                let home = ConnectedHome::new(problem, self.unit, community.horizon);
                let (signer, at) = (signer.clone(), at as u32);
                Ok(Participant::new(signer, session, at, Box::new(home)))
            })
            .collect()
    }

    /// Writes `schedule.csv`, `voltages.csv`, `rounds.csv` and, where there are bills, `bills.csv`.
    fn write(&self, folder: &Path, ended: &Ended) -> Result<()> {
        let homes = self.problem.community.homes.iter().zip(&ended.answers);
        let rows = homes.flat_map(|(home, answer)| {
            let cells = answer.trade.iter().enumerate();
            let number = home.home.to_string();
            cells.map(move |(t, power)| [number.clone(), t.to_string(), power.to_string()])
        });
        let header = ["home", "interval", "injection_kw"];
        write_csv(&folder.join("schedule.csv"), &header, rows)?;
        let buses = self.instance.network.buses.iter();
        let voltages = buses.zip(&ended.execution.voltages).flat_map(|(bus, row)| {
            let cells = row.iter().enumerate();
            cells.map(|(t, voltage)| [bus.id.to_string(), t.to_string(), voltage.to_string()])
        });
        let header = ["bus", "interval", "voltage_pu"];
        write_csv(&folder.join("voltages.csv"), &header, voltages)?;
        let rounds = ended.rounds.iter().map(|round| {
            let gap = round.certified_gap.map(|gap| gap.to_string());
            [round.round.to_string(), gap.unwrap_or_default()]
        });
        write_csv(
            &folder.join("rounds.csv"),
            &["round", "certified_gap"],
            rounds,
        )?;
        match &ended.bills {
            Some(bills) => write_bills(folder, bills),
            None => Ok(()),
        }
    }
}

fn line(round: &Round) -> String {
    let gap = round.certified_gap;
    format!(
        "round {:>3}  certified {}",
        round.round,
        gap.map_or_else(|| "-".into(), |gap| format!("{:.3} %", 100.0 * gap))
    )
}

impl NetworkSummary {
    /// The closing table.
    pub fn table(&self, folder: &Path) -> String {
        let row = |name: &str, carried: Option<Carried>| match carried {
            Some(c) => format!(
                "{name:<22}{:>10.4}  {:.4} to {:.4} pu, {:.5} pu outside the limits, {:.2} kWh lost\n",
                c.cost, c.voltage_min_pu, c.voltage_max_pu, c.violation_pu, c.lost_kwh
            ),
            None => format!("{name:<22}cannot be carried\n"),
        };
        let gap = self.certified_gap;
        format!(
            "{} on the feeder of {} ({} homes, {} intervals, {:.1} kVA per unit)\n\
             rounds                {}, certified {}\n{}{}{}results               {}\n",
            self.scenario,
            self.network,
            self.homes,
            self.horizon,
            self.kva,
            self.rounds,
            gap.map_or_else(|| "-".into(), |gap| format!("{:.3} %", 100.0 * gap)),
            row("trade on the feeder", Some(self.with_network)),
            row("trade without it", self.trade_without_network),
            row("nobody trades", self.without_trade),
            folder.display()
        )
    }
}
