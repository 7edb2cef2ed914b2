//! Everybody who acts in a crowd's day: keys, accounts, configurations.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gridweave_agents::crowdsourcing::DayPlan;
use gridweave_agents::operator::{Member, Operator};
use gridweave_agents::purse;
use gridweave_agents::terms::money;
use gridweave_chain::Contracts;
use gridweave_model::crowdsourcing::{Crowd, Crowdsourcee};
use gridweave_types::crowdsourcing::Kind;

use super::setting::Times;
use crate::actor::config::{
    AnswerSection, CrowdKeeper, CrowdOperatorConfig, CrowdsourceeConfig, KeeperBilling,
    KeeperConfig, KeySection, ProgrammeSection, ScenarioSection,
};
use crate::args::AcceptanceArg;
use crate::commands::actor::Actor;
use crate::crowdsourcing::cast::Part;
use crate::crowdsourcing::registration::{enrolment, lateral};
use crate::live::folder::{Folder, Role, chain_section, own_key};
use crate::live::site::{Site, canonical};
use crate::run::problem::Problem;
use crate::run::stage::ROOT_METER;

/// Name of the operator's process.
const OPERATOR: &str = "operator";
/// Name of the process that settles bills and tasks.
const KEEPER: &str = "keeper";
/// Name of the key that carries the meters' messages.
pub const METERS: &str = "meters";
/// What the operator notes of its programs.
const RECORD: &str = "operator.csv";
/// How often crowdsourcees look for tasks (ms).
const LOOK_MS: u64 = 250;

/// What keys, accounts and configurations are made from.
pub struct Cast<'a> {
    /// Folder of keys, configurations and logs.
    pub folder: &'a Path,
    /// The chain.
    pub site: &'a Site,
    /// Price of a unit of gas.
    pub gas_price: &'a str,
    /// The scenario as named on the command line.
    pub scenario: &'a str,
    /// The day.
    pub problem: &'a Problem,
    /// The crowd.
    pub crowd: &'a Crowd,
    /// The equilibrium.
    pub plan: &'a DayPlan,
    /// Who takes part: first those of Type 2 in the order of the plan.
    pub parts: &'a [Part],
    /// Number of the first feeder; the others follow.
    pub feeder: u32,
}

impl Cast<'_> {
    /// Addresses of the parts, whose keys are made where they are missing.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn addresses(&self) -> Result<Vec<String>> {
        let folder = Folder(self.folder);
        folder.create()?;
        let parts = self.parts.iter();
        parts.map(|part| folder.address(&part.name)).collect()
    }

    /// Numbers of the feeders.
    pub fn feeders(&self) -> Vec<u32> {
        let count = self.crowd.feeders.len() as u32;
        (self.feeder..self.feeder + count).collect()
    }

    /// Registers feeders, accounts and meters as far as they are missing, grants everybody's fees and
    /// pays everybody's deposit.
    ///
    /// # Errors
    /// The chain refuses, or the operator has not got the coins.
    pub async fn settle_in(&self, contracts: &Contracts, addresses: &[String]) -> Result<()> {
        let (chain, signer) = (&self.site.chain, &self.site.operator);
        let folder = Folder(self.folder);
        let mut grantees = addresses.to_vec();
        for name in [KEEPER, METERS] {
            grantees.push(folder.address(name)?);
        }
        let granted = chain.grant_fees(signer, &grantees).await;
        granted.context("fees cannot be granted")?;
        let operator = Operator::new(chain, contracts, signer.clone());
        for (position, number) in self.feeders().into_iter().enumerate() {
            let registered = self
                .register(&operator, (position, number), addresses)
                .await;
            registered.with_context(|| format!("feeder {number} cannot be registered"))?;
        }
        let key = meter_name(ROOT_METER);
        let key = folder.key(&key)?.public_key()?;
        operator
            .register_treasury(&self.problem.instance, self.feeder, key)
            .await
            .context("the treasury cannot be registered")?;
        let options = &self.problem.billing;
        let deposits = (addresses, money(options.deposit));
        purse::top_up_all(chain, &contracts.billing, signer, deposits)
            .await
            .context("the deposits cannot be paid in")?;
        operator.fund_grid(money(options.grid_deposit)).await?;
        Ok(())
    }

    /// A feeder and its accounts.
    async fn register(
        &self,
        operator: &Operator<'_, gridweave_chain::wasmd::WasmdChain>,
        (position, number): (usize, u32),
        addresses: &[String],
    ) -> Result<()> {
        let instance = &self.problem.instance;
        let network = lateral(instance, &self.crowd.feeders[position].buses);
        operator.register_feeder(&network, number).await?;
        let pairs = self.parts.iter().zip(addresses);
        let own: Vec<_> = pairs.filter(|(part, _)| part.feeder == position).collect();
        let enrolments: Vec<_> = own.iter().map(|(part, _)| enrolment(part)).collect();
        let members = own.iter().map(|(part, address)| {
            let meter = Folder(self.folder).key(&meter_name(&part.name))?;
            Ok(Member {
                address: (*address).clone(),
                meter_key: Some(meter.public_key()?),
            })
        });
        let members = members.collect::<Result<Vec<_>>>()?;
        operator
            .register_accounts(number, &enrolments, &members)
            .await?;
        Ok(())
    }

    /// Writes the configurations of everybody; the operator comes first.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(
        &self,
        addresses: &[String],
        times: Times,
        acceptance: AcceptanceArg,
    ) -> Result<Vec<Role>> {
        let mut roles = vec![self.operator(addresses, times)?, self.keeper(times)?];
        for (index, part) in self.parts.iter().enumerate() {
            roles.push(self.person((index, part), times, acceptance)?);
        }
        Ok(roles)
    }

    /// Largest distance that the operator has noted.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn relaxation_gap(&self) -> Result<f64> {
        let file = self.folder.join(RECORD);
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        // A process that was killed may have left half a line.
        let gaps = text.lines().filter_map(|line| line.parse().ok());
        Ok(gaps.fold(0.0, f64::max))
    }

    fn operator(&self, addresses: &[String], times: Times) -> Result<Role> {
        let record = PathBuf::from(RECORD);
        let file = self.folder.join(&record);
        // Of an earlier run.
        fs::write(&file, "").with_context(|| file.display().to_string())?;
        let pairs = self.parts.iter().zip(addresses);
        let accounts: BTreeMap<_, _> = pairs
            .map(|(part, address)| (part.name.clone(), address.clone()))
            .collect();
        let config = CrowdOperatorConfig {
            chain: chain_section(self.site, self.gas_price, true)?,
            key: KeySection {
                file: Some(canonical(&self.site.key)?),
                env: None,
            },
            scenario: self.scenario()?,
            programme: ProgrammeSection {
                first_interval: times.first,
                preferences_until: times.preferences_until,
                task_seconds: None,
            },
            feeders: self.feeders(),
            record: Some(record),
            accounts,
        };
        Folder(self.folder).role(OPERATOR, Actor::CrowdOperator, &config)
    }

    fn keeper(&self, times: Times) -> Result<Role> {
        let config = KeeperConfig {
            chain: chain_section(self.site, self.gas_price, false)?,
            key: own_key(KEEPER),
            session: None,
            bills: Some(KeeperBilling {
                from: times.first,
                until: Some(times.last()),
            }),
            market: None,
            crowd: Some(CrowdKeeper {
                from: times.first,
                until: times.last(),
            }),
        };
        Folder(self.folder).role(KEEPER, Actor::Keeper, &config)
    }

    fn person(
        &self,
        (index, part): (usize, &Part),
        times: Times,
        acceptance: AcceptanceArg,
    ) -> Result<Role> {
        let member = self.plan.members.get(index);
        let answers = match part.kind {
            Kind::Type2 => self.answers(index, acceptance),
            Kind::Type1 | Kind::Generator => None,
        };
        let config = CrowdsourceeConfig {
            bus: part.bus,
            kind: part.kind,
            first_interval: times.first,
            look_ms: LOOK_MS,
            charge: member.map_or(Vec::new(), |member| member.charge.clone()),
            chain: chain_section(self.site, self.gas_price, false)?,
            key: own_key(&part.name),
            scenario: self.scenario()?,
            // The operator has paid in.
            bills: None,
            answers,
            preferences: part.preferences_from(times.first),
        };
        Folder(self.folder).role(&part.name, Actor::Crowdsourcee, &config)
    }

    /// What only member number `member` knows.
    fn answers(&self, member: usize, rule: AcceptanceArg) -> Option<AnswerSection> {
        let own = |(_, who): &(usize, &Crowdsourcee)| who.acceptance().is_some();
        let mut everybody = self.crowd.crowdsourcees.iter().enumerate().filter(own);
        let (who, data) = everybody.nth(member)?;
        let hidden = AnswerSection::new(&self.problem.instance, data.acceptance()?, rule);
        Some(AnswerSection {
            seed: self.crowd.seed,
            who: who as u32,
            ..hidden
        })
    }

    fn scenario(&self) -> Result<ScenarioSection> {
        let file = Path::new(self.scenario);
        let name = match file.is_file() {
            true => canonical(file)?.to_str().map(str::to_owned),
            false => Some(self.scenario.into()),
        };
        Ok(ScenarioSection {
            name: name.context("the scenario's path is not UTF-8")?,
            seed: Some(self.problem.seed),
            mode: None,
        })
    }
}

/// Name of the key of the meter of `name`.
pub fn meter_name(name: &str) -> String {
    format!("meter-{name}")
}
