//! Sets a session up: roster, configuration, participants with their local problems and faults.

use anyhow::{Context, Result};
use gridweave_agents::LocalProblem;
use gridweave_agents::area::Area;
use gridweave_agents::enrol::{Roster, consensus_roster, exchange_roster};
use gridweave_agents::faults::{Liar, Straggling, choose_liars};
use gridweave_agents::parameters::{LATERAL_AREAS, SessionChoice, has_private_costs};
use gridweave_agents::participant::Participant;
use gridweave_agents::prosumer::Prosumer;
use gridweave_chain::Signer;
use gridweave_model::{Instance, SessionMode};
use gridweave_optim::{Decomposition, lateral, nodal};
use rayon::prelude::*;

use super::world::{World, addresses};

/// Faults of an experiment.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    /// Probability of silence per participant and round.
    pub stragglers: f64,
    /// Share of participants that lie.
    pub liars: f64,
    /// Seed of both.
    pub seed: u64,
}

/// Who takes part in the sessions of one instance, and how the network is cut among them.
pub struct Cast {
    /// Participants and groups.
    pub roster: Roster,
    decomposition: Option<Decomposition>,
}

impl Cast {
    /// The participants of `instance` under `mode`.
    pub fn new(instance: &Instance, mode: SessionMode) -> Result<Self> {
        let decomposition = match mode {
            SessionMode::Exchange | SessionMode::ExchangeAdmm => None,
            SessionMode::Nodal => Some(nodal(instance)),
            SessionMode::Lateral => Some(lateral(instance, LATERAL_AREAS)),
        };
        let roster = match &decomposition {
            None => exchange_roster(instance)?,
            Some(decomposition) => consensus_roster(instance, decomposition)?,
        };
        Ok(Self {
            roster,
            decomposition,
        })
    }

    /// Index of the participant called `name`.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        let mut participants = self.roster.participants.iter();
        participants.position(|participant| participant.name == name)
    }

    /// The same, which `field` of a configuration names.
    ///
    /// # Errors
    /// There is no such participant; the message names all there are.
    pub fn require(&self, field: &str, name: &str) -> Result<usize> {
        self.index_of(name).with_context(|| {
            let names = self.roster.participants.iter().map(|p| p.name.as_str());
            let names: Vec<&str> = names.collect();
            format!("{field} is '{name}', expected one of {}", names.join(", "))
        })
    }

    /// The local problem of participant `index`.
    pub fn problem(&self, instance: &Instance, index: usize) -> Result<Box<dyn LocalProblem>> {
        let enrolment = &self.roster.participants[index];
        Ok(match &self.decomposition {
            None => Box::new(Prosumer::new(
                instance,
                enrolment.buses[0],
                has_private_costs(instance),
            )?),
            Some(decomposition) => Box::new(Area::new(instance, decomposition, index)?),
        })
    }
}

/// An open session with everybody who acts in it.
pub struct Session {
    /// Its id.
    pub id: u64,
    /// Participants by index.
    pub participants: Vec<Participant>,
    /// Indexes of those that lie.
    pub liars: Vec<usize>,
}

/// Opens a session on `world` for `instance` with the accounts `signers`.
pub async fn open(
    world: &World,
    instance: &Instance,
    cast: &Cast,
    signers: &[Signer],
    choice: &SessionChoice,
    faults: Faults,
) -> Result<Session> {
    let config = choice.config(instance)?;
    let operator = world.operator();
    let newest = operator.newest_session().await?;
    let id = operator
        .open_session(newest, config, &cast.roster, &addresses(signers))
        .await
        .context("the session cannot be opened")?;
    let liars = choose_liars(signers.len(), faults.liars, faults.seed);
    let participants = signers
        .par_iter()
        .enumerate()
        .map(|(index, signer)| {
            let mut problem = cast.problem(instance, index)?;
            if liars.contains(&index) {
                let own = &cast.roster.participants[index];
                let bounds = (own.lower.clone(), own.upper.clone());
                problem = Box::new(Liar::new(problem, bounds, faults.seed, index as u32));
            }
            let participant = Participant::new(signer.clone(), id, index as u32, problem);
            Ok(match faults.stragglers {
                0.0 => participant,
                probability => participant.straggling(Straggling {
                    probability,
                    seed: faults.seed,
                }),
            })
        })
        .collect::<Result<_>>()?;
    Ok(Session {
        id,
        participants,
        liars,
    })
}
