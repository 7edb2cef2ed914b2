//! A chain with the laterals as feeders, everybody enrolled, and a programme that takes preferences.

use anyhow::{Context, Result};
use cosmwasm_std::{Uint64, Uint128};
use gridweave_agents::crowdsourcing::{Accounts, Crowdsourcee, DayPlan};
use gridweave_agents::operator::{Member, Operator};
use gridweave_agents::terms::money;
use gridweave_agents::{ledger, purse};
use gridweave_chain::embedded::{EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Call, Chain, Coin, ContractAddr, Contracts, Signer, Terms};
use gridweave_model::Instance;
use gridweave_model::crowdsourcing::Crowd;
use gridweave_types::billing::ConfigResponse;
use gridweave_types::crowdsourcing::{
    ExecuteMsg, FeederBudget, InstantiateMsg, Kind, Preferences, Terms as Programme, Window,
};
use gridweave_units::Interval;

use super::cast::{Part, parts};
use super::registration::{enrolment, lateral};
use crate::run::problem::Problem;
use crate::run::stage::{ROOT_METER, meter_key};

/// Number of the one programme.
pub const PROGRAMME: u32 = 1;
/// µ/kWh of a currency unit per MWh.
const PRICE: f64 = 1e3;

/// The stage of a day.
pub struct Stage {
    /// The chain.
    pub chain: EmbeddedChain,
    /// Its contracts.
    pub contracts: Contracts,
    /// The one of the crowd.
    pub crowd: ContractAddr,
    /// The operator's key; it is the treasury too.
    pub operator: Signer,
    /// Whoever turns the cranks.
    pub keeper: Signer,
    /// Terms of the bills.
    pub terms: ConfigResponse,
    /// First interval of the day.
    pub first: u32,
    /// Everybody who takes part.
    pub parts: Vec<Part>,
    /// Their keys, by part.
    pub signers: Vec<Signer>,
}

impl Stage {
    /// Sets the stage for the day of `problem`.
    pub async fn set(problem: &Problem, crowd: &Crowd, plan: &DayPlan) -> Result<Self> {
        let chain = EmbeddedChain::start().context("the embedded chain does not start")?;
        let operator = chain.signer("operator").await?;
        let keeper = chain.signer("keeper").await?;
        let instance = &problem.instance;
        let terms = Terms {
            operator: operator.address.clone(),
            billing: problem.bills().terms(&operator.address, GENESIS_SECONDS),
            market: None,
            crowdsourcing: Some(InstantiateMsg {
                grid: String::new(),
                billing: String::new(),
                day_intervals: instance.horizon as u32,
                incentive_limit: Uint64::new(micro(instance, crowd.terms.incentive_cap)),
            }),
        };
        let deployed = chain.deploy_suite(&operator, terms).await;
        let contracts = deployed.context("the contracts cannot be deployed")?;
        let terms = ledger::terms(&chain, &contracts.billing).await?;
        let parts = parts(instance, crowd, plan);
        let mut signers = Vec::with_capacity(parts.len());
        for part in &parts {
            signers.push(chain.signer(&part.name).await?);
        }
        let stage = Self {
            first: ledger::day_after(&terms, chain.time().await? + lead(&terms)),
            crowd: contracts.crowdsourcing()?.clone(),
            chain,
            contracts,
            operator,
            keeper,
            terms,
            parts,
            signers,
        };
        stage.register(instance, crowd).await?;
        stage.fund(problem).await?;
        stage.enrol().await?;
        stage.create(instance, crowd).await?;
        stage.prefer().await?;
        Ok(stage)
    }

    /// Addresses in the order of `plan`.
    pub fn accounts(&self, crowd: &Crowd, plan: &DayPlan) -> Accounts {
        let address = |bus: u32| {
            let mut pairs = self.parts.iter().zip(&self.signers);
            let found = pairs.find(|(part, _)| part.bus == bus);
            found.map_or(String::new(), |(_, signer)| signer.address.clone())
        };
        Accounts {
            members: plan
                .members
                .iter()
                .map(|member| address(member.bus))
                .collect(),
            ahead: plan
                .ahead
                .iter()
                .map(|row| (row.bus, address(row.bus)))
                .collect(),
            generators: plan.generators.iter().map(|row| address(row.bus)).collect(),
            feeders: (0..crowd.feeders.len()).map(number).collect(),
        }
    }

    /// The participant of part number `part`.
    pub fn person(&self, part: usize) -> Crowdsourcee {
        Crowdsourcee::new(self.signers[part].clone(), self.crowd.clone())
    }

    /// Until when preferences are taken (unix seconds).
    pub fn deadline(&self) -> u64 {
        let timeline = ledger::timeline_of(&self.terms);
        timeline.begin(Interval(self.first)) - u64::from(self.terms.interval_seconds)
    }

    async fn register(&self, instance: &Instance, crowd: &Crowd) -> Result<()> {
        let operator = Operator::new(&self.chain, &self.contracts, self.operator.clone());
        for (position, feeder) in crowd.feeders.iter().enumerate() {
            let lateral = lateral(instance, &feeder.buses);
            operator.register_feeder(&lateral, number(position)).await?;
            let pairs = self.parts.iter().zip(&self.signers);
            let own: Vec<_> = pairs.filter(|(part, _)| part.feeder == position).collect();
            let enrolments: Vec<_> = own.iter().map(|(part, _)| enrolment(part)).collect();
            let mut members = Vec::with_capacity(own.len());
            for (part, signer) in own {
                members.push(Member {
                    address: signer.address.clone(),
                    meter_key: Some(meter_key(&part.name)?.public_key()?),
                });
            }
            let feeder = number(position);
            operator
                .register_accounts(feeder, &enrolments, &members)
                .await?;
        }
        let key = meter_key(ROOT_METER)?.public_key()?;
        operator.register_treasury(instance, number(0), key).await?;
        Ok(())
    }

    async fn fund(&self, problem: &Problem) -> Result<()> {
        let options = &problem.billing;
        let (deposit, grid) = (money(options.deposit), money(options.grid_deposit));
        self.mint(&self.operator, grid).await?;
        let operator = Operator::new(&self.chain, &self.contracts, self.operator.clone());
        operator.fund_grid(grid).await?;
        for signer in &self.signers {
            self.mint(signer, deposit).await?;
            purse::top_up(&self.chain, &self.contracts.billing, signer, deposit).await?;
        }
        Ok(())
    }

    async fn enrol(&self) -> Result<()> {
        let mut approvals = Vec::with_capacity(self.parts.len());
        for (index, part) in self.parts.iter().enumerate() {
            let person = self.person(index);
            person
                .enrol(&self.chain, part.kind, part.devices.clone())
                .await?;
            let account = person.address().to_owned();
            let approve = ExecuteMsg::ApproveEnrolment { account };
            approvals.push(Call::new(&self.crowd, &approve)?);
        }
        self.chain.execute_many(&self.operator, approvals).await?;
        Ok(())
    }

    async fn create(&self, instance: &Instance, crowd: &Crowd) -> Result<()> {
        let terms = &crowd.terms;
        let budgets = crowd
            .feeders
            .iter()
            .enumerate()
            .map(|(position, feeder)| FeederBudget {
                feeder: number(position),
                from: self.first,
                amounts: feeder
                    .budget
                    .iter()
                    .map(|b| Uint128::new(money(*b)))
                    .collect(),
            });
        let budgets: Vec<FeederBudget> = budgets.collect();
        let all = budgets.iter().flat_map(|budget| &budget.amounts);
        let sum: u128 = all.map(|amount| amount.u128()).sum();
        self.mint(&self.operator, sum).await?;
        let create = ExecuteMsg::CreateProgramme {
            terms: Programme {
                first: self.first,
                length: instance.horizon as u32,
                preferences_until: Uint64::new(self.deadline()),
                cap: Uint64::new(micro(instance, terms.incentive_cap)),
                raises: terms.raises,
                // So that an offer, its raises and a supplement fit into an interval.
                task_seconds: (self.terms.interval_seconds / (terms.raises + 2)).max(1),
                supplement_price: Uint64::new(micro(instance, terms.supplement_price)),
            },
            budgets,
        };
        let coins = vec![Coin::new(Uint128::new(sum), self.terms.denom.clone())];
        let call = Call::new(&self.crowd, &create)?.with_funds(coins);
        let created = self.chain.execute_many(&self.operator, vec![call]).await;
        created.context("the programme cannot be created")?;
        Ok(())
    }

    async fn prefer(&self) -> Result<()> {
        for (index, part) in self.parts.iter().enumerate() {
            let windows = part.preferences.windows.iter().map(|window| Window {
                first: self.first + window.first,
                last: self.first + window.last,
            });
            let preferences = Preferences {
                windows: windows.collect(),
                ..part.preferences.clone()
            };
            let sent = self
                .person(index)
                .prefer(&self.chain, PROGRAMME, preferences)
                .await;
            sent.with_context(|| format!("preferences of {}", part.name))?;
        }
        Ok(())
    }

    async fn mint(&self, signer: &Signer, amount: u128) -> Result<()> {
        if amount > 0 {
            let coins = vec![Coin::new(Uint128::new(amount), self.terms.denom.clone())];
            self.chain.mint(signer, coins).await?;
        }
        Ok(())
    }

    /// Parts of Type 1 and generators.
    pub fn ahead(&self) -> impl Iterator<Item = usize> {
        let parts = self.parts.iter().enumerate();
        parts
            .filter(|(_, part)| part.kind != Kind::Type2)
            .map(|(index, _)| index)
    }
}

/// Seconds before the day in which everything is set up and preferences are given.
fn lead(terms: &ConfigResponse) -> u64 {
    2 * u64::from(terms.interval_seconds)
}

/// Feeder numbers count from 1.
fn number(position: usize) -> u32 {
    position as u32 + 1
}

/// µ/kWh of a price in currency per pu and interval.
fn micro(instance: &Instance, price: f64) -> u64 {
    let per_mwh = price / (instance.network.base_mva * instance.interval_hours);
    (per_mwh * PRICE).round() as u64
}
