//! Keys and configurations of the cast, in one folder.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use gridweave_agents::faults::choose_liars;
use gridweave_chain::SecretKey;
use serde::Serialize;

use super::folder::{Folder, Role, chain_section, own_key};
use super::site::{Site, canonical};
use crate::actor::config::{
    AgentBilling, AgentConfig, ChainSection, FaultSection, KeeperBilling, KeeperConfig, KeySection,
    OperatorConfig, ScenarioSection, SessionSection,
};
use crate::commands::actor::Actor;
use crate::run::outcome::Plan;
use crate::run::problem::Problem;
use crate::run::session::Cast;

/// Name of the process that has the meters.
pub(super) const METERS: &str = "meters";

/// Everybody who acts in a run.
pub struct Company {
    /// The roles, the operator first.
    pub roles: Vec<Role>,
    /// Addresses of all of them.
    pub addresses: Vec<String>,
    /// Names of the participants by address.
    pub names: BTreeMap<String, String>,
    /// Indexes of the participants that lie.
    pub liars: Vec<usize>,
}

/// What the configurations are made from.
pub struct Script<'a> {
    /// Folder of keys, configurations and logs.
    pub folder: &'a Path,
    /// The chain.
    pub site: &'a Site,
    /// The scenario as named on the command line.
    pub scenario: &'a str,
    /// The day.
    pub problem: &'a Problem,
    /// Who takes part.
    pub cast: &'a Cast,
    /// Faults and checks.
    pub plan: Plan,
    /// Newest session before this run.
    pub after: u64,
    /// Feeder number.
    pub feeder: u32,
    /// Address that owns the grid account.
    pub treasury: &'a str,
    /// First interval of the day, if it is to be billed.
    pub first: Option<u32>,
    /// Price of a unit of gas.
    pub gas_price: &'a str,
}

impl Script<'_> {
    /// Writes everything; keys that are there already are kept.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(&self) -> Result<Company> {
        Folder(self.folder).create()?;
        let liars = choose_liars(
            self.cast.roster.participants.len(),
            self.plan.liars,
            self.problem.seed,
        );
        let keeper = self.address("keeper")?;
        let mut accounts = BTreeMap::new();
        let mut roles = Vec::new();
        for (index, participant) in self.cast.roster.participants.iter().enumerate() {
            let name = &participant.name;
            accounts.insert(name.clone(), self.address(name)?);
            let config = self.agent(name, liars.contains(&index))?;
            roles.push(self.role(name, Actor::Agent, &config)?);
        }
        let mut addresses: Vec<String> = accounts.values().cloned().collect();
        let names = accounts.iter();
        let names = names.map(|(name, address)| (address.clone(), name.clone()));
        let names = names.collect();
        roles.push(self.role("keeper", Actor::Keeper, &self.keeper()?)?);
        let mut grants = vec![keeper];
        if self.first.is_some() {
            let meters = self.meters(&accounts, &liars)?;
            roles.push(self.role(METERS, Actor::Meter, &meters)?);
            grants.push(self.address(METERS)?);
        }
        addresses.extend(grants.clone());
        let operator = self.operator(accounts, grants)?;
        roles.insert(0, self.role("operator", Actor::Operator, &operator)?);
        addresses.push(self.site.operator.address.clone());
        Ok(Company {
            roles,
            addresses,
            names,
            liars,
        })
    }

    /// The key called `name`, made if it is not there.
    pub(super) fn key(&self, name: &str) -> Result<SecretKey> {
        Folder(self.folder).key(name)
    }

    fn address(&self, name: &str) -> Result<String> {
        Folder(self.folder).address(name)
    }

    fn role(&self, name: &str, actor: Actor, config: &impl Serialize) -> Result<Role> {
        Folder(self.folder).role(name, actor, config)
    }

    pub(super) fn chain(&self, pays_itself: bool) -> Result<ChainSection> {
        chain_section(self.site, self.gas_price, pays_itself)
    }

    pub(super) fn scenario(&self) -> Result<ScenarioSection> {
        let file = Path::new(self.scenario);
        let name = match file.is_file() {
            true => canonical(file)?
                .to_str()
                .context("the scenario's path is not UTF-8")?
                .to_owned(),
            false => self.scenario.into(),
        };
        Ok(ScenarioSection {
            name,
            seed: Some(self.problem.seed),
            mode: Some(self.problem.options.mode),
        })
    }

    pub(super) fn session(&self) -> SessionSection {
        SessionSection {
            after: self.after,
            once: true,
        }
    }

    fn agent(&self, name: &str, lies: bool) -> Result<AgentConfig> {
        Ok(AgentConfig {
            name: name.into(),
            chain: self.chain(false)?,
            key: own_key(name),
            scenario: self.scenario()?,
            session: self.session(),
            bills: self.first.map(|_| AgentBilling {
                deposit: self.deposit(),
            }),
            faults: FaultSection {
                silent: self.plan.stragglers,
                lies,
                seed: self.problem.seed,
            },
        })
    }

    fn keeper(&self) -> Result<KeeperConfig> {
        Ok(KeeperConfig {
            chain: self.chain(false)?,
            key: own_key("keeper"),
            session: Some(self.session()),
            bills: self.first.map(|from| KeeperBilling { from, until: None }),
            market: None,
            crowd: None,
        })
    }

    fn operator(
        &self,
        accounts: BTreeMap<String, String>,
        grants: Vec<String>,
    ) -> Result<OperatorConfig> {
        let options = &self.problem.options;
        let key = canonical(&self.site.key)?;
        Ok(OperatorConfig {
            chain: self.chain(true)?,
            key: KeySection {
                file: Some(key),
                env: None,
            },
            scenario: self.scenario()?,
            session: self.session(),
            feeder: self.feeder,
            first_interval: self.first.unwrap_or(0).into(),
            rounds: options.max_rounds,
            gap: options.stop_gap,
            memory: options.memory,
            checks: self.plan.checks,
            bills: self.first.map(|_| self.operator_billing()).transpose()?,
            accounts,
            grants,
        })
    }
}
