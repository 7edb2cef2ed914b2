//! A chain with the laterals as feeders and everybody enrolled.

use anyhow::{Context, Result};
use cosmwasm_std::Uint128;
use gridweave_agents::crowdsourcing::terms::contract;
use gridweave_agents::crowdsourcing::{Accounts, Crowdsourcee, DayPlan};
use gridweave_agents::operator::{Member, Operator};
use gridweave_agents::terms::money;
use gridweave_agents::{ledger, purse};
use gridweave_chain::embedded::{EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Call, Chain, Coin, ContractAddr, Contracts, Signer, Terms};
use gridweave_model::Instance;
use gridweave_model::crowdsourcing::Crowd;
use gridweave_types::billing::ConfigResponse;
use gridweave_types::crowdsourcing::{ExecuteMsg, Kind, MONTH_DAYS};
use gridweave_units::Interval;

use super::cast::{Part, parts};
use super::date::Date;
use super::registration::{enrolment, lateral};
use crate::run::problem::Problem;
use crate::run::stage::{ROOT_METER, meter_key};

/// Number of the first programme.
const FIRST_PROGRAMME: u32 = 1;

/// A stage for crowdsourced days.
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
    /// First interval of the first day.
    first: u32,
    /// Everybody who takes part.
    pub parts: Vec<Part>,
    /// Their keys, by part.
    pub signers: Vec<Signer>,
}

impl Stage {
    /// Sets the stage for `days` days of `problem`, the first of which is still to come. Several begin
    /// with a month of the contract.
    pub async fn set(problem: &Problem, crowd: &Crowd, plan: &DayPlan, days: u32) -> Result<Self> {
        let chain = EmbeddedChain::start().context("the embedded chain does not start")?;
        let operator = chain.signer("operator").await?;
        let keeper = chain.signer("keeper").await?;
        let instance = &problem.instance;
        let terms = Terms {
            operator: operator.address.clone(),
            billing: problem.bills().terms(&operator.address, GENESIS_SECONDS),
            market: None,
            crowdsourcing: Some(contract(instance, crowd)),
        };
        let deployed = chain.deploy_suite(&operator, terms).await;
        let contracts = deployed.context("the contracts cannot be deployed")?;
        let terms = ledger::terms(&chain, &contracts.billing).await?;
        let parts = parts(instance, crowd, plan);
        let mut signers = Vec::with_capacity(parts.len());
        for part in &parts {
            signers.push(chain.signer(&part.name).await?);
        }
        let day = ledger::day_after(&terms, chain.time().await? + lead(&terms));
        let month = MONTH_DAYS * instance.horizon as u32;
        let stage = Self {
            first: match days {
                0..=1 => day,
                _ => day.next_multiple_of(month),
            },
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
        stage.enrol().await?;
        let begin = stage.terms.timeline().begin(Interval(stage.first));
        stage.until(begin - lead(&stage.terms)).await?;
        Ok(stage)
    }

    /// The first day.
    pub fn first_day(&self) -> Date {
        Date {
            day: 0,
            programme: FIRST_PROGRAMME,
            first: self.first,
        }
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

    /// Everybody and the grid account have what they should have as a day begins.
    pub async fn fund(&self, problem: &Problem) -> Result<()> {
        let (chain, billing) = (&self.chain, &self.contracts.billing);
        let options = &problem.billing;
        let (deposit, grid) = (money(options.deposit), money(options.grid_deposit));
        let has = ledger::books(chain, billing).await?.grid.u128();
        self.mint(&self.operator, grid.saturating_sub(has)).await?;
        let operator = Operator::new(chain, &self.contracts, self.operator.clone());
        operator.fund_grid(grid).await?;
        for signer in &self.signers {
            let missing = purse::missing(chain, billing, &signer.address, deposit).await?;
            self.mint(signer, missing).await?;
            purse::top_up(chain, billing, signer, deposit).await?;
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

    /// Time passes until `time` (unix seconds), a second at least.
    pub async fn until(&self, time: u64) -> Result<()> {
        let wait = time.saturating_sub(self.chain.time().await?);
        Ok(self.chain.advance_block(wait.max(1)).await?)
    }

    pub(super) async fn mint(&self, signer: &Signer, amount: u128) -> Result<()> {
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
pub(super) fn number(position: usize) -> u32 {
    position as u32 + 1
}
