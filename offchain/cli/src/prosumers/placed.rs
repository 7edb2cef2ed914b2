//! A community on a feeder: its session, its plan on the AC network, its files.

use std::path::Path;

use anyhow::{Context, Result};
use gridweave_agents::enrol::Roster;
use gridweave_agents::observer::Observer;
use gridweave_agents::participant::Participant;
use gridweave_agents::prosumers::{ConnectedHome, connected_config, connected_roster};
use gridweave_model::{Execution, Instance, evaluate};
use gridweave_optim::prosumers::{HomeAnswer, HomeProblem, connected_cost, injection};
use rayon::prelude::*;

use super::network::Carried;
use super::problem::Problem;
use super::reference::Reference;
use super::run::Plan;
use crate::billing::verdict;
use crate::report::{write_bills, write_csv};
use crate::run::bills::Bills;
use crate::run::day::Day;
use crate::run::progress::Progress;
use crate::run::rounds::{self, Round};
use crate::run::session::Session;
use crate::run::stage::{Company, Stage};
use crate::run::world::{FEEDER, addresses};

/// Most rounds where none are given.
const MAX_ROUNDS: u32 = 12;
/// Seconds of a round, for finding the first day after the session.
const ROUND_SECONDS: u32 = 60;

/// A community on a feeder.
pub struct Placed<'a> {
    /// The homes.
    pub problem: &'a Problem,
    /// The feeder.
    pub instance: Instance,
    /// Bus index of each home.
    pub places: Vec<usize>,
    /// kW of one per unit.
    pub unit: f64,
}

/// What a session left.
pub struct Ended {
    /// Its rounds.
    pub rounds: Vec<Round>,
    /// What each home does.
    pub answers: Vec<HomeAnswer>,
    /// What the feeder carries.
    pub execution: Execution,
    /// The metered days.
    pub bills: Option<Bills>,
    /// What the audit found different.
    pub audit_differences: Option<u64>,
}

impl Placed<'_> {
    pub fn alone(&self, reference: &Reference) -> Vec<Vec<f64>> {
        let homes = reference.alone.iter();
        let community = &self.problem.community;
        homes
            .map(|home| injection(community, &home.schedule))
            .collect()
    }

    pub fn settle(&self, rows: &[Vec<f64>]) -> Result<Vec<HomeAnswer>> {
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
    pub fn execute(&self, rows: &[Vec<f64>]) -> Result<Execution> {
        let sites = self.instance.sites.len();
        let mut injections = vec![vec![0.0; self.instance.horizon]; sites];
        for (&bus, row) in self.places.iter().zip(rows) {
            injections[bus] = row.iter().map(|power| power / self.unit).collect();
        }
        evaluate(&self.instance, &injections).context("the feeder cannot carry the plan")
    }

    /// What `rows` would come to; `None` where the feeder cannot carry them.
    pub fn tried(&self, rows: &[Vec<f64>]) -> Option<Carried> {
        let tried = self.settle(rows).and_then(|answers| {
            let execution = self.execute(rows)?;
            Ok(self.carried(&answers, &execution))
        });
        tried.inspect_err(|error| tracing::warn!("{error:#}")).ok()
    }

    pub fn carried(&self, answers: &[HomeAnswer], execution: &Execution) -> Carried {
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

    /// Runs the session, and the metered days if `plan` says so.
    ///
    /// # Errors
    /// The feeder cannot carry the plan, or a contract refuses.
    pub async fn play(&self, plan: Plan, reference: &Reference) -> Result<Ended> {
        let community = &self.problem.community;
        let baseline = self.alone(reference);
        let costs: Vec<f64> = self.settle(&baseline)?.iter().map(|a| a.cost).collect();
        let roster = connected_roster(community, &self.instance, &self.places, &baseline, &costs);
        let company = Company {
            instance: &self.instance,
            roster: &roster,
            bills: &self.problem.bills(),
        };
        let stage = Stage::set(company, plan.bills).await?;
        let rounds = plan.rounds.unwrap_or(MAX_ROUNDS);
        let first = stage.day_after(rounds, ROUND_SECONDS).await?;
        let config = connected_config(&self.instance, FEEDER, first.into(), rounds, plan.gap)?;
        let operator = stage.world.operator();
        let id = operator
            .open_session(0, config, &roster, &addresses(&stage.signers))
            .await
            .context("the session cannot be opened")?;
        let mut ended = self.schedule(&stage, id, rounds).await?;
        if plan.bills {
            self.bill(&stage, &roster, (id, first), &mut ended).await?;
        }
        Ok(ended)
    }

    /// Round after round, and what the plan comes to.
    async fn schedule(&self, stage: &Stage, session: u64, rounds: u32) -> Result<Ended> {
        let (world, community) = (&stage.world, &self.problem.community);
        let mut acting = Session {
            id: session,
            participants: self.participants(stage, session)?,
            liars: Vec::new(),
        };
        let progress = Progress::start(rounds);
        let mut closed = Vec::new();
        rounds::drive(world, &mut acting, |round| {
            progress.show(round.round, line(&round));
            closed.push(round);
            Ok(())
        })
        .await?;
        progress.finish();
        let observer = Observer::new(&world.chain, &world.contracts.coordinator, session);
        let mut plans = vec![vec![0.0; community.horizon]; community.homes.len()];
        for row in observer.schedule().await? {
            let powers = row.injection.iter().map(|power| power * self.unit);
            plans[row.participant] = powers.collect();
        }
        Ok(Ended {
            rounds: closed,
            answers: self.settle(&plans)?,
            execution: self.execute(&plans)?,
            bills: None,
            audit_differences: None,
        })
    }

    /// The metered days of `session`, whose first interval is `first`.
    async fn bill(
        &self,
        stage: &Stage,
        roster: &Roster,
        (session, first): (u64, u32),
        ended: &mut Ended,
    ) -> Result<()> {
        Progress::step("living through the days");
        let day = Day {
            stage,
            instance: &self.instance,
            enrolments: &roster.participants,
            meter: self.problem.bills().options.meter,
            seed: self.problem.seed,
            liars: &[],
            session,
            first,
        };
        ended.bills = Some(day.live().await?);
        let world = &stage.world;
        let audit = verdict::of_log(&world.events().await?, &world.chain).await?;
        ended.audit_differences = Some(audit.findings.differences);
        Ok(())
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
    pub fn write(&self, folder: &Path, ended: &Ended) -> Result<()> {
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
